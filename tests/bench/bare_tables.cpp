// Bare loads and reads.
#include "bare_tables.h"

#include <fmt/format.h>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bare_sqlite.h"
#include "base/digest.h"
#include "storage/sql/books_tables.h"

namespace daybook::bench {
namespace {

std::vector<std::string> statements_for(sqlite3* database, const std::string& type,
                                        std::string_view table) {
    std::vector<std::string> statements;
    const auto rows = read_rows(
        database, fmt::format("select sql from sqlite_schema where type = '{}' and tbl_name = '{}'"
                              " and sql is not null",
                              type, table));
    for (const Row& row : rows) statements.push_back(row.front().bytes);
    return statements;
}

// Totals lie sorted by property; the log makes them day by day.
std::string rows_in_order_of_the_log(std::string_view table) {
    return fmt::format("select * from {}{}", table,
                       table.starts_with("day_") ? " order by period" : "");
}

template <class Work>
double seconds_of(Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

double load_tables(const std::filesystem::path& finished, const std::filesystem::path& target) {
    remove_database(target);
    const DatabaseHandle from = open_database(finished);
    const DatabaseHandle to = open_database(target);
    set_as_daybook_does(to.get(), read_integer(from.get(), "pragma page_size"));
    run_sql(to.get(), "pragma cache_spill = on");
    std::vector<std::string> indexes;
    for (const auto& table : storage::sql::kBooksTables) {
        for (const auto& sql : statements_for(from.get(), "table", table.name))
            run_sql(to.get(), sql);
        for (auto& sql : statements_for(from.get(), "index", table.name))
            indexes.push_back(std::move(sql));
    }
    return seconds_of([&] {
        run_sql(to.get(), "begin immediate");
        for (const auto& table : storage::sql::kBooksTables) {
            copy_rows(from.get(), rows_in_order_of_the_log(table.name), to.get(),
                      std::string(table.name));
        }
        for (const std::string& sql : indexes) run_sql(to.get(), sql);
        run_sql(to.get(), "commit");
        run_sql(to.get(), "pragma wal_checkpoint(truncate)");
    });
}

double hash_events(const std::filesystem::path& finished) {
    const DatabaseHandle database = open_database(finished);
    return seconds_of([&] {
        for_each_text(database.get(), "select bytes from finance_event_store",
                      [](std::string_view bytes) { (void)sha256({as_bytes(bytes)}); });
    });
}

}  // namespace daybook::bench
