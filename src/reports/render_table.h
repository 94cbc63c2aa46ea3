// Reports as plain text for a terminal: a table per property, and one of the sums where there are
// several.
//
// Columns are as wide as what is in them: a table stays within 120 characters while no amount has
// more than ten. So the bank has two columns only (what the period moved, and closing); JSON and
// CSV have all of it.
#pragma once

#include <string>

#include "reports/answer.h"

namespace daybook::reports {

std::string render_table(const DailyAnswer& answer);
std::string render_table(const PeriodAnswer& answer);

}  // namespace daybook::reports
