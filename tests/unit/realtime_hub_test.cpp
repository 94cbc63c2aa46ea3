// Need: CPU only, on virtual time. Goal: what a hub does when clients are slow, access changes,
// texts are erased, pages fail and the log is another one; each provoked once. Sequences in any
// order are drawn by tests/property/realtime_model_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/authenticator.h"
#include "realtime/feed.h"
#include "realtime/hub.h"
#include "storage/memory/store.h"
#include "support/pipe_sink.h"
#include "support/stream_check.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

using domain::Role;
using realtime::Cursor;
using realtime::StreamId;
using realtime::Subscription;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::int64_t kHeartbeatMs = std::int64_t{limits::kHeartbeatSeconds} * 1'000;

class HubTest : public testing::Test {
 protected:
    struct Client {
        StreamId id = 0;
        std::shared_ptr<Pipe> pipe = std::make_shared<Pipe>();
    };

    HubTest() {
        store_.listen(authenticator_);
        store_.listen(feed_);
        test::load_org(store_, org_.id()).value();
    }

    domain::Entry write(std::string description = "d") {
        domain::AddEntry entry = org_.expense(hotel_, 100);
        entry.content.description.value = std::move(description);
        return org_.add(std::move(entry));
    }

    Client connect(Subscription subscription, Position after, std::optional<int> wait_ms = {},
                   std::size_t room = std::size_t{1} << 30) {
        const auto start =
            realtime::find_start(*org_.snapshot(), org_.id(), realtime::GivenCursor{after, {}});
        Client client;
        client.id = hub_.new_id();
        client.pipe->room = room;
        realtime::Opening opening{std::move(subscription), start->cursor,
                                  wait_ms ? nullptr : realtime::ready_frame(start->cursor, 1'000),
                                  seats_.take(org_.owner()).value()};
        if (wait_ms) opening.ends_at_ms = now_ms_ + *wait_ms;
        hub_.open(client.id, std::move(opening), std::make_unique<PipeSink>(client.pipe), now_ms_);
        return client;
    }
    // From the head on, live.
    Client connect_live(Subscription subscription) {
        Client client = connect(std::move(subscription), head());
        settle();
        return client;
    }
    Subscription owner() { return {org_.owner(), {}, {}}; }
    Subscription with_token(Role role, domain::Scope scope) {
        app::CreateTokenWithSecret create;
        create.token = {org_.new_id<TokenId>(), "t", role, std::move(scope), std::nullopt};
        const TokenId id = create.token.id;
        domain::Principal principal = org_.who(role, create.token.scope);
        principal.via = {domain::ViaKind::token, id};
        org_.run(std::move(create)).value();
        return {std::move(principal), {}, {}};
    }

    void settle() {
        do {
            for (auto& request : std::exchange(pages_, {})) {
                hub_.take_page(request, realtime::read_page(store_, request), now_ms_);
            }
            hub_.collect(now_ms_);
        } while (!pages_.empty());
    }
    void pass(std::int64_t ms) {
        now_ms_ += ms;
        hub_.tick(now_ms_);
    }
    Position head() { return org_.snapshot()->head().value(); }
    static std::vector<SseFrame> frames(const Client& client) {
        std::string text = client.pipe->received;
        return take_sse_frames(text);
    }

    ManualClock clock_{kTestStart};
    SeededRandom random_{1};
    storage::memory::MemoryStore store_{{clock_, random_}};
    app::Authenticator authenticator_;
    int wakes_ = 0;
    realtime::Feed feed_{[this] { ++wakes_; }};
    std::int64_t now_ms_ = 50'000;
    std::vector<realtime::PageRequest> pages_;
    realtime::Hub hub_{
        {.feed = feed_,
         .principal_now =
             [this](const domain::Principal& who) {
                 return authenticator_.current(who, clock_.now());
             },
         .read_page = [this](auto request) { pages_.push_back(std::move(request)); }},
        now_ms_};
    realtime::Seats seats_{{}};
    TestOrg org_{store_, 1};
    PropertyId hotel_ = org_.add_property("Hotel");
};

TEST_F(HubTest, TheFeedWakesOnceAndOnlyForWhoIsFollowed) {
    write();
    EXPECT_EQ(wakes_, 0);
    const Client client = connect_live(owner());
    write();
    write();
    EXPECT_EQ(wakes_, 1);
    hub_.collect(now_ms_);
    EXPECT_THAT(frames(client), SizeIs(3));
    write();
    EXPECT_EQ(wakes_, 2);
    hub_.close(client.id);
    EXPECT_TRUE(feed_.take().empty());
    write();
    EXPECT_EQ(wakes_, 2);
    EXPECT_EQ(hub_.ring_bytes(), 0U);
}

TEST_F(HubTest, AHeartbeatFollowsSilenceAndNamesWhatWasServed) {
    const Client client = connect_live({org_.limited(Role::manager, {hotel_}), {}, {}});
    pass(kHeartbeatMs - 1);
    EXPECT_THAT(frames(client), SizeIs(1));
    // Not for it, but on the way.
    org_.run(domain::ChangeSettings{"Other name", {}, {}}).value();
    hub_.collect(now_ms_);
    pass(1'000);
    ASSERT_THAT(frames(client), SizeIs(2));
    EXPECT_EQ(frames(client)[1].event, "heartbeat");
    EXPECT_EQ(frames(client)[1].position(), head());
    pass(kHeartbeatMs - 1);
    EXPECT_THAT(frames(client), SizeIs(2));
    pass(1'000);
    EXPECT_THAT(frames(client), SizeIs(3));
}

// Beats come from monotonic time, and nothing else looks at the clock.
TEST_F(HubTest, StepsOfTheClockChangeNothing) {
    const Client client = connect_live(owner());
    constexpr std::int64_t kHourMs = 3'600'000;
    for (const std::int64_t step_ms : {kHourMs, -2 * kHourMs, kHourMs}) {
        clock_.advance_ms(step_ms);
        pass(1'000);
        EXPECT_FALSE(client.pipe->is_closed);
        EXPECT_THAT(frames(client), SizeIs(1));
    }
    write();
    hub_.collect(now_ms_);
    EXPECT_THAT(frames(client), SizeIs(2));
}

TEST_F(HubTest, AClientThatTakesNothingIsCutOff) {
    const Client client = connect_live(owner());
    client.pipe->room = 10;
    write();
    hub_.collect(now_ms_);
    pass(std::int64_t{limits::kHttpWriteSecondsMax} * 1'000 - 1);
    EXPECT_FALSE(client.pipe->is_closed);
    EXPECT_EQ(hub_.cut_off(), 0U);
    pass(1'000);
    EXPECT_TRUE(client.pipe->is_closed);
    EXPECT_EQ(hub_.cut_off(), 1U);
}

TEST_F(HubTest, AClientForWhomTooMuchWaitsIsCutOff) {
    const Client slow = connect_live(owner());
    const Client narrow = connect_live({org_.owner(), {}, {domain::EventType::property_added}});
    slow.pipe->room = narrow.pipe->room = 0;
    org_.add_property("Another");
    const std::string large(limits::kTextBytesMax, 'x');
    for (std::size_t bytes = 0; bytes <= limits::kStreamUnsentBytesMax; bytes += large.size()) {
        write(large);
        hub_.collect(now_ms_);
    }
    pass(1'000);
    EXPECT_TRUE(slow.pipe->is_closed);
    // For it there is one small frame only.
    EXPECT_FALSE(narrow.pipe->is_closed);
}

TEST_F(HubTest, AClientThatNeverReadsCostsBoundedMemory) {
    const Client client = connect_live(owner());
    client.pipe->room = 0;
    const std::string large(limits::kTextBytesMax, 'x');
    for (int i = 0; i < 6'000; ++i) {
        write(large);
        // Now and then only: what waits in the feed is bounded as well.
        if (i % 5'000 == 0) hub_.collect(now_ms_);
    }
    hub_.collect(now_ms_);
    EXPECT_LE(hub_.ring_bytes(), limits::kRingBytesMax);
    client.pipe->room = std::size_t{1} << 30;
    hub_.resume(client.id, now_ms_);
    settle();
    const auto received = segments_of(client.pipe->received);
    ASSERT_THAT(received.segments, SizeIs(1));
    EXPECT_EQ(received.segments[0].end, head());
    EXPECT_TRUE(is_log_of(received.segments[0], owner(), whole_log(*org_.snapshot())));
}

TEST_F(HubTest, OnlySoManyPagesAreReadAtOnce) {
    std::vector<Client> clients;
    for (int i = 0; i < 10; ++i) clients.push_back(connect(owner(), 0));
    EXPECT_THAT(pages_, SizeIs(limits::kStreamPageReadsMax));
    settle();
    for (const Client& each : clients) {
        EXPECT_EQ(frames(each).back().position(), head());
    }
}

TEST_F(HubTest, AStreamWhosePageCannotBeReadIsClosed) {
    const Client client = connect(owner(), 0);
    ASSERT_THAT(pages_, SizeIs(1));
    const auto request = pages_.front();
    pages_.clear();
    hub_.take_page(request, fail(ErrorCode::io_failed, "the disk"), now_ms_);
    EXPECT_TRUE(client.pipe->is_closed);
    EXPECT_EQ(hub_.streams(), 0U);
}

TEST_F(HubTest, APageForAStreamThatIsGoneIsNothing) {
    const Client client = connect(owner(), 0);
    const auto request = pages_.front();
    hub_.close(client.id);
    hub_.take_page(request, realtime::read_page(store_, request), now_ms_);
    EXPECT_THAT(frames(client), SizeIs(1));
}

TEST_F(HubTest, WhatWasErasedIsNotSentAnyMore) {
    const Client live = connect_live(owner());
    live.pipe->room = 10;
    write("first");
    const domain::Entry entry = write("the secret of the guest");
    hub_.collect(now_ms_);
    // Behind the ring, with its page read before the erasure and taken after it.
    const Client behind = connect({org_.owner(), {}, {domain::EventType::expense_added}}, 1);
    ASSERT_THAT(pages_, SizeIs(1));
    const realtime::PageRequest request = pages_.front();
    pages_.clear();
    auto page = realtime::read_page(store_, request);
    org_.run(domain::EraseText{entry.id, entry.version, "asked to"}).value();
    hub_.collect(now_ms_);
    hub_.take_page(request, std::move(page), now_ms_);
    settle();
    live.pipe->room = std::size_t{1} << 30;
    hub_.resume(live.id, now_ms_);
    settle();
    for (const Client* each : {&live, &behind}) {
        EXPECT_THAT(each->pipe->received, Not(HasSubstr("the secret of the guest")));
        EXPECT_THAT(each->pipe->received, HasSubstr("\"description\":\"erased\""));
    }
    EXPECT_EQ(frames(live).back().position(), head());
}

TEST_F(HubTest, ARevokedTokenEndsItsStreamsAtOnce) {
    const Subscription subscription = with_token(Role::auditor, {});
    const Client client = connect_live(subscription);
    org_.run(domain::RevokeToken{subscription.principal.via.token}).value();
    write("after it");
    hub_.collect(now_ms_);
    EXPECT_TRUE(client.pipe->is_closed);
    EXPECT_THAT(frames(client), SizeIs(1));
}

TEST_F(HubTest, ATokenThatExpiresEndsItsStreamsWithinASecond) {
    app::CreateTokenWithSecret create;
    create.token = {org_.new_id<TokenId>(), "t", Role::owner, {}, Instant{clock_.now().ms + 5'000}};
    domain::Principal principal = org_.owner();
    principal.via = {domain::ViaKind::token, create.token.id};
    org_.run(std::move(create)).value();
    const Client client = connect_live({principal, {}, {}});
    clock_.advance_ms(4'999);
    pass(1'000);
    EXPECT_FALSE(client.pipe->is_closed);
    clock_.advance_ms(1);
    pass(1'000);
    EXPECT_TRUE(client.pipe->is_closed);
}

TEST_F(HubTest, ATokenThatWasRevokedOnTheWayInGetsNothing) {
    const Subscription subscription = with_token(Role::auditor, {});
    org_.run(domain::RevokeToken{subscription.principal.via.token}).value();
    const Client client = connect(subscription, 0);
    EXPECT_TRUE(client.pipe->is_closed);
    EXPECT_EQ(client.pipe->received, "");
}

TEST_F(HubTest, AChangedGrantIsToldAndHoldsFromThereOn) {
    const PropertyId hostel = org_.add_property("Hostel");
    std::vector<PropertyId> both{hotel_, hostel};
    std::ranges::sort(both);
    const Subscription subscription = with_token(Role::manager, {false, both});
    const Client client = connect_live(subscription);
    write("seen");
    hub_.collect(now_ms_);
    org_.run(domain::ScopeToken{subscription.principal.via.token, {false, {hostel}}}).value();
    write("hidden");
    org_.add(org_.expense(hostel, 5));
    hub_.collect(now_ms_);
    const auto received = frames(client);
    ASSERT_THAT(received, SizeIs(4));
    EXPECT_EQ(received[2].event, "reset");
    EXPECT_THAT(received[2].data, HasSubstr("access_changed"));
    EXPECT_EQ(received[3].position(), head());
    EXPECT_THAT(client.pipe->received, Not(HasSubstr("hidden")));
}

TEST_F(HubTest, AChangedGrantInTheMiddleOfAFrameClosesTheStream) {
    const Subscription subscription = with_token(Role::manager, {false, {hotel_}});
    const Client client = connect_live(subscription);
    client.pipe->room = 30;
    write("half of it");
    hub_.collect(now_ms_);
    const PropertyId hostel = org_.add_property("Hostel");
    org_.run(domain::ScopeToken{subscription.principal.via.token, {false, {hostel}}}).value();
    hub_.collect(now_ms_);
    EXPECT_TRUE(client.pipe->is_closed);
    EXPECT_THAT(client.pipe->received, Not(HasSubstr("half of it")));
}

// As after a restored backup: the same positions, other events.
TEST_F(HubTest, AnotherLogIsToldToEverybody) {
    const Client live = connect_live(owner());
    app::Changes changes;
    app::EventRow row;
    row.org = org_.id();
    row.type = domain::EventType::expense_added;
    row.property = hotel_;
    write();
    row.stored = org_.snapshot()->log(head() - 1, 1).value().front();
    row.position = row.stored.position;
    row.stored.prev_hash.fill(7);
    changes.events.push_back(row);
    (void)feed_.take();
    feed_.committed(changes);
    hub_.collect(now_ms_);
    ASSERT_GE(frames(live).size(), 2U);
    EXPECT_EQ(frames(live)[1].event, "reset");
    EXPECT_THAT(frames(live)[1].data, HasSubstr("unknown_position"));
}

TEST_F(HubTest, ACursorThatTheLogNoLongerHasIsReset) {
    const Client client = connect(owner(), 1);
    ASSERT_THAT(pages_, SizeIs(1));
    auto request = pages_.front();
    pages_.clear();
    auto asked = request;
    asked.after.mark.fill(9);
    auto page = realtime::read_page(store_, asked);
    ASSERT_TRUE(page->is_another_log);
    hub_.take_page(request, std::move(page), now_ms_);
    ASSERT_THAT(frames(client), SizeIs(2));
    EXPECT_EQ(frames(client)[1].event, "reset");
    EXPECT_EQ(frames(client)[1].position(), head());
}

TEST_F(HubTest, AnEventThatCannotBeSentIsNotSkippedSilently) {
    const Client client = connect_live(owner());
    app::Changes changes;
    app::EventRow row;
    row.org = org_.id();
    row.position = row.stored.position = head() + 1;
    row.stored.bytes = "{";
    changes.events.push_back(row);
    feed_.committed(changes);
    hub_.collect(now_ms_);
    // It is read from the log, which says what is wrong.
    ASSERT_THAT(pages_, SizeIs(1));
    hub_.take_page(pages_.front(), fail(ErrorCode::corrupt, "damaged"), now_ms_);
    EXPECT_TRUE(client.pipe->is_closed);
}

TEST_F(HubTest, APollEndsOnItsFirstEventAndNotOnAnothers) {
    const Client poll = connect({org_.limited(Role::manager, {hotel_}), {}, {}}, head(), 10'000);
    settle();
    org_.run(domain::ChangeSettings{"Other name", {}, {}}).value();
    hub_.collect(now_ms_);
    pass(9'000);
    EXPECT_FALSE(poll.pipe->is_closed);
    poll.pipe->is_broken = true;  // as the sink of a poll answers the first write
    write();
    hub_.collect(now_ms_);
    EXPECT_TRUE(poll.pipe->is_closed);
    EXPECT_EQ(poll.pipe->received, "");
    EXPECT_EQ(seats_.taken(), 0U);
}

TEST_F(HubTest, APollEndsInTimeAndWhenPollsAreClosed) {
    const Client one = connect(owner(), head(), 300);
    const Client two = connect(owner(), head(), 20'000);
    const Client stream = connect_live(owner());
    EXPECT_EQ(hub_.next_due_ms(), now_ms_ + 300);
    pass(299);
    EXPECT_FALSE(one.pipe->is_closed);
    pass(1);
    EXPECT_TRUE(one.pipe->is_closed);
    // Without heartbeats: its client would take one for the answer.
    pass(kHeartbeatMs);
    EXPECT_FALSE(two.pipe->is_closed);
    EXPECT_EQ(two.pipe->received, "");
    hub_.close_polls();
    EXPECT_TRUE(two.pipe->is_closed);
    EXPECT_FALSE(stream.pipe->is_closed);
}

TEST(Seats, AreLimitedForEachAndGivenBack) {
    SeededRandom random(1);
    const auto who = [&](OrgId org) {
        domain::Principal principal;
        principal.org = org;
        principal.user = new_id<UserId>(kTestStart, random);
        return principal;
    };
    const auto one = new_id<OrgId>(kTestStart, random);
    const auto two = new_id<OrgId>(kTestStart, random);
    realtime::Seats seats({.of_node = 4, .of_org = 3, .of_principal = 2});
    const auto anna = who(one);
    std::vector<realtime::Seat> taken;
    taken.push_back(seats.take(anna).value());
    taken.push_back(seats.take(anna).value());
    const auto refused = seats.take(anna);
    EXPECT_EQ(refused.error().code, ErrorCode::rate_limited);
    EXPECT_THAT(refused.error().detail, HasSubstr("2 streams"));
    taken.push_back(seats.take(who(one)).value());
    EXPECT_THAT(seats.take(who(one)).error().detail, HasSubstr("organisation"));
    taken.push_back(seats.take(who(two)).value());
    EXPECT_THAT(seats.take(who(two)).error().detail, HasSubstr("node"));
    taken.clear();
    EXPECT_EQ(seats.taken(), 0U);
    EXPECT_TRUE(seats.take(anna).has_value());
}

}  // namespace
}  // namespace daybook::test
