// Decode, fold, write.
#include "storage/sqlite/log_fold.h"

#include <algorithm>
#include <string>
#include <utility>

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

namespace {

std::unexpected<Error> refuse(OrgId org, Position position, std::string_view words) {
    return fail(ErrorCode::corrupt, "Position " + std::to_string(position) + " of org " +
                                        org.to_string() + ": " + std::string(words) +
                                        " Run daybook verify.");
}

}  // namespace

std::future<Result<LogFold::Chunk>> LogFold::read_ahead(OrgId org, Position after, Chunk folded) {
    return std::async(std::launch::async, [this, org, after, old = std::move(folded)]() mutable {
        old = Chunk();
        return read(org, after);
    });
}

Result<LogFold::Chunk> LogFold::read(OrgId org, Position after) {
    Chunk chunk;
    const auto page = TRY(log_.after(org, after, kFoldEvents));
    chunk.events.reserve(page.size());
    for (const domain::StoredEvent& stored : page) {
        const Position expected = after + std::ssize(chunk.events) + 1;
        if (stored.position != expected) return refuse(org, expected, "the event is missing.");
        auto event = app::decode(stored.bytes, stored.private_json);
        if (!event && event.error().code == ErrorCode::newer_schema)
            return std::unexpected(event.error());
        if (!event) return refuse(org, expected, event.error().detail);
        if (event->org != org || event->position != expected)
            return refuse(org, expected, "its bytes are of another org or position.");
        chunk.events.push_back(std::move(event).value());
    }
    if (!page.empty()) chunk.last_hash = page.back().hash;
    return chunk;
}

Status LogFold::fold_chunk(OrgId org, const Chunk& chunk) {
    for (const domain::RecordedEvent& event : chunk.events) {
        const Status folded = work_.fold(event);
        if (!folded) return refuse(org, event.position, folded.error().detail);
        work_.accept();
    }
    app::Changes changes = work_.take_changes();
    changes.erasures.clear();
    changes.heads.emplace(org, app::Head{chunk.events.back().position, chunk.last_hash});
    return books_.write(changes);
}

Status LogFold::fold(OrgId org, const app::MaintenanceProgress& progress) {
    Position& folded = folded_[org];
    Chunk chunk;
    auto ahead = read_ahead(org, folded, {});
    while (true) {
        Chunk next = TRY(ahead.get());
        if (next.events.empty()) return {};
        folded = next.events.back().position;
        ahead = read_ahead(org, folded, std::exchange(chunk, {}));
        chunk = std::move(next);
        TRY(fold_chunk(org, chunk));
        events_ += std::ssize(chunk.events);
        progress(events_, 0);
    }
}

}  // namespace daybook::storage::sqlite
