// Need: nothing. Goal: cursors merge what is acknowledged and know the gaps, delays grow to their
// bound, filters let through what they name. Seed: printed by the random walk, fixed at 1.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "delivery/cursor.h"
#include "delivery/subscription.h"
#include "support/sample_books.h"

namespace daybook::test {
namespace {

using app::PositionRange;
using delivery::Cursor;

TEST(Cursor, MergesNeighboursAndMovesItsWatermark) {
    Cursor cursor(10);
    for (const Position position : {13, 15, 14}) cursor.acknowledge(position);
    EXPECT_EQ(cursor.watermark(), 10);
    EXPECT_EQ(cursor.ranges(), (std::vector<PositionRange>{{13, 15}}));
    EXPECT_EQ(cursor.next_gap(10), 11);
    EXPECT_EQ(cursor.next_gap(12), 16);
    EXPECT_EQ(cursor.gap_end(11), 12);
    EXPECT_EQ(cursor.gap_end(16), std::nullopt);
    cursor.acknowledge(11);
    EXPECT_EQ(cursor.watermark(), 11);
    cursor.acknowledge(12);
    EXPECT_EQ(cursor.watermark(), 15);
    EXPECT_EQ(cursor.range_count(), 0U);
    EXPECT_EQ(cursor.next_gap(0), 16);
}

TEST(Cursor, IsASetOfPositions) {
    std::mt19937 random(1);
    for (int round = 0; round < 50; ++round) {
        Cursor cursor(5);
        std::set<Position> model{1, 2, 3, 4, 5};
        for (int step = 0; step < 60; ++step) {
            const auto position = static_cast<Position>(random() % 60 + 1);
            cursor.acknowledge(position);
            model.insert(position);
            if (step == 30) cursor = Cursor(cursor.watermark(), cursor.ranges());
        }
        Position gap = 1;
        while (model.contains(gap)) ++gap;
        EXPECT_EQ(cursor.watermark(), gap - 1);
        EXPECT_EQ(cursor.next_gap(0), gap);
        for (Position each = 1; each <= 61; ++each)
            EXPECT_EQ(cursor.is_acknowledged(each), model.contains(each)) << each;
        EXPECT_EQ(cursor.count(60), std::ssize(model));
        EXPECT_EQ(cursor.count(20), std::distance(model.begin(), model.upper_bound(20)));
    }
}

TEST(Backoff, GrowsToItsBound) {
    using delivery::kInsideBackoff;
    using delivery::kOutsideBackoff;
    EXPECT_EQ(kInsideBackoff.bound_ms(1), 100);
    EXPECT_EQ(kInsideBackoff.bound_ms(2), 300);
    EXPECT_EQ(kInsideBackoff.bound_ms(9), 300'000);
    EXPECT_EQ(kOutsideBackoff.bound_ms(1), 5'000);
    EXPECT_EQ(kOutsideBackoff.bound_ms(3), 80'000);
    EXPECT_EQ(kOutsideBackoff.bound_ms(9), std::int64_t{6} * 3'600'000);
}

TEST(Filter, LetsThroughWhatItNames) {
    const PropertyId hotel{numbered_uuid(1)};
    app::EventFacts facts;
    facts.type = "expense_added";
    facts.entity_type = "entry";
    facts.property = hotel;
    EXPECT_TRUE(delivery::Filter{}.wants(facts));
    EXPECT_TRUE((delivery::Filter{{"expense_added"}, {hotel}, {"entry"}}).wants(facts));
    EXPECT_FALSE((delivery::Filter{{"revenue_added"}, {}, {}}).wants(facts));
    EXPECT_FALSE((delivery::Filter{{}, {}, {"count"}}).wants(facts));
    EXPECT_FALSE((delivery::Filter{{}, {PropertyId{numbered_uuid(2)}}, {}}).wants(facts));
    facts.property.reset();
    EXPECT_FALSE((delivery::Filter{{}, {hotel}, {}}).wants(facts));
}

}  // namespace
}  // namespace daybook::test
