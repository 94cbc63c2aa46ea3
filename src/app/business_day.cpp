// Reads the wall clock of the property's zone, and of its next one while there is one.
#include "app/business_day.h"

#include "base/time_zone.h"

namespace daybook::app {

Result<domain::BusinessDate> business_date_now(const domain::Property& property, Instant now) {
    const WallClock wall = TRY(wall_clock(now, property.clock.zone));
    const WallClock next =
        property.next_clock ? TRY(wall_clock(now, property.next_clock->zone)) : wall;
    return domain::business_date_at(property, wall, next);
}

}  // namespace daybook::app
