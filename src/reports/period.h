// Reports over a month, a range or a year of one property, and which dates such a period has.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "base/result.h"
#include "domain/business_date.h"
#include "domain/property.h"
#include "reports/parts.h"
#include "reports/report.h"
#include "reports/source.h"

namespace daybook::reports {

// What may be asked for; a DateRange is a range report.
struct DayAsked {
    domain::BusinessDate date;
};
struct MonthAsked {
    int year;
    int month;
};
enum class YearBasis : std::uint8_t { calendar, fiscal };
struct YearAsked {
    int year;  // a fiscal year is the one that starts in it
    YearBasis basis = YearBasis::calendar;
    std::optional<int> quarter;
};
// In the order of ReportKind.
using PeriodAsked = std::variant<DayAsked, domain::DateRange, MonthAsked, YearAsked>;

// The period as dates.
struct PeriodPlan {
    ReportKind kind = ReportKind::daily;
    Period period;
    PeriodName name;
    domain::PeriodLevel step = domain::PeriodLevel::day;  // month for a year
};

// The fiscal start of an answer: the properties' if they agree, else (or if there are none) the
// org's.
FiscalStart fiscal_start(const domain::Org& org, const std::vector<domain::Property>& properties);

// Errors: invalid_value (no such month, quarter or year; a range that ends before it begins),
// range_too_long.
Result<PeriodPlan> plan_period(const PeriodAsked& asked, FiscalStart fiscal_start);

// Of a month, a range or a year. Errors: those of the source; corrupt.
Result<PeriodReport> period_report(Source& source, const domain::Property& property,
                                   const Catalogue& catalogue, const PeriodPlan& plan);

}  // namespace daybook::reports
