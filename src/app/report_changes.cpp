// The rule of design section 3: an event affects every report that ends on the earliest of its
// dates or later; one without dates, every period of its property or org.
#include "app/report_changes.h"

#include <algorithm>
#include <array>

namespace daybook::app {
namespace {

using domain::EventType;

// Who may ask or add, who signed in, what was imported and who is told is in no report.
constexpr std::array kNeverShown{EventType::token_created,
                                 EventType::token_revoked,
                                 EventType::token_scoped,
                                 EventType::import_committed,
                                 EventType::webhook_added,
                                 EventType::webhook_updated,
                                 EventType::webhook_deleted,
                                 EventType::subscription_changed,
                                 EventType::dead_letter_discarded,
                                 EventType::lock_set,
                                 EventType::lock_lifted,
                                 EventType::lock_exception_granted,
                                 EventType::lock_exception_revoked,
                                 EventType::daily_approval_granted,
                                 EventType::daily_approval_revoked,
                                 EventType::user_invited,
                                 EventType::user_joined,
                                 EventType::user_updated,
                                 EventType::user_removed,
                                 EventType::grant_changed,
                                 EventType::user_link_created,
                                 EventType::user_password_changed,
                                 EventType::user_signed_in,
                                 EventType::user_signed_out};

}  // namespace

bool shown_in_reports(EventType type) {
    return std::ranges::find(kNeverShown, type) == kNeverShown.end();
}

std::map<OrgId, ReportChanges> report_changes(const Changes& changes) {
    std::map<OrgId, ReportChanges> by_org;
    for (const auto& [org, head] : changes.heads) by_org[org].head = head.position;
    for (const EventRow& event : changes.events) {
        if (!shown_in_reports(event.type)) continue;
        by_org[event.org].raises.push_back(
            {event.position, event.property,
             event.business ? event.business->from : reports::kEveryDate});
    }
    for (const Changes::Erasure& each : changes.erasures) by_org[each.org].erased = true;
    return by_org;
}

}  // namespace daybook::app
