// Need: a directory for files, and tests/fixtures. Goal: a database of every released schema opens,
// a newer one is refused untouched, and every step can be taken back.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "storage/sqlite/maintenance.h"
#include "storage/sqlite/migrations.h"
#include "storage/sqlite/store.h"
#include "support/contents.h"
#include "support/temporary_directory.h"
#include "support/test_org.h"

namespace daybook::storage::sqlite {
namespace {

namespace files = std::filesystem;

std::string content_of(const files::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

class SqliteMigrations : public testing::Test {
 protected:
    [[nodiscard]] std::string path() const { return (directory_.path() / kDatabaseFile).string(); }
    std::unique_ptr<Database> open() { return Database::open(path(), Access::write, "").value(); }
    Result<std::unique_ptr<SqliteStore>> open_directory(Access access = Access::write) {
        return open_store(
            {.directory = directory_.path(), .clock = clock_, .random = random_, .access = access});
    }

    test::TemporaryDirectory directory_;
    ManualClock clock_{test::kTestStart};
    SeededRandom random_{1};
};

constexpr auto kSchema =
    "select group_concat(type || ' ' || name || ' ' || coalesce(sql, ''), '\n') from"
    " (select * from sqlite_schema order by type, name)";

TEST_F(SqliteMigrations, UpDownAndUpAgainIsTheSameSchema) {
    const auto database = open();
    migrate(*database, clock_.now()).value();
    const std::string schema = database->value(kSchema).value();
    EXPECT_EQ(schema_of(*database), newest_schema());
    EXPECT_NE(schema.find("finance_event_store"), std::string::npos);

    migrate_down(*database, 0).value();
    EXPECT_EQ(schema_of(*database), 0);
    EXPECT_EQ(database->value("select count(*) from sqlite_schema where name not like '%migration%'"
                              " and name not like 'sqlite_%'"),
              "0");
    migrate(*database, clock_.now()).value();
    EXPECT_EQ(database->value(kSchema), schema);
}

TEST_F(SqliteMigrations, ASecondStartChangesNothing) {
    {
        ASSERT_TRUE(open_directory());
    }
    const std::string before = content_of(path());
    {
        ASSERT_TRUE(open_directory());
    }
    EXPECT_EQ(content_of(path()), before);
}

TEST_F(SqliteMigrations, ANewerSchemaIsRefusedAndNotTouched) {
    {
        ASSERT_TRUE(open_directory());
    }
    {
        ASSERT_TRUE(open()->execute("pragma user_version = 9999; pragma wal_checkpoint(truncate)"));
    }
    const std::string before = content_of(path());
    for (const Access access : {Access::write, Access::read}) {
        const auto store = open_directory(access);
        ASSERT_FALSE(store);
        EXPECT_EQ(store.error().code, ErrorCode::newer_schema);
        EXPECT_NE(store.error().detail.find("restore a backup"), std::string::npos);
    }
    EXPECT_EQ(content_of(path()), before);
}

TEST_F(SqliteMigrations, AnOlderSchemaIsNotReadBeforeItIsBroughtUp) {
    {
        ASSERT_TRUE(open()->execute("create table something (a)"));
    }
    const auto store = open_directory(Access::read);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::read_only);
}

TEST_F(SqliteMigrations, AStepThatWasEditedIsNoticed) {
    {
        ASSERT_TRUE(open_directory());
    }
    {
        ASSERT_TRUE(open()->execute("update schema_migrations set checksum = 'other'"));
    }
    const auto store = open_directory();
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::corrupt);
}

TEST_F(SqliteMigrations, WhatIsNoDatabaseIsRefused) {
    EXPECT_EQ(open_directory(Access::read).error().code, ErrorCode::not_found);
    std::ofstream(path()) << std::string(50'000, '?');
    EXPECT_EQ(open_directory().error().code, ErrorCode::corrupt);
}

// What a step made of tables of the books is what the log gives.
TEST_F(SqliteMigrations, DatabasesOfEverySchemaAreAFoldOfTheirLogs) {
    for (const auto& fixture : files::directory_iterator(DAYBOOK_SOURCE_DIR "/tests/fixtures")) {
        files::copy_file(fixture.path(), path(), files::copy_options::overwrite_existing);
        ASSERT_TRUE(open_directory());
        auto maintenance = open_maintenance({.directory = directory_.path(),
                                             .clock = clock_,
                                             .random = random_,
                                             .access = Access::read})
                               .value();
        const auto report = maintenance->rebuild(app::RebuildMode::check, [](auto, auto) {});
        ASSERT_TRUE(report) << fixture.path() << report.error().detail;
        EXPECT_GT(report->rows, 0);
        EXPECT_EQ(report->differences_count, 0)
            << fixture.path() << (report->differences.empty() ? "" : report->differences.front());
    }
}

// A fixture was written by the release that had its schema as its newest, and is never changed: one
// org with two properties, six entries, a count, a correction and a token.
TEST_F(SqliteMigrations, DatabasesOfEverySchemaOpenWithAllTheirBooks) {
    int fixtures = 0;
    for (const auto& fixture : files::directory_iterator(DAYBOOK_SOURCE_DIR "/tests/fixtures")) {
        if (!fixture.path().filename().string().starts_with("schema_")) continue;
        ++fixtures;
        files::copy_file(fixture.path(), path(), files::copy_options::overwrite_existing);
        auto store = open_directory().value();
        const auto orgs = store->orgs().value();
        ASSERT_EQ(orgs.size(), 1U) << fixture.path();
        const auto contents = test::contents_of(*store->snapshot(orgs[0].id).value());
        EXPECT_EQ(contents.properties.size(), 2U);
        EXPECT_EQ(contents.entries.size(), 6U);
        EXPECT_EQ(contents.counts.size(), 1U);
        EXPECT_EQ(contents.adjustments.size(), 1U);
        EXPECT_EQ(contents.tokens.size(), 1U);
        EXPECT_EQ(store->credentials().value().size(), 1U);
        EXPECT_EQ(test::decoded_log(*store->snapshot(orgs[0].id).value()).size(),
                  static_cast<std::size_t>(contents.head));
    }
    EXPECT_EQ(fixtures, newest_schema());
}

}  // namespace
}  // namespace daybook::storage::sqlite
