// Need: nothing. Goal: what the cache keeps, gives out, joins and drops; its limits, its clock and
// its counters.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "reports/report_cache.h"
#include "support/sample_books.h"

namespace daybook::reports {
namespace {

using domain::BusinessDate;
using test::day;
using Answer = ReportCache::Answer;

constexpr Instant kStart{1'773'576'000'000};

struct ReportCacheTest : testing::Test {
    explicit ReportCacheTest(const CacheLimits& limits = {}) : cache(clock, limits) {
        cache.begin_anew(org, 10);
        cache.begin_anew(other_org, 10);
    }

    [[nodiscard]] ReportCache::Question question(int number, OrgId of,
                                                 ReportKind kind = ReportKind::daily) const {
        const BusinessDate date = day("2026-03-01").plus(number);
        const ReportQuery query{DayAsked{date}, {property}, Format::json};
        PeriodPlan plan;
        plan.kind = kind;
        plan.period.dates = {date, date};
        return {of, key_of(query, plan, *subject), subject, date};
    }
    [[nodiscard]] ReportCache::Question question(int number) const { return question(number, org); }

    // The flight, if this is who fills; what is answered goes to `answers`.
    ReportCache::SharedFlight ask(ReportCache::Question asked) {
        return cache.ask(std::move(asked),
                         [this](Answer answer) { answers.push_back(std::move(answer)); });
    }
    static SharedReport report(const ReportCache::Question& asked, Position stamp,
                               std::size_t bytes = 10) {
        return finish(
            {std::string(bytes, 'x'), "application/json", {asked.ends_on, asked.ends_on}, stamp});
    }
    // Asks, and fills where it is not there.
    CacheOutcome read(const ReportCache::Question& asked, std::size_t bytes = 10) {
        if (const auto flight = ask(asked)) {
            cache.land(flight, report(asked, cache.raised(asked.org), bytes), 5);
        }
        return answers.back().outcome;
    }
    void raise(Position position, std::string_view date, std::optional<PropertyId> of = {}) {
        cache.raise(org, {{position, of ? of : property, day(date)}}, position);
    }
    CacheMetrics metrics(CacheKind kind = CacheKind::daily) { return of(org, kind); }
    CacheMetrics of(OrgId asked, CacheKind kind) {
        return cache.metrics(asked).at(static_cast<std::size_t>(kind));
    }

    ManualClock clock{kStart};
    OrgId org{test::numbered_uuid(1)};
    OrgId other_org{test::numbered_uuid(2)};
    PropertyId property{test::numbered_uuid(3)};
    PropertyId other_property{test::numbered_uuid(4)};
    SharedSubject subject = make_subject({property});
    ReportCache cache;
    std::vector<Answer> answers;
};

TEST_F(ReportCacheTest, GivesWhatItKeepsUntilItsPeriodChanges) {
    EXPECT_EQ(read(question(14)), CacheOutcome::miss);
    EXPECT_EQ(read(question(14)), CacheOutcome::hit);
    raise(11, "2026-03-16");  // the day after
    EXPECT_EQ(read(question(14)), CacheOutcome::hit);
    EXPECT_EQ(answers.back().position, 11);
    raise(12, "2026-03-20", other_property);
    cache.raise(other_org, {{11, property, kEveryDate}}, 11);
    EXPECT_EQ(read(question(14)), CacheOutcome::hit);
    raise(13, "2026-03-01");
    EXPECT_EQ(read(question(14)), CacheOutcome::stale);
    EXPECT_EQ(read(question(14)), CacheOutcome::hit);
    EXPECT_EQ(answers.back().position, 13);
}

TEST_F(ReportCacheTest, KeepsNothingThatIsOlderThanItsVersion) {
    const auto slow = ask(question(14));
    ASSERT_NE(slow, nullptr);
    raise(11, "2026-03-15");
    cache.land(slow, report(question(14), 10), 5);
    // Who waited for it began before the change, and is answered.
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_TRUE(answers.back().report.has_value());
    EXPECT_EQ(read(question(14)), CacheOutcome::miss);
    EXPECT_EQ(read(question(14)), CacheOutcome::hit);
}

TEST_F(ReportCacheTest, KeepsWhatIsAheadOfTheRaise) {
    const auto flight = ask(question(14));
    cache.land(flight, report(question(14), 12), 5);
    EXPECT_EQ(answers.back().position, 12);
    raise(12, "2026-03-15");
    EXPECT_EQ(read(question(14)), CacheOutcome::hit);
    raise(13, "2026-03-15");
    EXPECT_EQ(read(question(14)), CacheOutcome::stale);
}

TEST_F(ReportCacheTest, FillsOnceForAllWhoWaitForTheSame) {
    const auto flight = ask(question(14));
    EXPECT_EQ(ask(question(14)), nullptr);
    raise(11, "2026-03-20");  // does not matter to this period
    EXPECT_EQ(ask(question(14)), nullptr);
    EXPECT_EQ(metrics().fills_in_flight, 1);
    EXPECT_TRUE(answers.empty());
    cache.land(flight, report(question(14), 10), 5);
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(answers[0].position, 10);
    EXPECT_EQ(answers[2].position, 11);
    EXPECT_EQ(metrics().joined, 2);
    EXPECT_EQ(metrics().fills, 1);
    EXPECT_EQ(metrics().fills_in_flight, 0);
}

TEST_F(ReportCacheTest, JoinsNoFillThatBeganBeforeAChange) {
    const auto old_flight = ask(question(14));
    raise(11, "2026-03-15");
    const auto new_flight = ask(question(14));
    ASSERT_NE(new_flight, nullptr);
    EXPECT_EQ(ask(question(14)), nullptr);
    cache.land(new_flight, report(question(14), 11, 11), 5);
    ASSERT_EQ(answers.size(), 2U);
    cache.land(old_flight, report(question(14), 10, 10), 5);
    ASSERT_EQ(answers.size(), 3U);
    // The older did not take the newer's place.
    EXPECT_EQ(read(question(14)), CacheOutcome::hit);
    EXPECT_EQ((*answers.back().report)->bytes.size(), 11U);
}

TEST_F(ReportCacheTest, TellsAllWhoWaitThatAFillFailed) {
    const auto flight = ask(question(14));
    EXPECT_EQ(ask(question(14)), nullptr);
    cache.land(flight, fail(ErrorCode::io_failed, "No."), 5);
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[1].report.error().code, ErrorCode::io_failed);
    EXPECT_EQ(read(question(14)), CacheOutcome::miss);
    EXPECT_EQ(metrics().fills, 1);
}

TEST_F(ReportCacheTest, ForgetsAfterAWhileAndWhenTheClockIsSetBack) {
    const auto month = question(14, org, ReportKind::monthly);
    read(question(14));
    read(month);
    clock.advance_ms(limits::kCacheDailyMsMax - 1);
    EXPECT_EQ(read(question(14)), CacheOutcome::hit);
    clock.advance_ms(1);
    EXPECT_EQ(read(question(14)), CacheOutcome::miss);
    EXPECT_EQ(read(month), CacheOutcome::hit);
    clock.advance_ms(limits::kCachePeriodMsMax);
    EXPECT_EQ(read(month), CacheOutcome::miss);
    clock.advance_ms(-3'600'000);
    EXPECT_EQ(read(month), CacheOutcome::miss);
    EXPECT_EQ(read(month), CacheOutcome::hit);
}

TEST_F(ReportCacheTest, ClearsWhatIsSelected) {
    const auto fill = [&] {
        for (int number = 0; number < 5; ++number) read(question(number));
        read(question(0, other_org));
    };
    fill();
    EXPECT_EQ(cache.clear(org, {other_property, {}}), 0);
    EXPECT_EQ(cache.clear(org, {{}, {{day("2026-03-02"), day("2026-03-03")}}}), 2);
    EXPECT_EQ(read(question(0)), CacheOutcome::hit);
    EXPECT_EQ(read(question(1)), CacheOutcome::miss);
    EXPECT_EQ(cache.clear(org, {property, {}}), 4);
    fill();
    EXPECT_EQ(cache.clear(org, {}), 5);
    EXPECT_EQ(read(question(0, other_org)), CacheOutcome::hit);
}

TEST_F(ReportCacheTest, CountsByOrgAndKind) {
    read(question(1));
    read(question(1));
    raise(11, "2026-03-01");
    read(question(1));
    read(question(1, org, ReportKind::monthly));
    const CacheMetrics daily = metrics();
    EXPECT_EQ(daily.hits, 1);
    EXPECT_EQ(daily.misses, 1);
    EXPECT_EQ(daily.stale, 1);
    EXPECT_EQ(daily.fills, 2);
    EXPECT_EQ(daily.entries, 1);
    EXPECT_GT(daily.bytes, 10);
    EXPECT_EQ(daily.fill_mean_us, 5);
    EXPECT_EQ(daily.fill_p99_us, 5);
    EXPECT_EQ(metrics(CacheKind::monthly).misses, 1);
    EXPECT_EQ(of(other_org, CacheKind::daily).misses, 0);
    read(question(1, other_org));
    EXPECT_EQ(cache.totals().at(0).misses, 2);
}

TEST_F(ReportCacheTest, KnowsWhenPartsAreRightTogether) {
    const std::vector<ReportCache::PartQuestion> parts{{{}, make_subject({property})},
                                                       {{}, make_subject({other_property})}};
    const BusinessDate end = day("2026-03-15");
    EXPECT_EQ(cache.together(org, parts, {10, 10}, end), 10);
    // What is not raised yet may have changed the other.
    EXPECT_EQ(cache.together(org, parts, {10, 11}, end), std::nullopt);
    raise(11, "2026-03-10", other_property);
    EXPECT_EQ(cache.together(org, parts, {10, 11}, end), 11);
    EXPECT_EQ(cache.together(org, parts, {11, 10}, end), std::nullopt);
    EXPECT_EQ(cache.together(org, parts, {11, 10}, day("2026-03-09")), 11);
}

TEST_F(ReportCacheTest, WaitsForARaiseNoLongerThanItIsTold) {
    std::int64_t now_us = 0;
    const auto ticks = [&] { return now_us += 1'000; };
    EXPECT_TRUE(cache.wait_until_raised(org, 10, 2, ticks));
    EXPECT_FALSE(cache.wait_until_raised(org, 11, 2, ticks));
}

struct SmallCache : ReportCacheTest {
    static constexpr std::size_t kBytes = 80'000;
    SmallCache() : ReportCacheTest({.entries_max = 3, .bytes_max = kBytes, .org_share = 4}) {}
};

TEST_F(SmallCache, EvictsTheLeastRecentlyUsedOfAKind) {
    for (int number = 0; number < 3; ++number) read(question(number));
    read(question(0));
    read(question(7, org, ReportKind::monthly));
    read(question(3));
    EXPECT_EQ(metrics().entries, 3);
    EXPECT_EQ(metrics().evictions, 1);
    EXPECT_EQ(read(question(0)), CacheOutcome::hit);
    EXPECT_EQ(read(question(7, org, ReportKind::monthly)), CacheOutcome::hit);
    EXPECT_EQ(read(question(1)), CacheOutcome::miss);
}

TEST_F(SmallCache, KeepsAnOrgWithinItsShareOfTheBytes) {
    constexpr std::size_t kShare = kBytes / 4;
    read(question(0), kShare / 2);
    read(question(1, org, ReportKind::monthly), kShare / 3);
    EXPECT_EQ(read(question(0)), CacheOutcome::hit);
    read(question(2), kShare / 3);
    // The month was used longest ago.
    EXPECT_EQ(read(question(0), kShare / 2), CacheOutcome::hit);
    EXPECT_EQ(metrics(CacheKind::monthly).entries, 0);
    EXPECT_EQ(metrics(CacheKind::monthly).evictions, 1);
    EXPECT_EQ(metrics(CacheKind::monthly).bytes, 0);
    // What alone is larger is answered, and not kept.
    read(question(4), kShare + 1);
    EXPECT_EQ(read(question(4), kShare + 1), CacheOutcome::miss);
    EXPECT_EQ(read(question(0), kShare / 2), CacheOutcome::hit);
}

TEST_F(SmallCache, TakesFromTheOrgThatHasMostWhenTheNodeIsFull) {
    constexpr std::size_t kLarge = kBytes / 5;
    constexpr std::size_t kSmall = kBytes / 16;
    std::vector<OrgId> large;
    for (std::uint8_t number = 10; number < 14; ++number) {
        large.push_back({test::numbered_uuid(number)});
        read(question(0, large.back()), kLarge + number);
    }
    for (int number = 0; number < 3; ++number) read(question(number, other_org), kSmall);
    read(question(0), kSmall);
    EXPECT_EQ(of(large.back(), CacheKind::daily).evictions, 1);
    EXPECT_EQ(of(other_org, CacheKind::daily).evictions, 0);
    EXPECT_EQ(read(question(0), kSmall), CacheOutcome::hit);
}

TEST(FillTimes, TellTheMeanAndTheHundredthPart) {
    FillTimes times;
    EXPECT_EQ(times.p99_us(), 0);
    for (int us = 1; us <= 100; ++us) times.add(us);
    EXPECT_EQ(times.mean_us(), 50);
    EXPECT_EQ(times.p99_us(), 99);
    for (std::size_t i = 0; i < FillTimes::kKept; ++i) times.add(7);
    EXPECT_EQ(times.p99_us(), 7);
    EXPECT_EQ(times.count(), 612);
}

}  // namespace
}  // namespace daybook::reports
