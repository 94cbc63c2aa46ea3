// Looks at every page and every row, and compares the columns beside each event with its bytes.
#include <string>

#include "storage/sql/books_tables.h"
#include "storage/sql/event_check.h"
#include "storage/sqlite/cursor.h"
#include "storage/sqlite/log_fold.h"
#include "storage/sqlite/maintenance.h"
#include "storage/sqlite/migrations.h"

namespace daybook::storage::sqlite {
namespace {

constexpr std::size_t kPageEvents = 2'000;

Status check_pages(Database& database) {
    const std::string verdict = TRY(database.value("pragma quick_check(1)"));
    if (verdict == "ok") return {};
    return fail(ErrorCode::corrupt, "The database file is damaged (" + verdict +
                                        "). Go back to a backup that is whole.");
}

// Reading a row compares its checksum.
Result<std::int64_t> check_table(Database& database, const sql::Table& table) {
    const std::string sql = "select * from " + std::string(table.name);
    const sql::Query query{"check_rows", sql, "", ""};
    sql::Statement statement(database, query);
    sql::Run run(statement);
    std::int64_t rows = 0;
    while (TRY(run.next(table, [](sql::Row&) { return true; }))) rows++;
    return rows;
}

}  // namespace

Status SqliteMaintenance::check_rows(const app::MaintenanceProgress& progress) {
    TRY(check_schema(*database_));
    TRY(check_pages(*database_));
    std::int64_t rows = 0;
    for (const sql::Table& table : sql::kBooksTables) {
        rows += TRY(check_table(*database_, table));
        progress(rows, 0);
    }
    for (const sql::Table& table : sql::kLogTables) rows += TRY(check_table(*database_, table));
    for (const sql::Table& table : sql::kSideTables) rows += TRY(check_table(*database_, table));
    sql::EventTable log(*database_);
    for (const OrgId org : TRY(orgs_of_log(*database_))) {
        Position last = 0;
        while (true) {
            const auto page = TRY(log.rows_after(org, last, kPageEvents));
            for (const app::EventRow& row : page) TRY(sql::check_event_columns(row));
            rows += std::ssize(page);
            progress(rows, 0);
            if (page.empty()) break;
            last = page.back().position;
        }
    }
    return {};
}

}  // namespace daybook::storage::sqlite
