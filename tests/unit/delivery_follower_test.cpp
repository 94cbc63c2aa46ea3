// Need: nothing. Goal: a hundred thousand events behind a pause, or behind a handler that never
// answers, cost positions of at most so many events and nothing else; after it they all come, each
// entity's in order. Seeds: fixed.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "delivery/follower.h"
#include "support/sample_books.h"

namespace daybook::test {
namespace {

using app::EventFacts;
using delivery::Follower;
using delivery::Now;

constexpr Position kEvents = 100'000;
constexpr Position kEntities = 500;

// The log, made when it is read.
EventFacts event_at(Position position) {
    EventFacts facts;
    facts.position = position;
    facts.type = "expense_updated";
    facts.entity_type = "entry";
    // Neighbours are of one entity, and each entity comes again and again.
    const auto entity = static_cast<std::uint64_t>(position / 3 % kEntities);
    facts.entity.bytes[14] = static_cast<std::uint8_t>(entity >> 8U);
    facts.entity.bytes[15] = static_cast<std::uint8_t>(entity);
    return facts;
}

class FollowerTest : public testing::Test {
 protected:
    Follower follower(bool paused) {
        app::DeliveryRow row;
        row.paused = paused;
        return {delivery::Policy{}, row, {}, random_};
    }
    // Reads as long as it wants to, and says how many events that were.
    std::size_t read_all(Follower& follower) {
        std::size_t count = 0;
        while (const auto page = follower.wants_page()) {
            std::vector<EventFacts> events;
            for (std::size_t i = 1; i <= page->limit; ++i)
                events.push_back(event_at(page->after + static_cast<Position>(i)));
            EXPECT_LE(page->limit, limits::kDeliveryPage);
            EXPECT_LE(events.back().position, kEvents);
            follower.read(events, {}, now_);
            count += events.size();
            largest_ = std::max(largest_, follower.status().queued);
        }
        return count;
    }

    SeededRandom random_{1};
    Now now_{1, Instant{1}};
    std::size_t largest_ = 0;
};

TEST_F(FollowerTest, ReadsNothingWhileItIsPausedAndEverythingAfterIt) {
    Follower follower = this->follower(true);
    follower.heard_head(kEvents);
    EXPECT_EQ(read_all(follower), 0U);
    EXPECT_EQ(follower.status().lag, kEvents);
    EXPECT_EQ(follower.status().queued, 0U);
    EXPECT_TRUE(follower.due(now_).empty());

    follower.heard_paused(false, "");
    std::map<Uuid, Position> last;
    Position handled = 0;
    while (follower.status().lag > 0) {
        read_all(follower);
        const auto due = follower.due(now_);
        ASSERT_FALSE(due.empty());
        for (const Position position : due) {
            const EventFacts facts = event_at(position);
            EXPECT_LT(last[facts.entity], position);
            last[facts.entity] = position;
            const auto start = follower.start(facts, now_);
            ASSERT_TRUE(start.has_value());
            EXPECT_TRUE(follower.answer(start->attempt, {}, now_));
            ++handled;
        }
    }
    EXPECT_EQ(handled, kEvents);
    EXPECT_EQ(follower.status().watermark, kEvents);
    // A page or so at a time, never the backlog.
    EXPECT_LE(largest_, 2 * limits::kDeliveryPage);
}

TEST_F(FollowerTest, AHandlerThatNeverAnswersCostsPositionsOnly) {
    Follower follower = this->follower(false);
    follower.heard_head(kEvents);
    for (int round = 0; round < 100; ++round) {
        read_all(follower);
        for (const Position position : follower.due(now_))
            ASSERT_TRUE(follower.start(event_at(position), now_).has_value());
        now_.ms += limits::kDeliveryAckMsMax;
        follower.expire(now_);
    }
    EXPECT_TRUE(follower.status().stuck);
    EXPECT_EQ(follower.slots_taken(), limits::kDeliveryInFlightMax);
    EXPECT_LE(largest_, limits::kDeliveryQueuedMax + limits::kDeliveryPage);
}

TEST_F(FollowerTest, SpreadsItsRetriesOverTheWholeOfTheirBound) {
    Follower follower = this->follower(false);
    constexpr Position kHead = 59;  // of as many entities as there are slots
    follower.heard_head(kHead);
    ASSERT_TRUE(follower.wants_page().has_value());
    std::vector<EventFacts> events;
    for (Position position = 1; position <= kHead; ++position) events.push_back(event_at(position));
    follower.read(events, {}, now_);
    const auto positions = follower.due(now_);
    ASSERT_EQ(positions.size(), limits::kDeliveryInFlightMax);
    for (const Position position : positions) {
        const auto started = follower.start(event_at(position), now_);
        ASSERT_TRUE(started.has_value());
        ASSERT_TRUE(follower.answer(started->attempt, "No luck.", now_));
    }
    const std::set<Position> failed(positions.begin(), positions.end());
    const std::int64_t bound_ms = delivery::Policy{}.backoff.bound_ms(1);
    std::set<std::int64_t> delays_ms;
    std::set<Position> again;
    for (std::int64_t waited = 0; waited <= bound_ms + 1; ++waited, ++now_.ms) {
        for (const Position position : follower.due(now_)) {
            if (!failed.contains(position) || !again.insert(position).second) continue;
            delays_ms.insert(waited);
        }
    }
    EXPECT_EQ(again, failed);
    EXPECT_GT(delays_ms.size(), failed.size() / 2);
    EXPECT_LT(*delays_ms.begin(), bound_ms / 4);
    EXPECT_GT(*delays_ms.rbegin(), bound_ms * 3 / 4);
}

TEST_F(FollowerTest, ReadsNoFurtherThanItsQueueAllows) {
    delivery::Policy policy;
    policy.queued = 50;
    Follower follower(policy, {}, {}, random_);
    follower.heard_head(kEvents);
    // All of one entity: one is under way, and the others wait.
    while (const auto page = follower.wants_page()) {
        std::vector<EventFacts> events;
        for (std::size_t i = 1; i <= page->limit; ++i) {
            events.push_back(event_at(1));
            events.back().position = page->after + static_cast<Position>(i);
        }
        follower.read(events, {}, now_);
    }
    EXPECT_LE(follower.status().queued, 50 + limits::kDeliveryPage);
    EXPECT_EQ(follower.due(now_).size(), 1U);
    EXPECT_FALSE(follower.status().paused);
}

TEST_F(FollowerTest, PausesItselfWhereTooMuchIsAcknowledgedOutOfOrder) {
    delivery::Policy policy;
    policy.ranges = 3;
    Follower follower(policy, {}, {}, random_);
    follower.heard_head(60);
    std::vector<EventFacts> events;
    for (Position position = 1; position <= 60; ++position) {
        events.push_back(event_at(position));
        events.back().entity.bytes[0] = static_cast<std::uint8_t>(position);
    }
    follower.read(events, {}, now_);
    for (const Position position : follower.due(now_)) {
        const auto start = follower.start(events.at(static_cast<std::size_t>(position) - 1), now_);
        if (!start) break;  // it has paused
        if (position % 2 == 0) follower.answer(start->attempt, {}, now_);
    }
    EXPECT_TRUE(follower.status().paused);
    EXPECT_NE(follower.status().reason.find("acknowledged beyond"), std::string::npos);
    const auto save = follower.take_save(now_);
    ASSERT_TRUE(save.has_value());
    EXPECT_TRUE(save->pause.has_value());
}

TEST_F(FollowerTest, SavesAfterAThousandAcknowledgements) {
    Follower follower = this->follower(false);
    follower.heard_head(5'000);
    ASSERT_FALSE(follower.take_save(now_).has_value());
    now_.ms = limits::kCursorSaveMs;
    std::size_t saves = 0;
    while (follower.status().lag > 0) {
        read_all(follower);
        for (const Position position : follower.due(now_)) {
            const auto start = follower.start(event_at(position), now_);
            follower.answer(start->attempt, {}, now_);
        }
        if (follower.take_save(now_)) {
            ++saves;
            follower.saved(true, now_);
        }
    }
    EXPECT_GE(saves, 5U);
    EXPECT_LE(saves, 6U);
}

}  // namespace
}  // namespace daybook::test
