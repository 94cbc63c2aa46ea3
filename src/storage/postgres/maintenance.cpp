// Every row of every table by a cursor, a page at a time.
#include "storage/postgres/maintenance.h"

#include <charconv>

#include "storage/postgres/migrations.h"
#include "storage/sql/books_tables.h"
#include "storage/sql/event_check.h"
#include "storage/sql/event_table.h"
#include "storage/sql/org_table.h"

namespace daybook::storage::postgres {
namespace {

constexpr std::size_t kPageRows = 2'000;
// One look over everything may take long.
constexpr std::int64_t kNoTimeout = 0;

std::int64_t number_of(const std::string& text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

}  // namespace

Result<std::unique_ptr<app::Maintenance>> open_maintenance(const std::string& address) {
    auto database = TRY(Database::connect(TRY(Address::parse(address))));
    return std::make_unique<PostgresMaintenance>(std::move(database));
}

Result<app::RebuildReport> PostgresMaintenance::rebuild(app::RebuildMode,
                                                        const app::MaintenanceProgress&) {
    return fail(ErrorCode::invalid_value,
                "Books in PostgreSQL are not rebuilt. Prove them with daybook verify; what is "
                "damaged comes back from a backup of the database.");
}

Status PostgresMaintenance::backup(const std::string&) {
    return fail(ErrorCode::invalid_value,
                "These books are in PostgreSQL: back them up with pg_basebackup or pg_dump.");
}

Result<app::DatabaseFacts> PostgresMaintenance::facts() {
    const int schema = TRY(schema_of(*database_));
    const std::string bytes =
        TRY(database_->value("database_size", "select pg_database_size(current_database())::text"));
    return app::DatabaseFacts{schema, newest_schema(), number_of(bytes), 0};
}

Status PostgresMaintenance::check_rows(const app::MaintenanceProgress& progress) {
    TRY(check_schema(*database_));
    TRY(database_->send_begin("isolation level repeatable read read only", kNoTimeout));
    std::int64_t rows = 0;
    const auto check = [&](const auto& tables) -> Status {
        for (const sql::Table& table : tables) {
            rows += TRY(check_table(table));
            progress(rows, 0);
        }
        return {};
    };
    TRY(check(sql::kBooksTables));
    TRY(check(sql::kLogTables));
    TRY(check(sql::kSideTables));
    rows += TRY(check_log(progress, rows));
    return database_->send_rollback();
}

// Reading a row compares its checksum.
Result<std::int64_t> PostgresMaintenance::check_table(const sql::Table& table) {
    const std::string name(table.name);
    const std::string cursor = "rows_of_" + name;
    TRY(database_->send("declare", "declare " + cursor + " no scroll cursor for table " + name));
    const std::string text = "fetch " + std::to_string(kPageRows) + " from " + cursor;
    const sql::Query query{cursor, text, "", ""};
    sql::Statement statement(*database_, query);
    std::int64_t rows = 0;
    while (true) {
        sql::Run run(statement);
        const std::int64_t before = rows;
        while (TRY(run.next(table, [](sql::Row&) { return true; }))) rows++;
        if (rows == before) return rows;
    }
}

Result<std::int64_t> PostgresMaintenance::check_log(const app::MaintenanceProgress& progress,
                                                    std::int64_t before) {
    sql::OrgTable orgs(*database_);
    sql::EventTable log(*database_);
    std::int64_t rows = 0;
    for (const domain::Org& org : TRY(orgs.all())) {
        Position last = 0;
        while (true) {
            const auto page = TRY(log.rows_after(org.id, last, kPageRows));
            if (page.empty()) break;
            for (const app::EventRow& row : page) TRY(sql::check_event_columns(row));
            rows += std::ssize(page);
            progress(before + rows, 0);
            last = page.back().position;
        }
    }
    return rows;
}

}  // namespace daybook::storage::postgres
