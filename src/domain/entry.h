// An entry: one expense, revenue or transfer, and what it does to the totals of its property.
//
// Only approved entries count; pending ones are reported beside. A reversal has a positive amount
// and counts with a minus in the same columns. effect_of() is the one place that says what an entry
// adds up to.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "domain/business_date.h"
#include "domain/money.h"
#include "domain/property.h"
#include "domain/text.h"
#include "domain/totals.h"

namespace daybook::domain {

enum class TransferEnd : std::uint8_t { cash, bank, owner, loan, deposit, in_transit, other };
std::string_view transfer_end_name(TransferEnd end);
std::optional<TransferEnd> parse_transfer_end(std::string_view text);
// The property's own account at that end, or nullopt outside.
std::optional<Account> account_at(TransferEnd end);

enum class EntryStatus : std::uint8_t { pending, approved, rejected, deleted };
std::string_view status_name(EntryStatus status);
std::optional<EntryStatus> parse_status(std::string_view text);

// What people write; what an edit may change.
struct EntryContent {
    BusinessDate business_date;
    Money amount;
    Account payment_mode = Account::cash;     // expense and revenue
    std::string key;                          // category of an expense, source of a revenue
    TransferEnd from = TransferEnd::cash;     // transfer
    TransferEnd to = TransferEnd::bank;       // transfer
    std::string method;                       // card, upi, cheque, ota…; empty is none
    std::int64_t tax_minor = 0;               // contained in the amount
    std::optional<BusinessDate> occurred_on;  // the paper's date, never counted
    std::string external_id;  // unique per property and kind, for ever; empty is none
    bool reversal = false;
    std::optional<EntryId> reverses;  // what it corrects; only with reversal
    Text party;
    Text description;
    Text reference;

    bool operator==(const EntryContent&) const = default;
};

struct Entry {
    EntryId id;
    PropertyId property;
    EntryKind kind = EntryKind::expense;
    std::int64_t number = 0;  // per property, dense from 1
    EntryContent content;
    EntryStatus status = EntryStatus::pending;
    EntryStatus status_before_delete = EntryStatus::pending;
    std::int64_t version = 1;
    UserId created_by;
    Instant created_at;
    UserId updated_by;
    Instant updated_at;
    std::optional<UserId> decided_by;  // of the decision that holds; none while pending
    std::optional<Instant> decided_at;
    Text reason;  // of the last decision that needed one
    // Who wrote it besides `created_by`: sorted, unique.
    std::vector<UserId> co_authors = {};
    // It was written under four eyes, and stays so whatever the policy becomes.
    bool four_eyes = false;
    bool change_requested = false;  // a ChangeRequest waits

    bool operator==(const Entry&) const = default;
    // Whoever wrote any of it.
    [[nodiscard]] bool is_by(UserId user) const;
};

// What is asked for where somebody may not change an approved entry alone. `move` deletes it here
// and adds it there, in one.
enum class ChangeKind : std::uint8_t { update, remove, send_back, move };
std::string_view change_kind_name(ChangeKind kind);
std::optional<ChangeKind> parse_change_kind(std::string_view text);

// Waits for another person; the entry counts as it is meanwhile. An entry has one at most.
struct ChangeRequest {
    EntryId entry;
    PropertyId property;
    EntryKind kind = EntryKind::expense;
    ChangeKind change = ChangeKind::update;
    std::int64_t version = 0;  // of the entry, while it waits
    EntryContent content;      // as the entry would read, the whole of it
    Text reason;
    UserId by;
    Instant at;
    std::optional<PropertyId> to_property;  // of a move: where it would be added
    bool closed = false;  // decided or withdrawn: a row that is closed is taken away

    bool operator==(const ChangeRequest&) const = default;
};

// "cash:bank": how totals name a transfer.
std::string transfer_key(TransferEnd from, TransferEnd to);

// What an entry contributes to the totals of its property, in its present status. Everything is
// zero for rejected and deleted entries.
struct EntryEffect {
    BusinessDate date;
    EntryKind kind = EntryKind::expense;
    std::array<AccountTotals, 2> accounts{};  // by Account; approved only
    std::string key;                          // category, source or transfer_key
    CategoryTotals category;                  // approved only
    PendingTotals pending;                    // pending only
    std::int64_t turnover_minor = 0;          // approved or pending
};

EntryEffect effect_of(const Entry& entry);

// The part of the original that the reversal takes: its amount unless it is rejected or deleted.
std::int64_t reversed_minor(const Entry& reversal);

}  // namespace daybook::domain
