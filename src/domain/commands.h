// Commands: what people ask for, as values. decide() (decide.h) turns a state and a command into
// events.
//
// Ids of new things come with the command, so that nothing random happens while deciding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "domain/cash_balance.h"
#include "domain/day.h"
#include "domain/entry.h"
#include "domain/property.h"
#include "domain/user.h"
#include "domain/webhook.h"

namespace daybook::domain {

// What an entry takes along from the one that it was in another property.
struct MovedFrom {
    std::vector<UserId> authors;  // sorted, unique
    bool four_eyes = false;
    EntryStatus status = EntryStatus::pending;
    // Who asked for the move, where another person approves it.
    std::optional<UserId> requested_by = std::nullopt;
};

struct AddEntry {
    EntryId id;
    PropertyId property;
    EntryKind kind = EntryKind::expense;
    // Left out: the property's business date.
    std::optional<BusinessDate> business_date;
    // business_date inside is ignored. The currency must be the property's.
    EntryContent content;
    std::optional<MovedFrom> moved_from = std::nullopt;
};

// A merge patch: what is set replaces; an inner nullopt or empty clears.
struct EntryPatch {
    std::optional<BusinessDate> business_date;
    std::optional<std::int64_t> amount_minor;
    std::optional<Currency> currency;
    std::optional<Account> payment_mode;
    std::optional<std::string> key;
    std::optional<TransferEnd> from;
    std::optional<TransferEnd> to;
    std::optional<std::string> method;
    std::optional<std::int64_t> tax_minor;
    std::optional<std::optional<BusinessDate>> occurred_on;
    std::optional<std::string> party;
    std::optional<std::string> description;
    std::optional<std::string> reference;
};

struct UpdateEntry {
    EntryId id;
    std::int64_t version = 0;  // the one that was seen
    EntryPatch patch;
    std::string reason = {};  // needed where it can only be requested
};

struct DeleteEntry {
    EntryId id;
    std::int64_t version = 0;
    std::string reason;
    // Of a move: where it is added.
    std::optional<PropertyId> to_property = std::nullopt;
};

enum class Decision : std::uint8_t { approve, reject, send_back };
// What approving an entry of a closed day does: it is refused, or the entry counts on the first
// open day.
enum class OnClosedDay : std::uint8_t { refuse, first_open_date };

struct DecideEntry {
    EntryId id;
    std::int64_t version = 0;
    Decision decision = Decision::approve;
    std::string reason;  // needed by reject and send_back
    OnClosedDay on_closed_day = OnClosedDay::refuse;
};

// About the open change request of an entry.
enum class ChangeDecision : std::uint8_t { approve, reject, withdraw };
struct DecideChange {
    EntryId id;
    std::int64_t version = 0;
    ChangeDecision decision = ChangeDecision::approve;
    std::string reason;   // needed by reject
    EntryId new_id = {};  // of the entry that an approved move adds
};

struct RestoreEntry {
    EntryId id;
    std::int64_t version = 0;
};

// Adds a reversal of an approved entry: of what is left of it, or of a part.
struct ReverseEntry {
    EntryId id;  // the original
    EntryId reversal_id;
    std::optional<std::int64_t> amount_minor;
    std::optional<BusinessDate> business_date;
    std::optional<Account> payment_mode;  // the original's if left out
    std::string description;
};

// Deletes the entry here and adds it there.
struct MoveEntry {
    EntryId id;
    std::int64_t version = 0;
    PropertyId to_property;
    EntryId new_id;
    std::string reason;
};

struct RecordCount {
    CountId id;
    PropertyId property;
    Account account = Account::cash;
    BusinessDate date;
    std::optional<std::int64_t> counted_minor;
    std::vector<Denomination> denominations;  // exactly one of the two
    std::string note;
    std::optional<std::int64_t> basis_minor = std::nullopt;  // Count has it
};

struct DeclareOpening {
    PropertyId property;
    Account account = Account::cash;
    BusinessDate books_start_on;
    std::int64_t opening_minor = 0;
};

struct PostCorrection {
    AdjustmentId id;
    PropertyId property;
    Account account = Account::cash;
    std::optional<BusinessDate> date;
    std::int64_t amount_minor = 0;
    std::string reason;
};

// Counts the cash, unless it was counted before, and closes the day.
struct CloseDay {
    PropertyId property;
    BusinessDate date;
    // As RecordCount has them; none of them where the day's last count is to hold.
    std::optional<std::int64_t> counted_minor;
    std::vector<Denomination> denominations;
    std::string note;
    CountId count_id;
    bool accept_pending = false;  // although entries of the day are undecided
    bool close_earlier = false;   // the open days before it too
    bool seal_before = false;     // a first close: the days before it, without reports
    bool accept_stale = false;    // although cash has moved since the count

    [[nodiscard]] bool counts() const { return counted_minor || !denominations.empty(); }
};

// The day and every closed one after it.
struct ReopenDay {
    PropertyId property;
    BusinessDate date;
    std::string reason;
};

// Another person has seen the variance.
struct AcknowledgeVariance {
    PropertyId property;
    BusinessDate date;
    std::string reason;
    std::optional<std::int64_t> revision = std::nullopt;  // the one that was seen
};

// Of the org if no property is named. No date lifts it.
struct SetLock {
    std::optional<PropertyId> property;
    std::optional<BusinessDate> through;
    std::string reason;
};

// Lets one person through a lock until a time; no time revokes that.
struct ExceptFromLock {
    std::optional<PropertyId> property;
    UserId user;
    std::optional<Instant> until;
    std::string reason;
};

enum class DailyGrant : std::uint8_t { given, taken };
// Lets a person add on one business date although the daily gate is closed, or no longer.
struct SetDailyApproval {
    PropertyId property;
    UserId user;
    std::optional<BusinessDate> date;  // the property's today if left out
    DailyGrant grant = DailyGrant::given;
    std::string reason;
};

struct CreateOrg {
    OrgId id;
    std::string name;
    UserId operator_user;
    std::vector<CategoryId> starter_ids;  // one for each of starter_categories()
};

struct ChangeSettings {
    std::optional<std::string> name;
    std::optional<int> fiscal_start_month;
    std::optional<int> manager_days_back;
    std::optional<std::int64_t> version = std::nullopt;  // the one that was seen
    std::optional<bool> blind_count = std::nullopt;
    // An inner nullopt: no variance wants a note.
    std::optional<std::optional<std::int64_t>> variance_tolerance_minor = std::nullopt;
    std::optional<bool> daily_gate = std::nullopt;
    // By owners. An inner nullopt: what approvers write counts at once.
    std::optional<std::optional<std::int64_t>> four_eyes_above_minor = std::nullopt;
};

struct AddProperty {
    PropertyId id;
    std::string name;
    PropertyKind kind = PropertyKind::hotel;
    std::string group;
    Currency currency;
    std::string zone;
    int cutoff_minutes = 0;
    int fiscal_start_month = 1;
    std::optional<BusinessDate> books_start_on;  // the business date of now if left out
    std::array<std::int64_t, 2> opening_minor{0, 0};
};

struct UpdateProperty {
    PropertyId id;
    std::int64_t version = 0;
    std::optional<std::string> name;
    std::optional<PropertyKind> kind;
    std::optional<std::string> group;
    std::optional<Currency> currency;
    std::optional<std::string> zone;
    std::optional<int> cutoff_minutes;
    std::optional<int> fiscal_start_month;
    std::optional<bool> active;
};

struct AddCategory {
    CategoryId id;
    CategoryKind kind = CategoryKind::category;
    std::string key;
    std::string name;
    std::string group;
    int order = 0;
};

struct UpdateCategory {
    CategoryId id;
    std::int64_t version = 0;
    std::optional<std::string> name;
    std::optional<std::string> group;
    std::optional<bool> active;
    std::optional<int> order;
    std::optional<std::string> merge_into;  // the key of another of the same kind
};

struct CreateToken {
    TokenId id;
    std::string name;
    Role role = Role::auditor;
    Scope scope;
    std::optional<Instant> expires_at;
    bool trusted = false;
};

struct RevokeToken {
    TokenId id;
};

struct ScopeToken {
    TokenId id;
    Scope scope;
    std::optional<std::int64_t> version = std::nullopt;  // the one that was seen
};

struct AddWebhook {
    WebhookId id;
    std::string url;
    std::vector<EventType> types;
    std::vector<PropertyId> properties;
    bool active = true;
    WebhookAlerts alerts = WebhookAlerts::none;
    std::optional<Position> start_at;  // the head if left out
};

struct UpdateWebhook {
    WebhookId id;
    std::optional<std::int64_t> version;  // the one that was seen; none: whatever it is
    std::optional<std::string> url;
    std::optional<std::vector<EventType>> types;
    std::optional<std::vector<PropertyId>> properties;
    std::optional<bool> active;
    std::optional<WebhookAlerts> alerts;
};

struct DeleteWebhook {
    WebhookId id;
    std::int64_t version = 0;
};

struct InviteUser {
    UserId id;
    std::string name;
    std::string email;
    Grant grant;
};

// By those who look after people.
struct ChangeUser {
    UserId id;
    std::int64_t version = 0;  // the one that was seen
    std::optional<std::string> name;
    std::optional<std::string> email;
    std::optional<Role> role;
    std::optional<Scope> scope;
    std::optional<std::optional<Instant>> until;
};

// By the user.
struct ChangeMe {
    std::optional<std::string> name;
    std::optional<std::string> language;
    std::optional<Theme> theme;
};

struct RemoveUser {
    UserId id;
};

struct EraseText {
    EntryId id;
    std::int64_t version = 0;
    std::string reason;
};

}  // namespace daybook::domain
