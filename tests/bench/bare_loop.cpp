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

// What is written once per batch whatever its size, and what is there before the loop.
constexpr const char* kFixedTables[] = {"orgs", "properties", "categories", "tokens",
                                        "token_secrets"};

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

BareLoop::BareLoop(const std::filesystem::path& filled) {
    const DatabaseHandle database = open_database(filled);
    for (const Row& row :
         read_rows(database.get(), "select sql from sqlite_master where sql is not null")) {
        schema_.push_back(row.front().bytes);
    }
    page_size_ = read_integer(database.get(), "pragma page_size");
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
    set_as_daybook_does(database, page_size_);
    run_sql(database, "pragma wal_autocheckpoint=1000");
    for (const std::string& sql : schema_) run_sql(database, sql);
    for (const char* table : kFixedTables) {
        const Inserter inserter(database, table);
        for (const Row& row : fixed_.at(table)) inserter.insert(row);
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
    remove_database(target);
    const DatabaseHandle handle = open_database(target);
    sqlite3* database = handle.get();
    create(database);
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
        std::set<Row, KeyOrder> accounts;
        std::set<Row, KeyOrder> categories;
        run_sql(database, "begin immediate");
        for (std::int64_t i = from; i < to; ++i) {
            const auto at = static_cast<std::size_t>(i);
            event.insert(events_[at]);
            entry.insert(entries_[at]);
            for (Totals& each : totals_of(entries_[at])) {
                accounts.insert(std::move(each.account_key));
                categories.insert(std::move(each.category_key));
            }
        }
        const std::size_t requests_due =
            idempotency_.size() * static_cast<std::size_t>(to) / entries_.size();
        for (; requests < requests_due; ++requests) idempotency.insert(idempotency_[requests]);
        head.insert(head_);
        counters.insert(counters_);
        for (const Row& each : accounts) account.insert(each);
        for (const Row& each : categories) category.insert(each);
        run_sql(database, "commit");
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    return static_cast<double>(commands()) / took.count();
}

}  // namespace daybook::bench
