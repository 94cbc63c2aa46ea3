// Names and totals of adjustments.
#include "domain/cash_balance.h"

namespace daybook::domain {

std::string_view adjustment_kind_name(AdjustmentKind kind) {
    return kind == AdjustmentKind::correction ? "correction" : "over_short";
}

std::optional<AdjustmentKind> parse_adjustment_kind(std::string_view text) {
    if (text == "correction") return AdjustmentKind::correction;
    if (text == "over_short") return AdjustmentKind::over_short;
    return std::nullopt;
}

AccountTotals totals_of(const Adjustment& adjustment) {
    AccountTotals totals;
    if (adjustment.kind == AdjustmentKind::correction) {
        totals.correction = adjustment.amount_minor;
    } else {
        totals.over_short = adjustment.amount_minor;
    }
    return totals;
}

}  // namespace daybook::domain
