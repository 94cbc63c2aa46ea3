// Need: nothing. Goal: a staircase gives the version that a plain list of all events gives, in few
// elements, and never a smaller one, whatever is thrown away. Seed: fixed.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "reports/report_versions.h"
#include "reports/staircase.h"
#include "support/sample_books.h"

namespace daybook::reports {
namespace {

using domain::BusinessDate;
using test::day;

struct Raised {
    Position position;
    BusinessDate earliest;
};

// The definition: the greatest position whose date is not after the end.
Position version_of(const std::vector<Raised>& events, BusinessDate ends_on, Position floor) {
    Position version = floor;
    for (const Raised& each : events) {
        if (each.earliest <= ends_on) version = std::max(version, each.position);
    }
    return version;
}

TEST(Staircase, BeginsWithItsFloor) {
    const Staircase staircase(7);
    EXPECT_EQ(staircase.version(kEveryDate), 7);
    EXPECT_EQ(staircase.version(day("2199-12-31")), 7);
}

TEST(Staircase, AffectsTheDateAndWhatComesAfterIt) {
    Staircase staircase(0);
    staircase.add(1, day("2026-03-15"));
    EXPECT_EQ(staircase.version(day("2026-03-14")), 0);
    EXPECT_EQ(staircase.version(day("2026-03-15")), 1);
    EXPECT_EQ(staircase.version(day("2026-12-31")), 1);
}

TEST(Staircase, KeepsOneElementForEachDateAtMost) {
    Staircase staircase(0);
    for (Position position = 1; position <= 1'001; ++position) {
        staircase.add(position, day("2026-03-15").plus(static_cast<int>(position % 3)));
    }
    EXPECT_EQ(staircase.size(), 3U);
    EXPECT_EQ(staircase.version(day("2026-03-15")), 999);
    EXPECT_EQ(staircase.version(day("2026-03-16")), 1'000);
    // What reaches further back hides all before it.
    staircase.add(1'002, kEveryDate);
    EXPECT_EQ(staircase.size(), 1U);
    EXPECT_EQ(staircase.version(day("1970-01-01")), 1'002);
}

TEST(Staircase, EqualsTheDefinitionInAnyOrder) {
    std::mt19937 random(11);
    for (int round = 0; round < 300; ++round) {
        std::vector<Raised> events;
        for (Position position = 1; position <= 40; ++position) {
            const int back = static_cast<int>(random() % 20);
            events.push_back({position, day("2026-03-15").plus(-back)});
        }
        if (round % 2 == 1) std::ranges::shuffle(events, random);
        const Position floor = round % 3 == 0 ? 12 : 0;
        Staircase staircase(floor);
        for (const Raised& each : events) staircase.add(each.position, each.earliest);
        for (int back = -1; back <= 20; ++back) {
            const BusinessDate ends_on = day("2026-03-15").plus(-back);
            ASSERT_EQ(staircase.version(ends_on), version_of(events, ends_on, floor));
        }
    }
}

TEST(Staircase, TurnsItsOlderHalfIntoTheFloor) {
    constexpr std::size_t kMost = 8;
    Staircase staircase(0, kMost);
    std::vector<Raised> events;
    for (Position position = 1; position <= 100; ++position) {
        events.push_back({position, day("2026-01-01").plus(static_cast<int>(position))});
        staircase.add(events.back().position, events.back().earliest);
        ASSERT_LE(staircase.size(), kMost);
        // Never smaller than the truth, and exact for the newest.
        for (int days = 0; days <= 110; ++days) {
            const BusinessDate ends_on = day("2026-01-01").plus(days);
            ASSERT_GE(staircase.version(ends_on), version_of(events, ends_on, 0));
        }
        ASSERT_EQ(staircase.version(events.back().earliest), position);
    }
    EXPECT_GE(staircase.version(day("2026-01-01")), 90);
}

struct Versions : testing::Test {
    Versions() {
        versions.begin(org, 10);
        versions.raise(org,
                       {{11, first, day("2026-03-10")},
                        {12, second, day("2026-03-20")},
                        {13, std::nullopt, day("2026-03-25")}},
                       14);
    }

    OrgId org{test::numbered_uuid(1)};
    PropertyId first{test::numbered_uuid(2)};
    PropertyId second{test::numbered_uuid(3)};
    PropertyId third{test::numbered_uuid(4)};
    ReportVersions versions{limits::kStaircaseMax};
};

TEST_F(Versions, OfAPropertyAreItsOwnAndTheOrgs) {
    const auto version = [&](std::vector<PropertyId> of, std::string_view ends_on) {
        return versions.version(org, *make_subject(std::move(of)), day(ends_on));
    };
    EXPECT_EQ(version({first}, "2026-03-09"), 10);
    EXPECT_EQ(version({first}, "2026-03-10"), 11);
    EXPECT_EQ(version({second}, "2026-03-10"), 10);
    EXPECT_EQ(version({second}, "2026-03-20"), 12);
    EXPECT_EQ(version({first, second}, "2026-03-20"), 12);
    EXPECT_EQ(version({third}, "2026-03-24"), 10);
    EXPECT_EQ(version({third}, "2026-03-25"), 13);
    EXPECT_EQ(version({first}, "2026-03-31"), 13);
    EXPECT_EQ(versions.raised(org), 14);
}

TEST_F(Versions, SayTheSameAsIsCurrent) {
    for (const auto& of :
         std::vector<std::vector<PropertyId>>{{first}, {second}, {third}, {first, third}, {}}) {
        const auto subject = make_subject(of);
        for (int date = 1; date <= 31; ++date) {
            const BusinessDate ends_on = day("2026-03-01").plus(date - 1);
            const Position version = versions.version(org, *subject, ends_on);
            for (Position stamp = 0; stamp <= 15; ++stamp) {
                ASSERT_EQ(versions.is_current(org, *subject, ends_on, stamp), stamp >= version);
            }
        }
    }
}

TEST_F(Versions, OfAnOrgThatIsNewBeginBeforeItsFirstEvent) {
    const OrgId fresh{test::numbered_uuid(9)};
    const auto subject = make_subject({first});
    EXPECT_EQ(versions.raised(fresh), 0);
    versions.raise(fresh, {{2, first, day("2026-03-10")}}, 2);
    EXPECT_EQ(versions.version(fresh, *subject, day("2026-03-09")), 0);
    EXPECT_EQ(versions.version(fresh, *subject, day("2026-03-10")), 2);
    // The other org's did not move.
    EXPECT_EQ(versions.version(org, *subject, day("2026-03-10")), 11);
}

TEST(Subject, IsTheSameInAnyOrder) {
    const PropertyId a{test::numbered_uuid(1)};
    const PropertyId b{test::numbered_uuid(2)};
    EXPECT_EQ(make_subject({a, b})->key, make_subject({b, a, b})->key);
    EXPECT_NE(make_subject({a, b})->key, make_subject({a})->key);
    EXPECT_NE(make_subject({})->key, make_subject({a})->key);
    EXPECT_EQ(make_subject({a})->key, a.value);
}

}  // namespace
}  // namespace daybook::reports
