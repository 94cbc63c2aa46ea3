// Need: a directory for files. Goal: what the embedded store promises beyond the contract of all
// stores: pinned views, bounded readers and log, other processes that read, crashes.
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "base/limits.h"
#include "storage/sqlite/store.h"
#include "support/contents.h"
#include "support/temporary_directory.h"
#include "support/test_org.h"

namespace daybook::storage::sqlite {
namespace {

namespace files = std::filesystem;
using test::TestOrg;

class SqliteStoreTest : public testing::Test {
 protected:
    std::unique_ptr<SqliteStore> open(const files::path& directory, Access access = Access::write) {
        return open_store(
                   {.directory = directory, .clock = clock_, .random = random_, .access = access})
            .value();
    }
    std::unique_ptr<Database> open_file() {
        return Database::open((directory_.path() / kDatabaseFile).string(), Access::write, "")
            .value();
    }
    static app::Command bulk(TestOrg& org, PropertyId property, int entries) {
        app::AddEntries add;
        add.mode = app::BatchMode::atomic;
        for (int i = 0; i < entries; ++i) add.entries.push_back(org.expense(property, 1 + i));
        return org.command(std::move(add));
    }

    test::TemporaryDirectory directory_;
    ManualClock clock_{test::kTestStart};
    SeededRandom random_{1};
};

TEST_F(SqliteStoreTest, KeepsEverythingForTheNextStart) {
    test::Contents before;
    OrgId id;
    {
        const auto store = open(directory_.path());
        TestOrg org(*store, 1);
        const PropertyId hotel = org.add_property("Hotel");
        for (int i = 1; i < 20; ++i) org.add(org.expense(hotel, i));
        before = test::contents_of(*org.snapshot());
        id = org.id();
    }
    const auto store = open(directory_.path());
    EXPECT_EQ(test::contents_of(*store->snapshot(id).value()), before);
}

// What is on disk when the power goes: the files as they are, in the middle of it all.
TEST_F(SqliteStoreTest, LosesNothingThatWasAnsweredWhenItIsKilled) {
    const auto store = open(directory_.path());
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    for (int i = 1; i < 20; ++i) org.add(org.expense(hotel, i));
    const test::TemporaryDirectory copy;
    for (const char* suffix : {"", "-wal"}) {
        files::copy_file((directory_.path() / kDatabaseFile).string() + suffix,
                         (copy.path() / kDatabaseFile).string() + suffix);
    }
    const auto recovered = open(copy.path());
    EXPECT_EQ(test::contents_of(*recovered->snapshot(org.id()).value()),
              test::contents_of(*org.snapshot()));
    // Not in the log any more, but in the database file.
    EXPECT_EQ(files::file_size((copy.path() / kDatabaseFile).string() + "-wal"), 0U);
}

TEST_F(SqliteStoreTest, ASnapshotSeesOneMoment) {
    const auto store = open(directory_.path());
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    org.add(org.expense(hotel, 1));
    const auto snapshot = org.snapshot();
    const auto before = test::contents_of(*snapshot);
    org.add(org.expense(hotel, 2));
    EXPECT_EQ(test::contents_of(*snapshot), before);
    EXPECT_EQ(test::contents_of(*org.snapshot()).entries.size(), 2U);
}

TEST_F(SqliteStoreTest, OthersReadBesideTheWriter) {
    const auto store = open(directory_.path());
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    const auto reader = open(directory_.path(), Access::read);
    org.add(org.expense(hotel, 1));
    EXPECT_EQ(test::contents_of(*reader->snapshot(org.id()).value()),
              test::contents_of(*org.snapshot()));
    EXPECT_EQ(test::refusal(test::run(*reader, org.command(test::single(org.expense(hotel, 2))))),
              ErrorCode::read_only);
}

TEST_F(SqliteStoreTest, ABoundedNumberReadAtOnce) {
    const auto store = open(directory_.path());
    const TestOrg org(*store, 1);
    std::vector<std::unique_ptr<app::Snapshot>> snapshots;
    for (std::size_t i = 0; i < kReadersMax; ++i) snapshots.push_back(org.snapshot());
    EXPECT_EQ(store->snapshot(org.id()).error().code, ErrorCode::busy);
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(kReaderWaitMs / 5));
        snapshots.pop_back();
    });
    EXPECT_TRUE(store->snapshot(org.id()));
    other.join();
}

TEST_F(SqliteStoreTest, AReaderThatIsCutOffGetsBusyAndHoldsNothing) {
    ReaderPool pool((directory_.path() / kDatabaseFile).string(), "");
    const auto store = open(directory_.path());
    TestOrg org(*store, 1);
    auto lease = pool.lease().value();
    const auto read = [&](sql::Tables& tables) { return tables.orgs.find(org.id()); };
    EXPECT_TRUE(lease->call(read));
    pool.end_oldest();
    EXPECT_EQ(lease->call(read).error().code, ErrorCode::busy);
    const auto next = pool.lease();
    EXPECT_TRUE(next);
}

// SQLite 3.40.1 loses acknowledged commits when pages are spilled before a statement fails.
TEST_F(SqliteStoreTest, NothingIsWrittenBeforeTheCommit) {
    const auto store = open(directory_.path());
    const auto database = open_file();
    EXPECT_EQ(database->value("pragma cache_spill"), "0");
    EXPECT_EQ(database->value("pragma synchronous"), "2");
    EXPECT_EQ(database->value("pragma journal_mode"), "wal");
    EXPECT_EQ(database->value("pragma wal_autocheckpoint"), "0");
    EXPECT_EQ(database->value("pragma mmap_size"), "0");
    EXPECT_EQ(database->value("pragma foreign_keys"), "1");

    const std::string log = (directory_.path() / kDatabaseFile).string() + "-wal";
    const auto bytes = files::file_size(log);
    database->execute("pragma cache_size = 10").value();
    database->execute("begin immediate; create table large (a)").value();
    database
        ->execute(
            "insert into large with recursive up(n) as (select 1 union all select n + 1"
            " from up where n < 5000) select randomblob(1000) from up")
        .value();
    EXPECT_EQ(files::file_size(log), bytes);
    database->execute("rollback").value();
}

TEST_F(SqliteStoreTest, TheLogStaysShortUnderFiftyThousandWrites) {
    const auto store = open(directory_.path());
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    std::int64_t most = 0;
    constexpr int kBulks = 250;
    constexpr int kEntries = 200;
    for (int i = 0; i < kBulks; ++i) {
        ASSERT_TRUE(test::run(*store, bulk(org, hotel, kEntries)));
        if (i % 10 == 0) EXPECT_EQ(org.snapshot()->org()->id, org.id());  // a reader now and then
        most = std::max(most, store->health().wal_bytes);
    }
    const auto log = (directory_.path() / kDatabaseFile).string() + "-wal";
    EXPECT_LT(most, 2 * std::int64_t{WriteAheadLog::kRestartFrames} * kPageBytes);
    EXPECT_LT(files::file_size(log), static_cast<std::uintmax_t>(limits::kWalAlertBytes));
    EXPECT_EQ(org.snapshot()->entries_of_day(hotel, test::day(test::kTestToday), 1)->size(), 1U);
    // It is given back when nothing is written.
    for (int i = 0; i < 100 && files::file_size(log) > 0; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(Writer::kIdleMs / 10));
    }
    EXPECT_EQ(files::file_size(log), 0U);
}

// While a reader holds on, the log cannot begin anew; afterwards it does.
TEST_F(SqliteStoreTest, TheLogRecoversFromALongReader) {
    const auto store = open(directory_.path());
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    auto snapshot = org.snapshot();
    while (store->health().wal_bytes <
           2 * std::int64_t{WriteAheadLog::kRestartFrames} * kPageBytes) {
        ASSERT_TRUE(test::run(*store, bulk(org, hotel, 200)));
    }
    EXPECT_EQ(test::contents_of(*snapshot).entries.size(), 0U);
    snapshot.reset();
    for (int i = 0; i < 40; ++i) ASSERT_TRUE(test::run(*store, bulk(org, hotel, 200)));
    EXPECT_LT(store->health().wal_bytes, std::int64_t{WriteAheadLog::kRestartFrames} * kPageBytes);
}

TEST_F(SqliteStoreTest, RepeatedRequestsAreKnownFor72HoursAndThenForgotten) {
    const auto store = open(directory_.path());
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    constexpr std::int64_t kHourMs = std::int64_t{3'600} * 1'000;
    const auto ask = [&](std::uint8_t key) {
        app::Command command = org.command(test::single(org.expense(hotel, 5)));
        command.idempotency = app::Idempotency{};
        command.idempotency->key.fill(key);
        return test::run(*store, std::move(command));
    };
    EXPECT_FALSE(ask(1)->replayed);
    clock_.advance_ms(71 * kHourMs);
    EXPECT_TRUE(ask(1)->replayed);
    clock_.advance_ms(2 * kHourMs);
    EXPECT_FALSE(ask(1)->replayed);
    // Four days after the first, its table is used again and emptied.
    clock_.advance_ms(23 * kHourMs);
    EXPECT_FALSE(ask(2)->replayed);
    const std::string counts =
        open_file()
            ->value(
                "select count(*) || ' ' || ((select count(*) from idempotency_0)"
                " + (select count(*) from idempotency_1) + (select count(*) from idempotency_2)"
                " + (select count(*) from idempotency_3)) from finance_event_store"
                " where type = 'expense_added'")
            .value();
    EXPECT_EQ(counts, "3 2");
    EXPECT_TRUE(ask(1)->replayed);
}

}  // namespace
}  // namespace daybook::storage::sqlite
