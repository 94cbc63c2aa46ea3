// Slows guessing down: how often one account and one address failed lately.
//
// Operation: an attempt counts as failed from its beginning, so that attempts at the same time
// count too, and is forgiven when it succeeds. Accounts that do not exist count like those that do.
// The failures are kept in a ring of slots, which is written through the store, and read when the
// process starts. Limits: kFailedSignInsPerAccount and …PerAddress within kFailedSignInWindowMs
// (above: rate_limited, with the seconds to wait), kFailedSignInsKept in all. Threads: any.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/rows.h"
#include "base/mutex.h"
#include "base/result.h"

namespace daybook::app {

class SignInGuard {
 public:
    using Slot = std::int64_t;

    // What earlier processes have written.
    void load(const std::vector<std::pair<Slot, FailedSignIn>>& kept);

    // Errors: rate_limited. The slot stands for the attempt.
    Result<Slot> begin(std::string_view email, std::string_view address, Instant now);
    // It succeeded: it counts no more.
    void forgive(Slot slot);
    // It failed: what is to be written.
    [[nodiscard]] FailedSignIn failure(Slot slot) const;

 private:
    void forget(Slot slot) REQUIRES(mutex_);

    mutable Mutex mutex_;
    Slot next_ GUARDED_BY(mutex_) = 0;
    std::map<Slot, FailedSignIn> failures_ GUARDED_BY(mutex_);
    // The instants of what is in failures_, by account and by address.
    std::map<Hash16, std::multiset<Instant>> by_account_ GUARDED_BY(mutex_);
    std::map<std::string, std::multiset<Instant>> by_address_ GUARDED_BY(mutex_);
};

}  // namespace daybook::app
