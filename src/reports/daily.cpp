// Numbers of one day, and its entries.
#include "reports/daily.h"

#include "reports/numbers.h"

namespace daybook::reports {
namespace {

Status add_closing(Source& source, const domain::Property& property, DailyReport& report) {
    const auto closings = TRY(source.closings(property.id, {report.date, report.date}));
    if (!closings.empty()) {
        report.status = closings.front().stands() ? DayStatus::closed : DayStatus::reopened;
        report.closing = closing_of(closings.front());
        return {};
    }
    // A day that a first close sealed has no closing of its own.
    const auto through = TRY(source.closed_through(property.id));
    const bool is_sealed =
        through && property.books_start_on <= report.date && report.date <= *through;
    if (is_sealed) report.status = DayStatus::closed;
    return {};
}

}  // namespace

Closing closing_of(const domain::Closing& closing) {
    return {closing.number, closing.revision, closing.by, closing.at};
}

Result<DailyReport> daily_report(Source& source, const domain::Property& property,
                                 const Catalogue& catalogue, domain::BusinessDate date,
                                 std::size_t entries_max) {
    DailyReport report{.property = property.id,
                       .property_name = property.name,
                       .currency = property.currency,
                       .date = date,
                       .status = DayStatus::open,
                       .closing = {},
                       .numbers = {},
                       .entries = {},
                       .entries_truncated = false};
    report.numbers =
        TRY(numbers(source, property, catalogue, {date, date}, domain::PeriodLevel::day)).whole;
    TRY(add_closing(source, property, report));
    // One more than is shown tells whether there are more.
    report.entries = TRY(source.entries_of_day(property.id, date, entries_max + 1));
    report.entries_truncated = report.entries.size() > entries_max;
    while (report.entries.size() > entries_max) report.entries.pop_back();
    return report;
}

}  // namespace daybook::reports
