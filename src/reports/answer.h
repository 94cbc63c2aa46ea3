// What is rendered: the report of one property, or the reports of several with their sums.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "reports/currency_totals.h"
#include "reports/period.h"
#include "reports/report.h"

namespace daybook::reports {

// `one` if exactly one property was asked for, by its id; the answer then is the report itself.
enum class AnswerShape : std::uint8_t { one, several };

// Report is DailyReport or PeriodReport.
template <class Report>
struct Answer {
    AnswerShape shape = AnswerShape::several;
    PeriodPlan plan;
    std::vector<std::shared_ptr<const Report>> reports;  // by name; one if the shape is one
    std::vector<CurrencyTotals> totals;                  // by currency code
};

using DailyAnswer = Answer<DailyReport>;
using PeriodAnswer = Answer<PeriodReport>;

}  // namespace daybook::reports
