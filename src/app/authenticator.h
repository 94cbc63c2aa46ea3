// Who a bearer token is: kept in memory, and told of every commit that makes or changes a token.
//
// Why: each request asks, so the answer must not cost a read. The writer checks again inside its
// transaction, so a request that raced a revocation changes nothing. Guarantee: a token made,
// limited or revoked by an acknowledged write is known here before the acknowledgement. Threads:
// any. Limits: one entry of some 200 bytes per token.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "app/store.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "domain/principal.h"

namespace daybook::app {

class Authenticator final : public CommitListener {
 public:
    // Reads all tokens of the store. Errors: those of its reads.
    Status load(Store& store);

    // Errors: unauthenticated (no such token, revoked, expired); the same words for all, but for
    // what an owner of the token may know.
    Result<domain::Principal> authenticate(std::string_view token_text, std::string_view address,
                                           Instant now) const;

    // Who a principal that was let in earlier is by now: for whoever stays connected. Whatever the
    // machine's own user does is always allowed. Errors: unauthenticated (revoked, expired).
    Result<domain::Principal> current(const domain::Principal& principal, Instant now) const;

    void committed(const Changes& changes) override;

 private:
    struct Known {
        OrgId org;
        domain::Token token;
    };
    struct HashOfHash {
        std::size_t operator()(const Hash& hash) const noexcept;
    };

    mutable Mutex mutex_;
    std::unordered_map<Hash, TokenKey, HashOfHash> by_secret_ GUARDED_BY(mutex_);
    std::unordered_map<TokenId, Known> tokens_ GUARDED_BY(mutex_);
};

}  // namespace daybook::app
