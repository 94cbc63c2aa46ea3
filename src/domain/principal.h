// Who acts: an org's user with a role, perhaps limited to some properties, through a token, the
// console or the CLI.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace daybook::domain {

enum class Role : std::uint8_t { owner, admin, manager, auditor };
enum class ViaKind : std::uint8_t { console, token, cli };

std::string_view role_name(Role role);
std::optional<Role> parse_role(std::string_view text);
std::string_view via_kind_name(ViaKind kind);
std::optional<ViaKind> parse_via_kind(std::string_view text);

// How an act came in; `token` is set for ViaKind::token.
struct Via {
    ViaKind kind = ViaKind::cli;
    TokenId token;

    bool operator==(const Via&) const = default;
};

// The properties that a principal may see; `all` also covers those to come.
struct Scope {
    bool all = true;
    std::vector<PropertyId> properties;  // sorted, unique; empty when all

    [[nodiscard]] bool covers(PropertyId property) const;
    bool operator==(const Scope&) const = default;
};

// What both cover; `all` only where both do.
Scope common_scope(const Scope& one, const Scope& other);

struct Principal {
    OrgId org;
    UserId user;
    Role role = Role::auditor;
    Scope scope;
    Via via;
    std::string address;  // network address, or empty
    // A token that an owner trusts: what it adds counts at once, and it decides nothing.
    bool trusted = false;
    // Of ViaKind::console; zero while somebody is only about to sign in.
    SessionId session{};

    // Decides entries of the property: an owner or an admin, there; never a trusted token.
    [[nodiscard]] bool approves(PropertyId property) const;
    // An owner has said that what it adds counts at once.
    [[nodiscard]] bool adds_trusted(PropertyId property) const {
        return trusted && writes(property);
    }
    // Adds and changes: everybody but auditors, there.
    [[nodiscard]] bool writes(PropertyId property) const;
    // Changes what belongs to the whole org: an owner, or an admin who is not limited; never a
    // trusted token.
    [[nodiscard]] bool administers() const;
};

}  // namespace daybook::domain
