// Need: nothing. Goal: text search folds the case of ASCII letters and of nothing else.
#include <gtest/gtest.h>

#include "storage/matching.h"

namespace daybook::storage {
namespace {

TEST(StorageMatching, FindsPartsWhateverTheCaseOfAsciiLetters) {
    EXPECT_TRUE(contains_text("Fresh Towels", "TOWEL"));
    EXPECT_TRUE(contains_text("FRESH", "fresh"));
    EXPECT_TRUE(contains_text("anything", ""));
    EXPECT_TRUE(contains_text("", ""));
    EXPECT_FALSE(contains_text("", "a"));
    EXPECT_FALSE(contains_text("towel", "towels"));
}

TEST(StorageMatching, ComparesAllOtherBytesAsTheyAre) {
    EXPECT_TRUE(contains_text("Café Ångström", "é Å"));
    EXPECT_FALSE(contains_text("CAFÉ", "café"));
    // '@' and '[' stand beside the letters, '`' and '{' beside their lower case.
    EXPECT_FALSE(contains_text("@[", "`{"));
    EXPECT_FALSE(contains_text("100%", "100_"));
}

}  // namespace
}  // namespace daybook::storage
