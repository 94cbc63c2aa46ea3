// Need: PostgreSQL. Goal: nodes on one database hear of each other's commits in the order of each
// log, keep no commands waiting behind an org that another has, and deliver one at a time.
// Seed: of the ids, one for each node.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/authenticator.h"
#include "app/token_secret.h"
#include "base/limits.h"
#include "storage/postgres/leases.h"
#include "storage/postgres/store.h"
#include "support/postgres_server.h"
#include "support/test_org.h"

namespace daybook::storage::postgres {
namespace {

using test::TestOrg;

// What a node's listeners are told.
class Listener final : public app::CommitListener {
 public:
    void committed(const app::Changes& changes) override {
        const Lock lock(mutex_);
        for (const app::EventRow& event : changes.events) {
            positions_[event.org].push_back(event.position);
            if (changes.found.contains(event.org)) ++found_;
        }
        for (const auto& [org, found] : changes.found) skipped_ = skipped_ || found.skipped;
        std::ranges::copy(changes.cleared_caches, std::back_inserter(cleared_));
    }
    std::vector<OrgId> cleared() {
        const Lock lock(mutex_);
        return cleared_;
    }
    std::vector<Position> positions(OrgId org) {
        const Lock lock(mutex_);
        return positions_[org];
    }
    int found() {
        const Lock lock(mutex_);
        return found_;
    }
    bool skipped() {
        const Lock lock(mutex_);
        return skipped_;
    }

 private:
    Mutex mutex_;
    std::map<OrgId, std::vector<Position>> positions_ GUARDED_BY(mutex_);
    int found_ GUARDED_BY(mutex_) = 0;
    bool skipped_ GUARDED_BY(mutex_) = false;
    std::vector<OrgId> cleared_ GUARDED_BY(mutex_);
};

class PostgresNodesTest : public testing::Test {
 protected:
    struct Node {
        Node(const Clock& clock, std::uint64_t seed, const std::string& address) : random(seed) {
            store = open_store({.address = address, .clock = clock, .random = random}).value();
            store->listen(listener);
            store->follow();
        }
        ~Node() { store->drain(); }
        Node(const Node&) = delete;
        Node& operator=(const Node&) = delete;

        void catch_up(std::optional<OrgId> org = std::nullopt) {
            std::promise<void> done;
            store->catch_up(org, [&] { done.set_value(); });
            done.get_future().wait();
        }
        SeededRandom random;
        Listener listener;
        std::unique_ptr<PostgresStore> store;
    };
    std::unique_ptr<Node> node(std::uint64_t seed) {
        return std::make_unique<Node>(clock_, seed, database_.address());
    }
    std::string run(const std::string& sql) { return test::run_postgres(database_.name(), sql); }

    ManualClock clock_{test::kTestStart};
    test::LentDatabase database_;
};

std::vector<Position> all_up_to(Position last) {
    std::vector<Position> positions;
    for (Position each = 1; each <= last; ++each) positions.push_back(each);
    return positions;
}

TEST_F(PostgresNodesTest, TellEachOtherEverythingOnceAndInOrder) {
    constexpr int kEach = 60;
    const auto one = node(1);
    const auto other = node(2);
    TestOrg org(*one->store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    std::vector<domain::AddEntry> entries;
    for (int i = 0; i < 2 * kEach; ++i) entries.push_back(org.expense(hotel, 1));
    const auto add_half = [&](Node& at, std::size_t from) {
        for (std::size_t i = from; i < entries.size(); i += 2) {
            const auto outcome = test::run(*at.store, org.command(test::single(entries[i])));
            EXPECT_TRUE(outcome) << outcome.error().detail;
            if (i % 7 == 0) at.store->heard(org.id(), outcome->position + 3);
        }
    };
    std::thread beside([&] { add_half(*other, 1); });
    add_half(*one, 0);
    beside.join();
    one->catch_up();
    other->catch_up(org.id());
    const Position head = org.snapshot()->head().value();
    for (Node* each : {one.get(), other.get()}) {
        EXPECT_EQ(each->listener.positions(org.id()), all_up_to(head));
        EXPECT_FALSE(each->listener.skipped());
    }
    EXPECT_EQ(one->listener.found() + other->listener.found(), head)
        << "each told by one as its own";
}

TEST_F(PostgresNodesTest, HearOfWhatWasCommittedWhileTheyStarted) {
    const auto one = node(1);
    SeededRandom random(2);
    const auto starting =
        open_store({.address = database_.address(), .clock = clock_, .random = random}).value();
    TestOrg org(*one->store, 1);
    const auto catch_up = [&] {
        std::promise<void> done;
        starting->catch_up(org.id(), [&] { done.set_value(); });
        done.get_future().wait();
    };
    catch_up();
    Listener listener;
    starting->listen(listener);
    starting->follow();
    catch_up();
    EXPECT_EQ(listener.positions(org.id()), all_up_to(org.snapshot()->head().value()));
    starting->drain();
}

TEST_F(PostgresNodesTest, ANodeLooksByItself) {
    const auto one = node(1);
    const auto other = node(2);
    TestOrg org(*one->store, 1);
    const Position head = org.snapshot()->head().value();
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (other->listener.positions(org.id()) != all_up_to(head)) {
        ASSERT_LT(std::chrono::steady_clock::now(), until);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    const auto late = node(3);
    late->catch_up();
    EXPECT_TRUE(late->listener.positions(org.id()).empty()) << "it reads what was there itself";
}

// Twice within a second may be heard of as one.
TEST_F(PostgresNodesTest, DropWhatTheyHaveCachedOfAnOrgWhereAnyOfThemIsAsked) {
    const auto one = node(1);
    const auto other = node(2);
    TestOrg org(*one->store, 1);
    const TestOrg another(*one->store, 2);
    for (std::size_t asked = 1; asked <= 3; ++asked) {
        ASSERT_TRUE(one->store->clear_caches(org.id()));
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (other->listener.cleared().size() < asked || one->listener.cleared().size() < asked) {
            ASSERT_LT(std::chrono::steady_clock::now(), until);
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        EXPECT_EQ(other->listener.cleared(), std::vector<OrgId>(asked, org.id()));
    }
    const auto late = node(3);
    late->catch_up();
    EXPECT_TRUE(late->listener.cleared().empty()) << "it had cached nothing";
}

TEST_F(PostgresNodesTest, KnowWhoMayComeInAndWhoMayNoMore) {
    const auto one = node(1);
    const auto other = node(2);
    TestOrg org(*one->store, 1);
    app::Authenticator authenticator;
    other->catch_up();
    other->store->listen(authenticator);
    ASSERT_TRUE(authenticator.load(*other->store));
    const std::string text = app::new_token_text(one->random);
    const auto is_let_in = [&] {
        return authenticator.authenticate(text, "", clock_.now()).has_value();
    };
    app::CreateTokenWithSecret create;
    create.token = {org.new_id<TokenId>(), "till", domain::Role::manager, {}, std::nullopt};
    create.secret_hash = app::token_hash(text);
    const TokenId id = create.token.id;
    ASSERT_TRUE(org.run(std::move(create)));
    other->catch_up();
    EXPECT_EQ(authenticator.unloaded_by(text), org.id());
    ASSERT_TRUE(test::load_org(*other->store, org.id()));
    EXPECT_TRUE(is_let_in());
    ASSERT_TRUE(org.run(domain::RevokeToken{id}));
    other->catch_up(org.id());
    EXPECT_FALSE(is_let_in());
}

TEST_F(PostgresNodesTest, ForgetSessionsThatEndedElsewhere) {
    const auto one = node(1);
    const auto other = node(2);
    TestOrg org(*one->store, 1);
    app::Authenticator authenticator;
    other->catch_up();
    other->store->listen(authenticator);
    ASSERT_TRUE(authenticator.load(*other->store));
    ASSERT_TRUE(test::load_org(*other->store, org.id()));
    const domain::Principal anna = org.join(domain::Role::manager);
    const std::string text = app::new_secret(one->random, app::kSessionPrefix);
    const auto is_let_in = [&] {
        return authenticator.authenticate_session(text, "", clock_.now()).has_value();
    };
    const SessionId id = org.new_id<SessionId>();
    ASSERT_TRUE(org.run(
        anna, app::StartSession{anna.user, anna.user.value, {id, app::token_hash(text), "test"}}));
    other->catch_up();
    EXPECT_TRUE(is_let_in());
    ASSERT_TRUE(org.run(anna, app::EndSession{id}));
    other->catch_up();
    EXPECT_FALSE(is_let_in());
}

TEST_F(PostgresNodesTest, CommandsOfAnOrgThatAnotherHoldsKeepTheirOrder) {
    constexpr int kHeld = 5;
    const auto here = node(1);
    TestOrg held(*here->store, 1);
    TestOrg free(*here->store, 2);
    const PropertyId held_hotel = held.add_property("Hotel");
    const PropertyId free_hotel = free.add_property("Hotel");
    const auto other = Database::connect(Address::parse(database_.address()).value()).value();
    std::string id = held.id().to_string();
    std::erase(id, '-');
    ASSERT_TRUE(other->run_script("begin; select 1 from heads where org = '\\x" + id +
                                  "' for no key update"));
    std::vector<std::promise<Position>> promises(kHeld);
    for (int i = 0; i < kHeld; ++i) {
        here->store->submit(held.command(test::single(held.expense(held_hotel, 1))),
                            [&promise = promises[static_cast<std::size_t>(i)]](auto outcome) {
                                promise.set_value(outcome ? outcome->position : 0);
                            });
    }
    // Long enough that the org is waited for alone, in vain, several times.
    for (int i = 0; i < 200; ++i) free.add(free.expense(free_hotel, 1));
    std::vector<std::future<Position>> positions;
    for (auto& each : promises) {
        positions.push_back(each.get_future());
        EXPECT_NE(positions.back().wait_for(std::chrono::seconds(0)), std::future_status::ready);
    }
    ASSERT_TRUE(other->run_script("commit"));
    Position before = 0;
    for (auto& each : positions) {
        const Position position = each.get();
        EXPECT_GT(position, before);
        before = position;
    }
}

TEST_F(PostgresNodesTest, OneHoldsALeaseAndItsFenceGrows) {
    const auto here = node(1);
    const Address address = Address::parse(database_.address()).value();
    PostgresLeases leases(address);
    PostgresLeases elsewhere(address);
    const Uuid one = test::numbered_uuid(1);
    const Uuid other = test::numbered_uuid(2);
    constexpr std::int64_t kLongMs = 600'000;
    const auto first = leases.take("delivery", one, kLongMs);
    ASSERT_TRUE(first && *first) << first.error().detail;
    EXPECT_EQ(elsewhere.take("delivery", other, kLongMs).value(), std::nullopt);
    EXPECT_EQ(elsewhere.take("another", other, kLongMs).value(), 1);
    EXPECT_EQ(leases.take("delivery", one, kLongMs).value(), **first) << "renewed";
    run("update leases set until = now() - interval '1 second' where name = 'delivery'");
    EXPECT_EQ(elsewhere.take("delivery", other, kLongMs).value(), **first + 1);
    EXPECT_EQ(leases.take("delivery", one, kLongMs).value(), std::nullopt);
    ASSERT_TRUE(leases.give_back("delivery", one));
    EXPECT_EQ(leases.take("delivery", one, kLongMs).value(), std::nullopt) << "it was not his";
    ASSERT_TRUE(elsewhere.give_back("delivery", other));
    EXPECT_EQ(leases.take("delivery", one, kLongMs).value(), **first + 2);
}

TEST_F(PostgresNodesTest, KeepNothingOfANodeThatDeliversNoMore) {
    const auto here = node(1);
    TestOrg org(*here->store, 1);
    PostgresLeases leases(Address::parse(database_.address()).value());
    const auto save = [&](app::Fence fence) {
        app::SaveDelivery save;
        save.subscription = "test";
        save.watermark = 1;
        save.fence = fence;
        return org.run(std::move(save));
    };
    EXPECT_TRUE(save(0)) << "nobody ever had the lease";
    const app::Fence fence =
        leases.take(app::kDeliveryLease, test::numbered_uuid(1), limits::kLeaseMs).value().value();
    EXPECT_TRUE(save(fence));
    EXPECT_EQ(test::refusal(save(fence - 1)), ErrorCode::stale_version);
    EXPECT_EQ(test::refusal(save(fence + 1)), ErrorCode::stale_version);
}

}  // namespace
}  // namespace daybook::storage::postgres
