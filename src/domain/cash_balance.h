// Counts and adjustments: what people find in the drawer, and what they correct.
//
// A count posts nothing; a day's last one holds, all are kept. An adjustment moves an account's
// balance by a signed amount: `correction` (by an approver, with a reason) or `over_short` (posted
// by closing a day).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "domain/business_date.h"
#include "domain/property.h"
#include "domain/text.h"
#include "domain/totals.h"

namespace daybook::domain {

// One denomination and how many pieces of it, e.g. {5000, 3}: three notes of 50.00.
struct Denomination {
    std::int64_t value_minor = 0;
    std::int64_t pieces = 0;

    bool operator==(const Denomination&) const = default;
};

struct Count {
    CountId id;
    PropertyId property;
    Account account = Account::cash;
    BusinessDate date;
    std::int64_t counted_minor = 0;
    std::vector<Denomination> denominations;  // empty where only the sum was given
    Text note;
    UserId by;
    Instant at;
    // Of cash: everything that had moved it up to the day when it was counted, also what was
    // undecided, but not what closing posted. A count is stale once this has changed.
    std::optional<std::int64_t> basis_minor = std::nullopt;

    bool operator==(const Count&) const = default;
};

enum class AdjustmentKind : std::uint8_t { correction, over_short };
std::string_view adjustment_kind_name(AdjustmentKind kind);
std::optional<AdjustmentKind> parse_adjustment_kind(std::string_view text);

struct Adjustment {
    AdjustmentId id;
    PropertyId property;
    Account account = Account::cash;
    BusinessDate date;
    AdjustmentKind kind = AdjustmentKind::correction;
    std::int64_t amount_minor = 0;  // signed, not zero
    Text reason;
    UserId by;
    Instant at;

    bool operator==(const Adjustment&) const = default;
};

// What an adjustment adds to the totals of its account and date.
AccountTotals totals_of(const Adjustment& adjustment);

}  // namespace daybook::domain
