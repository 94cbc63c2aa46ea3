// The embedded steps, and the bookkeeping in the file.
#include "storage/sqlite/migrations.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "embedded/storage_sqlite.h"
#include "storage/sql/migration_steps.h"
#include "storage/sql/run.h"

namespace daybook::storage::sqlite {
namespace {

using Step = sql::MigrationStep;

std::vector<Step> all_steps() {
    return sql::migration_steps(embedded::storage_sqlite::files());
}

constexpr auto kBookkeeping = R"(
    create table if not exists schema_migrations (
        number     integer primary key,
        name       text    not null,
        checksum   text    not null, -- SHA-256 of the .up.sql
        applied_at integer not null
    ) strict;
)";

// row_checksum(columns…): what the last column of a row must be, for steps that change a table.
void row_checksum(sqlite3_context* context, int count, sqlite3_value** values) {
    sql::Checksum checksum;
    for (sqlite3_value* value : std::span(values, static_cast<std::size_t>(count))) {
        const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
        switch (sqlite3_value_type(value)) {
            case SQLITE_INTEGER: checksum.integer(sqlite3_value_int64(value)); break;
            case SQLITE_TEXT:
                checksum.text({reinterpret_cast<const char*>(sqlite3_value_text(value)), size});
                break;
            case SQLITE_BLOB:
                checksum.blob({static_cast<const std::uint8_t*>(sqlite3_value_blob(value)), size});
                break;
            default: checksum.null();
        }
    }
    sqlite3_result_int64(context, checksum.value());
}

Status add_row_checksum(Database& database) {
    constexpr int kAnyNumber = -1;
    constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    const int made =
        sqlite3_create_function_v2(database.handle(), "row_checksum", kAnyNumber, kFlags, nullptr,
                                   row_checksum, nullptr, nullptr, nullptr);
    if (made == SQLITE_OK) return {};
    return std::unexpected(database.failure("row_checksum"));
}

Status in_transaction(Database& database, const std::string& sql) {
    TRY(database.execute("begin immediate"));
    if (Status done = database.execute(sql.c_str()); !done) {
        if (database.in_transaction()) database.execute("rollback");
        return done;
    }
    return database.execute("commit");
}

Status check_earlier(Database& database, const Step& step) {
    const std::string sql =
        fmt::format("select checksum from schema_migrations where number = {}", step.number);
    const std::string found = TRY(database.value(sql.c_str()));
    return sql::check_earlier(step, found);
}

}  // namespace

int newest_schema() {
    return all_steps().back().number;
}

Result<int> schema_of(Database& database) {
    return sql::migration_number(TRY(database.value("pragma user_version")));
}

Status migrate(Database& database, Instant now) {
    const int found = TRY(schema_of(database));
    TRY(sql::check_not_newer(found, newest_schema()));
    if (found < newest_schema()) {
        TRY(database.execute(kBookkeeping));
        TRY(add_row_checksum(database));
    }
    for (const Step& step : all_steps()) {
        if (step.number <= found) {
            TRY(check_earlier(database, step));
            continue;
        }
        const std::string record = fmt::format(
            "\ninsert into schema_migrations (number, name, checksum, applied_at)"
            " values ({0}, '{1}', '{2}', {3});"
            "pragma user_version = {0};",
            step.number, step.name, step.checksum(), now.ms);
        TRY(in_transaction(database, std::string(step.up) + record));
    }
    return {};
}

Status migrate_down(Database& database, int to_schema) {
    const int found = TRY(schema_of(database));
    std::vector<Step> steps = all_steps();
    std::ranges::reverse(steps);
    TRY(add_row_checksum(database));
    for (const Step& step : steps) {
        if (step.number > found || step.number <= to_schema) continue;
        const std::string record = fmt::format(
            "\ndelete from schema_migrations where number = {}; pragma user_version = {};",
            step.number, step.number - 1);
        TRY(in_transaction(database, std::string(step.down) + record));
    }
    return {};
}

Status check_schema(Database& database) {
    const int found = TRY(schema_of(database));
    TRY(sql::check_not_newer(found, newest_schema()));
    if (found == newest_schema()) return {};
    if (TRY(database.value("pragma page_count")) == "0") {
        return fail(ErrorCode::corrupt,
                    "The database is empty: go back to a backup that is whole.");
    }
    return std::unexpected(sql::older_schema());
}

}  // namespace daybook::storage::sqlite
