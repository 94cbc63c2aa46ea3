// Totals: plain sums that change only by applying an event once, inside its transaction (design,
// section 5).
//
// Kept per property for each day, month and year (PeriodLevel), so that any balance is a sum of
// some fifty rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/property.h"

namespace daybook::domain {

enum class EntryKind : std::uint8_t { expense, revenue, transfer };
std::string_view entry_kind_name(EntryKind kind);
std::optional<EntryKind> parse_entry_kind(std::string_view text);

// One account's movements in a period, in minor units. All may be negative (reversals).
struct AccountTotals {
    std::int64_t in = 0;   // revenues
    std::int64_t out = 0;  // expenses
    std::int64_t transfer_in = 0;
    std::int64_t transfer_out = 0;
    std::int64_t correction = 0;
    std::int64_t over_short = 0;

    bool operator==(const AccountTotals&) const = default;
    AccountTotals& operator+=(const AccountTotals& other);
    AccountTotals& operator-=(const AccountTotals& other);
    [[nodiscard]] bool is_zero() const { return *this == AccountTotals{}; }
    // What the period adds to the balance.
    [[nodiscard]] std::int64_t net() const {
        return in - out + transfer_in - transfer_out + correction + over_short;
    }
};

// Approved entries of one kind and key (category, source, or "from:to") in a period.
struct CategoryTotals {
    std::int64_t amount = 0;  // minor units
    std::int64_t count = 0;

    bool operator==(const CategoryTotals&) const = default;
    CategoryTotals& operator+=(const CategoryTotals& other);
    CategoryTotals& operator-=(const CategoryTotals& other);
    [[nodiscard]] bool is_zero() const { return *this == CategoryTotals{}; }
};

// Pending entries of one kind in a period.
struct PendingTotals {
    std::int64_t amount = 0;  // minor units
    std::int64_t count = 0;
    std::int64_t cash_net = 0;  // what approving them would do to cash
    std::int64_t bank_net = 0;

    bool operator==(const PendingTotals&) const = default;
    PendingTotals& operator+=(const PendingTotals& other);
    PendingTotals& operator-=(const PendingTotals& other);
    [[nodiscard]] bool is_zero() const { return *this == PendingTotals{}; }
};

}  // namespace daybook::domain
