// Looks at every page and every row, and compares the columns beside each event with its bytes.
#include <string>

#include "app/event_codec.h"
#include "storage/sqlite/books_tables.h"
#include "storage/sqlite/cursor.h"
#include "storage/sqlite/log_fold.h"
#include "storage/sqlite/maintenance.h"
#include "storage/sqlite/migrations.h"

namespace daybook::storage::sqlite {
namespace {

constexpr std::size_t kPageEvents = 2'000;

Status check_pages(Database& database) {
    const std::string verdict = TRY(database.value("pragma quick_check(1)"));
    if (verdict == "ok") return {};
    return fail(ErrorCode::corrupt, "The database file is damaged (" + verdict +
                                        "). Go back to a backup that is whole.");
}

// Reading a row compares its checksum.
Result<std::int64_t> check_table(Database& database, const Table& table) {
    const std::string sql = "select * from " + std::string(table.name);
    const Query query{"check_rows", sql, "", ""};
    Statement statement(database, query);
    Run run(statement);
    std::int64_t rows = 0;
    while (TRY(run.next(table, [](Row&) { return true; }))) rows++;
    return rows;
}

Status check_columns(const app::EventRow& row) {
    const auto event = app::decode(row.stored.bytes, row.stored.private_json);
    // What a newer program wrote cannot be compared; its hash is the business of the chain.
    if (!event && event.error().code == ErrorCode::newer_schema) return {};
    const auto refuse = [&](std::string_view words) {
        return fail(ErrorCode::corrupt, "Position " + std::to_string(row.position) + " of org " +
                                            row.org.to_string() + ": " + std::string(words));
    };
    if (!event) return refuse(event.error().detail);
    const auto& dates = event->event.affected_report_dates;
    std::optional<domain::DateRange> business;
    if (!dates.empty()) business = domain::DateRange{dates.front(), dates.back()};
    const bool is_equal = event->org == row.org && event->position == row.position &&
                          event->id == row.id && event->event.type == row.type &&
                          event->event.property == row.property &&
                          event->event.entity == row.entity && event->user == row.user &&
                          event->at == row.at && business == row.business;
    if (is_equal) return {};
    return refuse(
        "a column beside the event is not what its bytes say. Go back to a backup that is "
        "whole.");
}

}  // namespace

Status SqliteMaintenance::check_rows(const app::MaintenanceProgress& progress) {
    TRY(check_schema(*database_));
    TRY(check_pages(*database_));
    std::int64_t rows = 0;
    for (const Table& table : kBooksTables) {
        rows += TRY(check_table(*database_, table));
        progress(rows, 0);
    }
    for (const Table& table : kLogTables) rows += TRY(check_table(*database_, table));
    for (const Table& table : kSideTables) rows += TRY(check_table(*database_, table));
    EventTable log(*database_);
    for (const OrgId org : TRY(orgs_of_log(*database_))) {
        Position last = 0;
        while (true) {
            const auto page = TRY(log.rows_after(org, last, kPageEvents));
            for (const app::EventRow& row : page) TRY(check_columns(row));
            rows += std::ssize(page);
            progress(rows, 0);
            if (page.empty()) break;
            last = page.back().position;
        }
    }
    return {};
}

}  // namespace daybook::storage::sqlite
