// What outlives a process in the simulation: the committed books, behind a device that fails when
// it is told to.
//
// Why: the writer must be right about every way in which a commit can end, and so must everybody
// who comes after it. A transaction is kept whole or lost whole, as the log of a real store sees
// to. Threads: one.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "storage/memory/backend.h"
#include "storage/writer.h"

namespace daybook::simulation {

enum class CommitFault : std::uint8_t {
    none,
    sync_kept,     // the sync fails, and everything is there all the same
    sync_lost,     // the sync fails, and nothing is
    crash_before,  // the power fails before anything was kept
    crash_after,   // and after everything was, before anybody heard of it
};

// The device as one process sees it, or the database of several. Once the power has failed, nothing
// that this process does matters any more.
class Disk final : public storage::Backend, public storage::PeerLog {
 public:
    // Which orgs of these another process has at the moment, whose transaction may then end.
    using Claimed = std::function<std::vector<OrgId>(const std::vector<OrgId>&)>;

    // `kept` outlives the process. `on_kept` is called whenever a transaction has become durable.
    Disk(storage::memory::MemoryBackend& kept, std::function<void()> on_kept, Claimed claimed)
        : kept_(kept), on_kept_(std::move(on_kept)), claimed_(std::move(claimed)) {}

    void fail_next_commit(CommitFault fault) { next_ = fault; }
    void cut_power() { is_dead_ = true; }
    [[nodiscard]] bool is_dead() const { return is_dead_; }

    Result<app::WriteTransaction*> begin() override;
    Status commit() override;
    Status rollback() override { return kept_.rollback(); }
    Status after_batch() override { return kept_.after_batch(); }
    Status idle() override { return {}; }
    Result<std::vector<OrgId>> claim(const std::vector<OrgId>& orgs, Claim how) override;

    Result<Heads> heads() override;
    Result<std::vector<app::EventRow>> events_after(const std::vector<After>& asked,
                                                    std::size_t limit) override;
    Result<app::Changes> kept_of(OrgId org) override;
    // Whether a read of other nodes' commits has failed since it was asked last.
    bool take_failed_to_follow() { return std::exchange(failed_to_follow_, false); }

 private:
    Status lose();
    template <class Value>
    Result<Value> read(Result<Value> value);

    storage::memory::MemoryBackend& kept_;
    const std::function<void()> on_kept_;
    const Claimed claimed_;
    bool failed_to_follow_ = false;
    CommitFault next_ = CommitFault::none;
    bool is_dead_ = false;
};

}  // namespace daybook::simulation
