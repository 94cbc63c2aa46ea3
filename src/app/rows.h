// The rows that a unit of work reads and writes, by key, and the changes that it hands to a store.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/delivery_rows.h"
#include "base/digest.h"
#include "base/ids.h"
#include "domain/cash_balance.h"
#include "domain/day.h"
#include "domain/entry.h"
#include "domain/events.h"
#include "domain/gate.h"
#include "domain/property.h"
#include "domain/totals.h"
#include "domain/user.h"

namespace daybook::app {

// The end of an org's log.
struct Head {
    Position position = 0;
    Hash hash{};  // of the newest event; before the first, SHA-256 of the org's id
};

template <class IdType>
struct OrgKey {
    OrgId org;
    IdType id;
    auto operator<=>(const OrgKey&) const = default;
};

using PropertyKey = OrgKey<PropertyId>;
using EntryKey = OrgKey<EntryId>;
using CategoryIdKey = OrgKey<CategoryId>;
using CountKey = OrgKey<CountId>;
using AdjustmentKey = OrgKey<AdjustmentId>;
using TokenKey = OrgKey<TokenId>;
using WebhookKey = OrgKey<WebhookId>;
using UserKey = OrgKey<UserId>;
using SessionKey = OrgKey<SessionId>;

struct CategoryKey {
    OrgId org;
    domain::CategoryKind kind = domain::CategoryKind::category;
    std::string key;
    auto operator<=>(const CategoryKey&) const = default;
};

struct ClosingKey {
    OrgId org;
    PropertyId property;
    domain::BusinessDate date;
    std::int64_t revision = 0;
    auto operator<=>(const ClosingKey&) const = default;
};

// The lock of the org, where there is no property.
struct LockKey {
    OrgId org;
    std::optional<PropertyId> property;
    auto operator<=>(const LockKey&) const = default;
};

struct LockExceptionKey {
    OrgId org;
    std::optional<PropertyId> property;
    UserId user;
    auto operator<=>(const LockExceptionKey&) const = default;
};

// Entries of one author and business date that nobody has decided.
struct UndecidedKey {
    OrgId org;
    PropertyId property;
    UserId user;
    domain::BusinessDate date;
    auto operator<=>(const UndecidedKey&) const = default;
};

struct DailyApprovalKey {
    OrgId org;
    PropertyId property;
    domain::BusinessDate date;
    UserId user;
    auto operator<=>(const DailyApprovalKey&) const = default;
};

// An event that is news for a person.
struct NotificationKey {
    OrgId org;
    UserId user;
    Position position = 0;
    auto operator<=>(const NotificationKey&) const = default;
};
struct Notification {
    std::optional<PropertyId> property;  // of the event
    bool operator==(const Notification&) const = default;
};

struct PropertyNameKey {
    OrgId org;
    std::string name;
    auto operator<=>(const PropertyNameKey&) const = default;
};

struct ExternalIdKey {
    OrgId org;
    PropertyId property;
    domain::EntryKind kind = domain::EntryKind::expense;
    std::string external_id;
    auto operator<=>(const ExternalIdKey&) const = default;
};

// `period` is a day (20260329), a month (202603) or a year (2026).
struct AccountTotalsKey {
    OrgId org;
    PropertyId property;
    domain::Account account = domain::Account::cash;
    std::int32_t period = 0;
    auto operator<=>(const AccountTotalsKey&) const = default;
};

struct CategoryTotalsKey {
    OrgId org;
    PropertyId property;
    std::int32_t period = 0;
    domain::EntryKind kind = domain::EntryKind::expense;
    std::string key;
    auto operator<=>(const CategoryTotalsKey&) const = default;
};

struct PendingTotalsKey {
    OrgId org;
    PropertyId property;
    std::int32_t period = 0;
    domain::EntryKind kind = domain::EntryKind::expense;
    auto operator<=>(const PendingTotalsKey&) const = default;
};

using Hash16 = std::array<std::uint8_t, 16>;

// What a repeated request is known by, and what it made. About 60 bytes and one number per item.
struct IdempotencyKey {
    OrgId org;
    Hash16 key{};  // first half of SHA-256(principal ‖ key)
    auto operator<=>(const IdempotencyKey&) const = default;
};

struct IdempotencyRecord {
    Hash16 request{};  // first half of SHA-256(route ‖ 0 ‖ body)
    Position first = 0;
    std::int32_t count = 0;  // of events
    // One number per item of the request: ≥ 0 the offset of its event from `first`, kItemSkipped an
    // entry that was there already, otherwise < 0 the refusal -1 - ErrorCode.
    std::vector<std::int32_t> items;
    static constexpr std::int32_t kItemSkipped = std::numeric_limits<std::int32_t>::min();
    Instant at;
};

// The hash of a token's secret and what it opens; a side table.
struct Credential {
    Hash secret_hash{};
    OrgId org;
    TokenId token;
};

// What a webhook's requests are signed with; a side table.
struct WebhookSecret {
    WebhookKey key;
    std::string secret;  // 24 to 64 random bytes
};

// The report of a closed day as it was then, by the SHA-256 that its day_closed event names. Part
// of the log: a rebuild makes none of them.
struct FrozenReport {
    OrgId org;
    Hash hash{};
    std::string bytes;
};

// Side tables of people: what lets them in, and when it did. Events name them by their ids.
struct Password {
    Uuid id;           // as events name it
    std::string hash;  // argon2id, as libsodium writes it; empty: taken away
    Instant set_at;
};

struct SignInSession {
    SessionId id;
    UserId user;
    Hash secret_hash{};  // SHA-256 of the whole cookie
    Instant created_at;
    std::string address;  // network address that it began at
    std::string agent;    // what the browser called itself
    bool ended = false;   // a row that ended is taken away

    // However it was used, it ends then.
    [[nodiscard]] Instant expires_at() const;
};

// An invitation or a reset: opens the account once. A user has one at a time.
struct SignInLink {
    LinkId id;
    domain::CredentialKind kind = domain::CredentialKind::invitation;
    Hash secret_hash{};
    Instant expires_at;
    bool used = false;  // a row that is used is taken away
};

// What a user has read of their notifications; a side table: reading makes no event.
struct ReadMarks {
    Position through = 0;          // all up to it
    std::vector<Position> beyond;  // and these, ascending

    [[nodiscard]] bool covers(Position position) const {
        return position <= through || std::ranges::binary_search(beyond, position);
    }
    bool operator==(const ReadMarks&) const = default;
};

// A token or a session, by its id.
struct LastUseKey {
    OrgId org;
    Uuid credential;
    auto operator<=>(const LastUseKey&) const = default;
};

// Somebody did not get in. Of no org: the account may be nobody's. `slot` makes room: the newest
// takes the place of the one kFailedSignInsKept before it.
struct FailedSignIn {
    Hash16 account{};  // first half of SHA-256(e-mail address as it is compared)
    std::string address;
    Instant at;
};

// Who read the trail, by what filter: once an hour.
struct AccessKey {
    OrgId org;
    std::int64_t hour = 0;  // since 1970
    UserId user;
    Hash16 filter_hash{};
    auto operator<=>(const AccessKey&) const = default;
};
struct Access {
    Instant at;  // the first of the hour
    std::string via;
    std::string filter;  // the operation, and its query
    std::string address;
};

// An event as it is appended: stored bytes, and copies of some fields as columns for search.
struct EventRow {
    OrgId org;
    EventId id;
    Position position = 0;
    domain::EventType type{};
    std::optional<PropertyId> property;
    domain::EntityRef entity;
    UserId user;
    Instant at;
    std::optional<domain::DateRange> business;  // first and last of the affected report dates
    domain::StoredEvent stored;
};

// Rows to insert or replace, by key; in ascending order of the keys, for few and ordered pages.
template <class Key, class Row>
using RowChanges = std::map<Key, Row>;

struct Changes {
    std::vector<EventRow> events;  // in order of position within each org
    RowChanges<OrgId, Head> heads;
    RowChanges<OrgId, domain::Org> orgs;
    RowChanges<PropertyKey, domain::Property> properties;
    RowChanges<PropertyKey, domain::Counters> counters;
    RowChanges<CategoryIdKey, domain::Category> categories;
    RowChanges<TokenKey, domain::Token> tokens;
    RowChanges<UserKey, domain::User> users;
    RowChanges<EntryKey, domain::Entry> entries;
    RowChanges<EntryKey, std::int64_t> reversed_minor;            // by original
    RowChanges<EntryKey, domain::ChangeRequest> change_requests;  // those `closed` are deleted
    RowChanges<CountKey, domain::Count> counts;
    RowChanges<AdjustmentKey, domain::Adjustment> adjustments;
    RowChanges<ClosingKey, domain::Closing> closings;
    RowChanges<LockKey, domain::PeriodLock> locks;
    RowChanges<LockExceptionKey, domain::LockException> lock_exceptions;
    RowChanges<UndecidedKey, std::int64_t> undecided;  // those at zero are deleted
    RowChanges<DailyApprovalKey, domain::DailyApproval> daily_approvals;
    RowChanges<NotificationKey, Notification> notifications;
    RowChanges<AccountTotalsKey, domain::AccountTotals> account_totals;
    RowChanges<CategoryTotalsKey, domain::CategoryTotals> category_totals;
    RowChanges<PendingTotalsKey, domain::PendingTotals> pending_totals;
    RowChanges<IdempotencyKey, IdempotencyRecord> idempotency;
    std::vector<Credential> credentials;
    RowChanges<WebhookKey, domain::Webhook> webhooks;
    std::vector<WebhookSecret> webhook_secrets;
    RowChanges<DeliveryKey, DeliveryRow> deliveries;
    RowChanges<DeadLetterKey, DeadLetter> dead_letters;  // those `removed` are deleted
    struct AttemptLine {
        OrgId org;
        WebhookAttempt attempt;
    };
    std::vector<AttemptLine> webhook_attempts;  // kept: the last kWebhookLogMax of each
    // Subscriptions that are gone: their rows above go, too, and a webhook's secret and attempts.
    std::vector<DeliveryKey> forgotten;
    std::vector<FrozenReport> frozen_reports;
    RowChanges<UserKey, Password> passwords;
    RowChanges<SessionKey, SignInSession> sessions;
    RowChanges<UserKey, SignInLink> links;
    RowChanges<UserKey, ReadMarks> read_marks;
    RowChanges<LastUseKey, Instant> last_uses;
    RowChanges<std::int64_t, FailedSignIn> failed_sign_ins;  // by slot
    RowChanges<AccessKey, Access> accesses;
    // Entities whose texts are erased: the private part of their events up to the position goes,
    // also of events of this batch; written after the events.
    struct Erasure {
        OrgId org;
        domain::EntityRef entity;
        Position up_to = 0;
    };
    std::vector<Erasure> erasures;
    // Where another node of the same database committed this, and this one found it in the log.
    struct Found {
        // What is kept in memory of the org is here as a whole: credentials that are not are gone.
        bool whole = false;
        // Events up to the head are left out: whatever was made of the log so far may be old.
        bool skipped = false;
    };
    RowChanges<OrgId, Found> found;
    // Found as well: somebody wants all that is cached of these orgs to be dropped.
    std::vector<OrgId> cleared_caches;
};

// Whether the first event of the org is among those that this node has just committed.
inline bool founds(const Changes& changes, OrgId org) {
    return !changes.found.contains(org) &&
           std::ranges::any_of(changes.events, [org](const EventRow& event) {
               return event.org == org && event.position == 1;
           });
}

}  // namespace daybook::app
