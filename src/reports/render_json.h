// Reports as JSON: finished bytes, the same for the API and the command line. One line, with a line
// feed at its end.
//
// Members come in the order of the API document (design, section 8); all are always there, null
// where they do not apply. Several properties: {period, [fiscalStartMonth, fiscalStartFrom,]
// properties: [...], totals: [...]}.
#pragma once

#include <string>

#include "reports/answer.h"

namespace daybook::reports {

// The report of a closed day as it is frozen: one report without a line feed, and without the texts
// of its entries, which people may have erased.
std::string frozen_json(DailyReport report);

std::string render_json(const DailyAnswer& answer);
std::string render_json(const PeriodAnswer& answer);

}  // namespace daybook::reports
