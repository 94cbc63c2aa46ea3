// Reads the wall clock of the property's zone, and of its next one while there is one.
#include "app/business_day.h"

#include <algorithm>

#include "base/time_zone.h"

namespace daybook::app {

Result<domain::BusinessDate> business_date_now(const domain::Property& property, Instant now) {
    const WallClock wall = TRY(wall_clock(now, property.clock.zone));
    const WallClock next =
        property.next_clock ? TRY(wall_clock(now, property.next_clock->zone)) : wall;
    return domain::business_date_at(property, wall, next);
}

Result<domain::BusinessDate> latest_business_date(const std::vector<domain::Property>& properties,
                                                  Instant now) {
    constexpr std::int64_t kDayMs = std::int64_t{24} * 3'600 * 1'000;
    if (properties.empty())
        return domain::BusinessDate::from_days(static_cast<std::int32_t>(now.ms / kDayMs));
    domain::BusinessDate latest = TRY(business_date_now(properties.front(), now));
    for (const domain::Property& each : properties)
        latest = std::max(latest, TRY(business_date_now(each, now)));
    return latest;
}

}  // namespace daybook::app
