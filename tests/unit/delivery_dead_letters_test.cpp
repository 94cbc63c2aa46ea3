// Need: nothing. Goal: what fails ten times is a dead letter that holds its own entity only, is
// redriven or discarded by its id, and survives a kill (I5). Virtual time. Seeds: fixed.
#include <gtest/gtest.h>

#include "support/delivery_fixture.h"

namespace daybook::test {
namespace {

using app::DeadLetter;
using app::DeadLetterState;
using domain::DeliveryAct;
using Call = ScriptedHandler::Call;

TEST_F(DeliveryTest, MakesADeadLetterAfterTenAttempts) {
    desk_.start();
    const EntryId id = desk_.new_entry();
    const Position position = desk_.head();
    poison(id);
    desk_.run();
    desk_.advance_ms(kAllRetriesMs);
    const auto numbers = [&] {
        std::vector<int> numbers;
        for (const Call& call : desk_.handler->calls)
            if (call.entity == id.value) numbers.push_back(call.number);
        return numbers;
    }();
    EXPECT_EQ(numbers, (std::vector{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
    const DeadLetter letter = only_letter();
    EXPECT_EQ(letter.position, position);
    EXPECT_EQ(letter.event, desk_.handler->calls.back().event);
    EXPECT_EQ(letter.event_type, "expense_added");
    EXPECT_EQ(letter.subscription, DeliveryDesk::kName);
    EXPECT_EQ(letter.entity, id.value);
    EXPECT_EQ(letter.property, desk_.property);
    EXPECT_EQ(letter.attempts, 10);
    EXPECT_EQ(letter.last_error, "No luck.");
    EXPECT_EQ(letter.first_at, kTestStart);
    EXPECT_GT(letter.last_at, letter.first_at);
    EXPECT_EQ(letter.state, DeadLetterState::dead);
    // It counts as acknowledged.
    EXPECT_EQ(desk_.status().watermark, desk_.head());
    EXPECT_EQ(desk_.status().dead_letters, 1U);
}

TEST_F(DeliveryTest, ADeadLetterHoldsItsOwnEntityOnly) {
    desk_.start();
    const EntryId id = desk_.new_entry();
    poison(id);
    desk_.run();
    desk_.advance_ms(kAllRetriesMs);
    const Position second = desk_.change_entry(id);
    const Position third = desk_.change_entry(id);
    const EntryId other = desk_.new_entry();
    heal();
    desk_.advance_ms(kHourMs);
    EXPECT_EQ(desk_.handled(other).size(), 1U);
    EXPECT_EQ(desk_.status().parked, 2U);
    EXPECT_EQ(desk_.status().lag_events, 2);

    // Also after a kill.
    desk_.kill();
    desk_.handler->calls.clear();
    desk_.start();
    desk_.advance_ms(kHourMs);
    EXPECT_TRUE(desk_.handled().empty());
    EXPECT_EQ(desk_.status().parked, 2U);

    const DeadLetter letter = only_letter();
    ASSERT_TRUE(desk_.act_on(letter.id, DeliveryAct::redriven).has_value());
    desk_.run();
    EXPECT_EQ(desk_.handled(id), (std::vector{letter.position, second, third}));
    desk_.advance_ms(2'000);
    EXPECT_TRUE(desk_.dead_letters().empty());
    EXPECT_EQ(desk_.status().lag_events, 0);
}

TEST_F(DeliveryTest, ARedriveThatFailsIsTheSameDeadLetterAgain) {
    desk_.start();
    const EntryId id = desk_.new_entry();
    poison(id);
    desk_.run();
    desk_.advance_ms(kAllRetriesMs);
    const DeadLetter letter = only_letter();
    desk_.act_on(letter.id, DeliveryAct::redriven).value();
    EXPECT_EQ(refusal(desk_.act_on(letter.id, DeliveryAct::redriven)),
              ErrorCode::invalid_transition);
    EXPECT_EQ(refusal(desk_.act_on(letter.id, DeliveryAct::discarded)),
              ErrorCode::invalid_transition);
    desk_.run();
    desk_.advance_ms(kAllRetriesMs);
    const DeadLetter again = only_letter();
    EXPECT_EQ(again.id, letter.id);
    EXPECT_EQ(again.attempts, 20);
    EXPECT_EQ(again.state, DeadLetterState::dead);
    EXPECT_EQ(again.first_at, letter.first_at);
}

TEST_F(DeliveryTest, ARedriveSurvivesAKill) {
    desk_.start();
    const EntryId id = desk_.new_entry();
    poison(id);
    desk_.run();
    desk_.advance_ms(kAllRetriesMs);
    const DeadLetter letter = only_letter();
    desk_.act_on(letter.id, DeliveryAct::redriven).value();
    desk_.kill();
    desk_.handler->calls.clear();
    heal();
    desk_.start();
    EXPECT_EQ(desk_.handled(id), std::vector{letter.position});
}

TEST_F(DeliveryTest, DiscardingLetsTheEntityGoOn) {
    desk_.start();
    const EntryId id = desk_.new_entry();
    poison(id);
    desk_.run();
    desk_.advance_ms(kAllRetriesMs);
    const Position second = desk_.change_entry(id);
    heal();
    desk_.run();
    const std::size_t before = desk_.handled(id).size();
    desk_.act_on(only_letter().id, DeliveryAct::discarded).value();
    EXPECT_TRUE(desk_.dead_letters().empty());
    desk_.run();
    EXPECT_EQ(desk_.handled(id).size(), before + 1);
    EXPECT_EQ(desk_.handled(id).back(), second);
    EXPECT_EQ(refusal(desk_.act_on(DeadLetterId{}, DeliveryAct::discarded)), ErrorCode::not_found);
}

TEST_F(DeliveryTest, AResetForgetsDeadLettersThatItDeliversAgain) {
    desk_.start();
    const EntryId id = desk_.new_entry();
    poison(id);
    desk_.run();
    desk_.advance_ms(kAllRetriesMs);
    const DeadLetter letter = only_letter();
    heal();
    desk_.handler->calls.clear();
    desk_.act(DeliveryAct::reset, letter.position - 1);
    desk_.run();
    desk_.advance_ms(2'000);
    EXPECT_EQ(desk_.handled(id), std::vector{letter.position});
    EXPECT_TRUE(desk_.dead_letters().empty());
    EXPECT_EQ(desk_.status().lag_events, 0);
}

// Until the reset is saved, the tables still have the letter, and somebody may redrive it.
TEST_F(DeliveryTest, ARedriveEndsWithADeadLetterThatAResetForgot) {
    desk_.start();
    const EntryId id = desk_.new_entry();
    poison(id);
    desk_.run();
    desk_.advance_ms(kAllRetriesMs);
    const DeadLetter letter = only_letter();
    heal();
    desk_.act(DeliveryAct::reset, letter.position - 1);
    desk_.run();
    desk_.handler->play([this, id](const Call& call, delivery::Attempt&& attempt) {
        if (call.entity == id.value) desk_.handler->hold(std::move(attempt));
    });
    desk_.act_on(letter.id, DeliveryAct::redriven).value();
    desk_.run();
    ASSERT_EQ(desk_.handler->held.size(), 1U);
    desk_.advance_ms(limits::kCursorSaveMs);
    EXPECT_TRUE(desk_.dead_letters().empty());
    EXPECT_FALSE(desk_.handler->held.front().acknowledge());
    desk_.handler->held.clear();
    heal();
    desk_.change_entry(id);
    desk_.run();
    EXPECT_EQ(desk_.handled(id).back(), desk_.head());
}

TEST_F(DeliveryTest, PausesItselfAtTheLimits) {
    auto subscription = desk_.subscription();
    subscription.policy.parked = 3;
    desk_.start(subscription);
    const EntryId id = desk_.new_entry();
    poison(id);
    desk_.run();
    desk_.advance_ms(kAllRetriesMs);
    for (int i = 0; i < 4; ++i) desk_.change_entry(id);
    desk_.run();
    EXPECT_TRUE(desk_.status().paused);
    EXPECT_NE(desk_.status().reason.find("dead letters"), std::string::npos);
    EXPECT_TRUE(desk_.saved().paused);
    // Resuming helps only once there is room.
    desk_.act(DeliveryAct::resumed);
    desk_.run();
    EXPECT_TRUE(desk_.status().paused);
    heal();
    desk_.act_on(only_letter().id, DeliveryAct::discarded).value();
    desk_.run();
    desk_.advance_ms(2'000);
    desk_.act(DeliveryAct::resumed);
    desk_.run();
    EXPECT_FALSE(desk_.status().paused);
    EXPECT_EQ(desk_.status().lag_events, 0);
}

}  // namespace
}  // namespace daybook::test
