// Need: the tz database. Goal: an instant is read as the wall clock of a place shows it. Seed:
// none.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "base/calendar.h"
#include "base/time_zone.h"

namespace daybook {
namespace {

std::string shown(std::string_view instant, std::string_view zone) {
    const auto wall = wall_clock(Instant::parse(instant).value(), zone);
    EXPECT_TRUE(wall.has_value()) << zone;
    const CivilDate date = civil_from_days(wall->days);
    char text[32];
    (void)std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d", date.year, date.month,
                        date.day, wall->minutes / 60, wall->minutes % 60);
    return text;
}

TEST(WallClock, ShowsWhatTheClocksOfThePlaceShow) {
    for (const auto& [instant, zone, expected] :
         {std::tuple{"2026-03-29T00:59:59.999Z", "Europe/Lisbon", "2026-03-29 00:59"},
          std::tuple{"2026-03-29T01:00:00Z", "Europe/Lisbon", "2026-03-29 02:00"},
          std::tuple{"2026-10-25T00:59:59Z", "Europe/Lisbon", "2026-10-25 01:59"},
          std::tuple{"2026-10-25T01:00:00Z", "Europe/Lisbon", "2026-10-25 01:00"},
          std::tuple{"2026-03-31T18:30:00Z", "Asia/Kolkata", "2026-04-01 00:00"},
          std::tuple{"2026-06-30T18:14:59Z", "Asia/Kathmandu", "2026-06-30 23:59"},
          std::tuple{"2026-01-01T09:59:59Z", "Pacific/Honolulu", "2025-12-31 23:59"},
          std::tuple{"2026-01-01T10:00:00Z", "Pacific/Kiritimati", "2026-01-02 00:00"},
          std::tuple{"1969-12-31T23:59:59.999Z", "UTC", "1969-12-31 23:59"}}) {
        EXPECT_EQ(shown(instant, zone), expected) << instant << " " << zone;
    }
}

TEST(WallClock, KnowsZonesByTheirIanaNamesOnly) {
    EXPECT_TRUE(time_zone_exists("Europe/Lisbon"));
    EXPECT_TRUE(time_zone_exists("America/Argentina/Buenos_Aires"));
    for (const std::string_view zone :
         {"", "Lisbon", "europe/lisbon", "Europe/Lisbon ", "../../etc/passwd", "Europe"}) {
        EXPECT_FALSE(time_zone_exists(zone)) << zone;
        const auto wall = wall_clock(Instant{0}, zone);
        ASSERT_FALSE(wall.has_value()) << zone;
        EXPECT_EQ(wall.error().code, ErrorCode::invalid_value);
    }
}

TEST(WallClock, AReadingLeadsBackToItsInstant) {
    const struct {
        std::string_view zone;
        CivilDate date;
        int minutes;
        std::string_view instant;
    } cases[] = {
        {"Europe/Lisbon", {2026, 3, 15}, 240, "2026-03-15T04:00:00.000Z"},
        {"Europe/Lisbon", {2026, 7, 1}, 240, "2026-07-01T03:00:00.000Z"},
        // A gap: the instant of the jump. An hour that comes twice: the first.
        {"Europe/Lisbon", {2026, 3, 29}, 90, "2026-03-29T01:00:00.000Z"},
        {"Europe/Lisbon", {2026, 10, 25}, 90, "2026-10-25T00:30:00.000Z"},
        {"Asia/Kolkata", {2026, 4, 1}, 0, "2026-03-31T18:30:00.000Z"},
    };
    for (const auto& each : cases) {
        const auto instant =
            instant_of(WallClock{days_from_civil(each.date), each.minutes}, each.zone);
        ASSERT_TRUE(instant.has_value());
        EXPECT_EQ(instant->to_string(), each.instant);
    }
}

TEST(WallClock, NamesTheVersionOfItsDatabase) {
    EXPECT_TRUE(time_zone_version().starts_with("20")) << time_zone_version();
}

}  // namespace
}  // namespace daybook
