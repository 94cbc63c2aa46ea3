// Need: CPU only. Goal: a ring never hides a gap, tells another log from this one, keeps what its
// limits allow, and always the newest event.
#include <gtest/gtest.h>

#include "realtime/ring.h"

namespace daybook::realtime {
namespace {

using enum Ring::Appended;

// The event at a position of the log `log`; another log has other hashes.
Cursor at(Position position, std::uint8_t log = 1) {
    Mark mark{};
    mark[0] = log;
    mark[1] = static_cast<std::uint8_t>(position);
    return {position, mark};
}

Ring::Entry entry(const Cursor& cursor, std::size_t bytes = 10) {
    return {cursor, {}, std::make_shared<const std::string>(bytes, 'x')};
}

Ring::Appended append(Ring& ring, Position position, std::uint8_t log = 1) {
    return ring.append(entry(at(position, log)), at(position - 1, log).mark);
}

TEST(Ring, KnowsNothingAtFirst) {
    const Ring ring;
    EXPECT_FALSE(ring.head().has_value());
    EXPECT_FALSE(ring.holds_after(0));
}

TEST(Ring, HoldsWhatComesAfterItsFirst) {
    Ring ring;
    EXPECT_EQ(append(ring, 5), next);
    EXPECT_EQ(append(ring, 6), next);
    EXPECT_EQ(ring.head(), at(6));
    EXPECT_FALSE(ring.holds_after(3));
    ASSERT_TRUE(ring.holds_after(4));
    EXPECT_EQ(ring.index_after(4), 0U);
    EXPECT_EQ(ring[ring.index_after(5)].cursor, at(6));
    EXPECT_EQ(ring.index_after(6), ring.size());
    // A reader whose snapshot was ahead.
    EXPECT_EQ(ring.index_after(9), ring.size());
}

TEST(Ring, AGapBeginsItAnew) {
    Ring ring;
    append(ring, 5);
    EXPECT_EQ(append(ring, 8), gap);
    EXPECT_EQ(ring.size(), 1U);
    EXPECT_FALSE(ring.holds_after(6));
    EXPECT_TRUE(ring.holds_after(7));
}

TEST(Ring, ARepeatIsNothingNew) {
    Ring ring;
    append(ring, 5);
    append(ring, 6);
    EXPECT_EQ(append(ring, 5), known);
    EXPECT_EQ(append(ring, 6), known);
    EXPECT_EQ(ring.size(), 2U);
}

TEST(Ring, AStartCoversWhatTheSnapshotHadBefore) {
    Ring ring;
    ring.start(at(7));
    EXPECT_EQ(ring.head(), at(7));
    EXPECT_TRUE(ring.holds_after(7));
    EXPECT_FALSE(ring.holds_after(6));
    EXPECT_EQ(append(ring, 6), known);
    EXPECT_EQ(append(ring, 7), known);
    EXPECT_EQ(append(ring, 8), next);
    EXPECT_EQ(ring.size(), 1U);
}

TEST(Ring, AnotherLogIsNoticedAtAnyPosition) {
    for (const Position position : {Position{6}, Position{7}, Position{8}}) {
        Ring ring;
        ring.start(at(6));
        append(ring, 7);
        EXPECT_EQ(append(ring, position, 2), another) << position;
        EXPECT_EQ(ring.head(), at(position, 2));
        EXPECT_EQ(ring.size(), 1U);
    }
}

TEST(Ring, ForgetsTheOldestAndKeepsTheNewest) {
    Ring ring;
    for (Position position = 1; position <= 5; ++position) append(ring, position);
    EXPECT_EQ(ring.bytes(), 50U);
    ring.trim(3, 1'000);
    EXPECT_EQ(ring.size(), 3U);
    EXPECT_EQ(ring.bytes(), 30U);
    EXPECT_FALSE(ring.holds_after(1));
    EXPECT_TRUE(ring.holds_after(2));
    ring.trim(100, 29);
    EXPECT_EQ(ring.size(), 2U);
    ring.trim(0, 0);
    ASSERT_EQ(ring.size(), 1U);
    EXPECT_EQ(ring[0].cursor, at(5));
}

}  // namespace
}  // namespace daybook::realtime
