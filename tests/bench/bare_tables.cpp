// Bare loads and reads.
#include "bare_tables.h"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "bare_sqlite.h"
#include "base/digest.h"
#include "storage/sqlite/books_tables.h"

namespace daybook::bench {
namespace {

constexpr std::int64_t kRowsPerPiece = 50'000;

using Clock = std::chrono::steady_clock;

class Stopwatch {
 public:
    template <class Work>
    void time(Work&& work) {
        const auto start = Clock::now();
        work();
        seconds_ += std::chrono::duration<double>(Clock::now() - start).count();
    }
    [[nodiscard]] double seconds() const { return seconds_; }

 private:
    double seconds_ = 0;
};

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

void load_table(sqlite3* from, sqlite3* to, std::string_view table, Stopwatch& watch) {
    const Inserter inserter(to, std::string(table));
    // Totals lie sorted by property; the log makes them day by day.
    const bool is_totals = table.starts_with("day_");
    RowReader reader(from,
                     fmt::format("select * from {}{}", table, is_totals ? " order by period" : ""));
    while (true) {
        const std::vector<Row> rows = reader.next(kRowsPerPiece);
        if (rows.empty()) return;
        watch.time([&] {
            for (const Row& row : rows) inserter.insert(row);
        });
    }
}

}  // namespace

double load_tables(const std::filesystem::path& finished, const std::filesystem::path& target) {
    remove_database(target);
    const DatabaseHandle from = open_database(finished);
    const DatabaseHandle to = open_database(target);
    set_as_daybook_does(to.get(), read_integer(from.get(), "pragma page_size"));
    run_sql(to.get(), "pragma cache_spill = on");
    std::vector<std::string> indexes;
    for (const auto& table : storage::sqlite::kBooksTables) {
        for (const auto& sql : statements_for(from.get(), "table", table.name))
            run_sql(to.get(), sql);
        for (auto& sql : statements_for(from.get(), "index", table.name))
            indexes.push_back(std::move(sql));
    }
    Stopwatch watch;
    watch.time([&] { run_sql(to.get(), "begin immediate"); });
    for (const auto& table : storage::sqlite::kBooksTables)
        load_table(from.get(), to.get(), table.name, watch);
    watch.time([&] {
        for (const std::string& sql : indexes) run_sql(to.get(), sql);
        run_sql(to.get(), "commit");
        run_sql(to.get(), "pragma wal_checkpoint(truncate)");
    });
    return watch.seconds();
}

double hash_events(const std::filesystem::path& finished) {
    const DatabaseHandle database = open_database(finished);
    Stopwatch watch;
    watch.time([&] {
        for_each_text(database.get(), "select bytes from finance_event_store",
                      [](std::string_view bytes) { (void)sha256({as_bytes(bytes)}); });
    });
    return watch.seconds();
}

}  // namespace daybook::bench
