// The bare loop.
#include "bare_loop.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace daybook::bench {
namespace {

// What is there before the loop.
constexpr const char* kFixedTables[] = {"orgs",          "properties", "categories", "tokens",
                                        "token_secrets", "heads",      "counters"};

Value integer_value(std::int64_t integer) {
    return Value{SQLITE_INTEGER, integer, {}};
}

// The newest so many of the rows, the oldest of them first.
std::vector<Row> newest_rows(sqlite3* database, const std::string& rows,
                             std::optional<std::int64_t> newest) {
    auto found = read_rows(
        database, fmt::format("{} order by rowid desc limit {}", rows, newest.value_or(-1)));
    std::ranges::reverse(found);
    return found;
}

// The newest so many records of requests, over the tables of all days, the oldest of them first.
std::vector<Row> newest_requests(sqlite3* database, std::optional<std::int64_t> newest) {
    std::string all;
    for (int day = 0; day < 4; ++day) {
        all += fmt::format("{}select * from idempotency_{}", day == 0 ? "" : " union all ", day);
    }
    auto found = read_rows(
        database, fmt::format("{} order by recorded_at desc limit {}", all, newest.value_or(-1)));
    std::ranges::reverse(found);
    return found;
}

// Rows by their first columns.
std::map<Row, Row, KeyOrder> rows_by_key(sqlite3* database, const char* table,
                                         std::ptrdiff_t columns) {
    std::map<Row, Row, KeyOrder> rows;
    for (Row& row : read_rows(database, fmt::format("select * from {}", table))) {
        Row key(row.begin(), row.begin() + columns);
        rows[std::move(key)] = std::move(row);
    }
    return rows;
}

}  // namespace

bool KeyOrder::operator()(const Row* one, const Row* other) const {
    return (*this)(*one, *other);
}

bool KeyOrder::operator()(const Row& one, const Row& other) const {
    return std::ranges::lexicographical_compare(one, other, [](const Value& a, const Value& b) {
        return std::tie(a.integer, a.bytes) < std::tie(b.integer, b.bytes);
    });
}

BareLoop::BareLoop(std::filesystem::path filled, std::optional<std::int64_t> newest)
    : filled_(std::move(filled)) {
    const DatabaseHandle database = open_database(filled_);
    for (const Row& row :
         read_rows(database.get(), "select sql from sqlite_master where sql is not null")) {
        schema_.push_back(row.front().bytes);
    }
    page_size_ = read_integer(database.get(), "pragma page_size");
    events_ = newest_rows(database.get(),
                          "select * from finance_event_store where entity_type = 'entry'", newest);
    entries_ = newest_rows(database.get(), "select * from entries", newest);
    idempotency_ = newest_requests(database.get(), newest);
    heads_ = rows_by_key(database.get(), "heads", 1);
    counters_ = rows_by_key(database.get(), "counters", 2);
    std::size_t place = 0;
    for (const Row& row :
         read_rows(database.get(), "select name from pragma_table_info('entries')")) {
        entry_columns_[row.front().bytes] = place++;
    }
    if (events_.size() != entries_.size())
        throw std::runtime_error("bare loop: not one event per entry");
}

void BareLoop::create(sqlite3* database) const {
    set_as_daybook_does(database, page_size_);
    for (const std::string& sql : schema_) run_sql(database, sql);
    const DatabaseHandle filled = open_database(filled_);
    run_sql(database, "begin immediate");
    for (const char* table : kFixedTables)
        copy_rows(filled.get(), fmt::format("select * from {}", table), database, table);
    run_sql(database, "commit");
}

const Value& BareLoop::column_of(const Row& entry, const char* name) const {
    return entry[entry_columns_.at(name)];
}

std::vector<BareLoop::Totals> BareLoop::totals_of(const Row& entry) const {
    const auto column = [&](const char* name) { return column_of(entry, name); };
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
    remove_database(target);
    const DatabaseHandle database = open_database(target);
    create(database.get());
    return append(database.get(), batch_size);
}

double BareLoop::append_to(const std::filesystem::path& target, std::int64_t batch_size) const {
    const DatabaseHandle database = open_database(target);
    set_as_daybook_does(database.get(), page_size_);
    return append(database.get(), batch_size);
}

double BareLoop::append(sqlite3* database, std::int64_t batch_size) const {
    const Inserter event(database, "finance_event_store");
    const Inserter entry(database, "entries");
    const Inserter idempotency(database, "idempotency_0");
    const Inserter head(database, "heads", Inserter::On::replace);
    const Inserter counters(database, "counters", Inserter::On::replace);
    const Inserter account(database, "day_totals", Inserter::On::replace);
    const Inserter category(database, "day_categories", Inserter::On::replace);
    const auto start = std::chrono::steady_clock::now();
    std::size_t requests = 0;
    for (std::int64_t from = 0; from < commands(); from += batch_size) {
        const std::int64_t to = std::min(from + batch_size, commands());
        std::set<Row, KeyOrder> orgs;
        std::set<Row, KeyOrder> properties;
        std::set<Row, KeyOrder> accounts;
        std::set<Row, KeyOrder> categories;
        run_sql(database, "begin immediate");
        for (std::int64_t i = from; i < to; ++i) {
            const auto at = static_cast<std::size_t>(i);
            event.insert(events_[at]);
            entry.insert(entries_[at]);
            orgs.insert({column_of(entries_[at], "org")});
            properties.insert(
                {column_of(entries_[at], "org"), column_of(entries_[at], "property")});
            for (Totals& each : totals_of(entries_[at])) {
                accounts.insert(std::move(each.account_key));
                categories.insert(std::move(each.category_key));
            }
        }
        const std::size_t requests_due =
            idempotency_.size() * static_cast<std::size_t>(to) / entries_.size();
        std::set<const Row*, KeyOrder> keys;
        for (; requests < requests_due; ++requests) keys.insert(&idempotency_[requests]);
        for (const Row* each : keys) idempotency.insert(*each);
        for (const Row& each : orgs) head.insert(heads_.at(each));
        for (const Row& each : properties) counters.insert(counters_.at(each));
        for (const Row& each : accounts) account.insert(each);
        for (const Row& each : categories) category.insert(each);
        run_sql(database, "commit");
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return static_cast<double>(commands()) / took.count();
}

}  // namespace daybook::bench
