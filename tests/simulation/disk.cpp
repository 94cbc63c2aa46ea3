// Each fault happens once.
#include "simulation/disk.h"

#include <utility>

namespace daybook::simulation {

Result<app::WriteTransaction*> Disk::begin() {
    if (is_dead_) return fail(ErrorCode::io_failed, "The power is off.");
    return kept_.begin();
}

Status Disk::lose() {
    (void)kept_.rollback();
    return fail(ErrorCode::commit_unknown, "The sync failed.");
}

Status Disk::commit() {
    if (is_dead_) return lose();
    const CommitFault fault = std::exchange(next_, CommitFault::none);
    if (fault == CommitFault::sync_lost) return lose();
    if (fault == CommitFault::crash_before) {
        is_dead_ = true;
        return lose();
    }
    TRY(kept_.commit());
    on_kept_();
    if (fault == CommitFault::crash_after) is_dead_ = true;
    if (fault != CommitFault::sync_kept) return {};
    return fail(ErrorCode::commit_unknown, "The sync failed.");
}

Result<std::vector<OrgId>> Disk::claim(const std::vector<OrgId>& orgs, Claim how) {
    (void)how;
    if (is_dead_) return fail(ErrorCode::io_failed, "The power is off.");
    return claimed_(orgs);
}

template <class Value>
Result<Value> Disk::read(Result<Value> value) {
    if (is_dead_) return fail(ErrorCode::io_failed, "The power is off.");
    failed_to_follow_ = failed_to_follow_ || !value;
    return value;
}

Result<storage::PeerLog::Heads> Disk::heads() {
    return read(kept_.heads());
}

Result<std::vector<app::EventRow>> Disk::events_after(const std::vector<After>& asked,
                                                      std::size_t limit) {
    return read(kept_.events_after(asked, limit));
}

Result<app::Changes> Disk::kept_of(OrgId org) {
    return read(kept_.kept_of(org));
}

}  // namespace daybook::simulation
