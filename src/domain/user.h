// The people of an org: who they are, what they may do where and until when, and what of that a
// token of theirs may do.
//
// Passwords, sessions and links are not here: they are credentials, kept in side tables (app/).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "domain/principal.h"
#include "domain/property.h"
#include "domain/text.h"

namespace daybook::domain {

enum class UserStatus : std::uint8_t { invited, active, removed };
std::string_view user_status_name(UserStatus status);
std::optional<UserStatus> parse_user_status(std::string_view text);

enum class Theme : std::uint8_t { system, light, dark };
std::string_view theme_name(Theme theme);
std::optional<Theme> parse_theme(std::string_view text);

// What somebody may do, and where.
struct Grant {
    Role role = Role::auditor;
    Scope scope;                   // an owner's is all
    std::optional<Instant> until;  // never for owners

    bool operator==(const Grant&) const = default;
};

struct User {
    UserId id;
    Text name;   // personal, so private in events, and erasable
    Text email;  // likewise; unique among those of the org who are not removed
    Grant grant;
    UserStatus status = UserStatus::invited;
    std::string language;  // a tag of BCP 47 such as pt-PT; empty: the browser's
    Theme theme = Theme::system;
    Instant created_at;
    std::int64_t version = 1;

    bool operator==(const User&) const = default;
};

// Whether the user may do anything now: has joined, was not removed, and is within the grant.
bool is_in_force(const User& user, Instant now);

// What a user may do now; nullopt for those who may do nothing.
struct Rights {
    Role role = Role::auditor;
    Scope scope;
    bool trusted = false;

    bool operator==(const Rights&) const = default;
};
std::optional<Rights> user_rights(const User& user, Instant now);

// What the token may do now. `maker` is the user who made it; nullptr where that is the org's
// operator, who has all rights. A token that its maker could not make any more as it is does what
// the maker may do; nullopt if that is nothing, or if they have no common role: nobody's rights
// include those of an auditor but an owner's and an admin's.
std::optional<Rights> token_rights(const Token& token, const User* maker, Instant now);

// Those who could approve at the property now: owners and admins, there. The operator of the
// machine is nobody among the people of an org.
bool could_approve(const User& user, PropertyId property, Instant now);
std::size_t count_approvers(std::span<const User> users, PropertyId property, Instant now);
// The fewest people that could approve at one of the properties; of none, those who could
// everywhere.
std::size_t fewest_approvers(std::span<const User> users, std::span<const Property> properties,
                             Instant now);
// Those who could approve at every property, also those to come.
std::size_t count_approvers_everywhere(std::span<const User> users, Instant now);

// How e-mail addresses are compared: letter case of ASCII aside.
std::string email_key(std::string_view email);

}  // namespace daybook::domain
