// Calendar arithmetic on keys.
#include "reports/steps.h"

#include <algorithm>

#include "base/calendar.h"
#include "base/check.h"
#include "base/limits.h"

namespace daybook::reports {
namespace {

using domain::BusinessDate;
using domain::PeriodLevel;

BusinessDate end_of_month(BusinessDate date) {
    const CivilDate civil = date.civil();
    return date.plus(days_in_month(civil.year, civil.month) - civil.day);
}

}  // namespace

std::vector<Step> steps_of(domain::DateRange dates, PeriodLevel level) {
    CHECK(level != PeriodLevel::year);
    std::vector<Step> steps;
    for (BusinessDate from = dates.from; from <= dates.to;) {
        const BusinessDate to = level == PeriodLevel::day ? from : end_of_month(from);
        CHECK(level == PeriodLevel::day || (from.civil().day == 1 && to <= dates.to));
        steps.push_back({domain::period_key(from, level), {from, to}});
        from = to.plus(1);
    }
    return steps;
}

std::size_t count_steps(domain::DateRange dates, PeriodLevel level) {
    CHECK(level != PeriodLevel::year);
    if (dates.to < dates.from) return 0;
    if (level == PeriodLevel::day) return static_cast<std::size_t>(dates.days());
    const CivilDate from = dates.from.civil();
    const CivilDate to = dates.to.civil();
    return static_cast<std::size_t>((to.year - from.year) * 12 + to.month - from.month + 1);
}

PeriodRange keys_of(const std::vector<Step>& steps) {
    CHECK(!steps.empty());
    return {steps.front().key, steps.back().key};
}

Result<std::size_t> index_of(const std::vector<Step>& steps, std::int32_t key) {
    const auto found = std::ranges::lower_bound(steps, key, {}, &Step::key);
    if (found == steps.end() || found->key != key) {
        return fail(ErrorCode::corrupt, "The totals hold the period " + std::to_string(key) +
                                            ", which does not belong there. Run daybook rebuild.");
    }
    return static_cast<std::size_t>(found - steps.begin());
}

std::vector<PeriodRange> runs_before(BusinessDate date) {
    const CivilDate civil = date.civil();
    std::vector<PeriodRange> runs;
    if (civil.year > limits::kYearMin) runs.push_back({limits::kYearMin, civil.year - 1});
    const std::int32_t month = domain::period_key(date, PeriodLevel::month);
    if (civil.month > 1) runs.push_back({civil.year * 100 + 1, month - 1});
    if (civil.day > 1) runs.push_back({month * 100 + 1, date.key() - 1});
    return runs;
}

}  // namespace daybook::reports
