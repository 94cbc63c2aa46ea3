// Adds member by member.
#include "reports/currency_totals.h"

#include <array>
#include <optional>
#include <string>

#include "reports/int128.h"

namespace daybook::reports {
namespace {

constexpr std::array kAccountMembers{
    &AccountNumbers::opening_minor,      &AccountNumbers::in_minor,
    &AccountNumbers::out_minor,          &AccountNumbers::transfer_in_minor,
    &AccountNumbers::transfer_out_minor, &AccountNumbers::transfer_minor,
    &AccountNumbers::adjustment_minor,   &AccountNumbers::expected_minor,
    &AccountNumbers::closing_minor};
constexpr std::array kCountMembers{&AccountNumbers::counted_minor, &AccountNumbers::variance_minor};
constexpr std::array kTotalsMembers{&Totals::revenue_minor, &Totals::expense_minor,
                                    &Totals::net_minor, &Totals::over_short_minor};
constexpr std::array kPendingMembers{&Pending::count,
                                     &Pending::revenue_minor,
                                     &Pending::expense_minor,
                                     &Pending::cash_net_minor,
                                     &Pending::bank_net_minor,
                                     &Pending::carried_cash_net_minor,
                                     &Pending::carried_bank_net_minor};

using Group = std::vector<const Numbers*>;

Result<std::int64_t> exact(Int128 sum, domain::Currency currency) {
    const auto number = exact_in_javascript(sum);
    if (number) return *number;
    return fail(ErrorCode::total_too_large,
                "The total in " + std::string(currency.code()) +
                    " over these properties is above 2^53 - 1 minor units. Ask for fewer "
                    "properties.");
}

// The sum of each member of one section (cash, bank, totals, pending) of the numbers.
template <class Section, std::size_t kCount>
Status sum_members(const Group& group, domain::Currency currency, Section Numbers::* section,
                   const std::array<std::int64_t Section::*, kCount>& members, Section& out) {
    for (const auto member : members) {
        Int128 sum = 0;
        for (const Numbers* each : group) sum += each->*section.*member;
        out.*member = TRY(exact(sum, currency));
    }
    return {};
}

Status sum_counts(const Group& group, domain::Currency currency, AccountNumbers Numbers::* section,
                  AccountNumbers& out) {
    for (const auto member : kCountMembers) {
        std::optional<Int128> sum = 0;
        for (const Numbers* each : group) {
            const std::optional<std::int64_t> value = each->*section.*member;
            if (!value || !sum) {
                sum = std::nullopt;
            } else {
                *sum += *value;
            }
        }
        if (sum) out.*member = TRY(exact(*sum, currency));
    }
    return {};
}

Result<CurrencyTotals> totals_of(const Group& group, domain::Currency currency) {
    CurrencyTotals sums{currency, {}, {}, {}, {}};
    TRY(sum_members(group, currency, &Numbers::cash, kAccountMembers, sums.cash));
    TRY(sum_members(group, currency, &Numbers::bank, kAccountMembers, sums.bank));
    TRY(sum_counts(group, currency, &Numbers::cash, sums.cash));
    TRY(sum_counts(group, currency, &Numbers::bank, sums.bank));
    TRY(sum_members(group, currency, &Numbers::totals, kTotalsMembers, sums.totals));
    TRY(sum_members(group, currency, &Numbers::pending, kPendingMembers, sums.pending));
    return sums;
}

}  // namespace

Result<std::vector<CurrencyTotals>> currency_totals(const NumbersByCurrency& numbers) {
    std::vector<CurrencyTotals> totals;
    for (auto at = numbers.begin(); at != numbers.end();) {
        const auto end = numbers.upper_bound(at->first);
        const domain::Currency currency = at->first;
        Group group;
        for (; at != end; ++at) group.push_back(at->second);
        totals.push_back(TRY(totals_of(group, currency)));
    }
    return totals;
}

}  // namespace daybook::reports
