// Tokens, and what a principal may see and write.
#include "app/authorise.h"

#include "base/limits.h"

namespace daybook::app {

using namespace domain;

namespace {

Error dead_token() {
    return error(ErrorCode::unauthenticated,
                 "This token was revoked or has expired. Ask for a new one.");
}

Error dead_session() {
    return error(ErrorCode::unauthenticated, "You are signed out. Sign in again.");
}

// Acts of somebody who is not signed in, and who brings a proof instead (command.h).
bool brings_proof(const CommandBody& body) {
    return std::holds_alternative<AcceptLink>(body) || std::holds_alternative<StartSession>(body) ||
           std::holds_alternative<FoundOrg>(body);
}

// The user who made the token; null where that is the org's operator. Errors: unauthenticated.
Result<const User*> maker_of(UnitOfWork& work, OrgId org, UserId maker) {
    const User* user = TRY(work.user({org, maker}));
    if (user != nullptr) return user;
    const Org* of = TRY(work.org(org));
    if (of == nullptr || of->operator_user != maker) return std::unexpected(dead_token());
    return nullptr;
}

}  // namespace

Instant SignInSession::expires_at() const {
    return Instant{created_at.ms + limits::kSessionMsMax};
}

Result<Principal> principal_of(const TokenHolder& holder, std::string address, Instant now) {
    const Token& token = holder.token;
    auto rights = token_rights(token, holder.maker, now);
    if (!rights) return std::unexpected(dead_token());
    return Principal{holder.org,
                     token.user,
                     rights->role,
                     std::move(rights->scope),
                     Via{ViaKind::token, token.id},
                     std::move(address),
                     rights->trusted};
}

Result<Principal> principal_of(const SessionHolder& holder, std::string address, Instant now) {
    const SignInSession& session = holder.session;
    auto rights = user_rights(holder.user, now);
    const bool is_over = session.ended || session.expires_at() <= now;
    if (!rights || is_over || session.user != holder.user.id) {
        return std::unexpected(dead_session());
    }
    return Principal{holder.org,
                     holder.user.id,
                     rights->role,
                     std::move(rights->scope),
                     Via{ViaKind::console, {}},
                     std::move(address),
                     false,
                     session.id};
}

Result<Principal> principal_of(const User& user, Principal principal, Instant now) {
    auto rights = user_rights(user, now);
    if (!rights) return std::unexpected(dead_session());
    principal.role = rights->role;
    principal.scope = std::move(rights->scope);
    return principal;
}

Result<Principal> principal_now(Snapshot& snapshot, const Principal& principal, Instant now) {
    if (principal.via.kind == ViaKind::cli) return principal;
    if (principal.via.kind == ViaKind::console) {
        const auto user = TRY(snapshot.user(principal.user));
        if (!user) return std::unexpected(dead_session());
        return principal_of(*user, principal, now);
    }
    const auto tokens = TRY(snapshot.tokens());
    const auto token = std::ranges::find(tokens, principal.via.token, &Token::id);
    if (token == tokens.end()) return std::unexpected(dead_token());
    const auto maker = TRY(snapshot.user(token->user));
    const bool is_operator = !maker && TRY(snapshot.org()).operator_user == token->user;
    if (!maker && !is_operator) return std::unexpected(dead_token());
    const TokenHolder holder{principal.org, *token, maker ? &*maker : nullptr};
    return principal_of(holder, principal.address, now);
}

Result<Principal> authorise(UnitOfWork& work, const Command& command, Instant now) {
    const Principal& principal = command.principal;
    const OrgId org = principal.org;
    switch (principal.via.kind) {
        case ViaKind::cli: return principal;
        case ViaKind::token: {
            const Token* found = TRY(work.token({org, principal.via.token}));
            if (found == nullptr) return std::unexpected(dead_token());
            const Token token = *found;
            const User* maker = TRY(maker_of(work, org, token.user));
            return principal_of(TokenHolder{org, token, maker}, principal.address, now);
        }
        case ViaKind::console: break;
    }
    if (principal.session == SessionId{}) {
        if (brings_proof(command.body)) return principal;
        return std::unexpected(dead_session());
    }
    const SignInSession* found = TRY(work.session({org, principal.session}));
    if (found == nullptr) return std::unexpected(dead_session());
    const SignInSession session = *found;
    const User* user = TRY(work.user({org, session.user}));
    if (user == nullptr) return std::unexpected(dead_session());
    return principal_of(SessionHolder{org, session, *user}, principal.address, now);
}

Error not_loaded() {
    return error(ErrorCode::busy, "These books are being opened; ask again.");
}

Principal operator_principal(const Org& org) {
    return Principal{org.id, org.operator_user, Role::owner, Scope{}, Via{ViaKind::cli, {}}, {}};
}

Result<const Property*> visible_property(UnitOfWork& work, const Principal& principal,
                                         PropertyId id) {
    const Property* property = TRY(work.property({principal.org, id}));
    if (property != nullptr && principal.scope.covers(id)) return property;
    return fail_field(ErrorCode::not_found, "/propertyId",
                      "There is no such property. GET /v1/properties lists yours.");
}

Result<const Property*> writable_property(UnitOfWork& work, const Principal& principal,
                                          PropertyId id) {
    const Property* property = TRY(visible_property(work, principal, id));
    if (principal.writes(id)) return property;
    return fail(ErrorCode::forbidden, "Your role reads these books and does not write them.");
}

Result<const Entry*> writable_entry(UnitOfWork& work, const Principal& principal, EntryId id) {
    const Entry* entry = TRY(work.entry({principal.org, id}));
    if (entry == nullptr || !principal.scope.covers(entry->property)) {
        return fail(ErrorCode::not_found, "There is no such entry.");
    }
    if (principal.writes(entry->property)) return entry;
    return fail(ErrorCode::forbidden, "Your role reads these books and does not write them.");
}

}  // namespace daybook::app
