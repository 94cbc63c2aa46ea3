// Reads the wall clock of the property's zone, and of its next one while there is one.
#include "app/business_day.h"

#include <algorithm>
#include <string_view>

#include "base/time_zone.h"

namespace daybook::app {
namespace {

// The wall clocks at one instant, each zone's read once: properties are many, their zones few.
class Clocks {
 public:
    explicit Clocks(Instant now) : now_(now) {}

    Result<domain::BusinessDate> business_date(const domain::Property& property) {
        const WallClock wall = TRY(read(property.clock.zone));
        const WallClock next = property.next_clock ? TRY(read(property.next_clock->zone)) : wall;
        return domain::business_date_at(property, wall, next);
    }

 private:
    Result<WallClock> read(std::string_view zone) {
        const auto known = std::ranges::find(known_, zone, &Known::zone);
        if (known != known_.end()) return known->reading;
        const WallClock reading = TRY(wall_clock(now_, zone));
        known_.push_back({zone, reading});
        return reading;
    }

    struct Known {
        std::string_view zone;
        WallClock reading;
    };
    Instant now_;
    std::vector<Known> known_;
};

}  // namespace

Result<domain::BusinessDate> business_date_now(const domain::Property& property, Instant now) {
    return Clocks(now).business_date(property);
}

Result<domain::BusinessDate> latest_business_date(const std::vector<domain::Property>& properties,
                                                  Instant now) {
    constexpr std::int64_t kDayMs = std::int64_t{24} * 3'600 * 1'000;
    if (properties.empty())
        return domain::BusinessDate::from_days(static_cast<std::int32_t>(now.ms / kDayMs));
    Clocks clocks(now);
    domain::BusinessDate latest = TRY(clocks.business_date(properties.front()));
    for (const domain::Property& each : properties)
        latest = std::max(latest, TRY(clocks.business_date(each)));
    return latest;
}

}  // namespace daybook::app
