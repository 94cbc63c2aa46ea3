// Need: PostgreSQL, pgbouncer. Goal: two nodes that reach their database only through pgbouncer in
// transaction mode write one log, in batches and alone, read reports that are right, and go on when
// pgbouncer is started anew under them. Seed: of the ids, one for each node.
#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "storage/postgres/store.h"
#include "support/pgbouncer.h"
#include "support/postgres_server.h"
#include "support/report_history.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

using domain::AddEntry;
using storage::postgres::PostgresStore;

class PostgresPgbouncer : public testing::Test {
 protected:
    std::unique_ptr<PostgresStore> open(const std::string& address) {
        return storage::postgres::open_store(
                   {.address = address, .clock = clock_, .random = random_})
            .value();
    }
    // Until it is accepted, which is refused as busy for as long as there is no way to the server.
    static void insist(TestOrg& org, const AddEntry& entry) {
        while (true) {
            const auto outcome = org.run(single(entry));
            if (outcome) return;
            ASSERT_EQ(outcome.error().code, ErrorCode::busy) << outcome.error().detail;
            std::this_thread::yield();
        }
    }

    ManualClock clock_{kTestStart};
    SystemRandom random_;
    LentDatabase database_;
    Pgbouncer pgbouncer_;
};

TEST_F(PostgresPgbouncer, CarriesBatchesReadsAndTwoNodes) {
    constexpr int kTogether = 60;
    constexpr int kAlone = 20;
    const auto one = open(pgbouncer_.address(database_.name()));
    const auto other = open(pgbouncer_.address(database_.name()));
    TestOrg org(*one, 1);
    const PropertyId hotel = org.add_property("Hotel");
    std::vector<AddEntry> entries;
    for (int i = 0; i < kTogether + 2 * kAlone; ++i) entries.push_back(org.expense(hotel, 100));
    std::vector<app::Command> commands;
    for (int i = 0; i < kTogether; ++i) {
        commands.push_back(org.command(single(entries[static_cast<std::size_t>(i)])));
    }
    for (const auto& each : run_together(*one, std::move(commands))) {
        EXPECT_TRUE(each) << each.error().detail;
    }
    const auto add = [&](app::Store& store, int from) {
        for (int i = from; i < from + kAlone; ++i) {
            const auto outcome =
                run(store, org.command(single(entries[static_cast<std::size_t>(i)])));
            EXPECT_TRUE(outcome) << outcome.error().detail;
        }
    };
    std::thread beside([&] { add(*other, kTogether + kAlone); });
    add(*one, kTogether);
    beside.join();
    // What a node reads there is what another reads from the server itself.
    const auto direct = open(database_.address());
    for (const reports::PeriodAsked& period :
         {reports::PeriodAsked(reports::DayAsked{day(kTestToday)}),
          reports::PeriodAsked(reports::MonthAsked{2026, 3})}) {
        const ReportQuestion question{{}, period};
        const std::string bytes = rendered(*direct->snapshot(org.id()).value(), question);
        EXPECT_EQ(rendered(*one->snapshot(org.id()).value(), question), bytes);
        EXPECT_EQ(rendered(*other->snapshot(org.id()).value(), question), bytes);
    }
    const auto log = direct->snapshot(org.id()).value()->log(0, 1'000).value();
    for (std::size_t i = 0; i < log.size(); ++i) {
        EXPECT_EQ(log[i].position, static_cast<Position>(i) + 1);
    }
    for (const AddEntry& each : entries) EXPECT_TRUE(org.snapshot()->entry(each.id).value());
}

TEST_F(PostgresPgbouncer, GoesOnAfterItWasStartedAnew) {
    const auto node = open(pgbouncer_.address(database_.name()));
    TestOrg org(*node, 1);
    const PropertyId hotel = org.add_property("Hotel");
    const Position before = org.snapshot()->head().value();
    constexpr int kRounds = 3;
    for (int i = 0; i < kRounds; ++i) {
        pgbouncer_.restart();
        insist(org, org.expense(hotel, 1));
    }
    EXPECT_EQ(org.snapshot()->head().value(), before + kRounds);
    EXPECT_TRUE(node->health().accepts_writes);
}

}  // namespace
}  // namespace daybook::test
