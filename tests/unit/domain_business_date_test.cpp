// Need: the tz database. Goal: a property's business date is right around changes of the clock, in
// zones with half hours, and on a day that never was. Seed: none.
#include <gtest/gtest.h>

#include <string>

#include "base/clock.h"
#include "base/time_zone.h"
#include "domain/business_date.h"
#include "domain/property.h"
#include "support/sample_books.h"

namespace daybook::test {
namespace {

constexpr int kFourOClock = 240;

std::string business_date_of(std::string_view instant, std::string_view zone, int cutoff_minutes) {
    const auto when = Instant::parse(instant);
    EXPECT_TRUE(when.has_value()) << instant;
    const auto wall = wall_clock(*when, zone);
    EXPECT_TRUE(wall.has_value()) << zone;
    return domain::business_date(*wall, cutoff_minutes).to_string();
}

// At 01:00 UTC Lisbon's clocks go from 01:00 to 02:00. At 04:30 the day is 3.5 hours old: an
// instant minus four hours is still yesterday, but the clock on the wall is past the cutoff.
TEST(BusinessDate, LisbonOnTheDayThatLosesAnHour) {
    constexpr auto kZone = "Europe/Lisbon";
    EXPECT_EQ(business_date_of("2026-03-29T03:30:00Z", kZone, kFourOClock), "2026-03-29");
    EXPECT_EQ(business_date_of("2026-03-29T03:00:00Z", kZone, kFourOClock), "2026-03-29");
    EXPECT_EQ(business_date_of("2026-03-29T02:59:59.999Z", kZone, kFourOClock), "2026-03-28");
    EXPECT_EQ(business_date_of("2026-03-29T00:30:00Z", kZone, kFourOClock), "2026-03-28");
}

// At 01:00 UTC Lisbon's clocks go from 02:00 back to 01:00. At 03:30 the day is 4.5 hours old: an
// instant minus four hours is today, but the clock on the wall is before the cutoff.
TEST(BusinessDate, LisbonOnTheDayThatGainsAnHour) {
    constexpr auto kZone = "Europe/Lisbon";
    EXPECT_EQ(business_date_of("2026-10-25T03:30:00Z", kZone, kFourOClock), "2026-10-24");
    EXPECT_EQ(business_date_of("2026-10-25T00:30:00Z", kZone, kFourOClock), "2026-10-24");
    EXPECT_EQ(business_date_of("2026-10-25T01:30:00Z", kZone, kFourOClock), "2026-10-24");
    EXPECT_EQ(business_date_of("2026-10-25T04:00:00Z", kZone, kFourOClock), "2026-10-25");
}

// A cutoff within the hour that comes twice: past it, then before it again. Nothing is made up: the
// wall clock rules.
TEST(BusinessDate, LisbonWithACutoffInTheHourThatComesTwice) {
    constexpr auto kZone = "Europe/Lisbon";
    constexpr int kHalfPastOne = 90;
    EXPECT_EQ(business_date_of("2026-10-25T00:29:00Z", kZone, kHalfPastOne), "2026-10-24");
    EXPECT_EQ(business_date_of("2026-10-25T00:30:00Z", kZone, kHalfPastOne), "2026-10-25");
    EXPECT_EQ(business_date_of("2026-10-25T01:10:00Z", kZone, kHalfPastOne), "2026-10-24");
    EXPECT_EQ(business_date_of("2026-10-25T01:30:00Z", kZone, kHalfPastOne), "2026-10-25");
}

TEST(BusinessDate, KolkataIsFiveAndAHalfHoursAhead) {
    constexpr auto kZone = "Asia/Kolkata";
    EXPECT_EQ(business_date_of("2026-03-31T18:29:59Z", kZone, 0), "2026-03-31");
    EXPECT_EQ(business_date_of("2026-03-31T18:30:00Z", kZone, 0), "2026-04-01");
    EXPECT_EQ(business_date_of("2026-03-31T22:29:00Z", kZone, kFourOClock), "2026-03-31");
    EXPECT_EQ(business_date_of("2026-03-31T22:30:00Z", kZone, kFourOClock), "2026-04-01");
}

// Newfoundland: UTC-3:30, in summer UTC-2:30; clocks changed at 02:00 on 2026-03-08.
TEST(BusinessDate, StJohnsIsHalfAnHourOffAndChangesItsClocks) {
    constexpr auto kZone = "America/St_Johns";
    EXPECT_EQ(business_date_of("2026-03-08T03:29:00Z", kZone, 0), "2026-03-07");
    EXPECT_EQ(business_date_of("2026-03-08T03:30:00Z", kZone, 0), "2026-03-08");
    EXPECT_EQ(business_date_of("2026-03-08T06:29:00Z", kZone, kFourOClock), "2026-03-07");
    EXPECT_EQ(business_date_of("2026-03-08T06:30:00Z", kZone, kFourOClock), "2026-03-08");
    EXPECT_EQ(business_date_of("2026-07-01T02:29:00Z", kZone, 0), "2026-06-30");
    EXPECT_EQ(business_date_of("2026-07-01T02:30:00Z", kZone, 0), "2026-07-01");
}

// Samoa went over the date line: after 2011-12-29 came 2011-12-31.
TEST(BusinessDate, ApiaHadADayThatNeverWas) {
    constexpr auto kZone = "Pacific/Apia";
    EXPECT_EQ(business_date_of("2011-12-30T09:59:59Z", kZone, 0), "2011-12-29");
    EXPECT_EQ(business_date_of("2011-12-30T10:00:00Z", kZone, 0), "2011-12-31");
    // Before the cutoff of the 31st the business date is the 30th: a day of the books, though not
    // of the calendar.
    EXPECT_EQ(business_date_of("2011-12-30T10:00:00Z", kZone, kFourOClock), "2011-12-30");
    EXPECT_EQ(business_date_of("2026-01-01T10:59:00Z", kZone, 0), "2026-01-01");
    EXPECT_EQ(business_date_of("2026-01-01T11:00:00Z", kZone, 0), "2026-01-02");
}

TEST(BusinessDate, ANewRuleHoldsFromItsOwnDateOnAndNeverGoesBack) {
    Books books = empty_books();
    domain::Property property = add_property(books, "Alfama", "EUR");
    property.next_clock = domain::ClockRule{"America/New_York", 0, day("2026-06-02")};
    const auto at = [&](std::string_view instant) {
        const Instant when = *Instant::parse(instant);
        return business_date_at(property, *wall_clock(when, property.clock.zone),
                                *wall_clock(when, property.next_clock->zone))
            .to_string();
    };
    EXPECT_EQ(at("2026-06-02T02:30:00Z"), "2026-06-01");  // 03:30 in Lisbon, before the old cutoff
    EXPECT_EQ(at("2026-06-02T03:30:00Z"), "2026-06-02");  // 23:30 on the 1st in New York
    EXPECT_EQ(at("2026-06-03T03:30:00Z"), "2026-06-02");
    EXPECT_EQ(at("2026-06-03T04:00:00Z"), "2026-06-03");
}

}  // namespace
}  // namespace daybook::test
