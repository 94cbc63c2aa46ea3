// Plan, compute, add up, render.
#include "reports/query.h"

#include <algorithm>
#include <tuple>

#include "base/limits.h"
#include "reports/currency_totals.h"
#include "reports/render_csv.h"
#include "reports/render_json.h"
#include "reports/render_table.h"
#include "reports/steps.h"

namespace daybook::reports {
namespace {

using Properties = std::vector<domain::Property>;

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
    const std::size_t steps = count_steps(plan.period.dates, plan.step);
    if (steps * properties <= kReportRowsMax) return {};
    return fail(ErrorCode::range_too_long,
                "One answer has at most " + std::to_string(kReportRowsMax) +
                    " days or months over all of its properties. Ask for fewer properties or a "
                    "shorter period.");
}

// The reports in order of their names, with their sums.
template <class Report>
Result<std::string> assemble_as(const ReportQuery& query, const PeriodPlan& plan,
                                const std::vector<SharedPart>& parts) {
    Answer<Report> answer{query.shape(), plan, {}, {}};
    answer.reports.reserve(parts.size());
    for (const SharedPart& part : parts) {
        answer.reports.emplace_back(part, &std::get<Report>(*part));
    }
    std::ranges::sort(answer.reports, {}, [](const std::shared_ptr<const Report>& each) {
        return std::tie(each->property_name, each->property);
    });
    if (answer.shape == AnswerShape::several) {
        NumbersByCurrency numbers;
        for (const auto& report : answer.reports) {
            numbers.emplace(report->currency, &report->numbers);
        }
        answer.totals = TRY(currency_totals(numbers));
    }
    return bytes_of(answer, query.format);
}

void drop_repeated(Properties& properties) {
    std::ranges::sort(properties, {}, &domain::Property::id);
    const auto same = std::ranges::unique(properties, {}, &domain::Property::id);
    properties.erase(same.begin(), same.end());
}

}  // namespace

std::string_view content_type(Format format) {
    switch (format) {
        case Format::json: return "application/json";
        case Format::csv: return "text/csv; charset=utf-8; header=present";
        case Format::table: return "text/plain; charset=utf-8";
    }
    return {};
}

std::size_t entries_max_of(std::size_t properties) {
    return std::min(limits::kReportEntriesMax,
                    kAnswerEntriesMax / std::max<std::size_t>(properties, 1));
}

Result<PeriodPlan> plan_of(const PeriodAsked& asked, const domain::Org& org,
                           const Properties& properties) {
    PeriodPlan plan = TRY(plan_period(asked, fiscal_start(org, properties)));
    TRY(check_rows(plan, properties.size()));
    return plan;
}

Result<std::string> assemble(const ReportQuery& query, const PeriodPlan& plan,
                             const std::vector<SharedPart>& parts) {
    return plan.kind == ReportKind::daily ? assemble_as<DailyReport>(query, plan, parts)
                                          : assemble_as<PeriodReport>(query, plan, parts);
}

Result<Rendered> render(Source& source, const ReportQuery& query, Properties properties) {
    drop_repeated(properties);
    if (query.shape() == AnswerShape::one && properties.size() != 1) {
        return fail(ErrorCode::not_found, "There is no such property. List /v1/properties.");
    }
    const Position stamp = TRY(source.head());
    const PeriodPlan plan = TRY(plan_of(query.period, TRY(source.org()), properties));
    const Catalogue catalogue(TRY(source.categories()));
    const std::size_t entries_max = entries_max_of(properties.size());
    std::vector<SharedPart> parts;
    parts.reserve(properties.size());
    for (const domain::Property& property : properties) {
        parts.push_back(TRY(read_part(source, property, catalogue, plan, entries_max)));
    }
    return Rendered{TRY(assemble(query, plan, parts)), content_type(query.format),
                    plan.period.dates, stamp};
}

}  // namespace daybook::reports
