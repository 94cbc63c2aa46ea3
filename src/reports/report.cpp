// The profit margin.
#include "reports/report.h"

#include <array>

#include "base/limits.h"
#include "reports/int128.h"

namespace daybook::reports {

std::string_view day_status_name(DayStatus status) {
    constexpr std::array<std::string_view, 3> kNames{"open", "closed", "reopened"};
    return kNames.at(static_cast<std::size_t>(status));
}

std::optional<std::int64_t> profit_margin_bps(const Totals& totals) {
    if (totals.revenue_minor <= 0) return std::nullopt;
    const Int128 revenue = totals.revenue_minor;
    const Int128 scaled = Int128{totals.net_minor} * 10'000;
    // Rounds towards minus infinity first, so that the rest is never negative.
    Int128 quotient = scaled / revenue;
    Int128 rest = scaled % revenue;
    if (rest < 0) {
        quotient -= 1;
        rest += revenue;
    }
    const Int128 doubled = rest * 2;
    if (doubled > revenue || (doubled == revenue && quotient % 2 != 0)) quotient += 1;
    return exact_in_javascript(quotient);
}

}  // namespace daybook::reports
