// The embedded steps, and the bookkeeping in the file.
#include "storage/sqlite/migrations.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/digest.h"
#include "base/hex.h"
#include "embedded/storage_sqlite.h"
#include "storage/sqlite/run.h"

namespace daybook::storage::sqlite {
namespace {

struct Step {
    int number;
    std::string_view name;  // "0001_books"
    std::string_view up;
    std::string_view down;

    [[nodiscard]] std::string checksum() const { return to_hex(sha256({as_bytes(up)})); }
};

std::vector<Step> all_steps() {
    constexpr std::string_view kUp = ".up.sql";
    std::vector<Step> steps;
    for (const auto& file : embedded::storage_sqlite::files()) {
        if (!file.name.ends_with(kUp)) continue;
        const std::string_view name = file.name.substr(0, file.name.size() - kUp.size());
        int number = 0;
        std::from_chars(name.data(), name.data() + name.size(), number);
        const auto down = embedded::storage_sqlite::text(std::string(name) + ".down.sql");
        CHECK(number == static_cast<int>(steps.size()) + 1 && !down.empty());
        steps.push_back({number, name, file.text, down});
    }
    CHECK(!steps.empty());
    return steps;
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
    Checksum checksum;
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

Error newer_schema(int found) {
    return error(ErrorCode::newer_schema,
                 fmt::format("This data was written by a newer Daybook (its schema is {}, this "
                             "program knows {}); install it or restore a backup.",
                             found, newest_schema()));
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
    if (found == step.checksum()) return {};
    return fail(ErrorCode::corrupt,
                fmt::format("This data was made by another version of the migration {}; install "
                            "the Daybook that wrote it.",
                            step.name));
}

}  // namespace

int newest_schema() {
    return all_steps().back().number;
}

Result<int> schema_of(Database& database) {
    const std::string text = TRY(database.value("pragma user_version"));
    int version = 0;
    std::from_chars(text.data(), text.data() + text.size(), version);
    return version;
}

Status migrate(Database& database, Instant now) {
    const int found = TRY(schema_of(database));
    if (found > newest_schema()) return std::unexpected(newer_schema(found));
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
            "\ninsert into schema_migrations values ({0}, '{1}', '{2}', {3});"
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
    if (found > newest_schema()) return std::unexpected(newer_schema(found));
    if (found == newest_schema()) return {};
    if (TRY(database.value("pragma page_count")) == "0") {
        return fail(ErrorCode::corrupt,
                    "The database is empty: go back to a backup that is whole.");
    }
    return fail(ErrorCode::read_only,
                "This data was written by an older Daybook: start the server once to bring it up.");
}

}  // namespace daybook::storage::sqlite
