// Balances: the one function that computes one (I7). Reports, exports, closing and the console all
// call it.
//
// opening(D) is the declared opening plus everything that moved before D, read from the roll-ups
// (some fifty rows, never entries). Before books_start_on nothing can move, so a range that begins
// earlier opens with the declared balance too: the books begin with it, and closing(D) =
// opening(D+1) holds on every date there is.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "domain/business_date.h"
#include "domain/property.h"
#include "domain/totals.h"
#include "reports/source.h"
#include "reports/steps.h"

namespace daybook::reports {

// One account over one period, in minor units.
struct Balance {
    std::int64_t opening = 0;
    domain::AccountTotals moved;

    [[nodiscard]] std::int64_t closing() const { return opening + moved.net(); }
    [[nodiscard]] std::int64_t expected() const { return closing() - moved.over_short; }
    [[nodiscard]] std::int64_t adjustment() const { return moved.correction + moved.over_short; }
};

struct Balances {
    std::vector<Step> steps;
    std::vector<std::array<Balance, 2>> by_step;  // one for each of steps; by domain::Account

    // Over all the steps: opening of the first, closing of the last.
    [[nodiscard]] Balance whole(domain::Account account) const;
};

// The balances of each day of the range, or of each month of a range of whole months.
// Errors: those of the source; corrupt.
Result<Balances> balances(Source& source, const domain::Property& property, domain::DateRange range,
                          domain::PeriodLevel level = domain::PeriodLevel::day);

}  // namespace daybook::reports
