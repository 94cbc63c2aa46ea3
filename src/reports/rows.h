// What the CSV and the table have in common: one row per day or month of each property.
#pragma once

#include <string>
#include <vector>

#include "reports/answer.h"

namespace daybook::reports {

struct Row {
    std::string date;  // 2026-03-29, or 2026-03 for a month
    const Numbers* numbers;
};

inline std::vector<Row> rows_of(const DailyReport& report) {
    return {{report.date.to_string(), &report.numbers}};
}

inline std::vector<Row> rows_of(const PeriodReport& report) {
    std::vector<Row> rows;
    rows.reserve(report.steps.size());
    for (const StepReport& step : report.steps) {
        std::string date = step.dates.from.to_string();
        if (report.kind == ReportKind::yearly) date.resize(date.size() - 3);  // without "-01"
        rows.push_back({std::move(date), &step.numbers});
    }
    return rows;
}

}  // namespace daybook::reports
