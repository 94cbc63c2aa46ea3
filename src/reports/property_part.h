// The report of one property as a value: what answers over several properties are put together
// from.
#pragma once

#include <cstddef>
#include <memory>
#include <variant>

#include "base/result.h"
#include "reports/period.h"
#include "reports/report.h"
#include "reports/source.h"

namespace daybook::reports {

using PropertyPart = std::variant<DailyReport, PeriodReport>;
using SharedPart = std::shared_ptr<const PropertyPart>;

// A day's report shows at most `entries_max` entries. Errors: those of the source; corrupt.
Result<SharedPart> read_part(Source& source, const domain::Property& property,
                             const Catalogue& catalogue, const PeriodPlan& plan,
                             std::size_t entries_max);

// About what it takes in memory.
std::size_t bytes_of(const PropertyPart& part);

}  // namespace daybook::reports
