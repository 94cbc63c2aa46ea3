// What can be asked of a snapshot besides reports: entries, history, and the small tables.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/delivery_rows.h"
#include "app/rows.h"
#include "base/digest.h"
#include "base/result.h"
#include "domain/cash_balance.h"
#include "domain/entry.h"
#include "domain/events.h"
#include "domain/property.h"
#include "reports/source.h"

namespace daybook::app {

enum class EntrySort : std::uint8_t { business_date, recorded_at, amount_minor };
enum class SortOrder : std::uint8_t { ascending, descending };

// Where a page of entries ended: the sort value of its last row, and its id.
struct EntryCursor {
    std::int64_t value = 0;  // business date in days, recorded instant in ms, or amount
    EntryId id;
};

// Fields that are left out do not filter. `properties` is always given: the scope of whoever asks.
struct EntryFilter {
    std::vector<PropertyId> properties;
    std::vector<domain::EntryKind> kinds;
    std::vector<domain::EntryStatus> statuses;  // empty: all but deleted
    std::string key;                            // category or source
    std::optional<domain::Account> payment_mode;
    std::optional<domain::BusinessDate> from;
    std::optional<domain::BusinessDate> to;
    std::string external_id;
    std::string text;  // part of description, party or reference, letter case of ASCII ignored
    EntrySort sort = EntrySort::business_date;
    SortOrder order = SortOrder::descending;
    std::optional<EntryCursor> after;
    std::size_t limit = 100;
};

struct EntryPage {
    std::vector<domain::Entry> entries;
    std::optional<EntryCursor> next;
};

// The oldest first: by the instant of asking, then by entry.
struct ChangeFilter {
    std::vector<PropertyId> properties;
    std::optional<EntryCursor> after;
    std::size_t limit = 100;
};

// Only what `principal` may see (domain::may_see), in ascending order of position.
struct EventFilter {
    domain::Principal principal;
    std::vector<PropertyId> properties;  // empty: all in scope, and org-level facts
    std::optional<domain::EntityType> entity_type;
    std::optional<Uuid> entity;
    std::vector<domain::EventType> types;
    std::optional<UserId> user;
    std::optional<domain::BusinessDate> business_from;
    std::optional<domain::BusinessDate> business_to;
    std::optional<Instant> recorded_from;
    std::optional<Instant> recorded_to;
    Position after = 0;
    std::size_t limit = 100;
};

struct EventPage {
    std::vector<domain::StoredEvent> events;
    // Read on from here; none at the head. A page may be empty and still go on (kEventScanMax).
    std::optional<Position> next;
};

// By id, which is by the time at which the event was given up on.
struct DeadLetterFilter {
    std::string subscription;  // empty: all
    std::optional<DeadLetterId> after;
    std::size_t limit = 100;
};

struct DeadLetterPage {
    std::vector<DeadLetter> letters;
    std::optional<DeadLetterId> next;
};

struct EventCount {
    std::string type;
    Instant hour;  // its beginning, in UTC
    std::int64_t count = 0;
    auto operator<=>(const EventCount&) const = default;
};

// How many entries of one author and business date nobody has decided.
struct Undecided {
    UserId user;
    domain::BusinessDate date;
    std::int64_t count = 0;
    bool operator==(const Undecided&) const = default;
};

class Snapshot : public reports::Source {
 public:
    virtual Result<std::optional<domain::Entry>> entry(EntryId id) = 0;
    virtual Result<EntryPage> entries(const EntryFilter& filter) = 0;
    virtual Result<std::int64_t> reversed_minor(EntryId original) = 0;
    // What waits for a decision.
    virtual Result<std::optional<domain::ChangeRequest>> change_request(EntryId id) = 0;
    virtual Result<std::vector<domain::ChangeRequest>> change_requests(
        const ChangeFilter& filter) = 0;
    virtual Result<std::int64_t> count_change_requests(PropertyId id) = 0;
    virtual Result<EventPage> events(const EventFilter& filter) = 0;
    // All of the org, without a filter: for verify, rebuild and backups.
    virtual Result<std::vector<domain::StoredEvent>> log(Position after, std::size_t limit) = 0;
    // Every count and adjustment within the dates, in order of date, then of recording.
    virtual Result<std::vector<domain::Count>> counts(PropertyId id, domain::DateRange dates) = 0;
    virtual Result<std::vector<domain::Adjustment>> adjustments(PropertyId id,
                                                                domain::DateRange dates) = 0;
    // All revisions of a closed day, the first one first.
    virtual Result<std::vector<domain::Closing>> revisions(PropertyId id,
                                                           domain::BusinessDate date) = 0;
    // Latest revisions whose variance waits for another person, by property and date; of all
    // properties of the org.
    virtual Result<std::vector<domain::Closing>> unacknowledged() = 0;
    virtual Result<std::optional<std::string>> frozen_report(const Hash& hash) = 0;
    // All that were ever set, the org's first, then by property.
    virtual Result<std::vector<domain::PeriodLock>> locks() = 0;
    virtual Result<std::vector<domain::LockException>> lock_exceptions() = 0;
    // By user, then by date.
    virtual Result<std::vector<Undecided>> undecided(PropertyId id) = 0;
    // How many entries of one person and of each earlier date nobody has decided, by date.
    virtual Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>> undecided_before(
        PropertyId id, UserId user, domain::BusinessDate date) = 0;
    // Those ever given for the property and date, by user; also revoked ones.
    virtual Result<std::vector<domain::DailyApproval>> daily_approvals(
        PropertyId id, domain::BusinessDate date) = 0;
    // Of the user before the position, the newest first.
    virtual Result<std::vector<std::pair<Position, Notification>>> notifications(
        UserId id, Position before, std::size_t limit) = 0;
    virtual Result<ReadMarks> read_marks(UserId id) = 0;
    virtual Result<std::optional<domain::Category>> category(CategoryId id) = 0;
    virtual Result<std::vector<domain::Token>> tokens() = 0;
    // By id; also deleted ones.
    virtual Result<std::vector<domain::Webhook>> webhooks() = 0;
    // By name.
    virtual Result<std::vector<DeliveryEntry>> deliveries() = 0;
    virtual Result<DeadLetterPage> dead_letters(const DeadLetterFilter& filter) = 0;
    virtual Result<std::optional<DeadLetter>> dead_letter(DeadLetterId id) = 0;
    // The newest first.
    virtual Result<std::vector<WebhookAttempt>> webhook_attempts(WebhookId id) = 0;
    // Events recorded in [from, to), by type and hour.
    virtual Result<std::vector<EventCount>> event_counts(Instant from, Instant to) = 0;
    virtual Result<std::optional<domain::User>> user(UserId id) = 0;
    // Everybody, by id.
    virtual Result<std::vector<domain::User>> users() = 0;
    virtual Result<std::optional<Password>> password(UserId id) = 0;
    virtual Result<std::vector<SignInSession>> sessions(UserId id) = 0;
    virtual Result<std::map<Uuid, Instant>> last_uses() = 0;
    // Who read the trail, the newest hour first; after `before` where a page ended.
    virtual Result<std::vector<std::pair<AccessKey, Access>>> accesses(
        const std::optional<AccessKey>& before, std::size_t limit) = 0;
};

}  // namespace daybook::app
