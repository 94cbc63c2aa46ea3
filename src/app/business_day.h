// A property's business date now: the tz database meets the domain's rule.
#pragma once

#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "domain/property.h"

namespace daybook::app {

// Errors: invalid_value, if the tz database no longer has the property's zone.
Result<domain::BusinessDate> business_date_now(const domain::Property& property, Instant now);

// What "today" is in an answer over these properties: the latest of their business dates; of none,
// the date in UTC.
Result<domain::BusinessDate> latest_business_date(const std::vector<domain::Property>& properties,
                                                  Instant now);

}  // namespace daybook::app
