// The embedded steps, and the bookkeeping in the database.
#include "storage/postgres/migrations.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "embedded/storage_postgres.h"
#include "storage/sql/migration_steps.h"

namespace daybook::storage::postgres {
namespace {

using Step = sql::MigrationStep;

// Whoever holds it brings up the schema; others wait. The number is ours alone: "daybook" in ASCII.
constexpr auto kLock = "select pg_advisory_xact_lock(28254671641472875)";

constexpr auto kBookkeeping = R"(
    create table if not exists schema_migrations (
        number     bigint           primary key,
        name       text collate "C" not null,
        checksum   text collate "C" not null, -- SHA-256 of the .up.sql
        applied_at bigint           not null
    );
)";

std::vector<Step> all_steps() {
    return sql::migration_steps(embedded::storage_postgres::files());
}

// Runs `script` under the lock if the schema is still `expected`; so two nodes take a step once.
Status under_lock(Database& database, int expected, const std::string& script) {
    TRY(database.run_script(std::string("begin;") + kLock));
    const auto found = schema_of(database);
    const bool is_due = found && *found == expected;
    Status done = found ? Status() : fail(found.error());
    if (is_due) done = database.run_script(script);
    const Status ended = database.run_script(done && is_due ? "commit" : "rollback");
    return done ? ended : done;
}

Status check_earlier(Database& database, const Step& step) {
    const std::string found = TRY(database.value(
        "schema_step",
        fmt::format("select checksum from schema_migrations where number = {}", step.number)));
    return sql::check_earlier(step, found);
}

}  // namespace

int newest_schema() {
    return all_steps().back().number;
}

Result<int> schema_of(Database& database) {
    const std::string table =
        TRY(database.value("schema_table", "select to_regclass('schema_migrations')::text"));
    if (table.empty()) return 0;
    const std::string number = TRY(database.value(
        "schema_number", "select coalesce(max(number), 0)::text from schema_migrations"));
    return sql::migration_number(number);
}

Status migrate(Database& database, Instant now) {
    const int found = TRY(schema_of(database));
    TRY(sql::check_not_newer(found, newest_schema()));
    for (const Step& step : all_steps()) {
        if (step.number <= found) {
            TRY(check_earlier(database, step));
            continue;
        }
        const std::string record = fmt::format(
            "\ninsert into schema_migrations (number, name, checksum, applied_at)"
            " values ({}, '{}', '{}', {});",
            step.number, step.name, step.checksum(), now.ms);
        TRY(under_lock(database, step.number - 1, kBookkeeping + std::string(step.up) + record));
    }
    return {};
}

Status migrate_down(Database& database, int to_schema) {
    const int found = TRY(schema_of(database));
    std::vector<Step> steps = all_steps();
    std::ranges::reverse(steps);
    for (const Step& step : steps) {
        if (step.number > found || step.number <= to_schema) continue;
        const std::string record =
            fmt::format("\ndelete from schema_migrations where number = {};", step.number);
        TRY(under_lock(database, step.number, std::string(step.down) + record));
    }
    return {};
}

Status check_schema(Database& database) {
    const int found = TRY(schema_of(database));
    TRY(sql::check_not_newer(found, newest_schema()));
    if (found == newest_schema()) return {};
    return std::unexpected(sql::older_schema());
}

}  // namespace daybook::storage::postgres
