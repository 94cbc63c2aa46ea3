// One org's books as plain maps: what a database has as tables.
//
// Why so plain: the memory store is the reference that the others are compared with. apply() checks
// what a database would refuse by its unique indexes, and what must hold between rows.
// Threads: none; a value that the store shares once it is committed and clones before it changes
// it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/rows.h"

namespace daybook::storage::memory {

struct Books {
    std::optional<app::Head> head;
    std::optional<domain::Org> org;
    std::map<PropertyId, domain::Property> properties;
    std::map<PropertyId, domain::Counters> counters;
    std::map<CategoryId, domain::Category> categories;
    std::map<TokenId, domain::Token> tokens;
    std::map<WebhookId, domain::Webhook> webhooks;
    std::map<UserId, domain::User> users;
    std::map<EntryId, domain::Entry> entries;
    std::map<EntryId, std::int64_t> reversed_minor;
    std::map<EntryId, domain::ChangeRequest> change_requests;
    std::map<CountId, domain::Count> counts;
    std::map<AdjustmentId, domain::Adjustment> adjustments;
    std::map<app::ClosingKey, domain::Closing> closings;
    std::map<app::LockKey, domain::PeriodLock> locks;
    std::map<app::LockExceptionKey, domain::LockException> lock_exceptions;
    std::map<app::UndecidedKey, std::int64_t> undecided;
    std::map<app::DailyApprovalKey, domain::DailyApproval> daily_approvals;
    std::map<app::NotificationKey, app::Notification> notifications;
    std::map<app::AccountTotalsKey, domain::AccountTotals> account_totals;
    std::map<app::CategoryTotalsKey, domain::CategoryTotals> category_totals;
    std::map<app::PendingTotalsKey, domain::PendingTotals> pending_totals;
    std::map<app::Hash16, app::IdempotencyRecord> idempotency;
    std::map<WebhookId, std::string> webhook_secrets;
    std::map<WebhookId, std::deque<app::WebhookAttempt>> webhook_attempts;  // the newest first
    std::map<std::string, app::DeliveryRow> deliveries;
    std::map<DeadLetterId, app::DeadLetter> dead_letters;
    // Side tables of people.
    std::map<UserId, app::Password> passwords;
    std::map<SessionId, app::SignInSession> sessions;
    std::map<UserId, app::SignInLink> links;
    std::map<UserId, app::ReadMarks> read_marks;
    std::map<Uuid, Instant> last_uses;
    std::map<app::AccessKey, app::Access> accesses;
    // By position: the first is at position 1. Shared, so that a clone is cheap.
    std::vector<std::shared_ptr<const app::EventRow>> log;
    std::map<Hash, std::string> frozen_reports;

    // The unique indexes.
    std::map<std::string, PropertyId> property_names;
    std::map<app::CategoryKey, CategoryId> category_keys;
    std::map<app::ExternalIdKey, EntryId> external_ids;
    std::map<std::pair<PropertyId, std::int64_t>, EntryId> entry_numbers;
    // Positions of each entity's events.
    std::map<std::pair<domain::EntityType, Uuid>, std::vector<Position>> entity_events;
    // Idempotency keys in order of time, to forget them by.
    std::deque<std::pair<Instant, app::Hash16>> idempotency_ages;
};

// Writes what belongs to the org. What cannot be (a gap in the log, two rows of one name) ends the
// process.
void apply(Books& books, OrgId org, const app::Changes& changes);

}  // namespace daybook::storage::memory
