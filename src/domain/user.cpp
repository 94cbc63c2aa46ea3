// Names of states, rights as they are now, and who counts as an approver.
#include "domain/user.h"

#include <algorithm>
#include <array>

namespace daybook::domain {
namespace {

constexpr std::array<std::string_view, 3> kStatuses{"invited", "active", "removed"};
constexpr std::array<std::string_view, 3> kThemes{"system", "light", "dark"};

template <class Enum, std::size_t Count>
std::optional<Enum> parse_name(const std::array<std::string_view, Count>& names,
                               std::string_view text) {
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

// The role that a token of the first role has in the hands of somebody with the second.
std::optional<Role> role_in_hands_of(Role token, Role maker) {
    switch (maker) {
        case Role::owner: return token;
        case Role::admin: return token == Role::owner ? Role::admin : token;
        case Role::manager:
        case Role::auditor: break;
    }
    const bool is_wider = token == Role::owner || token == Role::admin;
    if (is_wider || token == maker) return maker;
    return std::nullopt;
}

bool is_approver(const User& user, Instant now) {
    const bool approves = user.grant.role == Role::owner || user.grant.role == Role::admin;
    return approves && is_in_force(user, now);
}

}  // namespace

std::string_view user_status_name(UserStatus status) {
    return kStatuses.at(static_cast<std::size_t>(status));
}

std::optional<UserStatus> parse_user_status(std::string_view text) {
    return parse_name<UserStatus>(kStatuses, text);
}

std::string_view theme_name(Theme theme) {
    return kThemes.at(static_cast<std::size_t>(theme));
}

std::optional<Theme> parse_theme(std::string_view text) {
    return parse_name<Theme>(kThemes, text);
}

bool is_in_force(const User& user, Instant now) {
    return user.status == UserStatus::active && (!user.grant.until || now < *user.grant.until);
}

std::optional<Rights> user_rights(const User& user, Instant now) {
    if (!is_in_force(user, now)) return std::nullopt;
    return Rights{user.grant.role, user.grant.scope, false};
}

std::optional<Rights> token_rights(const Token& token, const User* maker, Instant now) {
    if (token.revoked || (token.expires_at && *token.expires_at <= now)) return std::nullopt;
    if (maker == nullptr) return Rights{token.role, token.scope, token.trusted};
    if (!is_in_force(*maker, now)) return std::nullopt;
    const auto role = role_in_hands_of(token.role, maker->grant.role);
    if (!role) return std::nullopt;
    // Trusting a token is an owner's decision; it ends when its maker is no owner any more.
    const bool trusted = token.trusted && maker->grant.role == Role::owner;
    return Rights{*role, common_scope(token.scope, maker->grant.scope), trusted};
}

bool could_approve(const User& user, PropertyId property, Instant now) {
    return is_approver(user, now) && user.grant.scope.covers(property);
}

std::size_t count_approvers(std::span<const User> users, PropertyId property, Instant now) {
    return static_cast<std::size_t>(std::ranges::count_if(
        users, [&](const User& each) { return could_approve(each, property, now); }));
}

std::size_t count_approvers_everywhere(std::span<const User> users, Instant now) {
    return static_cast<std::size_t>(std::ranges::count_if(
        users, [&](const User& each) { return is_approver(each, now) && each.grant.scope.all; }));
}

std::size_t fewest_approvers(std::span<const User> users, std::span<const Property> properties,
                             Instant now) {
    if (properties.empty()) return count_approvers_everywhere(users, now);
    std::size_t fewest = users.size();
    for (const Property& each : properties) {
        fewest = std::min(fewest, count_approvers(users, each.id, now));
    }
    return fewest;
}

std::string email_key(std::string_view email) {
    std::string key(email);
    for (char& c : key) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return key;
}

}  // namespace daybook::domain
