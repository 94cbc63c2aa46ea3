// Need: PostgreSQL. Goal: what the contract of all stores does not say: several nodes on one
// database, connections that are cut, schemas, and servers that would lose what they acknowledged.
// Seed: of the ids, one for each node.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "storage/postgres/dialect.h"
#include "storage/postgres/migrations.h"
#include "storage/postgres/store.h"
#include "support/postgres_proxy.h"
#include "support/postgres_server.h"
#include "support/test_org.h"

namespace daybook::storage::postgres {
namespace {

using domain::AddEntry;
using domain::StoredEvent;
using test::PostgresProxy;
using test::TestOrg;

class PostgresStoreTest : public testing::Test {
 protected:
    // One more node on the database, with ids of its own.
    struct Node {
        Node(const Clock& clock, std::uint64_t seed) : clock_(clock), random(seed) {}
        Status open(const std::string& address, Access access = Access::write) {
            store = TRY(open_store(
                {.address = address, .clock = clock_, .random = random, .access = access}));
            return {};
        }
        const Clock& clock_;
        SeededRandom random;
        std::unique_ptr<PostgresStore> store;
    };

    std::unique_ptr<Node> node(std::uint64_t seed) { return node(seed, database_.address()); }
    std::unique_ptr<Node> node(std::uint64_t seed, const std::string& address) {
        auto made = std::make_unique<Node>(clock_, seed);
        const Status opened = made->open(address);
        EXPECT_TRUE(opened) << opened.error().detail;
        return made;
    }
    std::string run(const std::string& sql) { return test::run_postgres(database_.name(), sql); }
    std::unique_ptr<Database> connect() {
        return Database::connect(Address::parse(database_.address()).value()).value();
    }
    ErrorCode refusal_to_open(Access access = Access::write) {
        const Status opened = Node(clock_, 9).open(database_.address(), access);
        return opened ? ErrorCode::internal : opened.error().code;
    }

    ManualClock clock_{test::kTestStart};
    test::LentDatabase database_;
};

// Dense, and each event chained to the one before.
void expect_one_log(const TestOrg& org, std::size_t events) {
    const std::vector<StoredEvent> log = org.snapshot()->log(0, 10'000).value();
    ASSERT_EQ(log.size(), events);
    for (std::size_t i = 0; i < log.size(); ++i) {
        EXPECT_EQ(log[i].position, static_cast<Position>(i) + 1);
        if (i > 0) EXPECT_EQ(log[i].prev_hash, log[i - 1].hash);
    }
}

TEST_F(PostgresStoreTest, NodesThatStartTogetherTakeEachStepOnce) {
    ASSERT_TRUE(node(1)->store);
    ASSERT_TRUE(migrate_down(*connect(), 0));
    EXPECT_EQ(run("select count(*) from schema_migrations"), "0");
    EXPECT_EQ(run("select to_regclass('finance_event_store')"), "");
    std::vector<std::future<Status>> nodes;
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        nodes.push_back(std::async(std::launch::async, [this, seed] {
            return Node(clock_, seed).open(database_.address());
        }));
    }
    for (auto& each : nodes) {
        const Status opened = each.get();
        EXPECT_TRUE(opened) << opened.error().detail;
    }
    EXPECT_EQ(run("select count(*) from schema_migrations"), std::to_string(newest_schema()));
}

TEST_F(PostgresStoreTest, LeavesADatabaseOfAnotherProgramAlone) {
    ASSERT_TRUE(node(1)->store);
    run("insert into schema_migrations values (999, '0999_later', '', 0)");
    EXPECT_EQ(refusal_to_open(), ErrorCode::newer_schema);
    EXPECT_EQ(refusal_to_open(Access::read), ErrorCode::newer_schema);
    run("delete from schema_migrations where number = 999");
    const std::string checksum = run("select checksum from schema_migrations where number = 1");
    run("update schema_migrations set checksum = 'other' where number = 1");
    EXPECT_EQ(refusal_to_open(), ErrorCode::corrupt);
    run("update schema_migrations set checksum = '" + checksum + "' where number = 1");
    EXPECT_EQ(refusal_to_open(Access::read), ErrorCode::internal) << "it opens";
}

TEST_F(PostgresStoreTest, RefusesAServerThatWouldLoseWhatItAcknowledged) {
    run("alter database " + database_.name() + " set synchronous_commit = off");
    EXPECT_EQ(refusal_to_open(), ErrorCode::invalid_value);
    run("alter database " + database_.name() + " reset synchronous_commit");
    EXPECT_EQ(refusal_to_open(), ErrorCode::internal) << "it opens";
}

TEST_F(PostgresStoreTest, GoesOnAfterItsConnectionsWereCut) {
    const auto here = node(1);
    TestOrg org(*here->store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    const std::size_t before = org.snapshot()->log(0, 1'000).value().size();
    for (int times = 0; times < 3; ++times) {
        run("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '" +
            database_.name() + "' and pid <> pg_backend_pid()");
        org.add(org.expense(hotel, 1));
    }
    EXPECT_TRUE(here->store->health().accepts_writes);
    expect_one_log(org, before + 3);
}

TEST_F(PostgresStoreTest, ACommitWithoutAnAnswerCountsIfItHappened) {
    PostgresProxy proxy;
    const auto here = node(1, proxy.address(database_.name()));
    TestOrg org(*here->store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    const AddEntry entry = org.expense(hotel, 1);
    proxy.cut_next(PostgresProxy::Cut::after_commit);
    const auto outcome = org.run(test::single(entry));
    EXPECT_TRUE(proxy.has_cut());
    ASSERT_TRUE(outcome) << outcome.error().detail;
    EXPECT_EQ(org.snapshot()->head().value(), outcome->position);
    EXPECT_TRUE(org.snapshot()->entry(entry.id).value());
    EXPECT_TRUE(here->store->health().accepts_writes);
}

TEST_F(PostgresStoreTest, ACommitThatTheServerNeverHeardOfIsRefused) {
    PostgresProxy proxy;
    const auto here = node(1, proxy.address(database_.name()));
    TestOrg org(*here->store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    const AddEntry entry = org.expense(hotel, 1);
    const Position before = org.snapshot()->head().value();
    proxy.cut_next(PostgresProxy::Cut::before_commit);
    EXPECT_EQ(test::refusal(org.run(test::single(entry))), ErrorCode::busy);
    EXPECT_TRUE(proxy.has_cut());
    EXPECT_EQ(org.snapshot()->head().value(), before);
    EXPECT_TRUE(org.run(test::single(entry))) << "the same may be asked again";
    EXPECT_TRUE(here->store->health().accepts_writes);
}

// Even the org itself is new then, and has no log that could be locked.
TEST_F(PostgresStoreTest, AnOrgWhoseCommitHadNoAnswerIsThereOnce) {
    PostgresProxy proxy;
    const auto here = node(1, proxy.address(database_.name()));
    proxy.cut_next(PostgresProxy::Cut::after_commit);
    const TestOrg org(*here->store, 1);
    EXPECT_TRUE(proxy.has_cut());
    EXPECT_EQ(here->store->orgs().value().size(), 1U);
}

TEST_F(PostgresStoreTest, TwoNodesKeepOneLog) {
    constexpr int kEach = 40;
    const auto one = node(1);
    const auto other = node(2);
    TestOrg org(*one->store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    const std::size_t before = org.snapshot()->log(0, 1'000).value().size();
    std::vector<AddEntry> entries;
    for (int i = 0; i < 2 * kEach; ++i) entries.push_back(org.expense(hotel, 1));
    const auto add_half = [&](app::Store& store, std::size_t from) {
        for (std::size_t i = from; i < entries.size(); i += 2) {
            const auto outcome = test::run(store, org.command(test::single(entries[i])));
            EXPECT_TRUE(outcome) << outcome.error().detail;
        }
    };
    std::thread beside([&] { add_half(*other->store, 1); });
    add_half(*one->store, 0);
    beside.join();
    expect_one_log(org, before + entries.size());
    std::vector<std::int64_t> numbers;
    for (const AddEntry& each : entries) numbers.push_back(org.entry(each.id).number);
    std::ranges::sort(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        EXPECT_EQ(numbers[i], static_cast<std::int64_t>(i) + 1);
    }
}

TEST_F(PostgresStoreTest, AnOrgThatAnotherNodeHoldsHoldsUpNoOther) {
    const auto here = node(1);
    TestOrg held(*here->store, 1);
    TestOrg free(*here->store, 2);
    const PropertyId held_hotel = held.add_property("Hotel");
    const PropertyId free_hotel = free.add_property("Hotel");
    const auto other = connect();
    std::string id = held.id().to_string();
    std::erase(id, '-');
    ASSERT_TRUE(other->run_script("begin; select 1 from heads where org = '\\x" + id +
                                  "' for no key update"));
    std::promise<bool> held_done;
    std::promise<bool> free_done;
    const auto submit_both = [&](const auto&) {
        here->store->submit(held.command(test::single(held.expense(held_hotel, 1))),
                            [&](auto outcome) { held_done.set_value(outcome.has_value()); });
        here->store->submit(free.command(test::single(free.expense(free_hotel, 1))),
                            [&](auto outcome) { free_done.set_value(outcome.has_value()); });
    };
    // While the writer answers this one, the others come to wait together.
    here->store->submit(free.command(test::single(free.expense(free_hotel, 1))), submit_both);
    auto held_answer = held_done.get_future();
    EXPECT_TRUE(free_done.get_future().get());
    EXPECT_NE(held_answer.wait_for(std::chrono::seconds(0)), std::future_status::ready);
    ASSERT_TRUE(other->run_script("commit"));
    EXPECT_TRUE(held_answer.get());
}

TEST_F(PostgresStoreTest, ReadsNoTableThroughForOneOrg) {
    ASSERT_TRUE(node(1)->store);
    const auto database = connect();
    ASSERT_TRUE(
        database->run_script("set enable_seqscan = off; set plan_cache_mode = force_generic_plan"));
    for (const sql::Query* query : sql::all_queries()) {
        if (query->plan.find("SEARCH") == std::string_view::npos) continue;
        const std::string name(query->name);
        ASSERT_TRUE(database->run_script("prepare " + name + " as " + text_of(*query))) << name;
        int parameters = 0;
        while (text_of(*query).find('$' + std::to_string(parameters + 1)) != std::string::npos) {
            ++parameters;
        }
        std::string nulls;
        for (int i = 0; i < parameters; ++i) nulls += i == 0 ? "null" : ", null";
        const auto plan =
            database->value("explain", "explain (format json) execute " + name + "(" + nulls + ")");
        ASSERT_TRUE(plan) << name << ": " << plan.error().detail;
        EXPECT_EQ(plan->find("Seq Scan"), std::string::npos) << name << ": " << *plan;
    }
}

}  // namespace
}  // namespace daybook::storage::postgres
