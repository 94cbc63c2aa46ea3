// Need: nothing. Goal: one node at a time delivers, nothing of an earlier one is kept, and what
// nodes tell each other survives whatever arrives. Virtual time.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "base/limits.h"
#include "delivery/bus.h"
#include "delivery/lease_keeper.h"
#include "support/delivery_fixture.h"

namespace daybook::test {
namespace {

using app::Fence;
using delivery::OrgNews;

// One lease; whoever takes it has it until it is given back or taken away.
class Leases final : public app::Leases {
 public:
    Result<std::optional<Fence>> take(std::string_view, Uuid holder, std::int64_t) override {
        if (fails) return fail(ErrorCode::busy, "away");
        if (holder_ && *holder_ != holder) return std::nullopt;
        if (!holder_) ++fence;
        holder_ = holder;
        return fence;
    }
    Status give_back(std::string_view, Uuid holder) override {
        if (holder_ == holder) holder_.reset();
        return {};
    }
    void run_out() { holder_.reset(); }

    Fence fence = 0;
    bool fails = false;

 private:
    std::optional<Uuid> holder_;
};

struct Keeper {
    Keeper(Leases& leases, ManualExecutor& executor, std::uint8_t number)
        : keeper({leases, app::kDeliveryLease, numbered_uuid(number), executor,
                  [this] { return fit; },
                  [this](Fence fence) -> Status {
                      if (refuses) return fail(ErrorCode::busy, "not yet");
                      held = fence;
                      return {};
                  },
                  [this] { held.reset(); }}) {}
    bool refuses = false;
    bool fit = true;
    std::optional<Fence> held;
    delivery::LeaseKeeper keeper;
};

class LeaseKeeperTest : public testing::Test {
 protected:
    void pass(std::int64_t ms) {
        executor_.advance_ms(ms);
        executor_.run_ready();
    }
    ManualExecutor executor_;
    Leases leases_;
    Keeper one_{leases_, executor_, 1};
    Keeper other_{leases_, executor_, 2};
};

TEST_F(LeaseKeeperTest, OneHasItUntilItGivesItBack) {
    one_.keeper.start();
    other_.keeper.start();
    EXPECT_EQ(one_.held, 1);
    EXPECT_FALSE(other_.held);
    pass(limits::kLeaseMs);
    EXPECT_EQ(one_.held, 1) << "it is renewed";
    one_.keeper.stop();
    pass(limits::kLeaseRenewMs);
    EXPECT_EQ(other_.held, 2);
    pass(limits::kLeaseMs);
    EXPECT_EQ(other_.held, 2);
}

TEST_F(LeaseKeeperTest, LosesItToWhoeverTookIt) {
    one_.keeper.start();
    leases_.run_out();
    other_.keeper.start();
    EXPECT_EQ(other_.held, 2);
    EXPECT_EQ(one_.held, 1) << "it does not know yet";
    pass(limits::kLeaseRenewMs);
    EXPECT_FALSE(one_.held);
}

TEST_F(LeaseKeeperTest, GivesUpWhenItCannotRenewInTime) {
    one_.keeper.start();
    leases_.fails = true;
    pass(limits::kLeaseRenewMs);
    EXPECT_EQ(one_.held, 1);
    for (int i = 0; i < 6; ++i) pass(limits::kLeaseRenewMs);
    EXPECT_FALSE(one_.held);
    leases_.fails = false;
    pass(limits::kLeaseRenewMs);
    EXPECT_EQ(one_.held, 1) << "nobody had it meanwhile";
}

TEST_F(LeaseKeeperTest, LetsAnotherHaveItWhileItIsNotFit) {
    one_.keeper.start();
    other_.keeper.start();
    one_.fit = false;
    pass(limits::kLeaseRenewMs);
    pass(limits::kLeaseRenewMs);
    EXPECT_FALSE(one_.held);
    EXPECT_EQ(other_.held, 2);
    one_.fit = true;
    pass(limits::kLeaseRenewMs);
    EXPECT_FALSE(one_.held) << "the other has it now";
}

TEST_F(LeaseKeeperTest, TriesToBeginAgain) {
    one_.refuses = true;
    one_.keeper.start();
    EXPECT_FALSE(one_.held);
    one_.refuses = false;
    pass(limits::kLeaseRenewMs);
    EXPECT_EQ(one_.held, 1);
}

TEST_F(DeliveryTest, HandsOverToWhoeverStartsNext) {
    desk_.start();
    desk_.advance_ms(2'000);
    const Position held = desk_.add_entry();
    desk_.handler->play(
        [&](const auto&, delivery::Attempt&& attempt) { desk_.handler->hold(std::move(attempt)); });
    desk_.run();
    ASSERT_EQ(desk_.handled().back(), held);
    desk_.halt();
    EXPECT_FALSE(desk_.handler->held.front().acknowledge()) << "it counts no more";
    const Position later = desk_.add_entry();
    desk_.run();
    EXPECT_EQ(desk_.handled().back(), held) << "halted";
    EXPECT_EQ(desk_.status().watermark, held - 1) << "as it was saved";
    EXPECT_EQ(desk_.status().head, later);
    desk_.handler->calls.clear();
    desk_.handler->play([](const auto&, delivery::Attempt&& attempt) { attempt.acknowledge(); });
    desk_.go_on();
    EXPECT_EQ(desk_.handled(), (std::vector{held, later}));
}

TEST(Bus, ReadsWhatItWrote) {
    const std::vector<OrgNews> news{{OrgId{numbered_uuid(1)}, 7}, {OrgId{numbered_uuid(2)}, 12}};
    std::vector<OrgNews> read;
    const auto note = [&](OrgId org, Position position) { read.emplace_back(org, position); };
    delivery::read_news(delivery::write_news(news), note);
    EXPECT_EQ(read, news);
}

TEST(Bus, PassesOverWhatIsNotOurs) {
    const std::string good =
        delivery::write_news(std::vector<OrgNews>{{OrgId{numbered_uuid(1)}, 7}});
    std::vector<Position> read;
    const auto note = [&](OrgId, Position position) { read.push_back(position); };
    for (const std::string& bad :
         {std::string(), std::string("\n\n"), std::string("hello"), std::string("hello world\n"),
          good.substr(0, 30), good.substr(0, good.size() - 2) + "x\n",
          std::string(limits::kBusMessageBytesMax, 'x')}) {
        delivery::read_news(bad, note);
    }
    EXPECT_TRUE(read.empty());
    delivery::read_news("hello\n" + good + "9", note);
    EXPECT_EQ(read, std::vector<Position>{7});
}

TEST(Bus, AnnouncesWhatThisNodeCommits) {
    std::vector<std::string> sent;
    delivery::Announcer announcer([&](const std::string& message) { sent.push_back(message); });
    app::Changes changes;
    announcer.committed(changes);
    EXPECT_TRUE(sent.empty()) << "side tables alone are no news";
    changes.heads[OrgId{numbered_uuid(1)}].position = 7;
    announcer.committed(changes);
    ASSERT_EQ(sent.size(), 1U);
    changes.found[OrgId{numbered_uuid(1)}] = {};
    announcer.committed(changes);
    EXPECT_EQ(sent.size(), 1U) << "another node has told already";
}

}  // namespace
}  // namespace daybook::test
