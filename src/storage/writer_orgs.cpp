// Orgs that are asked for, and forgotten, in their place among the commits.
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "base/limits.h"
#include "storage/writer.h"

namespace daybook::storage {

void Writer::load(OrgId org, Loaded done) {
    std::optional<Error> refusal;
    {
        const Lock lock(mutex_);
        if (draining_) {
            refusal = error(ErrorCode::draining, "This node is being stopped; ask again shortly.");
        } else if (wanted_.loads.size() >= limits::kQueueCommandsMax) {
            refusal = error(ErrorCode::queue_full,
                            "Too much is asked for at once; ask again in a few seconds.");
        } else {
            wanted_.loads.emplace_back(org, std::move(done));
        }
    }
    if (refusal) return done(std::unexpected(std::move(*refusal)));
    work_.notify_one();
    run_in_line();
}

void Writer::forget(std::vector<OrgId> orgs) {
    {
        const Lock lock(mutex_);
        if (draining_) return;
        std::ranges::move(orgs, std::back_inserter(wanted_.forgets));
    }
    work_.notify_one();
    run_in_line();
}

Writer::Wanted Writer::take_wanted() {
    const Lock lock(mutex_);
    Wanted taken;
    taken.forgets.swap(wanted_.forgets);
    auto& loads = wanted_.loads;
    const auto first = loads.begin();
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(loads.size(), kLoadsAtOnce));
    taken.loads.assign(std::move_iterator(first), std::move_iterator(last));
    loads.erase(first, last);
    return taken;
}

// Whether there was anything. What is asked for after it was forgotten stays.
bool Writer::look_at_wanted() {
    Wanted wanted = take_wanted();
    if (wanted.empty()) return false;
    for (const OrgId org : wanted.forgets) {
        for (app::CommitListener* each : listeners()) each->forgotten(org);
    }
    std::map<OrgId, Status> loaded;
    for (auto& [org, done] : wanted.loads) {
        const auto [each, is_first] = loaded.try_emplace(org);
        if (is_first) each->second = load_now(org);
        done(each->second);
    }
    return true;
}

Status Writer::load_now(OrgId org) {
    const app::Changes kept = TRY(backend_.kept_of(org));
    for (app::CommitListener* each : listeners()) each->loaded(org, kept);
    return {};
}

}  // namespace daybook::storage
