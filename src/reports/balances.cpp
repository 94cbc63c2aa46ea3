// Adds up roll-ups, then walks the steps.
#include "reports/balances.h"

namespace daybook::reports {
namespace {

using domain::Account;

std::size_t index(Account account) {
    return static_cast<std::size_t>(account);
}

Result<std::array<std::int64_t, 2>> openings(Source& source, const domain::Property& property,
                                             domain::BusinessDate date) {
    std::array<std::int64_t, 2> opening = property.opening_minor;
    for (const PeriodRange& run : runs_before(date)) {
        for (const AccountRow& row : TRY(source.account_rows(property.id, run))) {
            opening.at(index(row.account)) += row.totals.net();
        }
    }
    return opening;
}

}  // namespace

Balance Balances::whole(Account account) const {
    Balance whole{by_step.front().at(index(account)).opening, {}};
    for (const auto& step : by_step) whole.moved += step.at(index(account)).moved;
    return whole;
}

Result<Balances> balances(Source& source, const domain::Property& property, domain::DateRange range,
                          domain::PeriodLevel level) {
    Balances result{steps_of(range, level), {}};
    result.by_step.resize(result.steps.size());
    for (const AccountRow& row : TRY(source.account_rows(property.id, keys_of(result.steps)))) {
        const std::size_t at = TRY(index_of(result.steps, row.period));
        result.by_step.at(at).at(index(row.account)).moved += row.totals;
    }
    std::array<std::int64_t, 2> opening = TRY(openings(source, property, range.from));
    for (auto& step : result.by_step) {
        for (const Account account : domain::kAccounts) {
            Balance& balance = step.at(index(account));
            balance.opening = opening.at(index(account));
            opening.at(index(account)) = balance.closing();
        }
    }
    return result;
}

}  // namespace daybook::reports
