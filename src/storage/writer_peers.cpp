// What the writer does about other nodes' commits, between its own batches.
#include <algorithm>
#include <iterator>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "storage/writer.h"

namespace daybook::storage {

void Writer::catch_up(std::optional<OrgId> org, std::move_only_function<void()> done) {
    bool waits = false;
    {
        const Lock lock(mutex_);
        const std::size_t waiting =
            asked_.waiting.size() + waiting_for_all_.size() + waiting_for_sweep_.size();
        waits = follows_ && !draining_ && waiting < limits::kQueueCommandsMax;
        if (waits && org) asked_.orgs[*org] = kEverything;
        if (waits) (org ? asked_.waiting : waiting_for_all_).push_back(std::move(done));
    }
    if (!waits) return done();
    if (!org && mode_ == Mode::own_thread) return sweep_->ask();
    work_.notify_one();
    run_in_line();
}

void Writer::heard(OrgId org, Position position) {
    {
        const Lock lock(mutex_);
        if (!follows_ || draining_) return;
        Position& asked = asked_.orgs[org];
        asked = std::max(asked, position);
    }
    work_.notify_one();
    run_in_line();
}

Status Writer::note_heads() {
    catch_up_->begin(TRY(sweep_->begin()));
    return {};
}

void Writer::follow() {
    if (!sweep_) return;
    {
        const Lock lock(mutex_);
        follows_ = true;
    }
    if (mode_ == Mode::own_thread) sweep_->start();
}

// Where there is no thread that sweeps.
bool Writer::is_to_sweep() const {
    return mode_ == Mode::in_line && !waiting_for_all_.empty();
}

bool Writer::is_asked() const {
    return is_to_sweep() || asked_.has_swept || !asked_.orgs.empty();
}

bool Writer::wants_peers() {
    const Lock lock(mutex_);
    return is_asked();
}

void Writer::look_at_peers() {
    bool sweeps = false;
    {
        const Lock lock(mutex_);
        sweeps = is_to_sweep();
    }
    if (sweeps) sweep_->sweep();
    Asked asked;
    {
        const Lock lock(mutex_);
        std::swap(asked, asked_);
    }
    if (const Status looked = look_at_peers(asked); !looked) {
        const bool is_away = looked.error().code == ErrorCode::busy;
        log(is_away ? LogLevel::debug : LogLevel::warning,
            "Other nodes' commits cannot be read now: " + looked.error().detail);
    }
    answer(std::move(asked.waiting));
}

Status Writer::look_at_peers(const Asked& asked) {
    if (!asked.cleared_caches.empty()) {
        app::Changes changes;
        changes.cleared_caches = {asked.cleared_caches.begin(), asked.cleared_caches.end()};
        tell(changes);
    }
    Status others;
    if (asked.has_swept) {
        others = catch_up_->look_at_others({asked.others.begin(), asked.others.end()});
    }
    std::vector<OrgId> orgs;
    for (const auto& [org, position] : asked.orgs) {
        if (!catch_up_->knows(org, position)) orgs.push_back(org);
    }
    const Status looked = catch_up_->look_at(orgs);
    return others ? looked : others;
}

// Those who wait know, once that is told which the sweep is about to read.
void Writer::sweep_begins() {
    const Lock lock(mutex_);
    std::ranges::move(waiting_for_all_, std::back_inserter(waiting_for_sweep_));
    waiting_for_all_.clear();
}

void Writer::sweep_ends(HeadSweep::Found found) {
    {
        const Lock lock(mutex_);
        for (const auto& [org, position] : found.behind) {
            Position& asked = asked_.orgs[org];
            asked = std::max(asked, position);
        }
        asked_.others.insert(found.others.begin(), found.others.end());
        asked_.cleared_caches.insert(found.cleared_caches.begin(), found.cleared_caches.end());
        asked_.has_swept = true;
        std::ranges::move(waiting_for_sweep_, std::back_inserter(asked_.waiting));
        waiting_for_sweep_.clear();
    }
    work_.notify_one();
}

void Writer::answer(Waiting waiting) {
    for (auto& done : waiting) done();
}

}  // namespace daybook::storage
