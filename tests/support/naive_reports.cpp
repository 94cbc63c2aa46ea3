// Straightforward and slow.
#include "support/naive_reports.h"

#include <algorithm>

namespace daybook::test {
namespace {

using domain::Account;
using domain::BusinessDate;
using domain::DateRange;
using domain::Entry;
using domain::EntryKind;
using domain::EntryStatus;
using domain::TransferEnd;

constexpr BusinessDate kFirstDate = BusinessDate::from_days(0);

std::int64_t signed_amount(const Entry& entry) {
    return entry.content.reversal ? -entry.content.amount.minor : entry.content.amount.minor;
}

TransferEnd end_of(Account account) {
    return account == Account::cash ? TransferEnd::cash : TransferEnd::bank;
}

}  // namespace

std::int64_t naive_effect(const Entry& entry, Account account) {
    if (entry.kind == EntryKind::transfer) {
        std::int64_t net = 0;
        if (entry.content.to == end_of(account)) net += signed_amount(entry);
        if (entry.content.from == end_of(account)) net -= signed_amount(entry);
        return net;
    }
    if (entry.content.payment_mode != account) return 0;
    return entry.kind == EntryKind::revenue ? signed_amount(entry) : -signed_amount(entry);
}

namespace {

template <class Visit>
void each_entry(const Books& books, const domain::Property& property, DateRange dates,
                EntryStatus status, Visit visit) {
    for (const Entry& entry : books.entries) {
        if (entry.property == property.id && entry.status == status &&
            dates.contains(entry.content.business_date)) {
            visit(entry);
        }
    }
}

std::int64_t adjusted(const Books& books, const domain::Property& property, Account account,
                      DateRange dates, domain::AdjustmentKind kind) {
    std::int64_t sum = 0;
    for (const domain::Adjustment& each : books.adjustments) {
        if (each.property == property.id && each.account == account && each.kind == kind &&
            dates.contains(each.date)) {
            sum += each.amount_minor;
        }
    }
    return sum;
}

std::int64_t moved(const Books& books, const domain::Property& property, Account account,
                   DateRange dates) {
    std::int64_t sum =
        adjusted(books, property, account, dates, domain::AdjustmentKind::correction) +
        adjusted(books, property, account, dates, domain::AdjustmentKind::over_short);
    each_entry(books, property, dates, EntryStatus::approved,
               [&](const Entry& entry) { sum += naive_effect(entry, account); });
    return sum;
}

std::int64_t balance_at_end_of(const Books& books, const domain::Property& property,
                               Account account, BusinessDate date) {
    return property.opening(account) + moved(books, property, account, {kFirstDate, date});
}

std::int64_t pending_net(const Books& books, const domain::Property& property, Account account,
                         DateRange dates) {
    std::int64_t sum = 0;
    each_entry(books, property, dates, EntryStatus::pending,
               [&](const Entry& entry) { sum += naive_effect(entry, account); });
    return sum;
}

const domain::Count* last_count(const Books& books, const domain::Property& property,
                                Account account, BusinessDate date) {
    const domain::Count* last = nullptr;
    for (const domain::Count& count : books.counts) {
        if (count.property == property.id && count.account == account && count.date == date) {
            last = &count;
        }
    }
    return last;
}

// The day's last closing, unless it was reopened.
const domain::Closing* standing_closing(const Books& books, const domain::Property& property,
                                        BusinessDate date) {
    const domain::Closing* last = nullptr;
    for (const domain::Closing& closing : books.closings) {
        if (closing.property == property.id && closing.date == date) last = &closing;
    }
    return last != nullptr && !last->reopened_at ? last : nullptr;
}

reports::AccountNumbers account_numbers(const Books& books, const domain::Property& property,
                                        Account account, DateRange dates) {
    reports::AccountNumbers numbers;
    numbers.opening_minor = balance_at_end_of(books, property, account, dates.from.plus(-1));
    numbers.closing_minor = balance_at_end_of(books, property, account, dates.to);
    each_entry(books, property, dates, EntryStatus::approved, [&](const Entry& entry) {
        const std::int64_t amount = signed_amount(entry);
        if (entry.kind == EntryKind::transfer) {
            if (entry.content.to == end_of(account)) numbers.transfer_in_minor += amount;
            if (entry.content.from == end_of(account)) numbers.transfer_out_minor += amount;
        } else if (entry.content.payment_mode == account) {
            const bool in = entry.kind == EntryKind::revenue;
            (in ? numbers.in_minor : numbers.out_minor) += amount;
        }
    });
    numbers.transfer_minor = numbers.transfer_in_minor - numbers.transfer_out_minor;
    using enum domain::AdjustmentKind;
    const std::int64_t corrections = adjusted(books, property, account, dates, correction);
    const std::int64_t over_short_minor = adjusted(books, property, account, dates, over_short);
    numbers.adjustment_minor = corrections + over_short_minor;
    numbers.expected_minor = numbers.opening_minor + numbers.in_minor - numbers.out_minor +
                             numbers.transfer_minor + corrections;

    if (const domain::Closing* closing = standing_closing(books, property, dates.to)) {
        const auto& counted = closing->counted.at(account == Account::cash ? 0 : 1);
        if (counted) numbers.counted_minor = counted->counted_minor;
        if (counted) numbers.variance_minor = counted->variance_minor;
        return numbers;
    }
    const DateRange last_day{dates.to, dates.to};
    if (const domain::Count* count = last_count(books, property, account, dates.to)) {
        const std::int64_t expected_that_day =
            numbers.closing_minor - adjusted(books, property, account, last_day, over_short);
        numbers.counted_minor = count->counted_minor;
        numbers.variance_minor = count->counted_minor - expected_that_day -
                                 pending_net(books, property, account, {kFirstDate, dates.to});
    }
    return numbers;
}

reports::Pending pending(const Books& books, const domain::Property& property, DateRange dates) {
    reports::Pending sums;
    each_entry(books, property, dates, EntryStatus::pending, [&](const Entry& entry) {
        ++sums.count;
        if (entry.kind == EntryKind::revenue) sums.revenue_minor += signed_amount(entry);
        if (entry.kind == EntryKind::expense) sums.expense_minor += signed_amount(entry);
    });
    const DateRange earlier{kFirstDate, dates.from.plus(-1)};
    sums.cash_net_minor = pending_net(books, property, Account::cash, dates);
    sums.bank_net_minor = pending_net(books, property, Account::bank, dates);
    sums.carried_cash_net_minor = pending_net(books, property, Account::cash, earlier);
    sums.carried_bank_net_minor = pending_net(books, property, Account::bank, earlier);
    return sums;
}

const domain::Category* find_category(const Books& books, domain::CategoryKind kind,
                                      std::string_view key) {
    for (const domain::Category& category : books.categories) {
        if (category.kind == kind && category.key == key) return &category;
    }
    return nullptr;
}

std::string shown_key(const Books& books, domain::CategoryKind kind, const std::string& key) {
    const domain::Category* category = find_category(books, kind, key);
    if (category == nullptr || category->merged_into.empty()) return key;
    return shown_key(books, kind, category->merged_into);
}

std::vector<reports::Part> parts(const Books& books, const domain::Property& property,
                                 DateRange dates, EntryKind entry_kind, PartNames names) {
    const auto kind = entry_kind == EntryKind::revenue ? domain::CategoryKind::source
                                                       : domain::CategoryKind::category;
    std::vector<reports::Part> found;
    for (const domain::Category& category : books.categories) {
        if (category.kind != kind) continue;
        reports::Part part{category.key, names == PartNames::shown ? category.name : "", 0, 0};
        each_entry(books, property, dates, EntryStatus::approved, [&](const Entry& entry) {
            if (entry.kind != entry_kind) return;
            if (shown_key(books, kind, entry.content.key) != category.key) return;
            part.amount_minor += signed_amount(entry);
            ++part.count;
        });
        if (part.count > 0) found.push_back(part);
    }
    return found;
}

void add(reports::AccountNumbers& sum, const reports::AccountNumbers& other) {
    sum.opening_minor += other.opening_minor;
    sum.in_minor += other.in_minor;
    sum.out_minor += other.out_minor;
    sum.transfer_in_minor += other.transfer_in_minor;
    sum.transfer_out_minor += other.transfer_out_minor;
    sum.transfer_minor += other.transfer_minor;
    sum.adjustment_minor += other.adjustment_minor;
    sum.expected_minor += other.expected_minor;
    sum.closing_minor += other.closing_minor;
    const bool counted = sum.counted_minor && other.counted_minor;
    sum.variance_minor =
        counted ? std::optional(*sum.variance_minor + *other.variance_minor) : std::nullopt;
    sum.counted_minor =
        counted ? std::optional(*sum.counted_minor + *other.counted_minor) : std::nullopt;
}

}  // namespace

reports::Numbers naive_numbers(const Books& books, const domain::Property& property,
                               DateRange dates, PartNames names) {
    reports::Numbers numbers;
    numbers.cash = account_numbers(books, property, Account::cash, dates);
    numbers.bank = account_numbers(books, property, Account::bank, dates);
    each_entry(books, property, dates, EntryStatus::approved, [&](const Entry& entry) {
        ++numbers.entry_count;
        if (entry.kind == EntryKind::revenue) {
            numbers.totals.revenue_minor += signed_amount(entry);
        }
        if (entry.kind == EntryKind::expense) {
            numbers.totals.expense_minor += signed_amount(entry);
        }
    });
    numbers.totals.net_minor = numbers.totals.revenue_minor - numbers.totals.expense_minor;
    for (const Account account : domain::kAccounts) {
        numbers.totals.over_short_minor +=
            adjusted(books, property, account, dates, domain::AdjustmentKind::over_short);
    }
    numbers.pending = pending(books, property, dates);
    numbers.revenue_by_source = parts(books, property, dates, EntryKind::revenue, names);
    numbers.expense_by_category = parts(books, property, dates, EntryKind::expense, names);
    return numbers;
}

std::vector<Entry> naive_entries_of_day(const Books& books, const domain::Property& property,
                                        BusinessDate date) {
    std::vector<Entry> entries;
    for (const Entry& entry : books.entries) {
        if (entry.property == property.id && entry.content.business_date == date &&
            entry.status != EntryStatus::deleted) {
            entries.push_back(entry);
        }
    }
    std::ranges::sort(entries, {}, &Entry::number);
    return entries;
}

reports::CurrencyTotals naive_currency_totals(const Books& books, domain::Currency currency,
                                              DateRange dates) {
    std::optional<reports::CurrencyTotals> sums;
    for (const domain::Property& property : books.properties) {
        if (property.currency != currency) continue;
        const reports::Numbers numbers = naive_numbers(books, property, dates, PartNames::left_out);
        if (!sums) {
            sums = reports::CurrencyTotals{currency, numbers.cash, numbers.bank, numbers.totals,
                                           numbers.pending};
            continue;
        }
        add(sums->cash, numbers.cash);
        add(sums->bank, numbers.bank);
        sums->totals.revenue_minor += numbers.totals.revenue_minor;
        sums->totals.expense_minor += numbers.totals.expense_minor;
        sums->totals.net_minor += numbers.totals.net_minor;
        sums->totals.over_short_minor += numbers.totals.over_short_minor;
        sums->pending.count += numbers.pending.count;
        sums->pending.revenue_minor += numbers.pending.revenue_minor;
        sums->pending.expense_minor += numbers.pending.expense_minor;
        sums->pending.cash_net_minor += numbers.pending.cash_net_minor;
        sums->pending.bank_net_minor += numbers.pending.bank_net_minor;
        sums->pending.carried_cash_net_minor += numbers.pending.carried_cash_net_minor;
        sums->pending.carried_bank_net_minor += numbers.pending.carried_bank_net_minor;
    }
    return sums.value_or(reports::CurrencyTotals{currency, {}, {}, {}, {}});
}

}  // namespace daybook::test
