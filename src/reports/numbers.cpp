// Reads four kinds of rows, one query per run, and puts them together step by step.
#include "reports/numbers.h"

#include <array>
#include <utility>

#include "domain/cash_balance.h"
#include "reports/balances.h"

namespace daybook::reports {
namespace {

using domain::Account;
using domain::CategoryKind;
using domain::EntryKind;

// Entries that count, of one step or of the whole.
struct Counted {
    explicit Counted(const Catalogue& catalogue)
        : revenue(catalogue, CategoryKind::source), expense(catalogue, CategoryKind::category) {}

    void add(const CategoryRow& row) {
        entries += row.totals.count;
        if (row.kind == EntryKind::revenue) revenue.add(row.key, row.totals);
        if (row.kind == EntryKind::expense) expense.add(row.key, row.totals);
    }
    void add(const Counted& other) {
        entries += other.entries;
        revenue.add(other.revenue);
        expense.add(other.expense);
    }

    PartSums revenue;
    PartSums expense;
    std::int64_t entries = 0;
};

AccountNumbers account_numbers(const Balance& balance) {
    const domain::AccountTotals& moved = balance.moved;
    return {.opening_minor = balance.opening,
            .in_minor = moved.in,
            .out_minor = moved.out,
            .transfer_in_minor = moved.transfer_in,
            .transfer_out_minor = moved.transfer_out,
            .transfer_minor = moved.transfer_in - moved.transfer_out,
            .adjustment_minor = balance.adjustment(),
            .expected_minor = balance.expected(),
            .closing_minor = balance.closing(),
            .counted_minor = {},
            .variance_minor = {}};
}

void add_pending(Pending& pending, const PendingRow& row) {
    pending.count += row.totals.count;
    if (row.kind == EntryKind::revenue) pending.revenue_minor += row.totals.amount;
    if (row.kind == EntryKind::expense) pending.expense_minor += row.totals.amount;
    pending.cash_net_minor += row.totals.cash_net;
    pending.bank_net_minor += row.totals.bank_net;
}

// Of each step, what is pending in it and what is carried into it.
Result<std::vector<Pending>> pending_by_step(Source& source, PropertyId property,
                                             const std::vector<Step>& steps) {
    std::vector<Pending> pending(steps.size());
    for (const PendingRow& row : TRY(source.pending_rows(property, keys_of(steps)))) {
        add_pending(pending.at(TRY(index_of(steps, row.period))), row);
    }
    Pending before;
    for (const PeriodRange& run : runs_before(steps.front().dates.from)) {
        for (const PendingRow& row : TRY(source.pending_rows(property, run))) {
            add_pending(before, row);
        }
    }
    std::int64_t cash = before.cash_net_minor;
    std::int64_t bank = before.bank_net_minor;
    for (Pending& each : pending) {
        each.carried_cash_net_minor = std::exchange(cash, cash + each.cash_net_minor);
        each.carried_bank_net_minor = std::exchange(bank, bank + each.bank_net_minor);
    }
    return pending;
}

Pending whole_pending(const std::vector<Pending>& by_step) {
    Pending whole = by_step.front();
    for (std::size_t i = 1; i < by_step.size(); ++i) {
        const Pending& step = by_step.at(i);
        whole.count += step.count;
        whole.revenue_minor += step.revenue_minor;
        whole.expense_minor += step.expense_minor;
        whole.cash_net_minor += step.cash_net_minor;
        whole.bank_net_minor += step.bank_net_minor;
    }
    return whole;
}

Result<std::vector<Counted>> counted_by_step(Source& source, PropertyId property,
                                             const Catalogue& catalogue,
                                             const std::vector<Step>& steps) {
    std::vector<Counted> counted(steps.size(), Counted(catalogue));
    for (const CategoryRow& row : TRY(source.category_rows(property, keys_of(steps)))) {
        counted.at(TRY(index_of(steps, row.period))).add(row);
    }
    return counted;
}

// What the last day of a month was expected to end with: the month's closing without what closing
// that day posted.
Result<std::int64_t> expected_of_last_day(Source& source, PropertyId property,
                                          const domain::Count& count, std::int64_t closing) {
    const std::int32_t day = count.date.key();
    std::int64_t expected = closing;
    for (const AccountRow& row : TRY(source.account_rows(property, {day, day}))) {
        if (row.account == count.account) expected -= row.totals.over_short;
    }
    return expected;
}

// A closed day keeps what it was closed with, whatever becomes of its undecided entries.
Status keep_closed(Source& source, const domain::Property& property, domain::DateRange range,
                   domain::PeriodLevel level, NumbersByStep& numbers) {
    for (const domain::Closing& closing : TRY(source.closings(property.id, range))) {
        const std::int32_t key = domain::period_key(closing.date, level);
        const std::size_t at = TRY(index_of(numbers.steps, key));
        if (!closing.stands() || numbers.steps.at(at).dates.to != closing.date) continue;
        keep(numbers.by_step.at(at), closing);
    }
    return {};
}

// Fills in counted and variance of the steps whose last day was counted.
Status add_counts(Source& source, const domain::Property& property, domain::DateRange range,
                  domain::PeriodLevel level, NumbersByStep& numbers) {
    for (const domain::Count& count : TRY(source.last_counts(property.id, range))) {
        const std::int32_t key = domain::period_key(count.date, level);
        const std::size_t at = TRY(index_of(numbers.steps, key));
        if (numbers.steps.at(at).dates.to != count.date) continue;
        const bool is_cash = count.account == Account::cash;
        Numbers& step = numbers.by_step.at(at);
        AccountNumbers& account = is_cash ? step.cash : step.bank;
        const std::int64_t expected =
            level == domain::PeriodLevel::day
                ? account.expected_minor
                : TRY(expected_of_last_day(source, property.id, count, account.closing_minor));
        const Pending& pending = step.pending;
        const std::int64_t undecided =
            is_cash ? pending.cash_net_minor + pending.carried_cash_net_minor
                    : pending.bank_net_minor + pending.carried_bank_net_minor;
        account.counted_minor = count.counted_minor;
        account.variance_minor = count.counted_minor - expected - undecided;
    }
    return {};
}

Numbers combine(std::array<Balance, 2> balance, const Pending& pending, const Counted& counted,
                PartSums::Names names) {
    const auto& [cash, bank] = balance;
    Numbers numbers;
    numbers.cash = account_numbers(cash);
    numbers.bank = account_numbers(bank);
    numbers.totals.revenue_minor = cash.moved.in + bank.moved.in;
    numbers.totals.expense_minor = cash.moved.out + bank.moved.out;
    numbers.totals.net_minor = numbers.totals.revenue_minor - numbers.totals.expense_minor;
    numbers.totals.over_short_minor = cash.moved.over_short + bank.moved.over_short;
    numbers.pending = pending;
    numbers.revenue_by_source = counted.revenue.parts(names);
    numbers.expense_by_category = counted.expense.parts(names);
    numbers.entry_count = counted.entries;
    return numbers;
}

Status check_sums(const Numbers& numbers, const Counted& counted) {
    if (numbers.totals.revenue_minor == counted.revenue.amount_minor() &&
        numbers.totals.expense_minor == counted.expense.amount_minor()) {
        return {};
    }
    return fail(ErrorCode::corrupt,
                "The totals by category do not add up to the totals by account. Run daybook "
                "verify, then daybook rebuild.");
}

}  // namespace

void keep(Numbers& numbers, const domain::Closing& closing) {
    const auto keep_one = [](AccountNumbers& account,
                             const std::optional<domain::CountedAccount>& counted) {
        account.counted_minor.reset();
        account.variance_minor.reset();
        if (!counted) return;
        account.counted_minor = counted->counted_minor;
        account.variance_minor = counted->variance_minor;
    };
    keep_one(numbers.cash, closing.counted[0]);
    keep_one(numbers.bank, closing.counted[1]);
}

Result<NumbersByStep> numbers(Source& source, const domain::Property& property,
                              const Catalogue& catalogue, domain::DateRange range,
                              domain::PeriodLevel level) {
    const Balances balance = TRY(balances(source, property, range, level));
    const auto pending = TRY(pending_by_step(source, property.id, balance.steps));
    const auto counted = TRY(counted_by_step(source, property.id, catalogue, balance.steps));

    NumbersByStep result{{}, balance.steps, {}};
    result.by_step.reserve(balance.steps.size());
    Counted all(catalogue);
    for (std::size_t i = 0; i < balance.steps.size(); ++i) {
        result.by_step.push_back(combine(balance.by_step.at(i), pending.at(i), counted.at(i),
                                         PartSums::Names::left_out));
        TRY(check_sums(result.by_step.back(), counted.at(i)));
        all.add(counted.at(i));
    }
    TRY(add_counts(source, property, range, level, result));
    TRY(keep_closed(source, property, range, level, result));

    result.whole = combine({balance.whole(Account::cash), balance.whole(Account::bank)},
                           whole_pending(pending), all, PartSums::Names::shown);
    const Numbers& last = result.by_step.back();
    result.whole.cash.counted_minor = last.cash.counted_minor;
    result.whole.cash.variance_minor = last.cash.variance_minor;
    result.whole.bank.counted_minor = last.bank.counted_minor;
    result.whole.bank.variance_minor = last.bank.variance_minor;
    return result;
}

}  // namespace daybook::reports
