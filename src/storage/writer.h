// The writer: takes commands from all threads and commits them in groups; the same loop for all
// stores.
//
// Operation: a batch of commands runs in one transaction of the Backend: execute, write, commit,
// tell the listeners, answer; in this order, so that nobody is answered before the caches know. A
// batch in which something fails that should not is rolled back and its commands run again one per
// transaction, so that only those fail that fail alone. A batch that changed nothing is rolled
// back, not committed. Commands of orgs whose log another node has go back to their lines; after
// kElsewhereMs one such org is waited for alone, in a transaction of its own. Between batches the
// listeners are told what other nodes have committed (catch_up.h), as the sweep beside the writer
// finds it (head_sweep.h), or somebody hints at it; and of orgs that are asked for what is kept of
// them (load()). Guarantee: once a sync has failed, or nobody knows whether it did, nothing is ever
// committed again (I3): its commands get commit_unknown, all others read_only, and health() says
// why. Threads: submit() and health() from any thread; they never wait for the disk. The Backend is
// used by one thread at a time: the writer's own, or with Mode::in_line whichever submits first.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "app/command_service.h"
#include "app/store.h"
#include "base/mutex.h"
#include "base/result.h"
#include "storage/catch_up.h"
#include "storage/head_sweep.h"
#include "storage/queue.h"

namespace daybook::storage {

// What the writer needs of a store: one transaction at a time.
class Backend {
 public:
    virtual ~Backend() = default;

    // Opens the transaction; valid until commit() or rollback(). Errors: io_failed, corrupt,
    // disk_full, busy; the transaction is not open then.
    virtual Result<app::WriteTransaction*> begin() = 0;
    // For stores that several nodes write to: takes the logs of these orgs for the transaction, and
    // gives back those that another node has, which this transaction must leave alone. With
    // Claim::wait it waits for them, but not for long. Errors: those of begin(); rollback()
    // follows.
    enum class Claim : std::uint8_t { what_is_free, wait };
    virtual Result<std::vector<OrgId>> claim(const std::vector<OrgId>& orgs, Claim how) {
        (void)orgs, (void)how;
        return std::vector<OrgId>();
    }
    // Makes the transaction durable: once it returns without an error, it is on disk.
    // commit_unknown: nobody knows whether it is (a failed sync); no other call follows, ever.
    // Every other error: nothing of it was committed, and rollback() follows.
    virtual Status commit() = 0;
    // Ends the transaction without a trace, also one that an error has ended already. An error says
    // that nobody knows what the connection will do next; it counts as a failed sync.
    virtual Status rollback() = 0;
    // After the answers of a committed batch: bounded work such as a step of a checkpoint. An error
    // counts as a failed sync.
    virtual Status after_batch() = 0;
    // Once, when nothing has come for Writer::kIdleMs after a committed batch. An error counts as a
    // failed sync.
    virtual Status idle() = 0;
    // All that nodes keep in memory of an org, and its head (Changes::Found::whole): what everybody
    // has committed. Between transactions, also when nothing is written any more. Errors:
    // not_found, busy, corrupt, io_failed.
    virtual Result<app::Changes> kept_of(OrgId org) = 0;
};

// The log of a store that other nodes write to, as the writer and as the sweep beside it read it:
// over connections of their own, where the writer has a thread. Null: there are no other nodes.
struct PeerLogs {
    PeerLog* of_writer = nullptr;
    PeerLog* of_sweep = nullptr;
};

class Writer {
 public:
    // own_thread: a thread of its own. in_line: submit() runs what is queued before it returns,
    // unless that is being done already (by another thread, or by a caller further up); there
    // idle() is never called, and time is the environment's clock, so that the same commands make
    // the same batches.
    enum class Mode : std::uint8_t { own_thread, in_line };

    // Quiet time before Backend::idle(), in milliseconds.
    static constexpr std::int64_t kIdleMs = 500;
    // How long commands go back to their line before their org is waited for.
    static constexpr std::int64_t kElsewhereMs = 50;

    // The backend, the logs and what the environment names must live longer than the writer.
    Writer(Backend& backend, const app::Environment& environment, Mode mode, PeerLogs peers = {});
    // Drains.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    // As app::Store::listen().
    void listen(app::CommitListener& listener) EXCLUDES(mutex_);
    // As app::Store::submit(). What is refused at once (queue_full, draining, read_only) is
    // answered on the calling thread before it returns.
    void submit(app::Command command, app::Done done) EXCLUDES(mutex_);
    // As app::Store's of the same names.
    void catch_up(std::optional<OrgId> org, std::move_only_function<void()> done) EXCLUDES(mutex_);
    void heard(OrgId org, Position position) EXCLUDES(mutex_);
    void load(OrgId org, std::move_only_function<void(Status)> done) EXCLUDES(mutex_);
    void forget(std::vector<OrgId> orgs) EXCLUDES(mutex_);
    // Where the logs end now is what follow() goes on from: before anybody reads what is there.
    // Errors: those of PeerLog::heads().
    Status note_heads();
    void follow() EXCLUDES(mutex_);
    // As app::Store::drain(). Not from a Done or a listener.
    void drain() EXCLUDES(mutex_);
    // As app::Store::health(), but for wal_bytes, which only the store knows.
    app::Store::Health health() EXCLUDES(mutex_);

 private:
    enum class Wake : std::uint8_t { work, orgs, peers, idle, end };
    // What somebody wants to know of other nodes' commits.
    using Waiting = std::vector<std::move_only_function<void()>>;
    struct Asked {
        std::unordered_map<OrgId, Position> orgs;  // up to a position; kEverything: to the end
        std::unordered_set<OrgId> others;          // as HeadSweep::Found
        std::unordered_set<OrgId> cleared_caches;  // as well
        bool has_swept = false;
        Waiting waiting;  // for all of this
    };
    static constexpr Position kEverything = std::numeric_limits<Position>::max();
    using Loaded = std::move_only_function<void(Status)>;
    // Orgs that somebody asks for, in the order in which they came, and those to forget.
    struct Wanted {
        std::vector<std::pair<OrgId, Loaded>> loads;
        std::vector<OrgId> forgets;
        [[nodiscard]] bool empty() const { return loads.empty() && forgets.empty(); }
    };
    // Orgs that are read between two batches: commits are not held up by more.
    static constexpr std::size_t kLoadsAtOnce = 32;

    void run_thread() EXCLUDES(mutex_);
    Wake wait_for_work() EXCLUDES(mutex_);
    void run_in_line() EXCLUDES(mutex_);
    void run_queue() EXCLUDES(mutex_);
    struct Work {
        Batch batch;
        Backend::Claim claim = Backend::Claim::what_is_free;
    };
    Work next_work() EXCLUDES(mutex_);
    std::optional<OrgId> overdue_org(std::int64_t now_us) const;
    void run(Work work) EXCLUDES(mutex_);
    Batch run_batch(Batch batch, Backend::Claim claim) EXCLUDES(mutex_);
    void put_off(Batch batch) EXCLUDES(mutex_);
    [[nodiscard]] bool is_to_sweep() const REQUIRES(mutex_);
    [[nodiscard]] bool is_asked() const REQUIRES(mutex_);
    [[nodiscard]] bool wants_peers() EXCLUDES(mutex_);
    void look_at_peers() EXCLUDES(mutex_);
    Status look_at_peers(const Asked& asked);
    void sweep_begins() EXCLUDES(mutex_);
    void sweep_ends(HeadSweep::Found found) EXCLUDES(mutex_);
    static void answer(Waiting waiting);
    void tell(const app::Changes& changes) EXCLUDES(mutex_);
    [[nodiscard]] std::vector<app::CommitListener*> listeners() EXCLUDES(mutex_);
    Wanted take_wanted() EXCLUDES(mutex_);
    bool look_at_wanted() EXCLUDES(mutex_);
    Status load_now(OrgId org) EXCLUDES(mutex_);
    Result<app::BatchResult> transact(Batch& batch, Backend::Claim claim, Batch& claimed_elsewhere)
        EXCLUDES(mutex_);
    app::BatchResult execute(app::WriteTransaction& transaction, const Batch& batch);
    Status write_and_commit(app::WriteTransaction& transaction, const app::BatchResult& result);
    void finish(Batch batch, app::BatchResult result) EXCLUDES(mutex_);
    void refuse(Batch batch, const Error& why);
    void keep_up(Status status) EXCLUDES(mutex_);
    void stop_writing(const Error& why) EXCLUDES(mutex_);
    bool is_read_only() EXCLUDES(mutex_);
    [[nodiscard]] std::int64_t monotonic_us() const;

    Backend& backend_;
    const app::Environment environment_;
    const Mode mode_;
    // The writer's thread only, these four.
    bool idle_due_ = false;            // something was committed since idle()
    std::optional<CatchUp> catch_up_;  // with the sweep, or neither
    std::unordered_map<OrgId, std::int64_t> elsewhere_since_us_;  // orgs that were not to be had
    bool put_everything_off_ = false;  // the newest batch was only of such orgs

    Mutex mutex_;
    Condition work_;      // something was queued, or draining began
    Condition finished_;  // running_ became false
    Queue queue_ GUARDED_BY(mutex_);
    std::vector<app::CommitListener*> listeners_ GUARDED_BY(mutex_);
    bool follows_ GUARDED_BY(mutex_) = false;  // follow() has been called
    Asked asked_ GUARDED_BY(mutex_);
    Wanted wanted_ GUARDED_BY(mutex_);
    Waiting waiting_for_all_ GUARDED_BY(mutex_);    // for a sweep that has not begun,
    Waiting waiting_for_sweep_ GUARDED_BY(mutex_);  // for the one that has
    std::string read_only_reason_ GUARDED_BY(mutex_);
    bool read_only_ GUARDED_BY(mutex_) = false;
    bool draining_ GUARDED_BY(mutex_) = false;
    bool running_ GUARDED_BY(mutex_) =
        false;  // the thread lives, or someone runs the queue in line

    // The last ones, so that they end first.
    std::optional<HeadSweep> sweep_;
    std::thread thread_;
};

}  // namespace daybook::storage
