// Decode, fold, write.
#include "storage/sqlite/log_fold.h"

#include <algorithm>
#include <string>

#include "app/event_codec.h"
#include "storage/sqlite/cursor.h"

namespace daybook::storage::sqlite {

// One step in an index for each org, where `distinct` would read every event.
Result<std::vector<OrgId>> orgs_of_log(Database& database) {
    Cursor next =
        TRY(Cursor::open(database, "select min(org) from finance_event_store where org > ?1"));
    std::vector<OrgId> orgs;
    OrgId last;
    while (true) {
        next.begin_with(last.value.bytes);
        TRY(next.step());
        const auto found = next.blob(0);
        if (found.size() != last.value.bytes.size()) return orgs;
        std::ranges::copy(found, last.value.bytes.begin());
        orgs.push_back(last);
    }
}

app::Head LogFold::head(OrgId org) const {
    const auto found = heads_.find(org);
    return found == heads_.end() ? app::Head{0, app::chain_start(org)} : found->second;
}

Status LogFold::fold_event(OrgId org, const domain::StoredEvent& stored) {
    const auto refuse = [&](std::string_view words) {
        return fail(ErrorCode::corrupt, "Position " + std::to_string(stored.position) + " of org " +
                                            org.to_string() + ": " + std::string(words) +
                                            " Run daybook verify.");
    };
    const app::Head before = head(org);
    if (stored.position != before.position + 1) return refuse("events before it are missing.");
    const auto event = app::decode(stored.bytes, stored.private_json);
    if (!event && event.error().code == ErrorCode::newer_schema)
        return std::unexpected(event.error());
    if (!event) return refuse(event.error().detail);
    if (event->org != org || event->position != stored.position)
        return refuse("its bytes are of another org or position.");
    if (const Status folded = work_.fold(*event); !folded) return refuse(folded.error().detail);
    work_.accept();
    heads_[org] = app::Head{stored.position, stored.hash};
    events_++;
    return {};
}

Status LogFold::fold(OrgId org, const app::MaintenanceProgress& progress) {
    while (true) {
        const auto page = TRY(log_.after(org, head(org).position, kFoldEvents));
        for (const domain::StoredEvent& stored : page) TRY(fold_event(org, stored));
        app::Changes changes = work_.take_changes();
        changes.erasures.clear();
        if (!page.empty()) changes.heads.emplace(org, head(org));
        TRY(books_.write(changes));
        progress(events_, 0);
        if (page.size() < kFoldEvents) return {};
    }
}

}  // namespace daybook::storage::sqlite
