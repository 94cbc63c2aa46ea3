// A period cut into days or months, and the roll-up rows that lie before a date.
//
// Why: totals are kept per day, month and year, so all that lies before a date is at most a run of
// years, a run of months and a run of days: some fifty rows for decades of books (design, section
// 5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "domain/business_date.h"
#include "reports/source.h"

namespace daybook::reports {

struct Step {
    std::int32_t key;  // domain::period_key
    domain::DateRange dates;
};

// The steps in ascending order, without gaps. `level` is day or month; months must be whole.
std::vector<Step> steps_of(domain::DateRange dates, domain::PeriodLevel level);
// How many they are, without making them; 0 if the range ends before it begins.
std::size_t count_steps(domain::DateRange dates, domain::PeriodLevel level);

// What to read for all of the steps.
PeriodRange keys_of(const std::vector<Step>& steps);

// The step with the key. Error: corrupt (a row of a period that was not asked for, or that does not
// exist).
Result<std::size_t> index_of(const std::vector<Step>& steps, std::int32_t key);

// Runs of years, months and days that together hold everything before the date, each row once; at
// most three.
std::vector<PeriodRange> runs_before(domain::BusinessDate date);

}  // namespace daybook::reports
