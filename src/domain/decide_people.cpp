// The rules of people: who looks after whom, that an owner stays, and when a grant ends.
#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "domain/decide.h"
#include "domain/rules.h"

namespace daybook::domain {
namespace {

Event user_event(EventType type, User after, std::optional<User> before) {
    const UserId id = after.id;
    return Event{type,
                 std::nullopt,
                 EntityRef{EntityType::user, id.value},
                 UserChanged{std::move(after), std::move(before)},
                 {}};
}

// Owners and admins are for owners to look after: an admin could otherwise become one of them.
Status check_handles(Role role, const Context& context) {
    TRY(check_administers(context));
    const bool is_high = role == Role::owner || role == Role::admin;
    if (is_high && context.principal.role != Role::owner) {
        return fail_field(ErrorCode::forbidden, "/role",
                          "Only owners look after owners and admins.");
    }
    return {};
}

// Whoever lets somebody in has the link, and could write as them what they then decide.
Status check_lets_in(Role role, const Context& context) {
    const bool wants_two = context.org.approvals.four_eyes_above_minor.has_value();
    if (!wants_two || role == Role::auditor || context.principal.role == Role::owner) return {};
    return fail_field(ErrorCode::forbidden, "/role",
                      "While four eyes are wanted, only owners let in who may write. Ask an owner, "
                      "or invite an auditor.");
}

Status check_grant(const Grant& grant, Instant now) {
    TRY(check_scope(grant.role, grant.scope, "/scope/properties"));
    if (grant.until && grant.role == Role::owner) {
        return fail_field(ErrorCode::invalid_value, "/until",
                          "An owner has no end date. Give the role another first.");
    }
    if (grant.until && *grant.until <= now) {
        return fail_field(ErrorCode::invalid_value, "/until",
                          "The end lies in the past. Remove the user, or name a later one.");
    }
    return {};
}

// One address at one host, as far as that can be told without sending anything there.
Status check_email(std::string_view email) {
    TRY(check_text(email, limits::kEmailBytesMax, "/email"));
    const std::size_t at = email.find('@');
    const bool is_one = at != std::string_view::npos && at > 0 && at + 1 < email.size() &&
                        email.find('@', at + 1) == std::string_view::npos &&
                        email.find_first_of(" \t\n,;<>\"") == std::string_view::npos;
    if (is_one) return {};
    return fail_field(ErrorCode::invalid_value, "/email",
                      "Use one e-mail address, such as ana@example.com.");
}

Status check_free_email(std::span<const User> users, std::string_view email, UserId own) {
    const std::string key = email_key(email);
    const bool taken = std::ranges::any_of(users, [&](const User& each) {
        return each.id != own && each.status != UserStatus::removed && !each.email.erased &&
               email_key(each.email.value) == key;
    });
    if (!taken) return {};
    return fail_field(ErrorCode::already_exists, "/email",
                      "Somebody in this org has that e-mail address already.");
}

// Somebody must be able to let the others in.
Status check_owner_stays(const UserState& state, const User& after, Instant now) {
    const auto is_owner = [&](const User& user) {
        return user.grant.role == Role::owner && is_in_force(user, now);
    };
    if (!is_owner(state.user) || is_owner(after)) return {};
    const bool another = std::ranges::any_of(
        state.users, [&](const User& each) { return each.id != state.user.id && is_owner(each); });
    if (another) return {};
    return fail(ErrorCode::last_owner,
                "This is the last owner of the org. Make somebody else an owner first.");
}

Status check_not_removed(const User& user) {
    if (user.status != UserStatus::removed) return {};
    return fail(ErrorCode::invalid_transition, "This user was removed. Invite them again.");
}

bool is_language_tag(std::string_view tag) {
    constexpr std::size_t kTagBytesMax = 20;
    if (tag.empty()) return true;
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    };
    return tag.size() >= 2 && tag.size() <= kTagBytesMax && std::ranges::all_of(tag, allowed);
}

std::optional<User> with_person(const UserState& state, const ChangeUser& command) {
    User after = state.user;
    if (command.name) after.name = Text{*command.name, false};
    if (command.email) after.email = Text{*command.email, false};
    if (after == state.user) return std::nullopt;
    ++after.version;
    return after;
}

std::optional<User> with_grant(const User& before, const ChangeUser& command) {
    User after = before;
    if (command.role) after.grant.role = *command.role;
    if (command.scope) after.grant.scope = in_order(*command.scope);
    if (command.until) after.grant.until = *command.until;
    if (after.grant == before.grant) return std::nullopt;
    ++after.version;
    return after;
}

}  // namespace

Result<Event> decide(const PeopleState& state, const InviteUser& command, const Context& context) {
    TRY(check_handles(command.grant.role, context));
    TRY(check_lets_in(command.grant.role, context));
    TRY(check_name(command.name, "/name"));
    TRY(check_email(command.email));
    TRY(check_grant(command.grant, context.now));
    TRY(check_free_email(state.users, command.email, command.id));
    if (state.users.size() >= limits::kUsersMax) {
        return fail(ErrorCode::too_large, "An org has at most " +
                                              std::to_string(limits::kUsersMax) +
                                              " users, those who were removed included.");
    }
    User user;
    user.id = command.id;
    user.name = Text{command.name, false};
    user.email = Text{command.email, false};
    user.grant = {command.grant.role, in_order(command.grant.scope), command.grant.until};
    user.created_at = context.now;
    return user_event(EventType::user_invited, std::move(user), std::nullopt);
}

Result<std::vector<Event>> decide(const UserState& state, const ChangeUser& command,
                                  const Context& context) {
    CHECK(command.id == state.user.id);
    TRY(check_handles(state.user.grant.role, context));
    if (command.role) TRY(check_handles(*command.role, context));
    // Somebody may have let in an auditor for that.
    const bool wrote = state.user.grant.role != Role::auditor;
    if (command.role && !wrote) TRY(check_lets_in(*command.role, context));
    TRY(check_version(command.version, state.user.version));
    TRY(check_not_removed(state.user));
    if (command.name) TRY(check_name(*command.name, "/name"));
    if (command.email) {
        TRY(check_email(*command.email));
        TRY(check_free_email(state.users, *command.email, command.id));
    }
    std::vector<Event> events;
    User last = state.user;
    if (auto person = with_person(state, command)) {
        events.push_back(user_event(EventType::user_updated, *person, last));
        last = *std::move(person);
    }
    if (auto granted = with_grant(last, command)) {
        TRY(check_grant(granted->grant, context.now));
        TRY(check_owner_stays(state, *granted, context.now));
        events.push_back(user_event(EventType::grant_changed, *std::move(granted), last));
    }
    if (events.empty()) return fail(ErrorCode::nothing_to_change, "The user already reads so.");
    return events;
}

Result<Event> decide(const UserState& state, const ChangeMe& command, const Context& context) {
    CHECK(context.principal.user == state.user.id);
    User after = state.user;
    if (command.name) {
        TRY(check_name(*command.name, "/name"));
        after.name = Text{*command.name, false};
    }
    if (command.language) {
        if (!is_language_tag(*command.language)) {
            return fail_field(ErrorCode::invalid_value, "/language",
                              "Use a language tag, such as en or pt-PT.");
        }
        after.language = *command.language;
    }
    if (command.theme) after.theme = *command.theme;
    if (after == state.user) {
        return fail(ErrorCode::nothing_to_change, "You already read like this.");
    }
    ++after.version;
    return user_event(EventType::user_updated, std::move(after), state.user);
}

Result<Event> decide(const UserState& state, const RemoveUser& command, const Context& context) {
    CHECK(command.id == state.user.id);
    TRY(check_handles(state.user.grant.role, context));
    TRY(check_not_removed(state.user));
    User after = state.user;
    after.status = UserStatus::removed;
    ++after.version;
    TRY(check_owner_stays(state, after, context.now));
    return user_event(EventType::user_removed, std::move(after), state.user);
}

Status check_may_link(const User& user, const Context& context) {
    TRY(check_handles(user.grant.role, context));
    TRY(check_lets_in(user.grant.role, context));
    return check_not_removed(user);
}

Status check_opening(const User& user, const std::optional<std::string>& name) {
    if (!name) return {};
    if (user.status == UserStatus::invited) return check_name(*name, "/name");
    return fail_field(ErrorCode::invalid_value, "/name",
                      "This link resets a password; leave the name out.");
}

Result<Event> join(const User& user, const std::optional<std::string>& name) {
    CHECK(user.status == UserStatus::invited);
    TRY(check_opening(user, name));
    User after = user;
    if (name) after.name = Text{*name, false};
    after.status = UserStatus::active;
    ++after.version;
    return user_event(EventType::user_joined, std::move(after), user);
}

Result<Event> found(const InviteUser& owner, Instant now) {
    TRY(check_name(owner.name, "/name"));
    TRY(check_email(owner.email));
    User user;
    user.id = owner.id;
    user.name = Text{owner.name, false};
    user.email = Text{owner.email, false};
    user.grant = {Role::owner, Scope{}, std::nullopt};
    user.status = UserStatus::active;
    user.created_at = now;
    return user_event(EventType::user_joined, std::move(user), std::nullopt);
}

Event credential_event(EventType type, UserId user, CredentialKind kind, Uuid credential) {
    return Event{type,
                 std::nullopt,
                 EntityRef{EntityType::user, user.value},
                 CredentialChanged{kind, credential},
                 {}};
}

}  // namespace daybook::domain
