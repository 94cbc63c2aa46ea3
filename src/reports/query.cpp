// Plan, compute, add up, render.
#include "reports/query.h"

#include <algorithm>
#include <tuple>

#include "base/limits.h"
#include "reports/currency_totals.h"
#include "reports/daily.h"
#include "reports/render_csv.h"
#include "reports/render_json.h"
#include "reports/render_table.h"
#include "reports/steps.h"

namespace daybook::reports {
namespace {

using Properties = std::vector<domain::Property>;

std::string_view content_type(Format format) {
    switch (format) {
        case Format::json: return "application/json";
        case Format::csv: return "text/csv; charset=utf-8; header=present";
        case Format::table: return "text/plain; charset=utf-8";
    }
    return {};
}

template <class Report>
std::string bytes_of(const Answer<Report>& answer, Format format) {
    switch (format) {
        case Format::json: return render_json(answer);
        case Format::csv: return render_csv(answer);
        case Format::table: return render_table(answer);
    }
    return {};
}

Status check_rows(const PeriodPlan& plan, std::size_t properties) {
    const std::size_t steps = steps_of(plan.period.dates, plan.step).size();
    if (steps * properties <= kReportRowsMax) return {};
    return fail(ErrorCode::range_too_long,
                "One answer has at most " + std::to_string(kReportRowsMax) +
                    " days or months over all of its properties. Ask for fewer properties or a "
                    "shorter period.");
}

// Adds the sums and renders.
template <class Report>
Result<std::string> finish(Answer<Report> answer, const ReportQuery& query) {
    if (answer.shape == AnswerShape::several) {
        NumbersByCurrency numbers;
        for (const Report& report : answer.reports) {
            numbers.emplace(report.currency, &report.numbers);
        }
        answer.totals = TRY(currency_totals(numbers));
    }
    return bytes_of(answer, query.format);
}

Result<std::string> daily(Source& source, const Catalogue& catalogue, const PeriodPlan& plan,
                          const Properties& properties, const ReportQuery& query) {
    const std::size_t share = kAnswerEntriesMax / std::max<std::size_t>(properties.size(), 1);
    const std::size_t entries_max = std::min(limits::kReportEntriesMax, share);
    DailyAnswer answer{query.shape(), plan, {}, {}};
    for (const domain::Property& property : properties) {
        answer.reports.push_back(
            TRY(daily_report(source, property, catalogue, plan.period.dates.from, entries_max)));
    }
    return finish(std::move(answer), query);
}

Result<std::string> period(Source& source, const Catalogue& catalogue, const PeriodPlan& plan,
                           const Properties& properties, const ReportQuery& query) {
    PeriodAnswer answer{query.shape(), plan, {}, {}};
    for (const domain::Property& property : properties) {
        answer.reports.push_back(TRY(period_report(source, property, catalogue, plan)));
    }
    return finish(std::move(answer), query);
}

void sort_by_name(Properties& properties) {
    std::ranges::sort(properties, {},
                      [](const domain::Property& each) { return std::tie(each.name, each.id); });
    const auto same = std::ranges::unique(properties, {}, &domain::Property::id);
    properties.erase(same.begin(), same.end());
}

}  // namespace

Result<Rendered> render(Source& source, const ReportQuery& query, Properties properties) {
    sort_by_name(properties);
    if (query.shape() == AnswerShape::one && properties.size() != 1) {
        return fail(ErrorCode::not_found, "There is no such property. List /v1/properties.");
    }
    const Position stamp = TRY(source.head());
    const FiscalStart start = fiscal_start(TRY(source.org()), properties);
    const PeriodPlan plan = TRY(plan_period(query.period, start));
    TRY(check_rows(plan, properties.size()));
    const Catalogue catalogue(TRY(source.categories()));

    const bool is_daily = plan.kind == ReportKind::daily;
    std::string bytes = TRY(is_daily ? daily(source, catalogue, plan, properties, query)
                                     : period(source, catalogue, plan, properties, query));
    return Rendered{std::move(bytes), content_type(query.format), plan.period.dates, stamp};
}

}  // namespace daybook::reports
