// Roles and routes.
#include "http/caller.h"

#include <string>

namespace daybook::http {

using domain::Principal;
using domain::Role;

namespace {

bool may_call(Role role, Caller caller) {
    switch (caller) {
        case Caller::anyone:
        case Caller::signed_in: return true;
        case Caller::manager: return role != Role::auditor;
        case Caller::admin: return role == Role::owner || role == Role::admin;
        case Caller::owner: return role == Role::owner;
        case Caller::operator_socket: return false;
    }
    return false;
}

}  // namespace

Status check_role(const Principal& principal, Caller caller) {
    if (may_call(principal.role, caller)) return {};
    std::string_view who = "owners";
    if (caller == Caller::manager) who = "managers, admins and owners";
    if (caller == Caller::admin) who = "admins and owners";
    return fail(ErrorCode::forbidden, "Your role is " + std::string(role_name(principal.role)) +
                                          "; this is for " + std::string(who) + ".");
}

}  // namespace daybook::http
