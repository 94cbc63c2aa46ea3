// The stores that the contract is tested on, and the fixture of its tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <ostream>
#include <string>

#include "app/command_service.h"
#include "app/store.h"
#include "support/temporary_directory.h"
#include "support/test_org.h"

namespace daybook::test {

struct StoreKind {
    std::string name;
    // Opens a new store, which may keep its files in the directory.
    std::unique_ptr<app::Store> (*open)(const app::Environment& environment,
                                        const TemporaryDirectory& directory);
};
std::ostream& operator<<(std::ostream& out, const StoreKind& kind);

std::vector<StoreKind> store_kinds();

// A store of the kind, with a clock to turn and random bytes that repeat.
class StoreContract : public testing::TestWithParam<StoreKind> {
 protected:
    StoreContract() : store_(GetParam().open(environment_, directory_)) {}

    app::Store& store() { return *store_; }

    ManualClock clock_{kTestStart};
    SeededRandom random_{1};

 private:
    app::Environment environment_{clock_, random_};
    TemporaryDirectory directory_;
    std::unique_ptr<app::Store> store_;
};

// "memory/0" would not tell which store failed.
std::string name_of(const testing::TestParamInfo<StoreKind>& kind);

}  // namespace daybook::test

#define DAYBOOK_TEST_ALL_STORES(suite)                                                    \
    INSTANTIATE_TEST_SUITE_P(All, suite, testing::ValuesIn(daybook::test::store_kinds()), \
                             daybook::test::name_of)
