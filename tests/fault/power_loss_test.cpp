// Need: a directory for files, and tests/fixtures. Goal: when the power goes, at any write and any
// sync, everything that was acknowledged is there once, and the books are a fold of their log (I1,
// I2, I3); also after a sync that failed and a restart, during a bulk that fails, and during a
// migration.
//
// The files are those of support/synced_files.h: whatever was not synced is kept, torn or lost.
// DAYBOOK_FAULT_ROUNDS says how often the power goes (default 4); the seed is printed, and
// DAYBOOK_FAULT_SEED repeats it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>

#include "app/event_codec.h"
#include "storage/sqlite/maintenance.h"
#include "storage/sqlite/store.h"
#include "support/contents.h"
#include "support/sqlite_faults.h"
#include "support/temporary_directory.h"
#include "support/test_org.h"

namespace daybook::storage::sqlite {
namespace {

namespace files = std::filesystem;
using test::SqliteFaults;
using test::TestOrg;

constexpr int kRoundsDefault = 4;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class PowerLoss : public testing::Test {
 protected:
    PowerLoss() {
        std::printf("seed %llu\n", static_cast<unsigned long long>(seed_));
        SqliteFaults::keeps_files = true;
        files::create_directory(directory());
    }

    Result<std::unique_ptr<SqliteStore>> try_to_open() {
        return open_store({.directory = directory(),
                           .clock = clock_,
                           .random = random_,
                           .vfs = SqliteFaults::vfs()});
    }
    std::unique_ptr<SqliteStore> open() { return try_to_open().value(); }

    // The power goes: nothing is written any more, not even by a store that ends.
    void lose_power(std::unique_ptr<SqliteStore> store = nullptr) {
        SqliteFaults::power_lasts = 0;
        store.reset();
        SqliteFaults::files().lose_power(dice_);
        move_on();
        SqliteFaults::power_lasts = -1;
    }
    // The program ends, and starts with the files as everybody sees them.
    void restart(std::unique_ptr<SqliteStore> store) {
        store.reset();
        const std::string before = directory().string();
        move_on();
        SqliteFaults::files().moved(before, directory().string());
    }
    // To a copy in another directory: SQLite knows what it has had open in this process.
    void move_on() {
        const files::path before = directory();
        ++directories_;
        files::create_directory(directory());
        for (const char* each : {"daybook.db", "daybook.db-wal"}) {
            if (files::exists(before / each)) files::copy_file(before / each, directory() / each);
        }
    }
    [[nodiscard]] files::path directory() const {
        return root_.path() / std::to_string(directories_);
    }
    [[nodiscard]] std::string path() const { return (directory() / kDatabaseFile).string(); }

    static test::Contents contents_of(SqliteStore& store, const TestOrg& org) {
        return test::contents_of(*store.snapshot(org.id()).value());
    }
    static bool has_entry(const test::Contents& contents, EntryId id) {
        return std::ranges::find(contents.entries, id, &domain::Entry::id) !=
               contents.entries.end();
    }

    // The chain fits, and every table is what the log gives.
    void expect_whole(SqliteStore& store) {
        for (const auto& org : store.orgs().value()) {
            const auto contents = test::contents_of(*store.snapshot(org.id).value());
            Hash head = app::chain_start(org.id);
            for (const auto& [bytes, privates, prev, hash] : contents.log) {
                EXPECT_EQ(prev, head);
                head = app::chain_hash(head, bytes);
                EXPECT_EQ(hash, head);
            }
            EXPECT_EQ(contents.log.size(), static_cast<std::size_t>(contents.head));
        }
        const StoreOptions options{
            .directory = directory(), .clock = clock_, .random = random_, .access = Access::read};
        const auto maintenance = open_maintenance(options).value();
        EXPECT_TRUE(maintenance->check_rows([](auto, auto) {}));
        const auto report = maintenance->rebuild(app::RebuildMode::check, [](auto, auto) {});
        ASSERT_TRUE(report) << report.error().detail;
        EXPECT_EQ(report->differences_count, 0) << report->differences.front();
    }

    const std::uint64_t seed_ = number_from("DAYBOOK_FAULT_SEED", std::random_device{}());
    std::mt19937_64 dice_{seed_};
    test::TemporaryDirectory root_;
    int directories_ = 0;
    ManualClock clock_{test::kTestStart};
    SeededRandom random_{seed_};
    SqliteFaults faults_;
};

// Books, and what became of what was asked of them.
class LosingPower : public PowerLoss {
 protected:
    void begin() {
        ++directories_;
        files::create_directory(directory());
        SqliteFaults::files().forget();
        store_ = open();
        org_.emplace(*store_, 1);
        hotel_ = org_->add_property("Hotel");
        acknowledged_.clear();
        asked_.clear();
    }

    void write_until_the_power_goes() {
        SqliteFaults::power_lasts = static_cast<int>(dice_() % 200);
        for (;;) {
            app::AddEntries add = test::single(org_->expense(hotel_, 5));
            if (dice_() % 10 == 0) {
                add.mode = app::BatchMode::atomic;
                while (add.entries.size() < 50) add.entries.push_back(org_->expense(hotel_, 7));
            }
            for (const auto& each : add.entries) asked_.insert(each.id);
            const auto entries = add.entries;
            if (!test::run(*store_, org_->command(std::move(add)))) break;
            for (const auto& each : entries) acknowledged_.insert(each.id);
        }
        lose_power(std::move(store_));
    }

    // The next start may meet the same.
    void start_again() {
        SqliteFaults::power_lasts = dice_() % 2 == 0 ? static_cast<int>(dice_() % 10) : -1;
        auto opened = try_to_open();
        if (!opened || SqliteFaults::power_lasts == 0) {
            lose_power(opened ? *std::move(opened) : nullptr);
            opened = try_to_open();
        }
        SqliteFaults::power_lasts = -1;
        store_ = std::move(opened).value();
    }

    void expect_acknowledged_once() {
        std::map<EntryId, int> found;
        for (const auto& each : contents_of(*store_, *org_).entries) {
            ++found[each.id];
            EXPECT_TRUE(asked_.contains(each.id));
        }
        for (const EntryId& each : acknowledged_) ASSERT_EQ(found[each], 1) << "lost or doubled";
        expect_whole(*store_);
    }

    std::unique_ptr<SqliteStore> store_;
    std::optional<TestOrg> org_;
    PropertyId hotel_;
    std::set<EntryId> acknowledged_;
    std::set<EntryId> asked_;
};

TEST_F(LosingPower, KeepsWhatWasAcknowledgedOnce) {
    constexpr int kRoundsOfOneBook = 10;
    const auto rounds = static_cast<int>(number_from("DAYBOOK_FAULT_ROUNDS", kRoundsDefault));
    std::size_t acknowledged = 0;
    for (int round = 0; round < rounds; ++round) {
        if (round % kRoundsOfOneBook == 0) {
            acknowledged += acknowledged_.size();
            store_.reset();
            begin();
        }
        write_until_the_power_goes();
        start_again();
        expect_acknowledged_once();
        if (HasFailure()) return;
    }
    std::printf("%d losses of power, %zu entries acknowledged, each found once\n", rounds,
                acknowledged + acknowledged_.size());
}

// Linux says of a sync that failed, once, and then forgets what it could not write, while every
// reader still sees it: a start must not build on that.
TEST_F(PowerLoss, AfterAFailedSyncAndARestartTakesNothingBack) {
    for (int round = 0; round < 5; ++round) {
        auto store = open();
        TestOrg org(*store, static_cast<std::uint64_t>(round) + 1);
        const PropertyId hotel = org.add_property("Hotel");
        org.add(org.expense(hotel, 5));
        SqliteFaults::fail_log_sync = true;
        EXPECT_EQ(test::refusal(org.run(test::single(org.expense(hotel, 6)))),
                  ErrorCode::commit_unknown);
        SqliteFaults::fail_log_sync = false;
        restart(std::move(store));
        store = open();
        const auto shown = contents_of(*store, org);
        EXPECT_EQ(shown.entries.size(), 2U) << "what was not synced is there, so far";
        const domain::AddEntry later = org.expense(hotel, 7);
        ASSERT_TRUE(test::run(*store, org.command(test::single(later))));
        const auto acknowledged = contents_of(*store, org);
        lose_power(std::move(store));
        store = open();
        EXPECT_EQ(contents_of(*store, org), acknowledged);
        EXPECT_EQ(acknowledged.head, shown.head + 1);
        EXPECT_TRUE(has_entry(acknowledged, later.id));
        expect_whole(*store);
    }
}

// SQLite may lose what else is in a transaction when a savepoint that has spilled is taken back;
// nothing is spilled here.
TEST_F(PowerLoss, ASmallWriteBesideABulkThatFailedIsThere) {
    auto store = open();
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    app::AddEntries bulk = test::single(org.expense(hotel, 5));
    bulk.mode = app::BatchMode::atomic;
    while (bulk.entries.size() < 250) {
        bulk.entries.push_back(org.expense(hotel, 5));
        bulk.entries.back().content.description.value = std::string(2'000, 'x');
    }
    bulk.entries.back().property = PropertyId{test::numbered_uuid(99)};
    const domain::AddEntry before = org.expense(hotel, 1);
    const domain::AddEntry after = org.expense(hotel, 2);
    std::vector<app::Command> commands;
    commands.push_back(org.command(test::single(before)));
    commands.push_back(org.command(std::move(bulk)));
    commands.push_back(org.command(test::single(after)));
    const auto outcomes = test::run_together(*store, std::move(commands));
    EXPECT_TRUE(outcomes[0] && !outcomes[1] && outcomes[2]);
    const auto contents = contents_of(*store, org);
    lose_power(std::move(store));
    store = open();
    EXPECT_EQ(contents_of(*store, org), contents);
    EXPECT_TRUE(has_entry(contents, before.id) && has_entry(contents, after.id));
    EXPECT_EQ(contents.entries.size(), 2U);
    expect_whole(*store);
}

// At any write of it; the start after that finishes what was begun.
TEST_F(PowerLoss, DuringAMigrationLeavesAllTheBooks) {
    const auto fixture = files::path(DAYBOOK_SOURCE_DIR) / "tests/fixtures/schema_0001.db";
    bool was_interrupted = true;
    int losses = 0;
    for (int lasts = 0; was_interrupted; lasts += 1 + lasts / 4) {
        SqliteFaults::files().forget();
        ++directories_;
        files::create_directory(directory());
        files::copy_file(fixture, path());
        SqliteFaults::power_lasts = lasts;
        {
            const auto store = try_to_open();
            was_interrupted = SqliteFaults::power_lasts == 0;
        }
        lose_power();
        if (was_interrupted) ++losses;
        const auto store = open();
        const auto orgs = store->orgs().value();
        ASSERT_EQ(orgs.size(), 1U) << "the power lasted " << lasts;
        EXPECT_EQ(test::contents_of(*store->snapshot(orgs[0].id).value()).entries.size(), 6U);
        expect_whole(*store);
    }
    EXPECT_GT(losses, 5);
}

}  // namespace
}  // namespace daybook::storage::sqlite
