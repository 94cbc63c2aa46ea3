// What reports say, as values: computed by daily.h and period.h, written by render_json.h and its
// siblings.
//
// All amounts are minor units of the report's currency. Every number of a property lies within
// ±(2^53 - 1), because its turnover does (limits::kTurnoverMinorMax).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "domain/business_date.h"
#include "domain/entry.h"
#include "domain/money.h"

namespace daybook::reports {

// One account over a period (design, section 2, `balance`):
//   expected = opening + in - out + transfer + corrections;  closing = expected + overShort
struct AccountNumbers {
    std::int64_t opening_minor = 0;
    std::int64_t in_minor = 0;
    std::int64_t out_minor = 0;
    std::int64_t transfer_in_minor = 0;
    std::int64_t transfer_out_minor = 0;
    std::int64_t transfer_minor = 0;    // in - out
    std::int64_t adjustment_minor = 0;  // corrections + overShort
    std::int64_t expected_minor = 0;
    std::int64_t closing_minor = 0;
    // Of the last day of the period, and none unless that day was counted.
    // variance = counted - expected of that day - effect of everything pending up to that day;
    // of a closed day, as it was when it was closed
    std::optional<std::int64_t> counted_minor;
    std::optional<std::int64_t> variance_minor;

    bool operator==(const AccountNumbers&) const = default;
};

struct Totals {
    std::int64_t revenue_minor = 0;
    std::int64_t expense_minor = 0;
    std::int64_t net_minor = 0;
    std::int64_t over_short_minor = 0;  // of all accounts

    bool operator==(const Totals&) const = default;
};

// Undecided entries of the period, beside the totals and never inside them.
struct Pending {
    std::int64_t count = 0;  // of all kinds
    std::int64_t revenue_minor = 0;
    std::int64_t expense_minor = 0;
    std::int64_t cash_net_minor = 0;
    std::int64_t bank_net_minor = 0;
    // Of entries before the period; the bank's is needed for its variance and not shown.
    std::int64_t carried_cash_net_minor = 0;
    std::int64_t carried_bank_net_minor = 0;

    bool operator==(const Pending&) const = default;
};

// One category or source; merged ones are counted under the key that they were merged into.
struct Part {
    std::string key;
    std::string name;
    std::int64_t amount_minor = 0;
    std::int64_t count = 0;

    bool operator==(const Part&) const = default;
};

struct Numbers {
    AccountNumbers cash;
    AccountNumbers bank;
    Totals totals;
    Pending pending;
    std::vector<Part> revenue_by_source;    // in the org's order, without keys that have no entries
    std::vector<Part> expense_by_category;  // likewise
    std::int64_t entry_count = 0;           // approved entries of all kinds, transfers too

    bool operator==(const Numbers&) const = default;
};

enum class DayStatus : std::uint8_t { open, closed, reopened };
std::string_view day_status_name(DayStatus status);

// The frozen report of a closed day, by number and revision.
struct Closing {
    std::int64_t number = 0;
    std::int64_t revision = 0;
    UserId by;
    Instant at;

    bool operator==(const Closing&) const = default;
};

struct DailyReport {
    PropertyId property;
    std::string property_name;
    domain::Currency currency;
    domain::BusinessDate date;
    DayStatus status = DayStatus::open;
    // The latest revision: of a reopened day the one that was taken back. None while open, and of
    // days that were sealed.
    std::optional<Closing> closing;
    Numbers numbers;
    std::vector<domain::Entry>
        entries;  // any status but deleted; at most limits::kReportEntriesMax
    bool entries_truncated = false;

    bool operator==(const DailyReport&) const = default;
};

struct Period {
    domain::DateRange dates;
    std::string
        label;  // 2026-03-29, 2026-03-01..2026-04-15, 2026-03, 2026, 2026-Q1, FY2026, FY2026-Q1

    bool operator==(const Period&) const = default;
};

// Which month fiscal years begin in, and whose setting that is: the org's where the properties of
// an answer differ.
enum class FiscalStartFrom : std::uint8_t { property, org };
struct FiscalStart {
    int month = 1;  // 1-12
    FiscalStartFrom from = FiscalStartFrom::property;

    bool operator==(const FiscalStart&) const = default;
};

// What the period was asked as; members that do not belong to the kind are none.
struct PeriodName {
    std::optional<int> year;                  // monthly, and yearly of a calendar year
    std::optional<int> month;                 // monthly
    std::optional<int> fiscal_year;           // yearly: the fiscal year that starts in this year
    std::optional<int> quarter;               // yearly: 1-4 of either
    std::optional<FiscalStart> fiscal_start;  // with fiscal_year

    bool operator==(const PeriodName&) const = default;
};

enum class ReportKind : std::uint8_t { daily, range, monthly, yearly };

// One day (monthly, range) or month (yearly) of a period.
struct StepReport {
    domain::DateRange dates;
    Numbers numbers;  // parts without names: the whole has them

    bool operator==(const StepReport&) const = default;
};

// A month, a range or a year.
struct PeriodReport {
    ReportKind kind = ReportKind::monthly;
    PropertyId property;
    std::string property_name;
    domain::Currency currency;
    Period period;
    PeriodName name;
    Numbers numbers;                // of the period as a whole
    std::vector<StepReport> steps;  // each day, or each month of a year; empty ones too

    bool operator==(const PeriodReport&) const = default;
};

// Net over revenue in basis points, rounded half to even. None where revenue ≤ 0, and where the
// result is beyond ±(2^53 - 1), which no reader could show exactly.
std::optional<std::int64_t> profit_margin_bps(const Totals& totals);

}  // namespace daybook::reports
