// Looks for what other nodes have committed, beside the writer: reads where all logs end, and says
// which of them have gone on.
//
// Why: with many orgs that read takes a while, in which the writer would commit nothing.
// Operation: it keeps how far the listeners have been told, as the writer notes it, and compares
// that with what it reads: every kSweepMs, and soon for those who ask. Before it reads it takes
// over what was noted; so what it compares with was committed before, and a log that ends earlier,
// or in something else, is not the one that was told. A log that goes on while it reads may be
// named once too often. Threads: one of its own from start() to stop(); where there is none,
// sweep() is called by whoever does the writer's work. note() and ask() from any; they never wait
// for the database.
#pragma once

#include <cstdint>
#include <functional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "storage/peer_log.h"

namespace daybook::storage {

class HeadSweep {
 public:
    // Where nothing hints at them, commits of other nodes are looked for so often; and after a
    // sweep at the earliest then for those who ask.
    static constexpr std::int64_t kSweepMs = 1'000;
    static constexpr std::int64_t kAskedMs = 50;

    struct Found {
        std::vector<std::pair<OrgId, Position>> behind;  // their logs have gone on up to there
        std::vector<OrgId> others;          // whose logs are not the ones that were told
        std::vector<OrgId> cleared_caches;  // as in Changes
    };
    // On the thread that sweeps.
    struct Tell {
        std::function<void()> begins;     // whatever was committed before is found
        std::function<void(Found)> ends;  // once after each begins(); nothing where a read failed
    };

    // The log is used by the sweep alone, and must live longer.
    HeadSweep(PeerLog& log, Tell tell) : log_(log), tell_(std::move(tell)) {}
    // Stops.
    ~HeadSweep();
    HeadSweep(const HeadSweep&) = delete;
    HeadSweep& operator=(const HeadSweep&) = delete;

    // Before start(): where the logs end now is how far the listeners have been told. Errors: those
    // of PeerLog::heads().
    Result<PeerLog::Heads> begin();
    // The listeners have been told up to there.
    void note(OrgId org, const app::Head& told) EXCLUDES(mutex_);

    void start() EXCLUDES(mutex_);
    void ask() EXCLUDES(mutex_);
    // Not from Tell.
    void stop() EXCLUDES(mutex_);

    void sweep() EXCLUDES(mutex_);

 private:
    void run_thread() EXCLUDES(mutex_);
    // False: it is to stop.
    bool wait_until_due() EXCLUDES(mutex_);
    void take_over_noted() EXCLUDES(mutex_);
    Result<Found> look();
    void compare(OrgId org, const app::Head& head, Found& found) const;

    PeerLog& log_;
    const Tell tell_;
    // Of whoever sweeps, these four.
    std::unordered_map<OrgId, app::Head> told_;
    std::unordered_map<OrgId, std::int64_t> clears_;  // as the log has them
    std::int64_t began_ms_ = 0;
    std::int64_t ended_ms_ = 0;

    Mutex mutex_;
    Condition changed_;
    std::unordered_map<OrgId, app::Head> noted_ GUARDED_BY(mutex_);
    bool is_asked_ GUARDED_BY(mutex_) = true;  // the first begins at once
    bool is_running_ GUARDED_BY(mutex_) = false;
    bool is_ending_ GUARDED_BY(mutex_) = false;

    std::thread thread_;
};

}  // namespace daybook::storage
