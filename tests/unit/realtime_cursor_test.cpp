// Need: CPU only. Goal: a cursor has one text, and nothing else is taken for one.
#include <gtest/gtest.h>

#include <limits>

#include "app/event_codec.h"
#include "realtime/cursor.h"

namespace daybook::realtime {
namespace {

TEST(StreamCursor, IsThePositionAndTheFirstTwelveDigitsOfTheHash) {
    Hash hash{};
    for (std::size_t i = 0; i < hash.size(); ++i) hash[i] = static_cast<std::uint8_t>(0xa0 + i);
    EXPECT_EQ((Cursor{42, mark_of(hash)}.to_string()), "42-a0a1a2a3a4a5");
}

TEST(StreamCursor, ComesBackAsItWas) {
    const Mark mark{0, 1, 2, 0xfd, 0xfe, 0xff};
    for (const Position position :
         {Position{0}, Position{1}, Position{1'000'000}, std::numeric_limits<Position>::max()}) {
        const Cursor cursor{position, mark};
        const auto given = parse_cursor(cursor.to_string());
        ASSERT_TRUE(given.has_value()) << cursor.to_string();
        EXPECT_EQ(given->position, position);
        EXPECT_EQ(given->mark, mark);
    }
}

TEST(StreamCursor, MayBeAPositionAlone) {
    const auto given = parse_cursor("17");
    ASSERT_TRUE(given.has_value());
    EXPECT_EQ(given->position, 17);
    EXPECT_FALSE(given->mark.has_value());
}

TEST(StreamCursor, NothingElseIsOne) {
    for (const std::string_view text :
         {"", "-", "x", "-1", "+1", " 1", "1 ", "01", "1-", "1-0a1b2c3d4e5", "1-0a1b2c3d4e5f0",
          "1-0A1B2C3D4E5F", "1-0a1b2c3d4e5g", "1_0a1b2c3d4e5f", "1-0a1b2c3d4e5f-", "1.5",
          "9223372036854775808", "18446744073709551616", "-0a1b2c3d4e5f"}) {
        EXPECT_FALSE(parse_cursor(text).has_value()) << text;
    }
    EXPECT_FALSE(parse_cursor(std::string_view("1\0", 2)).has_value());
}

}  // namespace
}  // namespace daybook::realtime
