// The daily report of one property.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "domain/business_date.h"
#include "domain/property.h"
#include "reports/parts.h"
#include "reports/report.h"
#include "reports/source.h"

namespace daybook::reports {

// How reports name a closing.
Closing closing_of(const domain::Closing& closing);

// With at most `entries_max` entries of the day, in order of their numbers. Errors: those of the
// source; corrupt.
Result<DailyReport> daily_report(Source& source, const domain::Property& property,
                                 const Catalogue& catalogue, domain::BusinessDate date,
                                 std::size_t entries_max);

}  // namespace daybook::reports
