// Need: a directory for files. Goal: a full disk loses nothing and passes; a sync that fails ends
// writing for good, and reads go on (I3); a flipped bit is noticed and named.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "base/limits.h"
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

class SqliteDisk : public testing::Test {
 protected:
    std::unique_ptr<SqliteStore> open(const std::string& vfs) {
        return open_store(
                   {.directory = directory_.path(), .clock = clock_, .random = random_, .vfs = vfs})
            .value();
    }
    std::unique_ptr<SqliteStore> open_with_faults() { return open(SqliteFaults::vfs()); }
    [[nodiscard]] std::string path() const { return (directory_.path() / kDatabaseFile).string(); }

    test::TemporaryDirectory directory_;
    ManualClock clock_{test::kTestStart};
    SeededRandom random_{1};
    SqliteFaults faults_;
};

ErrorCode refusal_of_add(TestOrg& org, PropertyId property) {
    return test::refusal(org.run(test::single(org.expense(property, 7))));
}

TEST_F(SqliteDisk, AFullDiskRefusesWritesAndLosesNothing) {
    OrgId id;
    test::Contents contents;
    {
        const auto store = open_with_faults();
        TestOrg org(*store, 1);
        const PropertyId hotel = org.add_property("Hotel");
        org.add(org.expense(hotel, 5));
        const auto before = test::contents_of(*org.snapshot());

        SqliteFaults::full_for_log = true;
        EXPECT_EQ(refusal_of_add(org, hotel), ErrorCode::disk_full);
        EXPECT_EQ(refusal_of_add(org, hotel), ErrorCode::disk_full);
        EXPECT_EQ(test::contents_of(*org.snapshot()), before);
        EXPECT_TRUE(store->health().accepts_writes);

        SqliteFaults::heal();
        org.add(org.expense(hotel, 6));
        contents = test::contents_of(*org.snapshot());
        EXPECT_EQ(contents.entries.size(), 2U);
        EXPECT_EQ(contents.head, before.head + 1);
        id = org.id();
    }
    EXPECT_EQ(test::contents_of(*open("")->snapshot(id).value()), contents);
}

TEST_F(SqliteDisk, ABatchGoesToTheLogInFewWrites) {
    const auto store = open_with_faults();
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    app::AddEntries many = test::single(org.expense(hotel, 5));
    many.mode = app::BatchMode::atomic;
    while (many.entries.size() < 200) many.entries.push_back(org.expense(hotel, 5));
    const int writes_before = SqliteFaults::log_writes;
    ASSERT_TRUE(org.run(std::move(many)));
    // Its frames are more than a hundred, each of which SQLite writes in two pieces.
    EXPECT_LE(SqliteFaults::log_writes - writes_before, 40);
    EXPECT_EQ(test::contents_of(*org.snapshot()).entries.size(), 200U);
}

TEST_F(SqliteDisk, ACheckpointThatFindsTheDiskFullIsTriedAgain) {
    const auto store = open_with_faults();
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    SqliteFaults::full_for_database = true;
    std::vector<app::Command> commands;
    for (int i = 0; i < 2'000; ++i) {
        commands.push_back(org.command(test::single(org.expense(hotel, 5))));
    }
    for (const auto& outcome : test::run_together(*store, std::move(commands))) {
        ASSERT_TRUE(outcome) << outcome.error().detail;
    }
    EXPECT_TRUE(store->health().accepts_writes);
    const std::int64_t grown = store->health().wal_bytes;
    EXPECT_GT(grown, std::int64_t{limits::kCheckpointFrames} * kPageBytes);
    SqliteFaults::heal();
    org.add(org.expense(hotel, 6));
    for (int i = 0; i < 50 && store->health().wal_bytes > 0; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(Writer::kIdleMs / 5));
    }
    EXPECT_EQ(store->health().wal_bytes, 0);
}

TEST_F(SqliteDisk, AFailedSyncEndsWritingForGoodAndReadsGoOn) {
    auto store = open_with_faults();
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    org.add(org.expense(hotel, 5));
    const auto before = test::contents_of(*org.snapshot());

    SqliteFaults::fail_log_sync = true;
    EXPECT_EQ(refusal_of_add(org, hotel), ErrorCode::commit_unknown);
    SqliteFaults::heal();
    const int log_writes = SqliteFaults::log_writes;
    const int database_writes = SqliteFaults::database_writes;
    EXPECT_EQ(refusal_of_add(org, hotel), ErrorCode::read_only);
    EXPECT_FALSE(store->health().accepts_writes);
    EXPECT_FALSE(store->health().reason.empty());
    EXPECT_EQ(test::contents_of(*org.snapshot()), before);
    const OrgId id = org.id();
    store.reset();
    EXPECT_EQ(SqliteFaults::log_writes, log_writes);
    EXPECT_EQ(SqliteFaults::database_writes, database_writes);

    // The next start recovers: what was answered is there, and what was unknown wholly or not.
    const auto next = open("");
    const auto after = test::contents_of(*next->snapshot(id).value());
    EXPECT_TRUE(after.head == before.head || after.head == before.head + 1);
    TestOrg another(*next, 2);
    another.add(another.expense(another.add_property("Hotel"), 1));
}

TEST_F(SqliteDisk, ACheckpointWhoseSyncFailsEndsWritingToo) {
    auto store = open_with_faults();
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    SqliteFaults::fail_database_sync = true;
    org.add(org.expense(hotel, 5));
    const auto before = test::contents_of(*org.snapshot());
    for (int i = 0; i < 50 && store->health().accepts_writes; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(Writer::kIdleMs / 5));
    }
    EXPECT_EQ(refusal_of_add(org, hotel), ErrorCode::read_only);
    EXPECT_EQ(test::contents_of(*org.snapshot()), before);
    SqliteFaults::heal();
    const OrgId id = org.id();
    store.reset();
    EXPECT_EQ(test::contents_of(*open("")->snapshot(id).value()), before);
}

TEST_F(SqliteDisk, AFlippedTotalIsNoticedByReadersAndByTheWriter) {
    const auto store = open("");
    TestOrg org(*store, 1);
    const PropertyId hotel = org.add_property("Hotel");
    const PropertyId hostel = org.add_property("Hostel");
    org.add(org.expense(hotel, 5));
    {
        const auto file = Database::open(path(), Access::write, "").value();
        file->execute("update day_totals set out_minor = out_minor + 64 where period = 202603")
            .value();
    }
    const auto rows = org.snapshot()->account_rows(hotel, {202'601, 202'612});
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code, ErrorCode::corrupt);
    EXPECT_NE(rows.error().detail.find("day_totals"), std::string::npos) << rows.error().detail;
    EXPECT_NE(rows.error().detail.find("period 202603, account cash"), std::string::npos);
    EXPECT_NE(rows.error().detail.find(hotel.to_string()), std::string::npos);
    EXPECT_EQ(refusal_of_add(org, hotel), ErrorCode::corrupt);
    // What is not damaged goes on.
    org.add(org.expense(hostel, 5));
    EXPECT_TRUE(store->health().accepts_writes);
}

// Flips one bit of the text, wherever the file has it.
int flip_in_file(const std::string& path, const std::string& text) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    std::string bytes{std::istreambuf_iterator<char>(file), {}};
    int found = 0;
    for (std::size_t at = bytes.find(text); at != std::string::npos;
         at = bytes.find(text, at + 1)) {
        bytes[at] = static_cast<char>(bytes[at] ^ 1);
        ++found;
    }
    file.clear();
    file.seekp(0);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return found;
}

TEST_F(SqliteDisk, AFlippedBitInTheFileIsNoticedInEntriesAndEvents) {
    OrgId id;
    EntryId entry;
    Position position = 0;
    {
        const auto store = open("");
        TestOrg org(*store, 1);
        domain::AddEntry add = org.expense(org.add_property("Hotel"), 5);
        add.content.description.value = "Forty-two towels";
        entry = org.add(add).id;
        id = org.id();
        position = org.snapshot()->head().value();
    }
    EXPECT_EQ(flip_in_file(path(), "Forty-two towels"), 2);
    const auto store = open("");
    const auto snapshot = store->snapshot(id).value();
    const auto found = snapshot->entry(entry);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, ErrorCode::corrupt);
    EXPECT_NE(found.error().detail.find("entries"), std::string::npos);
    EXPECT_NE(found.error().detail.find(entry.to_string()), std::string::npos);
    EXPECT_EQ(found.error().detail.find("towels"), std::string::npos) << "no texts in errors";
    EXPECT_TRUE(snapshot->log(0, static_cast<std::size_t>(position) - 1));
    const auto log = snapshot->log(0, static_cast<std::size_t>(position));
    ASSERT_FALSE(log);
    EXPECT_NE(log.error().detail.find("position " + std::to_string(position)), std::string::npos);
}

TEST_F(SqliteDisk, ErasedTextsAreGoneFromTheFile) {
    {
        const auto store = open("");
        TestOrg org(*store, 1);
        domain::AddEntry add = org.expense(org.add_property("Hotel"), 5);
        add.content.description.value = std::string(1'990, 'x') + "Secret";
        const domain::Entry entry = org.add(add);
        ASSERT_TRUE(org.run(domain::EraseText{entry.id, 1, "Asked for."}));
    }
    EXPECT_EQ(flip_in_file(path(), "xxxSecret"), 0);
}

}  // namespace
}  // namespace daybook::storage::sqlite
