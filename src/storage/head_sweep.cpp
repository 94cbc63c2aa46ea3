// The thread, and what it compares.
#include "storage/head_sweep.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/log.h"
#include "base/thread_name.h"

namespace daybook::storage {
namespace {

std::int64_t monotonic_ms() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

}  // namespace

HeadSweep::~HeadSweep() {
    stop();
    if (thread_.joinable()) thread_.join();
}

Result<PeerLog::Heads> HeadSweep::begin() {
    PeerLog::Heads heads = TRY(log_.heads());
    told_ = {heads.begin(), heads.end()};
    const auto clears = TRY(log_.cache_clears());
    clears_ = {clears.begin(), clears.end()};
    return heads;
}

void HeadSweep::note(OrgId org, const app::Head& told) {
    const Lock lock(mutex_);
    noted_.insert_or_assign(org, told);
}

void HeadSweep::start() {
    const Lock lock(mutex_);
    if (is_running_ || is_ending_) return;
    thread_ = std::thread([this] { run_thread(); });
    is_running_ = true;
}

void HeadSweep::ask() {
    const Lock lock(mutex_);
    is_asked_ = true;
    changed_.notify_all();
}

void HeadSweep::stop() {
    const Lock lock(mutex_);
    is_ending_ = true;
    changed_.notify_all();
    while (is_running_) changed_.wait(mutex_);
}

void HeadSweep::run_thread() {
    name_this_thread("daybook-sweep");
    while (wait_until_due()) {
        began_ms_ = monotonic_ms();
        sweep();
        ended_ms_ = monotonic_ms();
    }
}

bool HeadSweep::wait_until_due() {
    const Lock lock(mutex_);
    while (!is_ending_) {
        const std::int64_t due_ms = is_asked_ ? ended_ms_ + kAskedMs : began_ms_ + kSweepMs;
        const std::int64_t rest_ms = due_ms - monotonic_ms();
        if (rest_ms <= 0) {
            is_asked_ = false;
            return true;
        }
        changed_.wait_for(mutex_, rest_ms);
    }
    is_running_ = false;
    changed_.notify_all();
    return false;
}

void HeadSweep::sweep() {
    tell_.begins();
    take_over_noted();
    auto found = look();
    if (!found) {
        log(LogLevel::debug, "Other nodes' commits cannot be read now: " + found.error().detail);
    }
    tell_.ends(std::move(found).value_or(Found()));
}

void HeadSweep::take_over_noted() {
    std::unordered_map<OrgId, app::Head> noted;
    {
        const Lock lock(mutex_);
        noted.swap(noted_);
    }
    for (const auto& [org, head] : noted) told_.insert_or_assign(org, head);
}

Result<HeadSweep::Found> HeadSweep::look() {
    Found found;
    for (const auto& [org, head] : TRY(log_.heads())) compare(org, head, found);
    // Last, for whoever reads this is told all of it.
    for (const auto& [org, number] : TRY(log_.cache_clears())) {
        std::int64_t& known = clears_[org];
        if (known != number) found.cleared_caches.push_back(org);
        known = number;
    }
    return found;
}

void HeadSweep::compare(OrgId org, const app::Head& head, Found& found) const {
    const auto at = told_.find(org);
    const app::Head told = at == told_.end() ? app::Head{} : at->second;
    if (told.position < head.position) {
        found.behind.emplace_back(org, head.position);
    } else if (told.position > head.position || (at != told_.end() && told.hash != head.hash)) {
        log(LogLevel::warning, "The log of org " + org.to_string() +
                                   " is not the one that was there: it is read anew.");
        found.others.push_back(org);
    }
}

}  // namespace daybook::storage
