// From query parameters to the one entry point of reports (reports/query.h).
#include "http/routes_reports.h"

#include <algorithm>
#include <array>

#include "app/business_day.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/limits.h"
#include "http/body_words.h"
#include "reports/query.h"

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

std::string etag_of(std::string_view bytes) {
    constexpr std::size_t kBytes = 16;
    const Hash hash = sha256({as_bytes(bytes)});
    return '"' + to_hex(std::span(hash).first(kBytes)) + '"';
}

Result<Response> render_report(const ReadCall& call, QueryReader& query, const FillIn& period) {
    reports::ReportQuery asked;
    asked.properties = read_property_ids(query);
    asked.format =
        query.parsed("format", parse_format, "json, csv or table").value_or(reports::Format::json);
    TRY(query.finish());
    std::ranges::sort(asked.properties);
    const auto same = std::ranges::unique(asked.properties);
    asked.properties.erase(same.begin(), same.end());
    auto properties = TRY(properties_asked(call, asked.properties));
    asked.period = period(TRY(app::latest_business_date(properties, call.now)));
    reports::Rendered rendered = TRY(reports::render(call.snapshot, asked, std::move(properties)));
    Response response;
    response.content_type = rendered.content_type;
    response.body = std::move(rendered.bytes);
    response.headers.push_back({"ETag", etag_of(response.body)});
    return response;
}

FillIn read_month(QueryReader& query) {
    const auto year = read_year(query, "year");
    const auto month = read_small(query, "month", 12);
    if (year && !month) query.wrong("month", "a month from 1 to 12 with the year");
    if (month && !year) query.wrong("year", "the year with the month");
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

bool has_parameter(const Request& request, std::string_view name) {
    return std::ranges::find(request.query, name, &Parameter::name) != request.query.end();
}

}  // namespace

Result<Response> get_daily_report(const ReadCall& call) {
    QueryReader query(call.request);
    const auto date = query.parsed("date", BusinessDate::parse, kDateForm);
    return render_report(call, query, [date](BusinessDate today) -> PeriodAsked {
        return reports::DayAsked{date.value_or(today)};
    });
}

Result<Response> get_range_report(const ReadCall& call) {
    QueryReader query(call.request);
    const auto from = query.parsed("from", BusinessDate::parse, kDateForm);
    const auto to = query.parsed("to", BusinessDate::parse, kDateForm);
    if (!has_parameter(call.request, "from")) query.wrong("from", kDateForm);
    if (!has_parameter(call.request, "to")) query.wrong("to", kDateForm);
    return render_report(call, query, [from, to](BusinessDate today) -> PeriodAsked {
        return DateRange{from.value_or(today), to.value_or(today)};
    });
}

Result<Response> get_monthly_report(const ReadCall& call) {
    QueryReader query(call.request);
    const FillIn month = read_month(query);
    return render_report(call, query, month);
}

Result<Response> get_yearly_report(const ReadCall& call) {
    QueryReader query(call.request);
    const FillIn year = read_year_of(query);
    return render_report(call, query, year);
}

Result<Response> get_monthly_yearly_report(const ReadCall& call) {
    return has_parameter(call.request, "month") ? get_monthly_report(call)
                                                : get_yearly_report(call);
}

}  // namespace daybook::http
