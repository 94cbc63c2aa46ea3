// The oracle of reports: plain loops over lists of entries, without totals, roll-ups or anything of
// src/reports but its value types. Signs and rules are written out again here, from the design and
// not from the code.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "domain/cash_balance.h"
#include "domain/day.h"
#include "domain/entry.h"
#include "domain/property.h"
#include "reports/currency_totals.h"
#include "reports/report.h"

namespace daybook::test {

// One org's books, as lists.
struct Books {
    domain::Org org;
    std::vector<domain::Property> properties;
    std::vector<domain::Category> categories;  // by kind, order and key
    // Deques, so that a test may hold on to what it added.
    std::deque<domain::Entry> entries;
    std::deque<domain::Adjustment> adjustments;
    std::deque<domain::Count> counts;      // in the order in which they were recorded
    std::deque<domain::Closing> closings;  // likewise
    std::map<PropertyId, domain::BusinessDate> closed_through;
};

enum class PartNames : std::uint8_t { shown, left_out };

reports::Numbers naive_numbers(const Books& books, const domain::Property& property,
                               domain::DateRange dates, PartNames names);

// What the entry does, or would do, to the account; whatever its status.
std::int64_t naive_effect(const domain::Entry& entry, domain::Account account);

// Of the property, in order of their numbers.
std::vector<domain::Entry> naive_entries_of_day(const Books& books,
                                                const domain::Property& property,
                                                domain::BusinessDate date);

// Sums over all properties of the currency.
reports::CurrencyTotals naive_currency_totals(const Books& books, domain::Currency currency,
                                              domain::DateRange dates);

}  // namespace daybook::test
