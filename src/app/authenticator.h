// Who a bearer token, a session's cookie or a link is: kept in memory of the orgs that somebody
// asks about, and told of every commit that changes one of them, or the person behind it.
//
// Why: each request asks, so the answer must not cost a read. The writer checks again inside its
// transaction, so a request that raced a revocation changes nothing. Operation: of every org it
// keeps which secrets and addresses are its own (way_in_index.h), of those that are loaded
// (Store::load) all the rest; unloaded_by() says what has to be loaded before somebody can be let
// in. Guarantee: a token, session, link or grant made, limited or ended by an acknowledged write is
// known here before the acknowledgement. When tokens and sessions were last used is gathered here,
// and written by whoever takes it (take_uses). Threads: any. Limits: some 300 bytes for each token,
// session and user of a loaded org; orgs that nobody asks about for kOrgIdleMs are forgotten
// (take_idle).
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "app/store.h"
#include "app/way_in_index.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "domain/principal.h"
#include "domain/user.h"

namespace daybook::app {

class Authenticator final : public CommitListener {
 public:
    // Reads of which org each way in is. Errors: those of the store's reads.
    Status load(Store& store);

    // The org of the token, session or link, if it has to be loaded first: whoever asks before gets
    // busy.
    [[nodiscard]] std::optional<OrgId> unloaded_by(std::string_view secret_text) const;
    // The same of accounts_of().
    [[nodiscard]] std::vector<OrgId> unloaded_accounts(std::string_view email,
                                                       std::optional<OrgId> org) const;
    [[nodiscard]] bool is_loaded(OrgId org) const;

    // Errors: unauthenticated (no such token or session, revoked, expired, or its person may do
    // nothing any more); the same words for all, but for what an owner of it may know. busy: its
    // org is not loaded.
    Result<domain::Principal> authenticate(std::string_view token_text, std::string_view address,
                                           Instant now);
    Result<domain::Principal> authenticate_session(std::string_view session_text,
                                                   std::string_view address, Instant now);

    // Those who sign in by the address, of the org if one is named, the oldest first, at most
    // kSignInAccountsMax, of the oldest kSignInOrgsMax orgs.
    [[nodiscard]] std::vector<UserKey> accounts_of(std::string_view email, std::optional<OrgId> org,
                                                   Instant now) const;
    // Whose link it is; nullopt if there is no such one now.
    [[nodiscard]] std::optional<UserKey> owner_of_link(std::string_view link_text,
                                                       Instant now) const;
    [[nodiscard]] bool has_orgs() const;
    // Of a loaded org.
    [[nodiscard]] std::string org_name(OrgId org) const;

    // What was used since the last time, or since the first call, if that is kLastUseWriteMs ago;
    // else nothing.
    [[nodiscard]] std::vector<std::pair<LastUseKey, Instant>> take_uses(Instant now);
    // Loaded orgs that nobody has asked about for kOrgIdleMs, once in kLastUseWriteMs; else none.
    [[nodiscard]] std::vector<OrgId> take_idle(Instant now);

    // Who a principal that was let in earlier is by now: for whoever stays connected, which keeps
    // the org loaded. Whatever the machine's own user does is always allowed. Errors:
    // unauthenticated (revoked, expired), busy.
    Result<domain::Principal> current(const domain::Principal& principal, Instant now);

    void committed(const Changes& changes) override;
    void loaded(OrgId org, const Changes& kept) override;
    void forgotten(OrgId org) override;

 private:
    struct LastUse {
        Instant at;
        bool is_written = false;
    };
    template <class Value>
    using BySecret = std::unordered_map<Hash, Value, FrontOfHash>;

    // What lets people into one org.
    struct Doors {
        domain::Org org;
        BySecret<TokenId> by_token;
        BySecret<SessionId> by_session;
        std::unordered_map<TokenId, domain::Token> tokens;
        std::unordered_map<SessionId, SignInSession> sessions;
        std::unordered_map<UserId, domain::User> users;
        std::unordered_map<UserId, SignInLink> links;
        std::unordered_map<Uuid, LastUse> last_uses;
        Instant asked_at;  // none: nobody has yet
    };

    [[nodiscard]] std::vector<OrgId> orgs_of(std::string_view email, std::optional<OrgId> org) const
        REQUIRES(mutex_);
    Doors* find(OrgId org) REQUIRES(mutex_);
    // Where the secret leads to; null: nowhere. Error: busy.
    Result<Doors*> find(const Hash& secret_hash) REQUIRES(mutex_);
    static void use(Doors& doors, Uuid credential, Instant now);
    static Result<domain::Principal> token_principal(const Doors& doors, TokenId id,
                                                     std::string_view address, Instant now);
    static Result<domain::Principal> session_principal(const Doors& doors, SessionId id,
                                                       std::string_view address, Instant now);
    static Result<domain::Principal> user_principal(const Doors& doors,
                                                    const domain::Principal& principal,
                                                    Instant now);
    // The index and what is loaded, by the same rows.
    void note(const Changes& changes) REQUIRES(mutex_);
    void keep(const Changes& changes) REQUIRES(mutex_);
    void keep(OrgId org, const SignInSession& session) REQUIRES(mutex_);
    // Before all of the org comes anew.
    void clear(Doors& doors) REQUIRES(mutex_);
    void keep_uses(const Changes& whole) REQUIRES(mutex_);

    mutable Mutex mutex_;
    WayInIndex index_ GUARDED_BY(mutex_);
    std::unordered_map<OrgId, Doors> orgs_ GUARDED_BY(mutex_);
    bool has_orgs_ GUARDED_BY(mutex_) = false;
    Instant uses_taken_at_ GUARDED_BY(mutex_);
    Instant idle_taken_at_ GUARDED_BY(mutex_);
};

}  // namespace daybook::app
