// Numbers of one day, and its entries.
#include "reports/daily.h"

#include "reports/numbers.h"

namespace daybook::reports {

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
    // One more than is shown tells whether there are more.
    report.entries = TRY(source.entries_of_day(property.id, date, entries_max + 1));
    report.entries_truncated = report.entries.size() > entries_max;
    while (report.entries.size() > entries_max) report.entries.pop_back();
    return report;
}

}  // namespace daybook::reports
