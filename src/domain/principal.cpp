// Roles and scopes.
#include "domain/principal.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace daybook::domain {
namespace {

constexpr std::array<std::string_view, 4> kRoles{"owner", "admin", "manager", "auditor"};
constexpr std::array<std::string_view, 3> kViaKinds{"console", "token", "cli"};

}  // namespace

std::string_view role_name(Role role) {
    return kRoles.at(static_cast<std::size_t>(role));
}

std::optional<Role> parse_role(std::string_view text) {
    const auto found = std::ranges::find(kRoles, text);
    if (found == kRoles.end()) return std::nullopt;
    return static_cast<Role>(found - kRoles.begin());
}

std::string_view via_kind_name(ViaKind kind) {
    return kViaKinds.at(static_cast<std::size_t>(kind));
}

std::optional<ViaKind> parse_via_kind(std::string_view text) {
    const auto found = std::ranges::find(kViaKinds, text);
    if (found == kViaKinds.end()) return std::nullopt;
    return static_cast<ViaKind>(found - kViaKinds.begin());
}

bool Scope::covers(PropertyId property) const {
    return all || std::ranges::binary_search(properties, property);
}

Scope common_scope(const Scope& one, const Scope& other) {
    if (one.all) return other;
    if (other.all) return one;
    Scope common{false, {}};
    std::ranges::set_intersection(one.properties, other.properties,
                                  std::back_inserter(common.properties));
    return common;
}

bool Principal::approves(PropertyId property) const {
    return !trusted && (role == Role::owner || role == Role::admin) && scope.covers(property);
}

bool Principal::writes(PropertyId property) const {
    return role != Role::auditor && scope.covers(property);
}

bool Principal::administers() const {
    return !trusted && (role == Role::owner || (role == Role::admin && scope.all));
}

}  // namespace daybook::domain
