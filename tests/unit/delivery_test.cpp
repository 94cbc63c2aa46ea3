// Need: nothing. Goal: every event is handled at least once and in order per entity, whatever the
// handler does; what fails ten times is a dead letter that holds its own entity only (I5).
// Virtual time. Seeds: fixed.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "storage/memory/store.h"
#include "support/delivery_fixture.h"

namespace daybook::test {
namespace {

using delivery::Attempt;
using domain::DeliveryAct;
using Call = ScriptedHandler::Call;

TEST_F(DeliveryTest, DeliversTheLogAndWhatFollows) {
    desk_.add_entry();
    desk_.start();
    EXPECT_EQ(std::ssize(desk_.handled()), desk_.head());
    const Position position = desk_.add_entry();
    desk_.run();
    EXPECT_EQ(desk_.handled().back(), position);
    EXPECT_EQ(desk_.status().watermark, position);
    EXPECT_EQ(desk_.status().lag_events, 0);
}

TEST_F(DeliveryTest, BeginsAtTheHeadIfItIsToldSo) {
    desk_.add_entry();
    auto subscription = desk_.subscription();
    subscription.start = delivery::StartAt::head;
    desk_.start(std::move(subscription));
    EXPECT_TRUE(desk_.handled().empty());
    const Position position = desk_.add_entry();
    desk_.run();
    EXPECT_EQ(desk_.handled(), std::vector{position});
}

TEST_F(DeliveryTest, PassesOverWhatTheFilterLeavesOut) {
    auto subscription = desk_.subscription();
    subscription.filter.types = {"expense_updated"};
    desk_.start(std::move(subscription));
    const EntryId id = desk_.new_entry();
    const Position position = desk_.change_entry(id);
    desk_.run();
    EXPECT_EQ(desk_.handled(), std::vector{position});
    EXPECT_EQ(desk_.status().watermark, position);
}

TEST_F(DeliveryTest, SavesItsCursorOnceASecond) {
    desk_.start();
    desk_.advance_ms(2'000);
    desk_.add_entry();
    desk_.run();
    const Position first = desk_.saved().watermark;
    EXPECT_EQ(first, desk_.head());
    desk_.add_entry();
    desk_.run();
    EXPECT_EQ(desk_.saved().watermark, first);
    desk_.advance_ms(1'000);
    EXPECT_EQ(desk_.saved().watermark, desk_.head());
}

TEST_F(DeliveryTest, DeliversAgainWhatWasNotSavedBeforeAKill) {
    desk_.start();
    desk_.advance_ms(2'000);
    desk_.add_entry();
    desk_.run();
    const Position unsaved = desk_.add_entry();
    desk_.run();
    ASSERT_EQ(desk_.handled().back(), unsaved);
    ASSERT_LT(desk_.saved().watermark, unsaved);
    desk_.kill();
    desk_.handler->calls.clear();
    desk_.start();
    EXPECT_EQ(desk_.handled(), std::vector{unsaved});
}

TEST_F(DeliveryTest, KeepsTheOrderOfAnEntityAndNotThatOfOthers) {
    desk_.start();
    desk_.handler->play(
        [this](const Call&, Attempt&& attempt) { desk_.handler->hold(std::move(attempt)); });
    const EntryId slow = desk_.new_entry();
    const Position changed = desk_.change_entry(slow);
    const EntryId other = desk_.new_entry();
    desk_.run();
    EXPECT_EQ(desk_.handled(slow).size(), 1U);
    EXPECT_EQ(desk_.handled(other).size(), 1U);
    ASSERT_TRUE(desk_.handler->held.at(0).acknowledge());
    desk_.run();
    EXPECT_EQ(desk_.handled(slow).back(), changed);
    EXPECT_EQ(desk_.status().in_flight, 2U);
}

TEST_F(DeliveryTest, HasAtMostTwentyInFlight) {
    desk_.start();
    desk_.handler->play(
        [this](const Call&, Attempt&& attempt) { desk_.handler->hold(std::move(attempt)); });
    for (int i = 0; i < 50; ++i) desk_.add_entry();
    desk_.run();
    EXPECT_EQ(desk_.handler->held.size(), limits::kDeliveryInFlightMax);
    while (desk_.status().lag_events > 0) {
        for (Attempt& each : std::exchange(desk_.handler->held, {})) each.acknowledge();
        desk_.run();
        EXPECT_LE(desk_.handler->held.size(), limits::kDeliveryInFlightMax);
    }
    EXPECT_EQ(desk_.status().watermark, desk_.head());
}

TEST_F(DeliveryTest, RetriesWhatThrowsOrEndsWithoutAnAnswer) {
    desk_.start();
    const EntryId id = desk_.new_entry();
    desk_.handler->play([](const Call& call, Attempt&& attempt) {
        if (call.number == 1) throw std::runtime_error("Thrown.");
        if (call.number == 2) {
            const Attempt dropped = std::move(attempt);
            return;
        }
        attempt.acknowledge();
    });
    desk_.run();
    desk_.advance_ms(kHourMs);
    EXPECT_EQ(desk_.handled(id).size(), 3U);
    EXPECT_EQ(desk_.status().retries, 2U);
    EXPECT_EQ(desk_.status().lag_events, 0);
}

TEST_F(DeliveryTest, RefusesTheAnswerOfAnAttemptPastItsDeadline) {
    desk_.start();
    const EntryId id = desk_.new_entry();
    desk_.handler->play([this](const Call& call, Attempt&& attempt) {
        if (call.number == 1) {
            desk_.handler->hold(std::move(attempt));
        } else {
            attempt.acknowledge();
        }
    });
    desk_.run();
    Attempt& hanging = desk_.handler->held.at(0);
    desk_.advance_ms(limits::kDeliveryAckMsMax - 1);
    EXPECT_FALSE(hanging.stop_requested());
    desk_.advance_ms(1);
    EXPECT_TRUE(hanging.stop_requested());
    EXPECT_EQ(desk_.status().overdue, 1U);
    desk_.advance_ms(1'000);
    // The redelivery took another slot, and the first still has its own.
    EXPECT_EQ(desk_.handled(id).size(), 2U);
    EXPECT_EQ(desk_.status().in_flight, 1U);
    EXPECT_EQ(desk_.status().lag_events, 0);
    EXPECT_FALSE(hanging.acknowledge());
    desk_.run();
    EXPECT_EQ(desk_.status().late, 1U);
    EXPECT_EQ(desk_.status().in_flight, 0U);
}

TEST_F(DeliveryTest, IsStuckWhenEverySlotIsOverdue) {
    desk_.start();
    desk_.handler->calls.clear();
    desk_.handler->play(
        [this](const Call&, Attempt&& attempt) { desk_.handler->hold(std::move(attempt)); });
    for (std::size_t i = 0; i < limits::kDeliveryInFlightMax; ++i) desk_.add_entry();
    desk_.run();
    EXPECT_FALSE(desk_.status().stuck);
    desk_.advance_ms(limits::kDeliveryAckMsMax);
    EXPECT_TRUE(desk_.status().stuck);
    desk_.advance_ms(kHourMs);
    EXPECT_EQ(desk_.handler->calls.size(), limits::kDeliveryInFlightMax);
    desk_.handler->held.clear();
    heal();
    desk_.advance_ms(kHourMs);
    EXPECT_FALSE(desk_.status().stuck);
    EXPECT_EQ(desk_.status().lag_events, 0);
}

TEST_F(DeliveryTest, PausesAndResumes) {
    desk_.start();
    desk_.advance_ms(2'000);
    desk_.act(DeliveryAct::paused);
    const std::size_t before = desk_.handled().size();
    for (int i = 0; i < 10; ++i) desk_.add_entry();
    desk_.advance_ms(kHourMs);
    EXPECT_EQ(desk_.handled().size(), before);
    EXPECT_TRUE(desk_.status().paused);
    EXPECT_EQ(desk_.status().lag_events, 11);  // its own event, too
    EXPECT_EQ(desk_.status().lag_ms, kHourMs);
    desk_.kill();
    desk_.start();
    EXPECT_TRUE(desk_.status().paused);
    desk_.act(DeliveryAct::resumed);
    desk_.run();
    EXPECT_EQ(desk_.status().lag_events, 0);
}

TEST_F(DeliveryTest, AResetDeliversAgain) {
    desk_.start();
    const EntryId id = desk_.new_entry();
    const Position position = desk_.head();
    desk_.run();
    desk_.advance_ms(2'000);
    desk_.handler->calls.clear();
    desk_.act(DeliveryAct::reset, position - 1);
    desk_.run();
    EXPECT_EQ(desk_.handled(id), std::vector{position});
    EXPECT_EQ(std::ssize(desk_.handled()), desk_.head() - position + 1);
    app::ChangeDelivery beyond;
    beyond.subscription = DeliveryDesk::kName;
    beyond.act = DeliveryAct::reset;
    beyond.to = desk_.head() + 5;
    EXPECT_EQ(refusal(desk_.org.run(beyond)), ErrorCode::invalid_value);
}

TEST_F(DeliveryTest, AnAnswerFromBeforeAResetDoesNotCount) {
    desk_.start();
    desk_.advance_ms(2'000);
    desk_.handler->play(
        [this](const Call&, Attempt&& attempt) { desk_.handler->hold(std::move(attempt)); });
    const Position position = desk_.add_entry();
    desk_.run();
    Attempt before = std::move(desk_.handler->held.at(0));
    desk_.act(DeliveryAct::reset, position - 1);
    EXPECT_TRUE(before.stop_requested());
    EXPECT_FALSE(before.acknowledge());
    EXPECT_GT(desk_.status().lag_events, 0);
}

TEST_F(DeliveryTest, DrainsAndSavesEverything) {
    desk_.start();
    desk_.advance_ms(2'000);
    desk_.handler->play(
        [this](const Call&, Attempt&& attempt) { desk_.handler->hold(std::move(attempt)); });
    const Position position = desk_.add_entry();
    desk_.run();
    bool drained = false;
    desk_.delivery().drain([&drained] { drained = true; });
    const Position later = desk_.add_entry();
    desk_.run();
    EXPECT_FALSE(drained);
    EXPECT_TRUE(desk_.handler->held.at(0).acknowledge());
    desk_.run();
    EXPECT_TRUE(drained);
    EXPECT_EQ(desk_.saved().watermark, position);
    EXPECT_LT(position, later);
    EXPECT_EQ(desk_.handler->calls.back().position, position);
}

TEST_F(DeliveryTest, DrainingEndsThoughAHandlerHangs) {
    desk_.start();
    desk_.handler->play(
        [this](const Call&, Attempt&& attempt) { desk_.handler->hold(std::move(attempt)); });
    desk_.add_entry();
    desk_.run();
    bool drained = false;
    desk_.delivery().drain([&drained] { drained = true; });
    desk_.advance_ms(limits::kDeliveryDrainMsMax - 1);
    EXPECT_FALSE(drained);
    desk_.advance_ms(1);
    EXPECT_TRUE(drained);
}

TEST_F(DeliveryTest, GoesOnAfterTheStoreFailed) {
    desk_.start();
    desk_.advance_ms(2'000);
    auto& memory = dynamic_cast<storage::memory::MemoryStore&>(*desk_.asynchronous_store);
    memory.fail_later(storage::memory::Operation::write, 2, ErrorCode::disk_full);
    desk_.add_entry();
    desk_.run();
    EXPECT_LT(desk_.saved().watermark, desk_.head());
    desk_.advance_ms(1'000);
    EXPECT_EQ(desk_.saved().watermark, desk_.head());
}

TEST_F(DeliveryTest, SharesWorkersBetweenSubscriptionsAndOrgs) {
    TestOrg other(desk_.store, 2);
    const PropertyId there = other.add_property("Hostel");
    auto subscription = desk_.subscription();
    subscription.workers = delivery::Workers{3, 2};
    subscription.start = delivery::StartAt::head;
    desk_.handler->play(
        [this](const Call&, Attempt&& attempt) { desk_.handler->hold(std::move(attempt)); });
    desk_.start(std::move(subscription));
    for (int i = 0; i < 5; ++i) desk_.add_entry();
    desk_.run();
    EXPECT_EQ(desk_.handler->held.size(), 2U);  // of the org
    for (int i = 0; i < 5; ++i) other.add(other.expense(there, 100));
    desk_.run();
    EXPECT_EQ(desk_.handler->held.size(), 3U);  // of all
    std::size_t handled = 0;
    while (!desk_.handler->held.empty()) {
        Attempt first = std::move(desk_.handler->held.front());
        desk_.handler->held.pop_front();
        first.acknowledge();
        ++handled;
        desk_.run();
        EXPECT_LE(desk_.handler->held.size(), 3U);
    }
    EXPECT_EQ(handled, 10U);
}

TEST_F(DeliveryTest, ClocksThatJumpBreakNothing) {
    desk_.start();
    const EntryId id = desk_.new_entry();
    poison(id);
    desk_.run();
    for (int i = 0; i < 20; ++i) {
        desk_.clock.advance_ms(i % 2 == 0 ? kHourMs : -2 * kHourMs);
        desk_.add_entry();
        desk_.advance_ms(kAllRetriesMs / 20);
        EXPECT_GE(desk_.status().lag_ms, 0);
    }
    desk_.advance_ms(kAllRetriesMs);
    EXPECT_EQ(desk_.dead_letters().size(), 1U);
    EXPECT_EQ(desk_.status().lag_events, 0);
    const auto handled = desk_.handled();
    EXPECT_EQ(std::ssize(std::set<Position>(handled.begin(), handled.end())), desk_.head());
}

}  // namespace
}  // namespace daybook::test
