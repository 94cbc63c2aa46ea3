// Events: the immutable facts that the books are a fold of (design, section 3).
//
// An Event says what happened; a RecordedEvent adds who, how, when and its position in the org's
// log. Its payload is complete: applying the events of a log one after the other gives the books,
// row for row.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/digest.h"
#include "base/ids.h"
#include "domain/business_date.h"
#include "domain/cash_balance.h"
#include "domain/day.h"
#include "domain/entry.h"
#include "domain/gate.h"
#include "domain/principal.h"
#include "domain/property.h"
#include "domain/user.h"
#include "domain/webhook.h"

namespace daybook::domain {

enum class EventType : std::uint8_t {
    // For each kind of entry the same eleven verbs, in the order of EntryVerb.
    expense_added,
    expense_updated,
    expense_deleted,
    expense_approved,
    expense_rejected,
    expense_returned,
    expense_restored,
    expense_reversed,
    expense_change_requested,
    expense_change_rejected,
    expense_change_withdrawn,
    revenue_added,
    revenue_updated,
    revenue_deleted,
    revenue_approved,
    revenue_rejected,
    revenue_returned,
    revenue_restored,
    revenue_reversed,
    revenue_change_requested,
    revenue_change_rejected,
    revenue_change_withdrawn,
    transfer_added,
    transfer_updated,
    transfer_deleted,
    transfer_approved,
    transfer_rejected,
    transfer_returned,
    transfer_restored,
    transfer_reversed,
    transfer_change_requested,
    transfer_change_rejected,
    transfer_change_withdrawn,
    cash_balance_updated,
    org_created,
    setting_changed,
    property_added,
    property_updated,
    category_added,
    category_updated,
    category_merged,
    token_created,
    token_revoked,
    token_scoped,
    user_invited,
    user_joined,
    user_updated,
    user_removed,
    grant_changed,
    user_link_created,
    user_password_changed,
    user_signed_in,
    user_signed_out,
    import_committed,
    text_erased,
    webhook_added,
    webhook_updated,
    webhook_deleted,
    subscription_changed,
    dead_letter_discarded,
    day_closed,
    day_reopened,
    variance_acknowledged,
    lock_set,
    lock_lifted,
    lock_exception_granted,
    lock_exception_revoked,
    daily_approval_granted,
    daily_approval_revoked,
};
std::string_view event_type_name(EventType type);
std::optional<EventType> parse_event_type(std::string_view text);
std::vector<EventType> all_event_types();

// `reversed` adds a reversal that names its original; `added` adds everything else. A change that
// is requested is no change yet; one that is approved is an ordinary update, deletion or return.
enum class EntryVerb : std::uint8_t {
    added,
    updated,
    deleted,
    approved,
    rejected,
    returned,
    restored,
    reversed,
    change_requested,
    change_rejected,
    change_withdrawn
};
// Whether the verb is about a change request and leaves the entry's content and status alone.
bool is_about_change(EntryVerb verb);
EventType entry_event_type(EntryKind kind, EntryVerb verb);
struct EntryEventType {
    EntryKind kind;
    EntryVerb verb;
};
// nullopt if the type is not about an entry.
std::optional<EntryEventType> as_entry_event(EventType type);

// Who may see events of a type (the one table that history, stream, poll, export and webhooks ask).
enum class Audience : std::uint8_t {
    books,   // who may see the property; events without one: everybody in the org
    admins,  // owners, unlimited admins and auditors
    self,    // the user it is about, and admins
};
Audience audience_of(EventType type);

enum class EntityType : std::uint8_t {
    entry,
    count,
    adjustment,
    property,
    category,
    org,
    token,
    import,
    webhook,
    subscription,
    dead_letter,
    day,
    lock,
    user,
    daily_approval
};
std::string_view entity_type_name(EntityType type);
std::optional<EntityType> parse_entity_type(std::string_view text);

struct EntityRef {
    EntityType type = EntityType::org;
    Uuid id;

    bool operator==(const EntityRef&) const = default;
};

bool may_see(const Principal& principal, EventType type, std::optional<PropertyId> property,
             EntityRef entity);

// Which texts an entry event sets; the others stay as they were.
struct TextsSet {
    bool party = false;
    bool description = false;
    bool reference = false;

    bool operator==(const TextsSet&) const = default;
};

// Any entry event. `content` is the whole content afterwards, but for texts that the event does not
// set; of `change_requested`, as it would be.
struct EntryChanged {
    EntryId id;
    std::int64_t number = 0;
    std::int64_t version = 1;  // afterwards
    std::optional<EntryStatus> status_before;
    EntryStatus status_after = EntryStatus::pending;
    EntryContent content;
    TextsSet texts;
    // `updated` and what asks for that: the content before, as a reader wants to compare it; its
    // texts only where set.
    std::optional<EntryContent> before;
    Text reason;
    // Who joins its authors, besides whoever adds or updates it: sorted, unique.
    std::vector<UserId> co_authors = {};
    bool four_eyes = false;  // afterwards
    // Where it does what was requested: who asked. The event's user has approved it.
    std::optional<UserId> requested_by = std::nullopt;
    // `change_requested` only: what is asked for.
    std::optional<ChangeKind> requested = std::nullopt;
    // Of a move that is asked for: where to. Kept in the private part, for no event names two
    // properties.
    std::optional<PropertyId> to_property = std::nullopt;

    bool operator==(const EntryChanged&) const = default;
};

struct CountRecorded {
    Count count;  // by and at are the event's user and instant
    Currency currency;
    bool operator==(const CountRecorded&) const = default;
};

struct AdjustmentPosted {
    Adjustment adjustment;  // by and at are the event's user and instant
    Currency currency;
    bool operator==(const AdjustmentPosted&) const = default;
};

struct OpeningDeclared {
    BusinessDate books_start_on;
    std::array<std::int64_t, 2> opening_minor{0, 0};  // by Account
    BusinessDate books_start_before;
    std::array<std::int64_t, 2> opening_minor_before{0, 0};
    Currency currency;
    std::int64_t version = 1;  // of the property, afterwards
    bool operator==(const OpeningDeclared&) const = default;
};

struct OrgCreated {
    Org org;
    bool operator==(const OrgCreated&) const = default;
};

// The org's settings, whole, before and after.
struct SettingChanged {
    Org before;
    Org after;
    bool operator==(const SettingChanged&) const = default;
};

struct PropertyChanged {
    Property after;
    std::optional<Property> before;  // none when added
    bool operator==(const PropertyChanged&) const = default;
};

// Added, updated, or merged (after.merged_into is set).
struct CategoryChanged {
    Category after;
    std::optional<Category> before;
    bool operator==(const CategoryChanged&) const = default;
};

// Created, revoked, or given another scope. Names the token by id, never by content.
struct TokenChanged {
    Token after;
    std::optional<Token> before;
    bool operator==(const TokenChanged&) const = default;
};

// Invited, joined, updated or removed, or given another grant.
struct UserChanged {
    User after;
    std::optional<User> before;  // none when invited, or when the org was founded
    bool operator==(const UserChanged&) const = default;
};

// A link, a password or a session of a user, by its id: never by content, not even hashed.
enum class CredentialKind : std::uint8_t { invitation, reset, password, session };
std::string_view credential_kind_name(CredentialKind kind);
std::optional<CredentialKind> parse_credential_kind(std::string_view text);
struct CredentialChanged {
    CredentialKind kind = CredentialKind::session;
    Uuid credential;
    bool operator==(const CredentialChanged&) const = default;
};

// The bracket around the entry events of one import; money moved by those.
struct ImportCommitted {
    Uuid id;
    std::string profile;
    std::string file_sha256;  // hexadecimal
    std::int64_t added = 0;
    std::int64_t already_there = 0;
    std::int64_t skipped = 0;
    bool operator==(const ImportCommitted&) const = default;
};

// Added, updated or deleted. Its secret is not in it.
struct WebhookChanged {
    Webhook after;
    std::optional<Webhook> before;
    bool operator==(const WebhookChanged&) const = default;
};

// What an admin did to a subscription or to one of its dead letters.
struct DeliveryChanged {
    std::string subscription;
    DeliveryAct act = DeliveryAct::paused;
    // Where it was reset to; the event of the dead letter; the event that is delivered again.
    std::optional<Position> to;
    std::optional<DeadLetterId> dead_letter;
    Text reason;
    bool operator==(const DeliveryChanged&) const = default;
};

// Salts and values of an entity's texts are gone, in its rows and in all of its events so far.
struct TextErased {
    std::int64_t version = 1;  // of the entry, afterwards
    Text reason;
    bool operator==(const TextErased&) const = default;
};

// by, at and position are the event's.
struct DayClosed {
    Closing closing;
    Currency currency;
    // A first close that seals the days before it: the first of them.
    std::optional<BusinessDate> sealed_from;
    bool operator==(const DayClosed&) const = default;
};

struct DayReopened {
    BusinessDate date;
    // Of the revision that is taken back; none of a day that was sealed.
    std::optional<std::int64_t> number;
    std::optional<std::int64_t> revision;
    std::optional<BusinessDate> closed_through;  // afterwards
    Text reason;
    bool operator==(const DayReopened&) const = default;
};

struct VarianceAcknowledged {
    BusinessDate date;
    std::int64_t number = 0;
    std::int64_t revision = 1;
    std::int64_t variance_minor = 0;
    Currency currency;
    Text reason;
    bool operator==(const VarianceAcknowledged&) const = default;
};

// Set, moved or lifted. by and at are the event's.
struct LockChanged {
    PeriodLock after;
    std::optional<PeriodLock> before;
    bool operator==(const LockChanged&) const = default;
};

// Granted or revoked. by and at are the event's.
struct LockExceptionChanged {
    LockException after;
    bool operator==(const LockExceptionChanged&) const = default;
};

// Granted or revoked. by and at are the event's.
struct DailyApprovalChanged {
    DailyApproval after;
    bool operator==(const DailyApprovalChanged&) const = default;
};

using Payload =
    std::variant<EntryChanged, CountRecorded, AdjustmentPosted, OpeningDeclared, OrgCreated,
                 SettingChanged, PropertyChanged, CategoryChanged, TokenChanged, ImportCommitted,
                 TextErased, WebhookChanged, DeliveryChanged, DayClosed, DayReopened,
                 VarianceAcknowledged, LockChanged, LockExceptionChanged, UserChanged,
                 CredentialChanged, DailyApprovalChanged>;

struct Event {
    EventType type = EventType::org_created;
    std::optional<PropertyId> property;  // none for org-level facts
    EntityRef entity;
    Payload payload;
    // Sorted, unique business dates whose own part of a report reads differently in any byte.
    std::vector<BusinessDate> affected_report_dates;

    bool operator==(const Event&) const = default;
};

struct RecordedEvent {
    EventId id;
    OrgId org;
    Position position = 0;
    Instant at;
    UserId user;
    Via via;
    Text address;             // network address, or empty
    std::string correlation;  // the request id; events of one act share it
    Event event;

    bool operator==(const RecordedEvent&) const = default;
};

// One event as the log keeps it: the canonical bytes are what was hashed and are never made again.
struct StoredEvent {
    Position position = 0;
    std::string bytes;         // canonical JSON (RFC 8785)
    std::string private_json;  // {"field":{"salt":…,"value":…}}, or empty where there is none or it
                               // was erased
    Hash prev_hash{};
    Hash hash{};
};

}  // namespace daybook::domain
