// Tokens, and what a principal may see and write.
#include "app/authorise.h"

namespace daybook::app {

using namespace domain;

Result<Principal> principal_of(const Token& token, OrgId org, std::string address, Instant now) {
    if (token.revoked || (token.expires_at && *token.expires_at <= now)) {
        return fail(ErrorCode::unauthenticated,
                    "This token was revoked or has expired. Ask for a new one.");
    }
    return Principal{org,
                     token.user,
                     token.role,
                     token.scope,
                     Via{ViaKind::token, token.id},
                     std::move(address)};
}

Result<Principal> authorise(UnitOfWork& work, const Principal& principal, Instant now) {
    if (principal.via.kind == ViaKind::cli) return principal;
    const Token* token = TRY(work.token({principal.org, principal.via.token}));
    if (token == nullptr) return fail(ErrorCode::unauthenticated, "This token is not known here.");
    return principal_of(*token, principal.org, principal.address, now);
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
