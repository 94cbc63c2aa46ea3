// The bare loop.
#include "bare_sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <stdexcept>

namespace daybook::bench {
namespace {

// What is written once per batch whatever its size, and what is there before the loop.
constexpr const char* kFixedTables[] = {"orgs", "properties", "categories", "tokens",
                                        "token_secrets"};

[[noreturn]] void fail(sqlite3* database, const std::string& what) {
    throw std::runtime_error(fmt::format("bare loop: {}: {}", what, sqlite3_errmsg(database)));
}

struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

Statement prepare(sqlite3* database, const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
        fail(database, sql);
    }
    return Statement(statement);
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

// Inserts the values in order; columns beyond them get the integer 1.
void insert(sqlite3* database, const Statement& statement, const Row& row) {
    const int places = sqlite3_bind_parameter_count(statement.get());
    for (int i = 0; i < places; ++i) {
        if (static_cast<std::size_t>(i) < row.size()) {
            bind(statement.get(), i + 1, row[static_cast<std::size_t>(i)]);
        } else {
            sqlite3_bind_int64(statement.get(), i + 1, 1);
        }
    }
    if (sqlite3_step(statement.get()) != SQLITE_DONE) fail(database, sqlite3_sql(statement.get()));
    sqlite3_reset(statement.get());
}

Statement prepare_insert(sqlite3* database, const std::string& verb, const std::string& table) {
    const auto columns =
        read_integer(database, fmt::format("select count(*) from pragma_table_info('{}')", table));
    std::string places;
    for (std::int64_t i = 0; i < columns; ++i) places += i == 0 ? "?" : ",?";
    return prepare(database, fmt::format("{} into {} values ({})", verb, table, places));
}

// So that rows to write are in key order, once each.
bool before(const Row& one, const Row& other) {
    return std::ranges::lexicographical_compare(one, other, [](const Value& a, const Value& b) {
        return std::tie(a.integer, a.bytes) < std::tie(b.integer, b.bytes);
    });
}
struct KeyOrder {
    bool operator()(const Row& one, const Row& other) const { return before(one, other); }
};

Value integer_value(std::int64_t integer) {
    return Value{SQLITE_INTEGER, integer, {}};
}

}  // namespace

void CloseDatabase::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}

DatabaseHandle open_database(const std::filesystem::path& file) {
    sqlite3* database = nullptr;
    if (sqlite3_open(file.c_str(), &database) != SQLITE_OK) {
        throw std::runtime_error(fmt::format("cannot open {}", file.string()));
    }
    return DatabaseHandle(database);
}

void run_sql(sqlite3* database, const std::string& sql) {
    if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        fail(database, sql);
}

std::vector<Row> read_rows(sqlite3* database, const std::string& sql) {
    const Statement statement = prepare(database, sql);
    std::vector<Row> rows;
    while (sqlite3_step(statement.get()) == SQLITE_ROW) {
        Row row;
        for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) {
            row.push_back(value_at(statement.get(), i));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

std::int64_t read_integer(sqlite3* database, const std::string& sql) {
    const auto rows = read_rows(database, sql);
    return rows.empty() ? 0 : rows.front().front().integer;
}

BareLoop::BareLoop(const std::filesystem::path& filled) {
    const DatabaseHandle database = open_database(filled);
    for (const Row& row :
         read_rows(database.get(), "select sql from sqlite_master where sql is not null")) {
        schema_.push_back(row.front().bytes);
    }
    pragmas_ = {
        fmt::format("pragma page_size={}", read_integer(database.get(), "pragma page_size")),
        "pragma journal_mode=wal",
        "pragma synchronous=full",
        "pragma cache_spill=off",
        "pragma wal_autocheckpoint=1000",
        "pragma cache_size=-65536"};
    for (const char* table : kFixedTables) {
        fixed_[table] = read_rows(database.get(), fmt::format("select * from {}", table));
    }
    events_ = read_rows(
        database.get(),
        "select * from finance_event_store where entity_type = 'entry' order by org, position");
    entries_ = read_rows(database.get(), "select * from entries order by rowid");
    for (int day = 0; day < 4; ++day) {
        for (Row& row :
             read_rows(database.get(), fmt::format("select * from idempotency_{}", day))) {
            idempotency_.push_back(std::move(row));
        }
    }
    head_ = read_rows(database.get(), "select * from heads limit 1").at(0);
    counters_ = read_rows(database.get(), "select * from counters limit 1").at(0);
    std::size_t place = 0;
    for (const Row& row :
         read_rows(database.get(), "select name from pragma_table_info('entries')")) {
        entry_columns_[row.front().bytes] = place++;
    }
    if (events_.size() != entries_.size())
        throw std::runtime_error("bare loop: not one event per entry");
}

void BareLoop::create(sqlite3* database) const {
    for (const std::string& pragma : pragmas_) run_sql(database, pragma);
    for (const std::string& sql : schema_) run_sql(database, sql);
    for (const char* table : kFixedTables) {
        const Statement statement = prepare_insert(database, "insert", table);
        for (const Row& row : fixed_.at(table)) insert(database, statement, row);
    }
}

std::vector<BareLoop::Totals> BareLoop::totals_of(const Row& entry) const {
    const auto column = [&](const char* name) { return entry[entry_columns_.at(name)]; };
    const std::int64_t day = column("business_date").integer;
    std::vector<Totals> totals;
    for (const std::int64_t period : {day, day / 100, day / 10'000}) {
        totals.push_back(
            {{column("org"), column("property"), integer_value(period), column("payment_mode")},
             {column("org"), column("property"), integer_value(period), column("kind"),
              column("key")}});
    }
    return totals;
}

double BareLoop::run(const std::filesystem::path& target, std::int64_t batch_size) const {
    for (const char* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(target.string() + suffix);
    const DatabaseHandle handle = open_database(target);
    sqlite3* database = handle.get();
    create(database);
    const Statement event = prepare_insert(database, "insert", "finance_event_store");
    const Statement entry = prepare_insert(database, "insert", "entries");
    const Statement idempotency = prepare_insert(database, "insert", "idempotency_0");
    const Statement head = prepare_insert(database, "replace", "heads");
    const Statement counters = prepare_insert(database, "replace", "counters");
    const Statement account = prepare_insert(database, "replace", "day_totals");
    const Statement category = prepare_insert(database, "replace", "day_categories");
    const auto start = std::chrono::steady_clock::now();
    std::size_t requests = 0;
    for (std::int64_t from = 0; from < commands(); from += batch_size) {
        const std::int64_t to = std::min(from + batch_size, commands());
        std::set<Row, KeyOrder> accounts;
        std::set<Row, KeyOrder> categories;
        run_sql(database, "begin immediate");
        for (std::int64_t i = from; i < to; ++i) {
            const auto at = static_cast<std::size_t>(i);
            insert(database, event, events_[at]);
            insert(database, entry, entries_[at]);
            for (Totals& each : totals_of(entries_[at])) {
                accounts.insert(std::move(each.account_key));
                categories.insert(std::move(each.category_key));
            }
        }
        const std::size_t requests_due =
            idempotency_.size() * static_cast<std::size_t>(to) / entries_.size();
        for (; requests < requests_due; ++requests)
            insert(database, idempotency, idempotency_[requests]);
        insert(database, head, head_);
        insert(database, counters, counters_);
        for (const Row& each : accounts) insert(database, account, each);
        for (const Row& each : categories) insert(database, category, each);
        run_sql(database, "commit");
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return static_cast<double>(commands()) / took.count();
}

}  // namespace daybook::bench
