// Dates and names of periods; the report is their numbers.
#include "reports/period.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/calendar.h"
#include "base/check.h"
#include "base/limits.h"
#include "reports/numbers.h"

namespace daybook::reports {
namespace {

using domain::BusinessDate;
using domain::DateRange;

constexpr int kMonthsPerYear = 12;
constexpr int kMonthsPerQuarter = 3;

bool is_year(int year) {
    return year >= limits::kYearMin && year <= limits::kYearMax;
}

// The first day of the month that many months after January of the year.
BusinessDate first_of_month(int year, int months_after) {
    return BusinessDate::from_days(days_from_civil(
        {year + months_after / kMonthsPerYear, months_after % kMonthsPerYear + 1, 1}));
}

Result<PeriodPlan> plan(const DayAsked& asked) {
    return PeriodPlan{ReportKind::daily,
                      {{asked.date, asked.date}, asked.date.to_string()},
                      {},
                      domain::PeriodLevel::day};
}

Result<PeriodPlan> plan(const DateRange& asked) {
    if (asked.to < asked.from) {
        return fail_field(
            ErrorCode::invalid_value, "/to",
            "The range ends before it begins. Give a `to` that is not before `from`.");
    }
    if (asked.days() > limits::kRangeDaysMax) {
        return fail_field(ErrorCode::range_too_long, "/to",
                          fmt::format("A range has at most {} days; this one has {}. Ask for a "
                                      "shorter one, or for years.",
                                      limits::kRangeDaysMax, asked.days()));
    }
    return PeriodPlan{ReportKind::range,
                      {asked, asked.from.to_string() + ".." + asked.to.to_string()},
                      {},
                      domain::PeriodLevel::day};
}

Result<PeriodPlan> plan(const MonthAsked& asked) {
    if (!is_year(asked.year) || asked.month < 1 || asked.month > kMonthsPerYear) {
        return fail_field(ErrorCode::invalid_value, "/month",
                          "There is no such month. Use 1970-01 to 2199-12.");
    }
    const DateRange dates{first_of_month(asked.year, asked.month - 1),
                          first_of_month(asked.year, asked.month).plus(-1)};
    PeriodName name;
    name.year = asked.year;
    name.month = asked.month;
    return PeriodPlan{ReportKind::monthly,
                      {dates, fmt::format("{:04}-{:02}", asked.year, asked.month)},
                      name,
                      domain::PeriodLevel::day};
}

Result<PeriodPlan> plan(const YearAsked& asked, FiscalStart start) {
    const bool is_fiscal = asked.basis == YearBasis::fiscal;
    const int start_month = is_fiscal ? start.month : 1;
    if (!is_year(asked.year) || (asked.year == limits::kYearMax && start_month > 1)) {
        return fail_field(ErrorCode::invalid_value, is_fiscal ? "/fiscalYear" : "/year",
                          "Years are 1970 to 2199, and a fiscal year must end by then.");
    }
    const int quarter = asked.quarter.value_or(1);
    if (quarter < 1 || quarter > kMonthsPerYear / kMonthsPerQuarter) {
        return fail_field(ErrorCode::invalid_value, "/quarter", "A quarter is 1, 2, 3 or 4.");
    }
    const int first = start_month - 1 + (quarter - 1) * kMonthsPerQuarter;
    const int months = asked.quarter ? kMonthsPerQuarter : kMonthsPerYear;
    PeriodName name;
    (is_fiscal ? name.fiscal_year : name.year) = asked.year;
    name.quarter = asked.quarter;
    if (is_fiscal) name.fiscal_start = start;
    std::string label = fmt::format("{}{:04}", is_fiscal ? "FY" : "", asked.year);
    if (asked.quarter) label += fmt::format("-Q{}", quarter);
    return PeriodPlan{
        ReportKind::yearly,
        {{first_of_month(asked.year, first), first_of_month(asked.year, first + months).plus(-1)},
         std::move(label)},
        name,
        domain::PeriodLevel::month};
}

}  // namespace

FiscalStart fiscal_start(const domain::Org& org, const std::vector<domain::Property>& properties) {
    const FiscalStart of_org{org.fiscal_start_month, FiscalStartFrom::org};
    if (properties.empty()) return of_org;
    const int month = properties.front().fiscal_start_month;
    const bool agree = std::ranges::all_of(properties, [month](const domain::Property& each) {
        return each.fiscal_start_month == month;
    });
    return agree ? FiscalStart{month, FiscalStartFrom::property} : of_org;
}

Result<PeriodPlan> plan_period(const PeriodAsked& asked, FiscalStart fiscal_start) {
    if (const auto* year = std::get_if<YearAsked>(&asked)) return plan(*year, fiscal_start);
    if (const auto* month = std::get_if<MonthAsked>(&asked)) return plan(*month);
    if (const auto* range = std::get_if<DateRange>(&asked)) return plan(*range);
    return plan(std::get<DayAsked>(asked));
}

Result<PeriodReport> period_report(Source& source, const domain::Property& property,
                                   const Catalogue& catalogue, const PeriodPlan& plan) {
    CHECK(plan.kind != ReportKind::daily);
    NumbersByStep found = TRY(numbers(source, property, catalogue, plan.period.dates, plan.step));
    PeriodReport report{.kind = plan.kind,
                        .property = property.id,
                        .property_name = property.name,
                        .currency = property.currency,
                        .period = plan.period,
                        .name = plan.name,
                        .numbers = std::move(found.whole),
                        .steps = {}};
    report.steps.reserve(found.steps.size());
    for (std::size_t i = 0; i < found.steps.size(); ++i) {
        report.steps.push_back({found.steps.at(i).dates, std::move(found.by_step.at(i))});
    }
    return report;
}

}  // namespace daybook::reports
