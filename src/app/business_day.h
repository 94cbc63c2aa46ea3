// A property's business date now: the tz database meets the domain's rule.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "domain/property.h"

namespace daybook::app {

// Errors: invalid_value, if the tz database no longer has the property's zone.
Result<domain::BusinessDate> business_date_now(const domain::Property& property, Instant now);

}  // namespace daybook::app
