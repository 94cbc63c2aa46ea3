// The table, and where an event names its person.
#include "domain/notification.h"

namespace daybook::domain {

Notified notified_of(EventType type) {
    switch (type) {
        case EventType::expense_approved:
        case EventType::expense_rejected:
        case EventType::expense_returned:
        case EventType::revenue_approved:
        case EventType::revenue_rejected:
        case EventType::revenue_returned:
        case EventType::transfer_approved:
        case EventType::transfer_rejected:
        case EventType::transfer_returned: return Notified::author;
        case EventType::expense_updated:
        case EventType::expense_deleted:
        case EventType::expense_change_rejected:
        case EventType::revenue_updated:
        case EventType::revenue_deleted:
        case EventType::revenue_change_rejected:
        case EventType::transfer_updated:
        case EventType::transfer_deleted:
        case EventType::transfer_change_rejected: return Notified::requester;
        case EventType::grant_changed:
        case EventType::daily_approval_granted:
        case EventType::daily_approval_revoked: return Notified::subject;
        default: return Notified::nobody;
    }
}

std::optional<UserId> requester_of(const Event& event) {
    const auto* change = std::get_if<EntryChanged>(&event.payload);
    return change != nullptr ? change->requested_by : std::nullopt;
}

std::optional<UserId> subject_of(const Event& event) {
    if (const auto* approval = std::get_if<DailyApprovalChanged>(&event.payload)) {
        return approval->after.user;
    }
    if (event.entity.type == EntityType::user) return UserId{event.entity.id};
    return std::nullopt;
}

}  // namespace daybook::domain
