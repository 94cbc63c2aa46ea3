// The tables of tokens, sessions, links and people in memory.
#include "app/authenticator.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "app/authorise.h"
#include "app/token_secret.h"
#include "base/limits.h"

namespace daybook::app {
namespace {

using domain::Principal;
using domain::User;

std::unexpected<Error> unknown_token() {
    return fail(ErrorCode::unauthenticated,
                "Send a valid token: Authorization: Bearer dbk_… (daybook token create makes one), "
                "or sign in.");
}

std::unexpected<Error> signed_out() {
    return fail(ErrorCode::unauthenticated, "You are signed out. Sign in again.");
}

}  // namespace

std::size_t Authenticator::HashOfHash::operator()(const Hash& hash) const noexcept {
    std::size_t front = 0;
    std::memcpy(&front, hash.data(), sizeof front);
    return front;
}

Status Authenticator::load(Store& store) {
    Changes all;
    all.credentials = TRY(store.credentials());
    for (const domain::Org& org : TRY(store.orgs())) {
        const auto snapshot = TRY(store.snapshot(org.id));
        for (domain::Token& token : TRY(snapshot->tokens())) {
            all.tokens.insert_or_assign({org.id, token.id}, std::move(token));
        }
        for (User& user : TRY(snapshot->users())) {
            all.users.insert_or_assign({org.id, user.id}, std::move(user));
        }
        all.orgs.insert_or_assign(org.id, org);
    }
    SignInState state = TRY(store.sign_in_state());
    for (auto& [org, session] : state.sessions) {
        all.sessions.insert_or_assign({org, session.id}, std::move(session));
    }
    all.links.insert(state.links.begin(), state.links.end());
    committed(all);
    const Lock lock(mutex_);
    for (const auto& [key, at] : state.last_uses) {
        last_uses_.insert_or_assign(key.credential, LastUse{key.org, at, true});
    }
    return {};
}

Result<Principal> Authenticator::authenticate(std::string_view token_text, std::string_view address,
                                              Instant now) {
    if (!is_token_text(token_text)) return unknown_token();
    const Hash hash = token_hash(token_text);
    const Lock lock(mutex_);
    const auto key = by_token_.find(hash);
    if (key == by_token_.end()) return unknown_token();
    auto principal = TRY(token_principal(key->second.id, address, now));
    use(key->second.org, key->second.id.value, now);
    return principal;
}

Result<Principal> Authenticator::authenticate_session(std::string_view session_text,
                                                      std::string_view address, Instant now) {
    if (!is_secret(session_text, kSessionPrefix)) return signed_out();
    const Hash hash = token_hash(session_text);
    const Lock lock(mutex_);
    const auto id = by_session_.find(hash);
    if (id == by_session_.end()) return signed_out();
    auto principal = TRY(session_principal(id->second, address, now));
    use(principal.org, principal.session.value, now);
    return principal;
}

Result<Principal> Authenticator::current(const Principal& principal, Instant now) const {
    const Lock lock(mutex_);
    switch (principal.via.kind) {
        case domain::ViaKind::cli: return principal;
        case domain::ViaKind::token:
            return token_principal(principal.via.token, principal.address, now);
        case domain::ViaKind::console: break;
    }
    if (principal.session != SessionId{}) {
        return session_principal(principal.session, principal.address, now);
    }
    return user_principal(principal, now);
}

// What somebody left behind, such as a webhook, outlives their session but not their grant.
Result<Principal> Authenticator::user_principal(const Principal& principal, Instant now) const {
    const auto known = users_.find(principal.user);
    const bool is_theirs = known != users_.end() && known->second.org == principal.org;
    auto rights = is_theirs ? domain::user_rights(known->second.user, now) : std::nullopt;
    if (!rights) return signed_out();
    Principal by_now = principal;
    by_now.role = rights->role;
    by_now.scope = std::move(rights->scope);
    return by_now;
}

Result<Principal> Authenticator::token_principal(TokenId id, std::string_view address,
                                                 Instant now) const {
    const auto known = tokens_.find(id);
    if (known == tokens_.end()) return unknown_token();
    const OrgId org = known->second.org;
    const domain::Token& token = known->second.token;
    const auto maker = users_.find(token.user);
    const bool is_user = maker != users_.end() && maker->second.org == org;
    const auto of = orgs_.find(org);
    const bool is_operator = of != orgs_.end() && of->second.operator_user == token.user;
    if (!is_user && !is_operator) return unknown_token();
    const User* user = is_user ? &maker->second.user : nullptr;
    return principal_of(TokenHolder{org, token, user}, std::string(address), now);
}

// Idle is what was not used for long, however young.
Result<Principal> Authenticator::session_principal(SessionId id, std::string_view address,
                                                   Instant now) const {
    const auto known = sessions_.find(id);
    if (known == sessions_.end()) return signed_out();
    const SignInSession& session = known->second.session;
    const auto user = users_.find(session.user);
    if (user == users_.end() || user->second.org != known->second.org) return signed_out();
    const auto used = last_uses_.find(id.value);
    const Instant last = used == last_uses_.end() ? session.created_at
                                                  : std::max(session.created_at, used->second.at);
    if (now.ms - last.ms >= limits::kSessionIdleMsMax) return signed_out();
    return principal_of(SessionHolder{known->second.org, session, user->second.user},
                        std::string(address), now);
}

std::vector<UserKey> Authenticator::accounts_of(std::string_view email, std::optional<OrgId> org,
                                                Instant now) const {
    const std::string key = domain::email_key(email);
    std::vector<UserKey> accounts;
    const Lock lock(mutex_);
    const auto [begin, end] = by_email_.equal_range(key);
    for (auto each = begin; each != end; ++each) {
        const KnownUser& known = users_.at(each->second);
        if (org && known.org != *org) continue;
        if (domain::is_in_force(known.user, now)) accounts.push_back({known.org, known.user.id});
    }
    std::ranges::sort(accounts, {}, &UserKey::id);
    if (accounts.size() > limits::kSignInAccountsMax) accounts.resize(limits::kSignInAccountsMax);
    return accounts;
}

std::optional<UserKey> Authenticator::owner_of_link(std::string_view link_text, Instant now) const {
    if (!is_secret(link_text, kLinkPrefix)) return std::nullopt;
    const Hash hash = token_hash(link_text);
    const Lock lock(mutex_);
    const auto user = by_link_.find(hash);
    if (user == by_link_.end()) return std::nullopt;
    const KnownLink& known = links_.at(user->second);
    if (known.link.expires_at <= now) return std::nullopt;
    return known.user;
}

bool Authenticator::has_orgs() const {
    const Lock lock(mutex_);
    return !orgs_.empty();
}

std::string Authenticator::org_name(OrgId org) const {
    const Lock lock(mutex_);
    const auto found = orgs_.find(org);
    return found == orgs_.end() ? std::string() : found->second.name;
}

std::optional<Instant> Authenticator::last_use(Uuid credential) const {
    const Lock lock(mutex_);
    const auto used = last_uses_.find(credential);
    if (used == last_uses_.end()) return std::nullopt;
    return used->second.at;
}

void Authenticator::use(OrgId org, Uuid credential, Instant now) {
    last_uses_.insert_or_assign(credential, LastUse{org, now, false});
}

std::vector<std::pair<LastUseKey, Instant>> Authenticator::take_uses(Instant now) {
    const Lock lock(mutex_);
    if (uses_taken_at_ == Instant{}) uses_taken_at_ = now;
    if (now.ms - uses_taken_at_.ms < limits::kLastUseWriteMs) return {};
    uses_taken_at_ = now;
    std::vector<std::pair<LastUseKey, Instant>> uses;
    for (auto& [credential, use] : last_uses_) {
        if (!use.is_written) uses.emplace_back(LastUseKey{use.org, credential}, use.at);
        use.is_written = true;
    }
    std::ranges::sort(uses);
    return uses;
}

void Authenticator::keep(OrgId org, const User& user) {
    const auto before = users_.find(user.id);
    if (before != users_.end()) {
        const std::string key = domain::email_key(before->second.user.email.value);
        const auto [begin, end] = by_email_.equal_range(key);
        const auto own =
            std::find_if(begin, end, [&](const auto& each) { return each.second == user.id; });
        if (own != end) by_email_.erase(own);
    }
    users_.insert_or_assign(user.id, KnownUser{org, user});
    const bool can_sign_in = user.status != domain::UserStatus::removed && !user.email.erased;
    if (can_sign_in) by_email_.emplace(domain::email_key(user.email.value), user.id);
}

void Authenticator::keep(OrgId org, const SignInSession& session) {
    if (session.ended) {
        by_session_.erase(session.secret_hash);
        sessions_.erase(session.id);
        const auto [begin, end] = sessions_of_.equal_range(session.user);
        const auto own =
            std::find_if(begin, end, [&](const auto& each) { return each.second == session.id; });
        if (own != end) sessions_of_.erase(own);
        last_uses_.erase(session.id.value);
        return;
    }
    by_session_.insert_or_assign(session.secret_hash, session.id);
    const bool is_new = sessions_.insert_or_assign(session.id, KnownSession{org, session}).second;
    if (is_new) sessions_of_.emplace(session.user, session.id);
}

void Authenticator::keep(const UserKey& user, const SignInLink& link) {
    const auto before = links_.find(user.id);
    if (before != links_.end()) {
        by_link_.erase(before->second.link.secret_hash);
        links_.erase(before);
    }
    if (link.used) return;
    by_link_.insert_or_assign(link.secret_hash, user.id);
    links_.insert_or_assign(user.id, KnownLink{user, link});
}

// Another node ended them, which took their rows away.
void Authenticator::forget_ended(const Changes& changes) {
    for (const auto& [key, user] : changes.users) {
        const auto found = changes.found.find(key.org);
        if (found == changes.found.end() || !found->second.whole) continue;
        std::vector<SignInSession> ended;
        const auto [begin, end] = sessions_of_.equal_range(key.id);
        for (auto each = begin; each != end; ++each) {
            if (changes.sessions.contains({key.org, each->second})) continue;
            ended.push_back(sessions_.at(each->second).session);
            ended.back().ended = true;
        }
        for (const SignInSession& each : ended) keep(key.org, each);
        SignInLink none;
        none.used = true;
        keep(key, none);
    }
}

void Authenticator::committed(const Changes& changes) {
    const bool concerns = !changes.tokens.empty() || !changes.credentials.empty() ||
                          !changes.users.empty() || !changes.sessions.empty() ||
                          !changes.links.empty() || !changes.orgs.empty();
    if (!concerns) return;
    const Lock lock(mutex_);
    if (!changes.found.empty()) forget_ended(changes);
    for (const auto& [id, org] : changes.orgs) orgs_.insert_or_assign(id, org);
    for (const auto& [key, user] : changes.users) keep(key.org, user);
    for (const auto& [key, token] : changes.tokens) {
        tokens_.insert_or_assign(key.id, KnownToken{key.org, token});
    }
    for (const Credential& each : changes.credentials) {
        by_token_.insert_or_assign(each.secret_hash, TokenKey{each.org, each.token});
    }
    for (const auto& [key, session] : changes.sessions) keep(key.org, session);
    for (const auto& [key, link] : changes.links) keep(key, link);
    if (changes.found.empty()) return;
    for (const auto& [key, at] : changes.last_uses) {
        const auto known = last_uses_.find(key.credential);
        if (known != last_uses_.end() && known->second.at >= at) continue;
        last_uses_.insert_or_assign(key.credential, LastUse{key.org, at, true});
    }
}

}  // namespace daybook::app
