// Need: PostgreSQL. Goal: when a server is killed under load and its synchronous standby takes its
// place, everything that was acknowledged is there, once, and the node goes on writing without
// being told; and a server that would lose what it acknowledged is refused. Seed: of the ids.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "storage/postgres/store.h"
#include "support/postgres_server.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

using domain::AddEntry;
using storage::postgres::open_store;

// Asks until the answer is the one that is waited for.
void wait_for(const PostgresServer& server, const std::string& sql, const std::string& answer) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (run_postgres_at(server.address("postgres"), sql) != answer) {
        ASSERT_LT(std::chrono::steady_clock::now(), until) << sql;
        std::this_thread::yield();
    }
}

void set(const PostgresServer& server, const std::string& setting) {
    const std::string address = server.address("postgres");
    run_postgres_at(address, "alter system " + setting);
    run_postgres_at(address, "select pg_reload_conf()");
}

TEST(PostgresStandby, HasEverythingThatWasAcknowledged) {
    constexpr std::size_t kBefore = 50;
    constexpr std::size_t kAfter = 50;
    PostgresServer primary;
    const PostgresServer standby(PostgresServer::StandbyOf{primary});
    set(primary, "set synchronous_standby_names = '*'");
    wait_for(primary, "select sync_state from pg_stat_replication", "sync");

    const ManualClock clock(kTestStart);
    SystemRandom random;
    const auto store =
        open_store({.address = "postgres://daybook@/postgres?host=" + primary.directory() + "," +
                               standby.directory(),
                    .clock = clock,
                    .random = random})
            .value();
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    const Position before = org.snapshot()->head().value();
    std::vector<AddEntry> acknowledged;
    std::atomic<std::size_t> count = 0;
    std::atomic<bool> is_over = false;
    std::atomic<bool> is_promoted = false;
    // One that was refused is asked for once more, as clients do.
    std::thread writer([&] {
        std::size_t since = 0;
        while (since < kAfter && !is_over) {
            const AddEntry entry = org.expense(hotel, 1);
            while (!is_over) {
                const auto outcome = org.run(single(entry));
                if (outcome) {
                    acknowledged.push_back(entry);
                    ++count;
                    if (is_promoted) ++since;
                    break;
                }
                EXPECT_EQ(outcome.error().code, ErrorCode::busy) << outcome.error().detail;
                std::this_thread::yield();
            }
        }
    });
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (count < kBefore && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    primary.kill_now();
    run_postgres_at(standby.address("postgres"), "select pg_promote()");
    is_promoted = true;
    while (count < kBefore + kAfter && std::chrono::steady_clock::now() < until) {
        std::this_thread::yield();
    }
    is_over = std::chrono::steady_clock::now() >= until;
    writer.join();
    ASSERT_FALSE(is_over) << "the node did not go on";

    const auto snapshot = org.snapshot();
    for (const AddEntry& each : acknowledged) EXPECT_TRUE(snapshot->entry(each.id).value());
    const auto log = snapshot->log(before, 10'000).value();
    EXPECT_EQ(log.size(), acknowledged.size()) << "nothing twice";
    std::set<std::int64_t> numbers;
    for (const AddEntry& each : acknowledged) numbers.insert(org.entry(each.id).number);
    EXPECT_EQ(numbers.size(), acknowledged.size());
    EXPECT_TRUE(store->health().accepts_writes);
}

ErrorCode refusal_to_open(const std::string& address, const std::string& word) {
    const ManualClock clock(kTestStart);
    SystemRandom random;
    const auto opened = open_store({.address = address, .clock = clock, .random = random});
    if (opened) return ErrorCode::internal;
    EXPECT_NE(opened.error().detail.find(word), std::string::npos) << opened.error().detail;
    return opened.error().code;
}

TEST(PostgresSettings, ThatWouldLoseWritesAreRefused) {
    const PostgresServer careless({"fsync=off"});
    EXPECT_EQ(refusal_to_open(careless.address("postgres"), "fsync"), ErrorCode::invalid_value);
    const PostgresServer server;
    for (const std::string name : {"full_page_writes", "synchronous_commit"}) {
        set(server, "set " + name + " = off");
        wait_for(server, "show " + name, "off");
        EXPECT_EQ(refusal_to_open(server.address("postgres"), name), ErrorCode::invalid_value);
        set(server, "reset " + name);
        wait_for(server, "show " + name, "on");
    }
    run_postgres_at(server.address("postgres"),
                    "create database latin encoding 'LATIN1' locale 'C' template template0");
    EXPECT_EQ(refusal_to_open(server.address("latin"), "LATIN1"), ErrorCode::invalid_value);
    EXPECT_EQ(refusal_to_open(server.address("postgres"), ""), ErrorCode::internal) << "it opens";
}

}  // namespace
}  // namespace daybook::test
