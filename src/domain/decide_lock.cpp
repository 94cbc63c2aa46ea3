// The rules of locks, and of those who are let through.
#include "base/limits.h"
#include "domain/decide.h"
#include "domain/rules.h"

namespace daybook::domain {
namespace {

Status check_owner(const Context& context) {
    if (context.principal.role == Role::owner) return {};
    return fail(ErrorCode::forbidden, "Only an owner locks periods and lets people through.");
}

// All events of one lock are of one entity: its property, or the org.
EntityRef lock_entity(std::optional<PropertyId> property, OrgId org) {
    return {EntityType::lock, property ? property->value : org.value};
}

bool is_set(const PeriodLock* lock) {
    return lock != nullptr && !lock->lifted;
}

}  // namespace

Result<Event> decide(const PeriodLock* before, const SetLock& command, const Context& context) {
    TRY(check_owner(context));
    TRY(check_reason(command.reason, Need::required));
    if (!command.through && !is_set(before)) {
        return fail(ErrorCode::nothing_to_change, "There is no such lock to lift.");
    }
    if (command.through && is_set(before) && before->through == *command.through) {
        return fail(ErrorCode::nothing_to_change, "The lock already has this date.");
    }
    PeriodLock after;
    after.property = command.property;
    after.through = command.through ? *command.through : before->through;
    after.reason = Text{command.reason, false};
    after.by = context.principal.user;
    after.at = context.now;
    after.lifted = !command.through;
    after.version = before != nullptr ? before->version + 1 : 1;
    LockChanged change{std::move(after), std::nullopt};
    if (before != nullptr) change.before = *before;
    return Event{command.through ? EventType::lock_set : EventType::lock_lifted,
                 command.property,
                 lock_entity(command.property, context.org.id),
                 std::move(change),
                 {}};
}

Result<Event> decide(const LockExceptionState& state, const ExceptFromLock& command,
                     const Context& context) {
    TRY(check_owner(context));
    TRY(check_reason(command.reason, Need::required));
    const bool is_granted = state.before != nullptr && state.before->holds(context.now);
    if (command.until && !is_set(state.lock)) {
        return fail(ErrorCode::nothing_to_change, "There is no such lock to be let through.");
    }
    if (!command.until && !is_granted) {
        return fail(ErrorCode::nothing_to_change, "This person has no exception from the lock.");
    }
    if (command.until && (*command.until <= context.now ||
                          command.until->ms - context.now.ms > limits::kLockExceptionMsMax)) {
        return fail_field(ErrorCode::invalid_value, "/until",
                          "An exception ends after now, and within 31 days.");
    }
    LockException after;
    after.property = command.property;
    after.user = command.user;
    after.until = command.until.value_or(context.now);
    after.reason = Text{command.reason, false};
    after.by = context.principal.user;
    after.at = context.now;
    after.revoked = !command.until;
    return Event{
        command.until ? EventType::lock_exception_granted : EventType::lock_exception_revoked,
        command.property,
        lock_entity(command.property, context.org.id),
        LockExceptionChanged{std::move(after)},
        {}};
}

}  // namespace daybook::domain
