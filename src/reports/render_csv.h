// Reports as CSV: one header row, then one row per day or month and property; amounts are decimal
// ("1234.50").
//
// Lines end with LF. No sums over properties: a sheet makes its own, and rows of sums among rows of
// days are counted twice. The columns are the same for all kinds; `date` is a month ("2026-03") for
// years.
#pragma once

#include <string>

#include "reports/answer.h"

namespace daybook::reports {

std::string render_csv(const DailyAnswer& answer);
std::string render_csv(const PeriodAnswer& answer);

}  // namespace daybook::reports
