// The books from the log: into a scratch database to compare, or in place of the tables.
//
// In place: one transaction that empties the tables, drops the indexes that only searches need,
// folds the log, and makes the indexes again; so a crash leaves the old tables. It may be larger
// than memory, so pages are spilled. That is safe with SQLite 3.40.1, whose defect is in going on
// after a statement was rolled back: here every error ends the whole transaction.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/sql/books_tables.h"
#include "storage/sqlite/cursor.h"
#include "storage/sqlite/log_fold.h"
#include "storage/sqlite/maintenance.h"
#include "storage/sqlite/migrations.h"

namespace daybook::storage::sqlite {
namespace {

constexpr auto kScratchPragmas =
    "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536;";
constexpr auto kReplacePragmas = "pragma foreign_keys = off; pragma cache_spill = on;";
// A sort of an index goes on while its table is read, in pieces as large as the cache.
constexpr auto kIndexPragmas = "pragma threads = 1; pragma cache_size = -8192;";

// Tables made by the migrations in a database that nobody else sees.
struct Scratch {
    Scratch() : readers("", ""), database(nullptr) {}

    Status make(Instant now) {
        auto opened = TRY(Database::open_plain(""));
        database = opened.get();
        TRY(database->execute(kScratchPragmas));
        TRY(migrate(*database, now));
        backend = std::make_unique<SqliteBackend>(std::move(opened), readers);
        return {};
    }

    ReaderPool readers;  // of nothing; the backend wants one
    Database* database;
    std::unique_ptr<SqliteBackend> backend;
};

std::string key_order(const sql::Table& table, const Cursor& columns) {
    std::string order;
    for (int column = 0; column < table.key_columns; ++column)
        order += (order.empty() ? "" : ", ") + columns.column_name(column);
    return order;
}

Result<Cursor> rows_of(Database& database, const sql::Table& table) {
    const std::string sql = "select * from " + std::string(table.name);
    const Cursor columns = TRY(Cursor::open(database, sql));
    return Cursor::open(database, sql + " order by " + key_order(table, columns));
}

class TableComparison {
 public:
    TableComparison(const sql::Table& table, app::RebuildReport& report)
        : table_(table), report_(report) {}

    Status run(Database& found_in, Database& expected_in) {
        Cursor found = TRY(rows_of(found_in, table_));
        Cursor expected = TRY(rows_of(expected_in, table_));
        TRY(found.step());
        TRY(expected.step());
        while (found.has_row() || expected.has_row()) {
            const auto order = compare_keys(found, expected);
            if (order < 0) note(found, "the log does not give this row");
            if (order > 0) note(expected, "this row is missing");
            if (order == 0) compare_columns(found, expected);
            if (order >= 0) report_.rows++;
            if (order <= 0) TRY(found.step());
            if (order >= 0) TRY(expected.step());
        }
        return {};
    }

 private:
    std::strong_ordering compare_keys(const Cursor& found, const Cursor& expected) const {
        if (!expected.has_row()) return std::strong_ordering::less;
        if (!found.has_row()) return std::strong_ordering::greater;
        for (int column = 0; column < table_.key_columns; ++column) {
            const auto order = found.compare(column, expected);
            if (order != 0) return order;
        }
        return std::strong_ordering::equal;
    }

    void compare_columns(const Cursor& found, const Cursor& expected) {
        for (int column = table_.key_columns; column < found.columns(); ++column) {
            if (found.compare(column, expected) == 0) continue;
            return note(found, found.column_name(column) + " is " + found.shown(column) +
                                   ", the log gives " + expected.shown(column));
        }
    }

    void note(const Cursor& row, const std::string& words) {
        report_.differences_count++;
        if (report_.differences.size() >= app::kRebuildDifferencesMax) return;
        std::string key;
        for (int column = 0; column < table_.key_columns; ++column) {
            key += (key.empty() ? "" : ", ") + row.column_name(column) + " " + row.shown(column);
        }
        report_.differences.push_back(std::string(table_.name) + " (" + key + "): " + words);
    }

    const sql::Table& table_;
    app::RebuildReport& report_;
};

// The statements that make the indexes which only searches need.
struct SearchIndexes {
    std::vector<std::string> drop;
    std::vector<std::string> make;
};

Result<SearchIndexes> search_indexes(Database& database) {
    Cursor row = TRY(Cursor::open(database, R"(
        select name, sql from sqlite_schema
        where type = 'index' and sql is not null and name not like '%\_by\_id' escape '\'
            and tbl_name in ('entries', 'cash_counts', 'adjustments')
        order by name)"));
    SearchIndexes indexes;
    while (TRY(row.step())) {
        indexes.drop.push_back("drop index " + row.text(0));
        indexes.make.push_back(row.text(1));
    }
    return indexes;
}

Status execute_all(Database& database, const std::vector<std::string>& statements) {
    for (const std::string& each : statements) TRY(database.execute(each.c_str()));
    return {};
}

// These hold numbers only, and are large.
constexpr std::array<std::string_view, 3> kTotalsTables{"day_totals", "day_categories",
                                                        "day_pending"};

// Empties the books tables. What may hold personal texts is overwritten with zeros, so that a text
// that is erased later does not stay in a page that nobody uses; for totals and indexes that would
// be work for nothing.
Status empty_tables(Database& database, const SearchIndexes& indexes) {
    const auto is_of_totals = [](const sql::Table& table) {
        return std::ranges::find(kTotalsTables, table.name) != kTotalsTables.end();
    };
    const auto empty = [&](const sql::Table& table) {
        return database.execute(("delete from " + std::string(table.name)).c_str());
    };
    TRY(database.execute("pragma secure_delete = off"));
    TRY(execute_all(database, indexes.drop));
    for (const sql::Table& table : sql::kBooksTables) {
        if (is_of_totals(table)) TRY(empty(table));
    }
    TRY(database.execute("pragma secure_delete = on"));
    for (const sql::Table& table : sql::kBooksTables) {
        if (!is_of_totals(table)) TRY(empty(table));
    }
    return {};
}

// Of the books tables: the log was not touched, and each of its events was folded into one of them.
Status check_references(Database& database) {
    for (const sql::Table& table : sql::kBooksTables) {
        const std::string sql = "pragma foreign_key_check(" + std::string(table.name) + ")";
        Cursor broken = TRY(Cursor::open(database, sql));
        if (!TRY(broken.step())) continue;
        return fail(ErrorCode::corrupt, "After the rebuild, a row of " + broken.shown(0) +
                                            " names something that the log does not know.");
    }
    return {};
}

Result<std::int64_t> count_rows(Database& database) {
    std::int64_t rows = 0;
    for (const sql::Table& table : sql::kBooksTables) {
        const std::string sql = "select count(*) from " + std::string(table.name);
        rows += std::stoll(TRY(database.value(sql.c_str())));
    }
    return rows;
}

// Within the transaction.
Result<app::RebuildReport> replace_all(Database& database, sql::EventTable& log,
                                       app::WriteTransaction& books,
                                       const app::Environment& environment,
                                       const app::MaintenanceProgress& progress) {
    const SearchIndexes indexes = TRY(search_indexes(database));
    TRY(empty_tables(database, indexes));
    LogFold fold(log, books, environment);
    for (const OrgId org : TRY(orgs_of_log(database))) TRY(fold.fold(org, progress));
    TRY(database.execute(kIndexPragmas));
    TRY(execute_all(database, indexes.make));
    TRY(check_references(database));
    app::RebuildReport report;
    report.events = fold.events();
    report.rows = TRY(count_rows(database));
    return report;
}

}  // namespace

Result<app::RebuildReport> SqliteMaintenance::rebuild(app::RebuildMode mode,
                                                      const app::MaintenanceProgress& progress) {
    TRY(check_schema(*database_));
    if (mode == app::RebuildMode::check) return compare_books(progress);
    if (access_ != Access::write)
        return fail(ErrorCode::read_only, "This data was opened to be read only.");
    return replace_books(progress);
}

// The log is folded page by page while a serving process goes on; only what came meanwhile, and the
// comparison, need one moment.
Result<app::RebuildReport> SqliteMaintenance::compare_books(
    const app::MaintenanceProgress& progress) {
    Scratch scratch;
    TRY(scratch.make(environment_.clock.now()));
    app::WriteTransaction& books = *TRY(scratch.backend->begin());
    sql::EventTable log(*database_);
    LogFold fold(log, books, environment_);
    for (const OrgId org : TRY(orgs_of_log(*database_))) TRY(fold.fold(org, progress));
    TRY(database_->execute("begin"));
    const auto compare = [&]() -> Result<app::RebuildReport> {
        for (const OrgId org : TRY(orgs_of_log(*database_))) TRY(fold.fold(org, progress));
        app::RebuildReport report;
        for (const sql::Table& table : sql::kBooksTables)
            TRY(TableComparison(table, report).run(*database_, *scratch.database));
        report.events = fold.events();
        return report;
    };
    auto report = compare();
    TRY(database_->execute("rollback"));
    return report;
}

Result<app::RebuildReport> SqliteMaintenance::replace_books(
    const app::MaintenanceProgress& progress) {
    Database& database = *database_;
    ReaderPool readers(path_, "");
    TRY(WriteAheadLog(database, readers).recover());
    TRY(database.execute(kReplacePragmas));
    const auto reader = TRY(Database::open(path_, Access::read, ""));
    sql::EventTable log(*reader);
    SqliteBackend backend(std::move(database_), readers);
    app::WriteTransaction& books = *TRY(backend.begin());
    auto report = replace_all(database, log, books, environment_, progress);
    if (!report) {
        TRY(backend.rollback());
        return report;
    }
    TRY(backend.commit());
    TRY(backend.idle());
    return report;
}

}  // namespace daybook::storage::sqlite
