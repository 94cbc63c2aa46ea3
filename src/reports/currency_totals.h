// Sums over properties: in 128 bits, one per currency; amounts in two currencies are never added
// (I9).
#pragma once

#include <map>
#include <vector>

#include "base/result.h"
#include "domain/money.h"
#include "reports/report.h"

namespace daybook::reports {

// counted and variance only where every property of the currency was counted: a part of a sum would
// mislead.
struct CurrencyTotals {
    domain::Currency currency;
    AccountNumbers cash;
    AccountNumbers bank;
    Totals totals;
    Pending pending;

    bool operator==(const CurrencyTotals&) const = default;
};

// By currency code. Error: total_too_large (a sum beyond ±(2^53 - 1)).
using NumbersByCurrency = std::multimap<domain::Currency, const Numbers*>;
Result<std::vector<CurrencyTotals>> currency_totals(const NumbersByCurrency& numbers);

}  // namespace daybook::reports
