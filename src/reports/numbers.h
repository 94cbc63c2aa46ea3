// The numbers of one property over a period and each of its steps: what every report is made of.
#pragma once

#include <vector>

#include "base/result.h"
#include "domain/business_date.h"
#include "domain/day.h"
#include "domain/property.h"
#include "reports/parts.h"
#include "reports/report.h"
#include "reports/source.h"
#include "reports/steps.h"

namespace daybook::reports {

struct NumbersByStep {
    Numbers whole;
    std::vector<Step> steps;
    std::vector<Numbers> by_step;  // one for each of steps
};

// What a closed day shows for good: counted and variance as they were when it was closed.
void keep(Numbers& numbers, const domain::Closing& closing);

// Errors: those of the source; corrupt (also where the parts do not add up to their total).
Result<NumbersByStep> numbers(Source& source, const domain::Property& property,
                              const Catalogue& catalogue, domain::DateRange range,
                              domain::PeriodLevel level);

}  // namespace daybook::reports
