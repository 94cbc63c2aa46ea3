// The rules of orgs, settings, categories and tokens.
#include "base/check.h"
#include "base/limits.h"
#include "domain/decide.h"
#include "domain/rules.h"

namespace daybook::domain {
namespace {

constexpr int kManagerDaysBackMax = 3'650;

Event category_event(EventType type, Category after, std::optional<Category> before) {
    const CategoryId id = after.id;
    return Event{type,
                 std::nullopt,
                 EntityRef{EntityType::category, id.value},
                 CategoryChanged{std::move(after), std::move(before)},
                 {}};
}

Event token_event(EventType type, Token after, std::optional<Token> before) {
    const TokenId id = after.id;
    return Event{type,
                 std::nullopt,
                 EntityRef{EntityType::token, id.value},
                 TokenChanged{std::move(after), std::move(before)},
                 {}};
}

// A limited principal hands out no more than it has, and an admin no ownership.
Status check_grant(Role role, const Context& context) {
    TRY(check_administers(context));
    if (role == Role::owner && context.principal.role != Role::owner) {
        return fail_field(ErrorCode::forbidden, "/role",
                          "Only an owner makes or revokes an owner's token.");
    }
    return {};
}

// What one person writes another must be able to approve.
Status check_policy(const ApprovalPolicy& policy, std::size_t approvers, const Context& context) {
    constexpr std::string_view kPointer = "/fourEyesAboveMinor";
    constexpr std::size_t kFourEyes = 2;
    if (context.principal.role != Role::owner) {
        return fail_field(ErrorCode::forbidden, std::string(kPointer),
                          "Only an owner changes the approval policy.");
    }
    if (!policy.four_eyes_above_minor) return {};
    const std::int64_t above = *policy.four_eyes_above_minor;
    if (above < 0 || above > limits::kAmountMinorMax) {
        return fail_field(ErrorCode::invalid_value, std::string(kPointer),
                          "Use 0 to 10^12 minor units, or null for no four eyes.");
    }
    if (approvers >= kFourEyes) return {};
    return fail_field(ErrorCode::too_few_approvers, std::string(kPointer),
                      "Four eyes need two people who could approve at every property: owners, or "
                      "admins who are granted it. Invite another first.");
}

Status check_merge(const CategoryState& state, const UpdateCategory& command) {
    if (!command.merge_into) return {};
    const Category* target = state.merge_into;
    if (target == nullptr || target->kind != state.category.kind) {
        return fail_field(
            ErrorCode::unknown_category, "/mergeInto",
            "There is no other key '" + command.merge_into->substr(0, 40) + "' to merge into.");
    }
    if (target->id == state.category.id || !target->merged_into.empty()) {
        return fail_field(ErrorCode::invalid_value, "/mergeInto",
                          "Merge into another key that is not merged itself.");
    }
    return {};
}

}  // namespace

Result<std::vector<Event>> decide(const CreateOrg& command, const Context& context) {
    TRY(check_name(command.name, "/name"));
    const auto starters = starter_categories();
    CHECK(command.starter_ids.size() == starters.size());
    Org org;
    org.id = command.id;
    org.name = command.name;
    org.operator_user = command.operator_user;
    org.created_at = context.now;
    std::vector<Event> events;
    events.push_back(Event{EventType::org_created,
                           std::nullopt,
                           EntityRef{EntityType::org, command.id.value},
                           OrgCreated{std::move(org)},
                           {}});
    int order = 0;
    for (std::size_t i = 0; i < starters.size(); ++i) {
        const StarterCategory& each = starters[i];
        Category category{command.starter_ids[i],
                          each.kind,
                          std::string(each.key),
                          std::string(each.name),
                          std::string(each.group),
                          true,
                          order += 10,
                          {},
                          1};
        events.push_back(
            category_event(EventType::category_added, std::move(category), std::nullopt));
    }
    return events;
}

Result<Event> decide(std::size_t approvers, const ChangeSettings& command, const Context& context) {
    TRY(check_administers(context));
    if (command.version) TRY(check_version(*command.version, context.org.version));
    Org after = context.org;
    if (command.name) {
        TRY(check_name(*command.name, "/name"));
        after.name = *command.name;
    }
    if (command.fiscal_start_month) {
        if (*command.fiscal_start_month < 1 || *command.fiscal_start_month > 12) {
            return fail_field(ErrorCode::invalid_value, "/fiscalStartMonth", "A month is 1 to 12.");
        }
        after.fiscal_start_month = *command.fiscal_start_month;
    }
    if (command.manager_days_back) {
        if (*command.manager_days_back < 0 || *command.manager_days_back > kManagerDaysBackMax) {
            return fail_field(ErrorCode::invalid_value, "/managerDaysBack", "Use 0 to 3650 days.");
        }
        after.manager_days_back = *command.manager_days_back;
    }
    after.day_rules.blind_count = command.blind_count.value_or(after.day_rules.blind_count);
    if (const auto& tolerance = command.variance_tolerance_minor) {
        if (*tolerance && (**tolerance < 0 || **tolerance > limits::kAmountMinorMax)) {
            return fail_field(ErrorCode::invalid_value, "/varianceToleranceMinor",
                              "Use 0 to 10^12 minor units, or null for no tolerance.");
        }
        after.day_rules.variance_tolerance_minor = *tolerance;
    }
    after.daily_gate = command.daily_gate.value_or(after.daily_gate);
    if (command.four_eyes_above_minor) {
        after.approvals.four_eyes_above_minor = *command.four_eyes_above_minor;
        if (after.approvals != context.org.approvals) {
            TRY(check_policy(after.approvals, approvers, context));
        }
    }
    if (after == context.org)
        return fail(ErrorCode::nothing_to_change, "The settings already read like this.");
    after.version = context.org.version + 1;
    const OrgId id = after.id;
    return Event{EventType::setting_changed,
                 std::nullopt,
                 EntityRef{EntityType::org, id.value},
                 SettingChanged{context.org, std::move(after)},
                 {}};
}

Result<Event> decide(const Category* same_key, const AddCategory& command, const Context& context) {
    TRY(check_administers(context));
    TRY(check_key(command.key, "/key"));
    TRY(check_name(command.name, "/name"));
    TRY(check_text(command.group, limits::kNameBytesMax, "/group"));
    if (same_key != nullptr) {
        return fail_field(ErrorCode::already_exists, "/key",
                          "The key '" + command.key + "' exists. Rename or activate it instead.");
    }
    return category_event(EventType::category_added,
                          Category{command.id,
                                   command.kind,
                                   command.key,
                                   command.name,
                                   command.group,
                                   true,
                                   command.order,
                                   {},
                                   1},
                          std::nullopt);
}

Result<Event> decide(const CategoryState& state, const UpdateCategory& command,
                     const Context& context) {
    TRY(check_administers(context));
    TRY(check_version(command.version, state.category.version));
    TRY(check_merge(state, command));
    Category after = state.category;
    if (command.name) {
        TRY(check_name(*command.name, "/name"));
        after.name = *command.name;
    }
    if (command.group) {
        TRY(check_text(*command.group, limits::kNameBytesMax, "/group"));
        after.group = *command.group;
    }
    after.active = command.active.value_or(after.active);
    after.order = command.order.value_or(after.order);
    if (command.merge_into) {
        after.merged_into = *command.merge_into;
        after.active = false;
    }
    if (after.active && !after.merged_into.empty()) {
        return fail_field(ErrorCode::invalid_value, "/active", "A merged key stays out of use.");
    }
    if (after == state.category) {
        return fail(ErrorCode::nothing_to_change, "The category already reads like this.");
    }
    after.version = state.category.version + 1;
    const EventType type =
        command.merge_into ? EventType::category_merged : EventType::category_updated;
    return category_event(type, std::move(after), state.category);
}

Result<Event> decide(const CreateToken& command, const Context& context) {
    TRY(check_grant(command.role, context));
    TRY(check_name(command.name, "/name"));
    TRY(check_scope(command.role, command.scope, "/properties"));
    if (command.trusted && context.principal.role != Role::owner) {
        return fail_field(ErrorCode::forbidden, "/trusted", "Only an owner trusts a token.");
    }
    if (command.trusted && command.role == Role::auditor) {
        return fail_field(ErrorCode::invalid_value, "/trusted",
                          "A trusted token adds entries, which an auditor's never does.");
    }
    if (command.expires_at && *command.expires_at <= context.now) {
        return fail_field(ErrorCode::invalid_value, "/expiresAt", "The expiry lies in the past.");
    }
    Token token{command.id,
                command.name,
                context.principal.user,
                command.role,
                in_order(command.scope),
                command.expires_at,
                false,
                context.now,
                1,
                command.trusted};
    return token_event(EventType::token_created, std::move(token), std::nullopt);
}

Result<Event> decide(const Token& token, const RevokeToken& command, const Context& context) {
    CHECK(command.id == token.id);
    TRY(check_grant(token.role, context));
    if (token.revoked) return fail(ErrorCode::nothing_to_change, "The token is revoked already.");
    Token after = token;
    after.revoked = true;
    after.version = token.version + 1;
    return token_event(EventType::token_revoked, std::move(after), token);
}

Result<Event> decide(const Token& token, const ScopeToken& command, const Context& context) {
    CHECK(command.id == token.id);
    TRY(check_grant(token.role, context));
    if (command.version) TRY(check_version(*command.version, token.version));
    TRY(check_scope(token.role, command.scope, "/properties"));
    if (token.revoked) return fail(ErrorCode::invalid_transition, "The token is revoked.");
    Scope scope = in_order(command.scope);
    const bool is_wider = common_scope(scope, token.scope) != scope;
    if (token.trusted && is_wider && context.principal.role != Role::owner) {
        return fail_field(ErrorCode::forbidden, "/properties",
                          "Only an owner trusts a token at more properties.");
    }
    if (token.scope == scope)
        return fail(ErrorCode::nothing_to_change, "The token has that scope already.");
    Token after = token;
    after.scope = std::move(scope);
    after.version = token.version + 1;
    return token_event(EventType::token_scoped, std::move(after), token);
}

}  // namespace daybook::domain
