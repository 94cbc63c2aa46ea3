// Need: a directory for files. Goal: SQLite runs every named query as the text beside it says, on
// an empty and on a large database.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>

#include "storage/sql/query.h"
#include "storage/sqlite/database.h"
#include "storage/sqlite/migrations.h"
#include "support/temporary_directory.h"
#include "support/test_org.h"

namespace daybook::storage::sqlite {
namespace {

std::string plan_of(Database& database, const sql::Query& query) {
    std::string plan;
    const auto add_line = [](void* context, int, char** values, char**) {
        auto& text = *static_cast<std::string*>(context);
        if (!text.empty()) text += "; ";
        text += values[3];
        return 0;
    };
    const std::string sql = "explain query plan " + query.sql();
    EXPECT_EQ(sqlite3_exec(database.handle(), sql.c_str(), add_line, &plan, nullptr), SQLITE_OK)
        << query.name;
    return plan;
}

// 200,000 events and as many entries of ten properties, made where they are stored; their checksums
// are wrong, but nobody reads them.
constexpr auto kManyRows = R"(
    pragma foreign_keys = off;
    begin;
    create temp table numbers as
        with recursive up(n) as (select 1 union all select n + 1 from up where n < 200000)
        select n, cast('org-------------' as blob) as org,
            cast(printf('property------%02d', n % 10) as blob) as property,
            cast(printf('entry-----%06d', n) as blob) as id from up;
    insert into finance_event_store select org, n, id, 'expense_added', property, 'entry', id, org,
        1773576000000 + n, 20260101 + n % 28, 20260101 + n % 28, '{}', null, org, org, 0
        from numbers;
    insert into entries select org, id, property, 'expense', n, 20260101 + n % 28, n % 977, 'EUR',
        'cash', 'supplies', 'cash', 'bank', '', 0, null, 'R-' || n, 0, null, '', '', '',
        iif(n % 100 = 0, 'pending', 'approved'), 'pending', 1, org, 1773576000000 + n, org, 0, null,
        null, '', x'', 0, 0 from numbers;
    insert into day_totals select org, property, 20000101 + n, 'cash', 1, 1, 1, 1, 1, 1, 0
        from numbers where n <= 5000;
    insert into day_categories select org, property, 20000101 + n, 'expense', 'supplies', 1, 1, 0
        from numbers where n <= 5000;
    insert into day_pending select org, property, 20000101 + n, 'expense', 1, 1, 1, 1, 0
        from numbers where n <= 5000;
    insert into idempotency_0 select org, id, org, 1, 1, x'', 1773576000000, 0
        from numbers where n <= 5000;
    commit;
    pragma foreign_keys = on;
)";

class SqliteQueries : public testing::Test {
 protected:
    SqliteQueries() {
        database_ =
            Database::open((directory_.path() / "daybook.db").string(), Access::write, "").value();
        migrate(*database_, test::kTestStart).value();
    }
    void expect_plans() {
        for (const sql::Query* query : sql::all_queries()) {
            EXPECT_EQ(plan_of(*database_, *query), query->plan) << query->name;
        }
    }

    test::TemporaryDirectory directory_;
    std::unique_ptr<Database> database_;
};

TEST_F(SqliteQueries, RunAsPlannedOnAnEmptyDatabase) {
    expect_plans();
}

TEST_F(SqliteQueries, RunAsPlannedOnALargeDatabase) {
    const Status filled = database_->execute(kManyRows);
    ASSERT_TRUE(filled) << filled.error().detail;
    EXPECT_EQ(database_->value("select count(*) from finance_event_store"), "200000");
    expect_plans();
    // Nobody does this to it, but who does must not make it slow.
    ASSERT_TRUE(database_->execute("analyze"));
    expect_plans();
}

TEST_F(SqliteQueries, BeginWithTheOrg) {
    const std::set<std::string_view> of_all_orgs{"org_find",         "org_all",
                                                 "org_put",          "token_secret_all",
                                                 "token_secret_put", "idempotency_find"};
    for (const sql::Query* query : sql::all_queries()) {
        const bool searches = query->plan.find("SEARCH") != std::string_view::npos;
        if (!searches || of_all_orgs.contains(query->name)) continue;
        const bool by_org = query->plan.find("(org=?") != std::string_view::npos;
        EXPECT_TRUE(by_org) << query->name << ": " << query->plan;
    }
}

TEST_F(SqliteQueries, AreAllKnownToThisTest) {
    std::size_t written = 0;
    const std::filesystem::path folder = DAYBOOK_SOURCE_DIR "/src/storage/sql";
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".cpp") continue;
        std::ifstream stream(file.path());
        std::string line;
        while (std::getline(stream, line)) {
            if (line.starts_with("constexpr Query k")) written += 1;
            if (line.starts_with("constexpr std::array<Query, 4> k")) written += 4;
        }
    }
    std::set<std::string_view> names;
    for (const sql::Query* query : sql::all_queries()) names.insert(query->name);
    EXPECT_EQ(sql::all_queries().size(), written);
    EXPECT_EQ(names.size(), written) << "two queries have one name";
}

}  // namespace
}  // namespace daybook::storage::sqlite
