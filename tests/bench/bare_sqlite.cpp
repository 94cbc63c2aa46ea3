// Statements, values, files.
#include "bare_sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <stdexcept>

namespace daybook::bench {
namespace {

[[noreturn]] void fail(sqlite3* database, const std::string& what) {
    throw std::runtime_error(fmt::format("bare SQLite: {}: {}", what, sqlite3_errmsg(database)));
}

StatementHandle prepare(sqlite3* database, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        fail(database, sql);
    return StatementHandle(statement);
}

bool step(sqlite3_stmt* statement) {
    const int code = sqlite3_step(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        fail(sqlite3_db_handle(statement), sqlite3_sql(statement));
    return code == SQLITE_ROW;
}

Value value_at(sqlite3_stmt* statement, int column) {
    Value value;
    value.type = sqlite3_column_type(statement, column);
    if (value.type == SQLITE_INTEGER) value.integer = sqlite3_column_int64(statement, column);
    if (value.type == SQLITE_TEXT || value.type == SQLITE_BLOB) {
        const void* bytes = sqlite3_column_blob(statement, column);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        value.bytes.assign(static_cast<const char*>(bytes), size);
    }
    return value;
}

void bind(sqlite3_stmt* statement, int place, const Value& value) {
    const int size = static_cast<int>(value.bytes.size());
    switch (value.type) {
        case SQLITE_INTEGER: sqlite3_bind_int64(statement, place, value.integer); break;
        case SQLITE_TEXT:
            sqlite3_bind_text(statement, place, value.bytes.data(), size, SQLITE_STATIC);
            break;
        case SQLITE_BLOB:
            sqlite3_bind_blob(statement, place, value.bytes.data(), size, SQLITE_STATIC);
            break;
        default: sqlite3_bind_null(statement, place);
    }
}

Row row_at(sqlite3_stmt* statement) {
    Row row;
    const int columns = sqlite3_column_count(statement);
    row.reserve(static_cast<std::size_t>(columns));
    for (int i = 0; i < columns; ++i) row.push_back(value_at(statement, i));
    return row;
}

StatementHandle prepare_insert(sqlite3* database, const char* verb, const std::string& table) {
    const auto columns =
        read_integer(database, fmt::format("select count(*) from pragma_table_info('{}')", table));
    std::string places;
    for (std::int64_t i = 0; i < columns; ++i) places += i == 0 ? "?" : ",?";
    return prepare(database, fmt::format("{} into {} values ({})", verb, table, places));
}

}  // namespace

void CloseDatabase::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}

void FinalizeStatement::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

DatabaseHandle open_database(const std::filesystem::path& file) {
    constexpr int kFlags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    // As Daybook does: SQLite counts its memory under a lock. Must come before its first use.
    static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)configured;
    sqlite3* database = nullptr;
    if (sqlite3_open_v2(file.c_str(), &database, kFlags, nullptr) != SQLITE_OK) {
        throw std::runtime_error(fmt::format("cannot open {}", file.string()));
    }
    return DatabaseHandle(database);
}

void remove_database(const std::filesystem::path& file) {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
}

void set_as_daybook_does(sqlite3* database, std::int64_t page_size) {
    run_sql(database, fmt::format("pragma page_size={}", page_size));
    for (const char* pragma :
         {"pragma journal_mode=wal", "pragma synchronous=full", "pragma cache_spill=off",
          "pragma cache_size=-65536", "pragma temp_store=memory"}) {
        run_sql(database, pragma);
    }
}

void run_sql(sqlite3* database, const std::string& sql) {
    if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        fail(database, sql);
}

std::vector<Row> read_rows(sqlite3* database, const std::string& sql) {
    const StatementHandle statement = prepare(database, sql);
    std::vector<Row> rows;
    while (step(statement.get())) rows.push_back(row_at(statement.get()));
    return rows;
}

std::int64_t read_integer(sqlite3* database, const std::string& sql) {
    const auto rows = read_rows(database, sql);
    return rows.empty() ? 0 : rows.front().front().integer;
}

void for_each_text(sqlite3* database, const std::string& sql,
                   const std::function<void(std::string_view)>& use) {
    const StatementHandle statement = prepare(database, sql);
    while (step(statement.get())) {
        const void* bytes = sqlite3_column_blob(statement.get(), 0);
        use({static_cast<const char*>(bytes),
             static_cast<std::size_t>(sqlite3_column_bytes(statement.get(), 0))});
    }
}

void copy_rows(sqlite3* from, const std::string& sql, sqlite3* to, const std::string& table) {
    const StatementHandle row = prepare(from, sql);
    const StatementHandle insert = prepare_insert(to, "insert", table);
    const int columns = sqlite3_column_count(row.get());
    while (step(row.get())) {
        for (int i = 0; i < columns; ++i)
            sqlite3_bind_value(insert.get(), i + 1, sqlite3_column_value(row.get(), i));
        (void)step(insert.get());
        sqlite3_reset(insert.get());
    }
}

Inserter::Inserter(sqlite3* database, const std::string& table, On conflict)
    : database_(database),
      statement_(prepare_insert(database, conflict == On::fail ? "insert" : "replace", table)) {}

void Inserter::insert(const Row& row) const {
    sqlite3_stmt* statement = statement_.get();
    const int places = sqlite3_bind_parameter_count(statement);
    for (int i = 0; i < places; ++i) {
        if (static_cast<std::size_t>(i) < row.size()) {
            bind(statement, i + 1, row[static_cast<std::size_t>(i)]);
        } else {
            sqlite3_bind_int64(statement, i + 1, 1);
        }
    }
    if (sqlite3_step(statement) != SQLITE_DONE) fail(database_, sqlite3_sql(statement));
    sqlite3_reset(statement);
}

}  // namespace daybook::bench
