// Need: the zones of the C library. Goal: entries without a date, written while clocks change, are
// in the reports of the days that the clock on the wall says, in every store; each report is the
// sum of its entries.
//
// The oracle knows nothing of ours: localtime_r() reads the clock on the wall, and a day's sums are
// added up from the amounts.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/api_server.h"

namespace daybook::test {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kDayMs = 24 * kHourMs;
// Not a part of an hour, so that every minute of it comes up.
constexpr std::int64_t kStepMs = 53 * 60'000;

struct House {
    const char* name;
    const char* zone;
    const char* cutoff;
    std::vector<const char*> changes;  // when its clocks change, or those of the others do
};

const std::array kHouses{
    House{"Lisboa", "Europe/Lisbon", "04:00", {"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"}},
    House{"Porto", "Europe/Lisbon", "01:30", {"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"}},
    House{"Kolkata", "Asia/Kolkata", "05:30", {"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"}},
    House{"Lord Howe", "Australia/Lord_Howe", "01:45", {"2026-04-04T15:00:00Z"}},
    House{"St Johns", "America/St_Johns", "00:00", {"2026-11-01T04:30:00Z"}},
};

struct Written {
    std::size_t house;
    Instant at;
    std::string date;  // that it must count for
    std::int64_t minor;
    bool is_revenue;
    bool is_cash;
};

int minutes_of(std::string_view clock) {
    return std::stoi(std::string(clock.substr(0, 2))) * 60 +
           std::stoi(std::string(clock.substr(3)));
}

std::string date_text(const std::tm& day) {
    std::array<char, 16> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d", &day);
    return text.data();
}

std::string next_date(const std::string& date, std::int64_t days) {
    return Instant{Instant::parse(date + "T00:00:00Z")->ms + days * kDayMs}.to_string().substr(0,
                                                                                               10);
}

// By the C library, in whose zone the process must be.
std::string date_on_the_wall(Instant at, int cutoff_minutes) {
    const std::time_t seconds = at.ms / 1'000;
    std::tm wall{};
    ::localtime_r(&seconds, &wall);
    const std::string date = date_text(wall);
    return wall.tm_hour * 60 + wall.tm_min < cutoff_minutes ? next_date(date, -1) : date;
}

// While no other thread runs, as the zone of the C library is the process's.
std::vector<Written> what_is_written() {
    std::vector<Written> all;
    const char* zone_before = std::getenv("TZ");
    for (std::size_t house = 0; house < kHouses.size(); ++house) {
        ::setenv("TZ", kHouses.at(house).zone, 1);
        ::tzset();
        for (const char* change : kHouses.at(house).changes) {
            const std::int64_t change_ms = Instant::parse(change)->ms;
            for (std::int64_t ms = change_ms - 27 * kHourMs; ms < change_ms + 27 * kHourMs;
                 ms += kStepMs) {
                const Instant at{ms};
                const auto n = static_cast<std::int64_t>(all.size());
                all.push_back({house, at,
                               date_on_the_wall(at, minutes_of(kHouses.at(house).cutoff)),
                               1'000 + n, n % 3 != 0, n % 2 == 0});
            }
        }
    }
    zone_before == nullptr ? ::unsetenv("TZ") : ::setenv("TZ", zone_before, 1);
    ::tzset();
    std::ranges::sort(all, {},
                      [](const Written& each) { return std::pair(each.at.ms, each.minor); });
    return all;
}

// Of one account over some days, as a report shows it.
struct Sums {
    std::int64_t opening = 0;
    std::int64_t in = 0;
    std::int64_t out = 0;
};

class ReportsZones : public testing::TestWithParam<StoreKind> {
 protected:
    void add_house(const House& house) {
        const std::string body = std::string(R"({"name":")") + house.name +
                                 R"(","kind":"hotel","currency":"EUR","timeZone":")" + house.zone +
                                 R"(","dayCutoff":")" + house.cutoff +
                                 R"(","booksStartOn":"2026-01-01"})";
        const HttpAnswer answer = server_->send({"POST", "/v1/properties", body});
        ASSERT_EQ(answer.status, 201) << answer.body;
        ids_.push_back(member(answer.body, "id"));
    }

    // The date that the entry got.
    std::string write(const Written& each) {
        server_->clock().set(each.at);
        const std::string body =
            R"({"propertyId":")" + ids_.at(each.house) + R"(","amountMinor":)" +
            std::to_string(each.minor) + R"(,"currency":"EUR","paymentMode":")" +
            (each.is_cash ? "cash" : "bank") +
            (each.is_revenue ? R"(","source":"room"})" : R"(","category":"other"})");
        const HttpAnswer answer = server_->send(
            {"POST", each.is_revenue ? "/v1/finance/revenues" : "/v1/finance/expenses", body});
        EXPECT_EQ(answer.status, 201) << answer.body;
        return member(answer.body, "businessDate");
    }

    Sums naive(std::size_t house, bool cash, const std::string& from, const std::string& to) const {
        Sums sums;
        for (const Written& each : written_) {
            if (each.house != house || each.is_cash != cash || each.date > to) continue;
            const std::int64_t signed_minor = each.is_revenue ? each.minor : -each.minor;
            if (each.date < from) {
                sums.opening += signed_minor;
            } else {
                (each.is_revenue ? sums.in : sums.out) += each.minor;
            }
        }
        return sums;
    }

    void expect_naive(std::size_t house, const std::string& target, const std::string& from,
                      const std::string& to) {
        const HttpAnswer answer = server_->send({"GET", target + "&propertyId=" + ids_.at(house)});
        ASSERT_EQ(answer.status, 200) << answer.body;
        for (const bool cash : {true, false}) {
            const std::string account = cash ? "cash/" : "bank/";
            const Sums sums = naive(house, cash, from, to);
            const auto is = [&](const char* name, std::int64_t minor) {
                EXPECT_EQ(member(answer.body, account + name), std::to_string(minor))
                    << kHouses.at(house).name << " " << target << " " << account << name;
            };
            is("openingMinor", sums.opening);
            is("inMinor", sums.in);
            is("outMinor", sums.out);
            is("closingMinor", sums.opening + sums.in - sums.out);
        }
    }

    std::vector<Written> written_ = what_is_written();
    std::optional<ApiServer> server_{std::in_place, GetParam()};
    std::vector<std::string> ids_;
};

TEST_P(ReportsZones, ShowEntriesOnTheDayOfTheClockOnTheWall) {
    for (const House& house : kHouses) add_house(house);
    for (const Written& each : written_)
        EXPECT_EQ(write(each), each.date) << kHouses.at(each.house).name << each.at.to_string();
    server_->clock().set(*Instant::parse("2026-12-01T12:00:00Z"));
    for (std::size_t house = 0; house < kHouses.size(); ++house) {
        for (const char* change : kHouses.at(house).changes) {
            const std::string middle = std::string(change).substr(0, 10);
            for (int days = -4; days <= 4; ++days) {
                const std::string date = next_date(middle, days);
                expect_naive(house, "/v1/reports/daily?date=" + date, date, date);
            }
            const std::string from = next_date(middle, -1);
            const std::string to = next_date(middle, 1);
            expect_naive(house, "/v1/reports/range?from=" + from + "&to=" + to, from, to);
            const std::string month = middle.substr(0, 8);
            expect_naive(house,
                         "/v1/reports/monthly?year=2026&month=" +
                             std::to_string(std::stoi(month.substr(5, 2))),
                         month + "01", month + "31");
        }
        expect_naive(house, "/v1/reports/yearly?year=2026", "2026-01-01", "2026-12-31");
    }
}

// The two that are easily wrong, by hand: never subtract the cutoff from the instant.
TEST_P(ReportsZones, TakeTheCutoffFromTheClockAndNotFromTheInstant) {
    add_house(kHouses.front());
    const auto date_at = [&](const char* instant) {
        return write({0, *Instant::parse(instant), {}, 100, true, true});
    };
    EXPECT_EQ(date_at("2026-03-29T03:30:00Z"), "2026-03-29");  // 04:30, 3.5 hours into the day
    EXPECT_EQ(date_at("2026-03-29T02:59:00Z"), "2026-03-28");  // 03:59
    EXPECT_EQ(date_at("2026-10-25T03:30:00Z"), "2026-10-24");  // 03:30, 4.5 hours into the day
    EXPECT_EQ(date_at("2026-10-25T04:00:00Z"), "2026-10-25");
}

DAYBOOK_TEST_ALL_STORES(ReportsZones);

}  // namespace
}  // namespace daybook::test
