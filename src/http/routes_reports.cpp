// From query parameters to what is asked of the reports (app/report_service.h).
#include "http/routes_reports.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"
#include "http/body_words.h"

namespace daybook::http {
namespace {

using namespace domain;
using reports::PeriodAsked;

struct FormatName {
    std::string_view name;
    reports::Format format;
};
constexpr std::array<FormatName, 3> kFormats{{{"json", reports::Format::json},
                                              {"csv", reports::Format::csv},
                                              {"table", reports::Format::table}}};

std::optional<reports::Format> parse_format(std::string_view text) {
    const auto found = std::ranges::find(kFormats, text, &FormatName::name);
    if (found == kFormats.end()) return std::nullopt;
    return found->format;
}

std::optional<int> read_year(QueryReader& query, std::string_view name) {
    const auto year = query.integer(name, limits::kYearMin, limits::kYearMax);
    if (!year) return std::nullopt;
    return static_cast<int>(*year);
}

std::optional<int> read_small(QueryReader& query, std::string_view name, int max) {
    const auto number = query.integer(name, 1, max);
    if (!number) return std::nullopt;
    return static_cast<int>(*number);
}

// What a report's parameters say besides properties and format; `today` fills in what was left out.
using FillIn = std::function<PeriodAsked(BusinessDate today)>;

Result<app::ReportAsked> report_asked(QueryReader& query, FillIn period) {
    app::ReportAsked asked;
    asked.properties = read_property_ids(query);
    asked.format =
        query.parsed("format", parse_format, "json, csv or table").value_or(reports::Format::json);
    asked.period = std::move(period);
    TRY(query.finish());
    return asked;
}

FillIn read_month(QueryReader& query) {
    const auto year = read_year(query, "year");
    const auto month = read_small(query, "month", 12);
    const bool names_year = query.has("year");
    const bool names_month = query.has("month");
    if (names_year && !names_month) query.wrong("month", "a month from 1 to 12 with the year");
    if (names_month && !names_year) query.wrong("year", "the year with the month");
    return [year, month](BusinessDate today) -> PeriodAsked {
        const CivilDate date = today.civil();
        return reports::MonthAsked{year.value_or(date.year), month.value_or(date.month)};
    };
}

FillIn read_year_of(QueryReader& query) {
    const auto year = read_year(query, "year");
    const auto fiscal_year = read_year(query, "fiscalYear");
    const auto quarter = read_small(query, "quarter", 4);
    if (year && fiscal_year) query.wrong("fiscalYear", "either year or fiscalYear");
    return [year, fiscal_year, quarter](BusinessDate today) -> PeriodAsked {
        if (fiscal_year) {
            return reports::YearAsked{*fiscal_year, reports::YearBasis::fiscal, quarter};
        }
        return reports::YearAsked{year.value_or(today.civil().year), reports::YearBasis::calendar,
                                  quarter};
    };
}

}  // namespace

Result<app::ReportAsked> get_daily_report(const Request& request) {
    QueryReader query(request);
    const auto date = query.parsed("date", BusinessDate::parse, kDateForm);
    return report_asked(query, [date](BusinessDate today) -> PeriodAsked {
        return reports::DayAsked{date.value_or(today)};
    });
}

Result<app::ReportAsked> get_range_report(const Request& request) {
    QueryReader query(request);
    const auto from = query.parsed("from", BusinessDate::parse, kDateForm);
    const auto to = query.parsed("to", BusinessDate::parse, kDateForm);
    if (!query.has("from")) query.wrong("from", kDateForm);
    if (!query.has("to")) query.wrong("to", kDateForm);
    return report_asked(query, [from, to](BusinessDate today) -> PeriodAsked {
        return DateRange{from.value_or(today), to.value_or(today)};
    });
}

Result<app::ReportAsked> get_monthly_report(const Request& request) {
    QueryReader query(request);
    FillIn month = read_month(query);
    return report_asked(query, std::move(month));
}

Result<app::ReportAsked> get_yearly_report(const Request& request) {
    QueryReader query(request);
    FillIn year = read_year_of(query);
    return report_asked(query, std::move(year));
}

Result<app::ReportAsked> get_monthly_yearly_report(const Request& request) {
    return QueryReader(request).has("month") ? get_monthly_report(request)
                                             : get_yearly_report(request);
}

}  // namespace daybook::http
