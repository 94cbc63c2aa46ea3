// The index of all orgs, and the tables of those that are loaded.
#include "app/authenticator.h"

#include <algorithm>
#include <array>
#include <ranges>
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

bool can_sign_in(const User& user) {
    return user.status != domain::UserStatus::removed && !user.email.erased;
}

bool is_some_secret(std::string_view text) {
    return std::ranges::any_of(std::array{kTokenPrefix, kSessionPrefix, kLinkPrefix},
                               [&](auto prefix) { return is_secret(text, prefix); });
}

// Whether the time has come again, and from when on it is counted.
bool is_due(Instant& last, Instant now) {
    if (last == Instant{}) last = now;
    if (now.ms - last.ms < limits::kLastUseWriteMs) return false;
    last = now;
    return true;
}

}  // namespace

Status Authenticator::load(Store& store) {
    const auto credentials = TRY(store.credentials());
    const auto users = TRY(store.users());
    const SignInState state = TRY(store.sign_in_state());
    const bool has_orgs = !TRY(store.orgs()).empty();
    const Lock lock(mutex_);
    has_orgs_ = has_orgs;
    for (const Credential& each : credentials) index_.add_secret(each.secret_hash, each.org);
    for (const auto& [org, user] : users) {
        if (can_sign_in(user)) index_.add_email(user.email.value, org);
    }
    for (const auto& [org, session] : state.sessions) index_.add_secret(session.secret_hash, org);
    for (const auto& [user, link] : state.links) index_.add_secret(link.secret_hash, user.org);
    return {};
}

std::optional<OrgId> Authenticator::unloaded_by(std::string_view secret_text) const {
    if (!is_some_secret(secret_text)) return std::nullopt;
    const Hash hash = token_hash(secret_text);
    const Lock lock(mutex_);
    const auto org = index_.org_of_secret(hash);
    return org && !orgs_.contains(*org) ? org : std::nullopt;
}

std::vector<OrgId> Authenticator::orgs_of(std::string_view email, std::optional<OrgId> org) const {
    std::vector<OrgId> orgs = index_.orgs_of_email(email);
    if (org) std::erase_if(orgs, [&](OrgId each) { return each != *org; });
    if (orgs.size() > limits::kSignInOrgsMax) orgs.resize(limits::kSignInOrgsMax);
    return orgs;
}

std::vector<OrgId> Authenticator::unloaded_accounts(std::string_view email,
                                                    std::optional<OrgId> org) const {
    const Lock lock(mutex_);
    std::vector<OrgId> orgs = orgs_of(email, org);
    std::erase_if(orgs, [&](OrgId each) REQUIRES(mutex_) { return orgs_.contains(each); });
    return orgs;
}

bool Authenticator::is_loaded(OrgId org) const {
    const Lock lock(mutex_);
    return orgs_.contains(org);
}

Authenticator::Doors* Authenticator::find(OrgId org) {
    const auto found = orgs_.find(org);
    return found == orgs_.end() ? nullptr : &found->second;
}

Result<Authenticator::Doors*> Authenticator::find(const Hash& secret_hash) {
    const auto org = index_.org_of_secret(secret_hash);
    if (!org) return nullptr;
    Doors* const doors = find(*org);
    if (doors == nullptr) return std::unexpected(not_loaded());
    return doors;
}

void Authenticator::use(Doors& doors, Uuid credential, Instant now) {
    doors.last_uses.insert_or_assign(credential, LastUse{now});
    doors.asked_at = now;
}

Result<Principal> Authenticator::authenticate(std::string_view token_text, std::string_view address,
                                              Instant now) {
    if (!is_token_text(token_text)) return unknown_token();
    const Hash hash = token_hash(token_text);
    const Lock lock(mutex_);
    Doors* const doors = TRY(find(hash));
    if (doors == nullptr) return unknown_token();
    const auto id = doors->by_token.find(hash);
    if (id == doors->by_token.end()) return unknown_token();
    auto principal = TRY(token_principal(*doors, id->second, address, now));
    use(*doors, id->second.value, now);
    return principal;
}

Result<Principal> Authenticator::authenticate_session(std::string_view session_text,
                                                      std::string_view address, Instant now) {
    if (!is_secret(session_text, kSessionPrefix)) return signed_out();
    const Hash hash = token_hash(session_text);
    const Lock lock(mutex_);
    Doors* const doors = TRY(find(hash));
    if (doors == nullptr) return signed_out();
    const auto id = doors->by_session.find(hash);
    if (id == doors->by_session.end()) return signed_out();
    auto principal = TRY(session_principal(*doors, id->second, address, now));
    use(*doors, id->second.value, now);
    return principal;
}

Result<Principal> Authenticator::current(const Principal& principal, Instant now) {
    if (principal.via.kind == domain::ViaKind::cli) return principal;
    const Lock lock(mutex_);
    Doors* doors = find(principal.org);
    if (doors == nullptr) return std::unexpected(not_loaded());
    doors->asked_at = now;
    if (principal.via.kind == domain::ViaKind::token) {
        return token_principal(*doors, principal.via.token, principal.address, now);
    }
    if (principal.session != SessionId{}) {
        return session_principal(*doors, principal.session, principal.address, now);
    }
    return user_principal(*doors, principal, now);
}

// Somebody whose session is not known: their grant alone.
Result<Principal> Authenticator::user_principal(const Doors& doors, const Principal& principal,
                                                Instant now) {
    const auto known = doors.users.find(principal.user);
    if (known == doors.users.end()) return signed_out();
    return principal_of(known->second, principal, now);
}

Result<Principal> Authenticator::token_principal(const Doors& doors, TokenId id,
                                                 std::string_view address, Instant now) {
    const auto known = doors.tokens.find(id);
    if (known == doors.tokens.end()) return unknown_token();
    const domain::Token& token = known->second;
    const auto maker = doors.users.find(token.user);
    const bool is_user = maker != doors.users.end();
    if (!is_user && doors.org.operator_user != token.user) return unknown_token();
    const User* user = is_user ? &maker->second : nullptr;
    return principal_of(TokenHolder{doors.org.id, token, user}, std::string(address), now);
}

// Idle is what was not used for long, however young.
Result<Principal> Authenticator::session_principal(const Doors& doors, SessionId id,
                                                   std::string_view address, Instant now) {
    const auto known = doors.sessions.find(id);
    if (known == doors.sessions.end()) return signed_out();
    const SignInSession& session = known->second;
    const auto user = doors.users.find(session.user);
    if (user == doors.users.end()) return signed_out();
    const auto used = doors.last_uses.find(id.value);
    const Instant last = used == doors.last_uses.end()
                             ? session.created_at
                             : std::max(session.created_at, used->second.at);
    if (now.ms - last.ms >= limits::kSessionIdleMsMax) return signed_out();
    return principal_of(SessionHolder{doors.org.id, session, user->second}, std::string(address),
                        now);
}

std::vector<UserKey> Authenticator::accounts_of(std::string_view email, std::optional<OrgId> org,
                                                Instant now) const {
    const std::string key = domain::email_key(email);
    std::vector<UserKey> accounts;
    const Lock lock(mutex_);
    for (const OrgId each : orgs_of(email, org)) {
        const auto doors = orgs_.find(each);
        if (doors == orgs_.end()) continue;
        for (const User& user : doors->second.users | std::views::values) {
            const bool is_theirs = can_sign_in(user) && domain::email_key(user.email.value) == key;
            if (is_theirs && domain::is_in_force(user, now)) accounts.push_back({each, user.id});
        }
    }
    std::ranges::sort(accounts, {}, &UserKey::id);
    if (accounts.size() > limits::kSignInAccountsMax) accounts.resize(limits::kSignInAccountsMax);
    return accounts;
}

std::optional<UserKey> Authenticator::owner_of_link(std::string_view link_text, Instant now) const {
    if (!is_secret(link_text, kLinkPrefix)) return std::nullopt;
    const Hash hash = token_hash(link_text);
    const Lock lock(mutex_);
    const auto org = index_.org_of_secret(hash);
    const auto doors = org ? orgs_.find(*org) : orgs_.end();
    if (doors == orgs_.end()) return std::nullopt;
    for (const auto& [user, link] : doors->second.links) {
        if (link.secret_hash == hash && link.expires_at > now) return UserKey{*org, user};
    }
    return std::nullopt;
}

bool Authenticator::has_orgs() const {
    const Lock lock(mutex_);
    return has_orgs_;
}

std::string Authenticator::org_name(OrgId org) const {
    const Lock lock(mutex_);
    const auto found = orgs_.find(org);
    return found == orgs_.end() ? std::string() : found->second.org.name;
}

std::vector<std::pair<LastUseKey, Instant>> Authenticator::take_uses(Instant now) {
    const Lock lock(mutex_);
    if (!is_due(uses_taken_at_, now)) return {};
    std::vector<std::pair<LastUseKey, Instant>> uses;
    for (auto& [org, doors] : orgs_) {
        for (auto& [credential, use] : doors.last_uses) {
            if (!use.is_written) uses.emplace_back(LastUseKey{org, credential}, use.at);
            use.is_written = true;
        }
    }
    std::ranges::sort(uses);
    return uses;
}

std::vector<OrgId> Authenticator::take_idle(Instant now) {
    const Lock lock(mutex_);
    if (!is_due(idle_taken_at_, now)) return {};
    std::vector<OrgId> idle;
    for (auto& [org, doors] : orgs_) {
        if (doors.asked_at == Instant{}) doors.asked_at = now;
        if (now.ms - doors.asked_at.ms < limits::kOrgIdleMs) continue;
        const bool is_written =
            std::ranges::all_of(doors.last_uses | std::views::values, &LastUse::is_written);
        if (is_written) idle.push_back(org);
    }
    return idle;
}

void Authenticator::keep(OrgId org, const SignInSession& session) {
    Doors* doors = find(org);
    if (doors == nullptr) return;
    if (session.ended) {
        doors->by_session.erase(session.secret_hash);
        doors->sessions.erase(session.id);
        doors->last_uses.erase(session.id.value);
        return;
    }
    doors->by_session.insert_or_assign(session.secret_hash, session.id);
    doors->sessions.insert_or_assign(session.id, session);
}

void Authenticator::note(const Changes& changes) {
    if (!changes.orgs.empty()) has_orgs_ = true;
    for (const Credential& each : changes.credentials)
        index_.add_secret(each.secret_hash, each.org);
    for (const auto& [key, user] : changes.users) {
        if (can_sign_in(user)) index_.add_email(user.email.value, key.org);
    }
    for (const auto& [key, session] : changes.sessions) {
        if (session.ended) {
            index_.erase_secret(session.secret_hash);
        } else {
            index_.add_secret(session.secret_hash, key.org);
        }
    }
    for (const auto& [key, link] : changes.links) {
        if (link.used) {
            index_.erase_secret(link.secret_hash);
        } else {
            index_.add_secret(link.secret_hash, key.org);
        }
    }
}

void Authenticator::keep(const Changes& changes) {
    for (const auto& [id, org] : changes.orgs) {
        if (Doors* doors = find(id)) doors->org = org;
    }
    for (const auto& [key, user] : changes.users) {
        if (Doors* doors = find(key.org)) doors->users.insert_or_assign(key.id, user);
    }
    for (const auto& [key, token] : changes.tokens) {
        if (Doors* doors = find(key.org)) doors->tokens.insert_or_assign(key.id, token);
    }
    for (const Credential& each : changes.credentials) {
        Doors* doors = find(each.org);
        if (doors != nullptr) doors->by_token.insert_or_assign(each.secret_hash, each.token);
    }
    for (const auto& [key, session] : changes.sessions) keep(key.org, session);
    for (const auto& [key, link] : changes.links) {
        Doors* doors = find(key.org);
        if (doors == nullptr) continue;
        doors->links.erase(key.id);
        if (!link.used) doors->links.emplace(key.id, link);
    }
}

// What another node may have ended leaves the index, too: what is still there comes again.
void Authenticator::clear(Doors& doors) {
    for (const SignInSession& each : doors.sessions | std::views::values) {
        index_.erase_secret(each.secret_hash);
    }
    for (const SignInLink& each : doors.links | std::views::values) {
        index_.erase_secret(each.secret_hash);
    }
    Doors cleared;
    cleared.last_uses = std::move(doors.last_uses);
    cleared.asked_at = doors.asked_at;
    doors = std::move(cleared);
}

// Uses that others have written, and those of what is there no more.
void Authenticator::keep_uses(const Changes& whole) {
    for (const auto& [key, at] : whole.last_uses) {
        Doors* doors = find(key.org);
        if (doors == nullptr) continue;
        const auto known = doors->last_uses.try_emplace(key.credential, LastUse{at, true}).first;
        if (known->second.at < at) known->second = {at, true};
    }
    for (const OrgId org : whole.orgs | std::views::keys) {
        Doors* doors = find(org);
        if (doors == nullptr) continue;
        std::erase_if(doors->last_uses, [&](const auto& use) {
            const Uuid id = use.first;
            return !doors->tokens.contains(TokenId{id}) && !doors->sessions.contains(SessionId{id});
        });
    }
}

void Authenticator::committed(const Changes& changes) {
    const bool concerns = !changes.tokens.empty() || !changes.credentials.empty() ||
                          !changes.users.empty() || !changes.sessions.empty() ||
                          !changes.links.empty() || !changes.orgs.empty();
    if (!concerns) return;
    const Lock lock(mutex_);
    for (const OrgId org : changes.orgs | std::views::keys) {
        if (founds(changes, org)) orgs_.try_emplace(org);
    }
    for (const auto& [org, found] : changes.found) {
        Doors* doors = find(org);
        if (found.whole && doors != nullptr) clear(*doors);
    }
    note(changes);
    keep(changes);
    if (!changes.found.empty()) keep_uses(changes);
}

void Authenticator::loaded(OrgId org, const Changes& kept) {
    const Lock lock(mutex_);
    clear(orgs_[org]);
    note(kept);
    keep(kept);
    keep_uses(kept);
}

void Authenticator::forgotten(OrgId org) {
    const Lock lock(mutex_);
    orgs_.erase(org);
}

}  // namespace daybook::app
