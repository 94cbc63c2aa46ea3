// Who a bearer token, a session's cookie or a link is: kept in memory, and told of every commit
// that changes one of them, or the person behind it.
//
// Why: each request asks, so the answer must not cost a read. The writer checks again inside its
// transaction, so a request that raced a revocation changes nothing. Guarantee: a token, session,
// link or grant made, limited or ended by an acknowledged write is known here before the
// acknowledgement. When tokens and sessions were last used is gathered here, and written by whoever
// takes it (take_uses). Threads: any. Limits: some 300 bytes for each token, session and user.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/store.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "domain/principal.h"
#include "domain/user.h"

namespace daybook::app {

class Authenticator final : public CommitListener {
 public:
    // Reads all that lets people in. Errors: those of the store's reads.
    Status load(Store& store);

    // Errors: unauthenticated (no such token or session, revoked, expired, or its person may do
    // nothing any more); the same words for all, but for what an owner of it may know.
    Result<domain::Principal> authenticate(std::string_view token_text, std::string_view address,
                                           Instant now);
    Result<domain::Principal> authenticate_session(std::string_view session_text,
                                                   std::string_view address, Instant now);

    // Those who sign in by the address, of the org if one is named, the oldest first, at most
    // kSignInAccountsMax.
    [[nodiscard]] std::vector<UserKey> accounts_of(std::string_view email, std::optional<OrgId> org,
                                                   Instant now) const;
    // Whose link it is; nullopt if there is no such one now.
    [[nodiscard]] std::optional<UserKey> owner_of_link(std::string_view link_text,
                                                       Instant now) const;
    [[nodiscard]] bool has_orgs() const;
    [[nodiscard]] std::string org_name(OrgId org) const;
    [[nodiscard]] std::optional<Instant> last_use(Uuid credential) const;

    // What was used since the last time, or since the first call, if that is kLastUseWriteMs ago;
    // else nothing.
    [[nodiscard]] std::vector<std::pair<LastUseKey, Instant>> take_uses(Instant now);

    // Who a principal that was let in earlier is by now: for whoever stays connected. Whatever the
    // machine's own user does is always allowed. Errors: unauthenticated (revoked, expired).
    Result<domain::Principal> current(const domain::Principal& principal, Instant now) const;

    void committed(const Changes& changes) override;

 private:
    struct KnownToken {
        OrgId org;
        domain::Token token;
    };
    struct KnownSession {
        OrgId org;
        SignInSession session;
    };
    struct KnownUser {
        OrgId org;
        domain::User user;
    };
    struct KnownLink {
        UserKey user;
        SignInLink link;
    };
    struct LastUse {
        OrgId org;
        Instant at;
        bool is_written = false;
    };
    struct HashOfHash {
        std::size_t operator()(const Hash& hash) const noexcept;
    };
    template <class Value>
    using BySecret = std::unordered_map<Hash, Value, HashOfHash>;

    Result<domain::Principal> token_principal(TokenId id, std::string_view address,
                                              Instant now) const REQUIRES(mutex_);
    Result<domain::Principal> session_principal(SessionId id, std::string_view address,
                                                Instant now) const REQUIRES(mutex_);
    Result<domain::Principal> user_principal(const domain::Principal& principal, Instant now) const
        REQUIRES(mutex_);
    void use(OrgId org, Uuid credential, Instant now) REQUIRES(mutex_);
    // Everything of the orgs that the changes hold as a whole, but for what stays as it is there.
    void forget_ended(const Changes& changes) REQUIRES(mutex_);
    void keep(OrgId org, const domain::User& user) REQUIRES(mutex_);
    void keep(OrgId org, const SignInSession& session) REQUIRES(mutex_);
    void keep(const UserKey& user, const SignInLink& link) REQUIRES(mutex_);

    mutable Mutex mutex_;
    BySecret<TokenKey> by_token_ GUARDED_BY(mutex_);
    BySecret<SessionId> by_session_ GUARDED_BY(mutex_);
    BySecret<UserId> by_link_ GUARDED_BY(mutex_);
    std::unordered_map<TokenId, KnownToken> tokens_ GUARDED_BY(mutex_);
    std::unordered_map<SessionId, KnownSession> sessions_ GUARDED_BY(mutex_);
    std::unordered_multimap<UserId, SessionId> sessions_of_ GUARDED_BY(mutex_);
    std::unordered_map<UserId, KnownUser> users_ GUARDED_BY(mutex_);
    std::unordered_map<UserId, KnownLink> links_ GUARDED_BY(mutex_);
    // Of those who were not removed; by the address as it is compared.
    std::unordered_multimap<std::string, UserId> by_email_ GUARDED_BY(mutex_);
    std::unordered_map<OrgId, domain::Org> orgs_ GUARDED_BY(mutex_);
    std::unordered_map<Uuid, LastUse> last_uses_ GUARDED_BY(mutex_);
    Instant uses_taken_at_ GUARDED_BY(mutex_);
};

}  // namespace daybook::app
