// Slows guessing down: how often one account and one address failed lately.
//
// Operation: an attempt counts as failed from its beginning, so that attempts at the same time
// count too, and is forgiven when it succeeds. Accounts that do not exist count like those that do.
// The failures are kept in a ring of slots, which is written through the store, and read when the
// process starts. Limits within kFailedSignInWindowMs: kFailedSignInsPerAccount from one address,
// so that strangers do not keep the person out, kFailedSignInsFromAnywhere of one account, and
// …PerAddress (above: rate_limited, with the seconds to wait); kFailedSignInsKept in all. Of IPv6
// an address is the /64, which whoever has one of its addresses has whole. Threads: any.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/rows.h"
#include "base/limits.h"
#include "base/mutex.h"
#include "base/result.h"

namespace daybook::app {

// Of one account from all addresses: what many addresses may guess together.
inline constexpr std::size_t kFailedSignInsFromAnywhere = 50 * limits::kFailedSignInsPerAccount;

class SignInGuard {
 public:
    using Slot = std::int64_t;

    // What earlier processes have written.
    void load(const std::vector<std::pair<Slot, FailedSignIn>>& kept);

    // Errors: rate_limited. The slot stands for the attempt.
    // `account` is what the attempt is about: an e-mail address, or what stands for one.
    Result<Slot> begin(std::string_view account, std::string_view address, Instant now);
    // It succeeded: it counts no more.
    void forgive(Slot slot);
    // It failed: what is to be written.
    [[nodiscard]] FailedSignIn failure(Slot slot) const;

 private:
    void keep(Slot slot, const FailedSignIn& failed) REQUIRES(mutex_);
    void forget(Slot slot) REQUIRES(mutex_);

    mutable Mutex mutex_;
    Slot next_ GUARDED_BY(mutex_) = 0;
    std::map<Slot, FailedSignIn> failures_ GUARDED_BY(mutex_);
    // The instants of what is in failures_, by account, by address, and by both.
    std::map<Hash16, std::multiset<Instant>> by_account_ GUARDED_BY(mutex_);
    std::map<std::string, std::multiset<Instant>> by_address_ GUARDED_BY(mutex_);
    std::map<std::pair<Hash16, std::string>, std::multiset<Instant>> by_both_ GUARDED_BY(mutex_);
};

}  // namespace daybook::app
