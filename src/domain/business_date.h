// Business dates: the calendar day an entry counts for, and the periods that reports add up.
//
// A property's business date is its local wall-clock date, minus one day while the wall clock is
// before the cutoff. Never computed by subtracting hours from an instant: on the days when clocks
// change that is wrong.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/calendar.h"
#include "base/limits.h"
#include "base/time_zone.h"

namespace daybook::domain {

class BusinessDate {
 public:
    constexpr BusinessDate() = default;
    // Days since 1970-01-01.
    static constexpr BusinessDate from_days(std::int32_t days) { return BusinessDate(days); }
    static constexpr std::optional<BusinessDate> from_civil(int year, int month, int day) {
        if (!is_civil_date(year, month, day) || year < limits::kYearMin ||
            year > limits::kYearMax) {
            return std::nullopt;
        }
        return BusinessDate(days_from_civil({year, month, day}));
    }
    // Exactly YYYY-MM-DD, a day that exists, 1970 to 2199; nullopt otherwise.
    static std::optional<BusinessDate> parse(std::string_view text);
    // From 20260329; nullopt if that is no date.
    static std::optional<BusinessDate> from_key(std::int32_t yyyymmdd);

    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] constexpr std::int32_t days() const { return days_; }
    [[nodiscard]] constexpr CivilDate civil() const { return civil_from_days(days_); }
    [[nodiscard]] constexpr BusinessDate plus(std::int32_t days) const {
        return BusinessDate(days_ + days);
    }
    // 20260329: sorts as the date does, and reads well in a database.
    [[nodiscard]] constexpr std::int32_t key() const {
        const CivilDate date = civil();
        return date.year * 10'000 + date.month * 100 + date.day;
    }

    auto operator<=>(const BusinessDate&) const = default;

 private:
    constexpr explicit BusinessDate(std::int32_t days) : days_(days) {}
    std::int32_t days_ = 0;
};

inline constexpr BusinessDate kFirstBusinessDate =
    BusinessDate::from_civil(limits::kYearMin, 1, 1).value();

// Both ends belong to it.
struct DateRange {
    BusinessDate from;
    BusinessDate to;

    auto operator<=>(const DateRange&) const = default;
    [[nodiscard]] constexpr std::int32_t days() const { return to.days() - from.days() + 1; }
    [[nodiscard]] constexpr bool contains(BusinessDate date) const {
        return from <= date && date <= to;
    }
};

// One key for a day (20260329), a month (202603) or a year (2026): totals are kept for all three.
enum class PeriodLevel : std::uint8_t { day, month, year };

constexpr std::int32_t period_key(BusinessDate date, PeriodLevel level) {
    switch (level) {
        case PeriodLevel::day: return date.key();
        case PeriodLevel::month: return date.key() / 100;
        case PeriodLevel::year: return date.key() / 10'000;
    }
    return 0;
}

// Which clock a property lives by, and the first business date that does.
struct ClockRule {
    std::string zone;        // IANA
    int cutoff_minutes = 0;  // 0 (midnight) to 720 (noon)
    BusinessDate from;

    auto operator<=>(const ClockRule&) const = default;
};

// The business date that a wall clock shows: its date, or the day before while it is before the
// cutoff.
constexpr BusinessDate business_date(WallClock wall, int cutoff_minutes) {
    return BusinessDate::from_days(wall.minutes < cutoff_minutes ? wall.days - 1 : wall.days);
}

}  // namespace daybook::domain
