// IANA time zones: an instant as the wall clock of a place shows it.
//
// The tz database is the system's (/usr/share/zoneinfo), read by Howard Hinnant's date library; GCC
// 12 has none.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace daybook {

// A wall clock reading: days since 1970-01-01 and minutes since midnight (0-1439).
struct WallClock {
    std::int32_t days = 0;
    int minutes = 0;
};

bool time_zone_exists(std::string_view zone);

// What the clocks of the zone show at the instant. `zone` must exist.
Result<WallClock> wall_clock(Instant instant, std::string_view zone);

// The instant whose wall clock first shows the reading or, in a gap, the instant of the jump; for
// tests and for naming the next cutoff. `zone` must exist.
Result<Instant> instant_of(WallClock reading, std::string_view zone);

// The version of the system's tz database, e.g. "2025b"; "unknown" where it does not say.
std::string time_zone_version();

}  // namespace daybook
