// Properties of the books, which hold on a store of every kind.
//
// Budget: a case in memory costs next to nothing, one on a disk syncs a hundred times. So there
// are fewer of those (kCasesPerDurableCase), as large as the others.
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <sstream>
#include <utility>
#include <vector>

#include "support/store_kinds.h"

namespace daybook::test {

inline constexpr int kCasesPerDurableCase = 12;

// A new store with what it needs around it.
struct StoreUnderTest {
    explicit StoreUnderTest(const StoreKind& kind, std::uint64_t seed = 1)
        : random(seed), store(kind.open(environment, directory)) {}

    ManualClock clock{kTestStart};
    SeededRandom random;
    app::Environment environment{clock, random};
    TemporaryDirectory directory;
    std::unique_ptr<app::Store> store;
};

// How many of so many cases there is time for.
inline int within_budget(const StoreKind& kind, int cases) {
    return kind.name == "memory" ? cases : std::max(1, cases / kCasesPerDurableCase);
}

class StoreProperty : public testing::TestWithParam<StoreKind> {
 protected:
    // What RC_GTEST_PROP does, within the budget.
    template <class Property>
    static void check(Property property) {
        rc::detail::TestParams params = rc::detail::configuration().testParams;
        params.maxSuccess = within_budget(GetParam(), params.maxSuccess);
        const auto result =
            rc::detail::checkTestable(std::move(property), rc::detail::TestMetadata(), params);
        std::ostringstream words;
        rc::detail::printResultMessage(result, words);
        EXPECT_TRUE(result.template is<rc::detail::SuccessResult>()) << words.str();
    }
};

// One of memory: properties do not ask which thread commits.
inline std::vector<StoreKind> property_stores() {
    std::vector<StoreKind> kinds = store_kinds();
    std::erase_if(kinds, [](const StoreKind& kind) { return kind.name == "memory_with_thread"; });
    return kinds;
}

}  // namespace daybook::test

#define DAYBOOK_PROPERTY_ON_ALL_STORES(suite)                                                 \
    INSTANTIATE_TEST_SUITE_P(All, suite, testing::ValuesIn(daybook::test::property_stores()), \
                             daybook::test::name_of)
