// What the tests of delivery share: a desk, and handlers that fail or do not.
#pragma once

#include <gtest/gtest.h>

#include "support/delivery_desk.h"

namespace daybook::test {

inline constexpr std::int64_t kHourMs = 3'600'000;
// Longer than the ten attempts of a handler in the process can take.
inline constexpr std::int64_t kAllRetriesMs = 50 * 60'000;

class DeliveryTest : public testing::Test {
 protected:
    // Fails every attempt at events of the entity.
    void poison(EntryId id) {
        desk_.handler->play([id](const ScriptedHandler::Call& call, delivery::Attempt&& attempt) {
            if (call.entity == id.value) {
                attempt.fail("No luck.");
            } else {
                attempt.acknowledge();
            }
        });
    }
    void heal() {
        desk_.handler->play([](const ScriptedHandler::Call&, delivery::Attempt&& attempt) {
            attempt.acknowledge();
        });
    }
    app::DeadLetter only_letter() {
        const auto letters = desk_.dead_letters();
        EXPECT_EQ(letters.size(), 1U);
        return letters.empty() ? app::DeadLetter{} : letters.front();
    }

    DeliveryDesk desk_;
};

}  // namespace daybook::test
