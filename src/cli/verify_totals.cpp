// The totals, month by month, against a naive sum.
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "base/limits.h"
#include "cli/verify.h"

namespace daybook::cli {
namespace {

using domain::BusinessDate;
using domain::DateRange;
using domain::PeriodLevel;

using AccountKey = std::pair<std::int32_t, domain::Account>;
using CategoryKey = std::tuple<std::int32_t, domain::EntryKind, std::string>;
using PendingKey = std::pair<std::int32_t, domain::EntryKind>;

std::string words_of(const AccountKey& key) {
    return std::to_string(key.first) + ", " + std::string(domain::account_name(key.second));
}
std::string words_of(const CategoryKey& key) {
    return std::to_string(std::get<0>(key)) + ", " +
           std::string(domain::entry_kind_name(std::get<1>(key))) + " " + std::get<2>(key);
}
std::string words_of(const PendingKey& key) {
    return std::to_string(key.first) + ", pending " +
           std::string(domain::entry_kind_name(key.second));
}

// Totals by key; those of zeros are as good as none.
struct Totals {
    std::map<AccountKey, domain::AccountTotals> accounts;
    std::map<CategoryKey, domain::CategoryTotals> categories;
    std::map<PendingKey, domain::PendingTotals> pending;

    void add(const domain::EntryEffect& effect, std::int32_t period) {
        for (const domain::Account each : domain::kAccounts)
            accounts[{period, each}] += effect.accounts.at(static_cast<std::size_t>(each));
        categories[{period, effect.kind, effect.key}] += effect.category;
        pending[{period, effect.kind}] += effect.pending;
    }
    void add(const Totals& other, std::int32_t period) {
        for (const auto& [key, totals] : other.accounts) accounts[{period, key.second}] += totals;
        for (const auto& [key, totals] : other.categories)
            categories[{period, std::get<1>(key), std::get<2>(key)}] += totals;
        for (const auto& [key, totals] : other.pending) pending[{period, key.second}] += totals;
    }
    void drop_zeros() {
        const auto is_zero = [](const auto& each) { return each.second.is_zero(); };
        std::erase_if(accounts, is_zero);
        std::erase_if(categories, is_zero);
        std::erase_if(pending, is_zero);
    }
};

Result<Totals> stored(app::Snapshot& snapshot, PropertyId property, reports::PeriodRange range) {
    Totals totals;
    for (const auto& row : TRY(snapshot.account_rows(property, range)))
        totals.accounts[{row.period, row.account}] += row.totals;
    for (const auto& row : TRY(snapshot.category_rows(property, range)))
        totals.categories[{row.period, row.kind, row.key}] += row.totals;
    for (const auto& row : TRY(snapshot.pending_rows(property, range)))
        totals.pending[{row.period, row.kind}] += row.totals;
    return totals;
}

// The first key that the two differ in.
template <class Key, class Row>
std::optional<std::string> difference(const std::map<Key, Row>& one,
                                      const std::map<Key, Row>& other) {
    const auto [left, right] = std::ranges::mismatch(one, other);
    if (left == one.end() && right == other.end()) return std::nullopt;
    if (left == one.end()) return words_of(right->first);
    if (right == other.end()) return words_of(left->first);
    return words_of(std::min(left->first, right->first));
}

Status compare(const domain::Property& property, Totals expected, Totals found) {
    expected.drop_zeros();
    found.drop_zeros();
    auto words = difference(expected.accounts, found.accounts);
    if (!words) words = difference(expected.categories, found.categories);
    if (!words) words = difference(expected.pending, found.pending);
    if (!words) return {};
    return fail(ErrorCode::corrupt, "The total of " + property.name + " (" + *words +
                                        ") is not the sum of its entries. Make the totals again "
                                        "from the log: daybook rebuild.");
}

app::EntryFilter counted_entries(PropertyId property) {
    app::EntryFilter filter;
    filter.properties = {property};
    filter.statuses = {domain::EntryStatus::approved, domain::EntryStatus::pending};
    filter.order = app::SortOrder::ascending;
    filter.limit = limits::kPageMax;
    return filter;
}

class TotalsCheck {
 public:
    TotalsCheck(app::Store& store, OrgId org, const ReportProgress& progress)
        : store_(store), org_(org), progress_(progress) {}

    Status property(const domain::Property& property) {
        const auto dates = TRY(dates_of(property));
        verdict_.properties++;
        if (!dates) return {};
        const CivilDate last = dates->to.civil();
        for (int year = dates->from.civil().year; year <= last.year; ++year) {
            for (int month = 1; month <= 12; ++month) TRY(check_month(property, year, month));
            TRY(check_year(property, year));
        }
        return {};
    }

    [[nodiscard]] const TotalsVerdict& verdict() const { return verdict_; }

 private:
    // From the first to the last date that there is an entry or a total for.
    Result<std::optional<DateRange>> dates_of(const domain::Property& property) {
        constexpr reports::PeriodRange kEveryYear{limits::kYearMin, limits::kYearMax};
        const auto snapshot = TRY(store_.snapshot(org_));
        std::optional<DateRange> dates;
        const auto widen = [&](BusinessDate from, BusinessDate to) {
            if (!dates) dates = DateRange{from, to};
            *dates = {std::min(dates->from, from), std::max(dates->to, to)};
        };
        const Totals years = TRY(stored(*snapshot, property.id, kEveryYear));
        const auto widen_year = [&](int year) {
            widen(*BusinessDate::from_civil(year, 1, 1), *BusinessDate::from_civil(year, 12, 31));
        };
        for (const auto& [key, totals] : years.accounts) widen_year(key.first);
        for (const auto& [key, totals] : years.categories) widen_year(std::get<0>(key));
        for (const auto& [key, totals] : years.pending) widen_year(key.first);
        app::EntryFilter filter = counted_entries(property.id);
        filter.limit = 1;
        for (const auto order : {app::SortOrder::ascending, app::SortOrder::descending}) {
            filter.order = order;
            for (const domain::Entry& each : TRY(snapshot->entries(filter)).entries)
                widen(each.content.business_date, each.content.business_date);
        }
        return dates;
    }

    Status check_month(const domain::Property& property, int year, int month) {
        const DateRange days{*BusinessDate::from_civil(year, month, 1),
                             *BusinessDate::from_civil(year, month, days_in_month(year, month))};
        const std::int32_t key = period_key(days.from, PeriodLevel::month);
        const auto snapshot = TRY(store_.snapshot(org_));
        Totals by_day;
        Totals whole;
        app::EntryFilter filter = counted_entries(property.id);
        filter.from = days.from;
        filter.to = days.to;
        while (true) {
            const app::EntryPage page = TRY(snapshot->entries(filter));
            for (const domain::Entry& entry : page.entries) {
                const domain::EntryEffect effect = effect_of(entry);
                by_day.add(effect, effect.date.key());
                whole.add(effect, key);
            }
            verdict_.entries += std::ssize(page.entries);
            if (!page.next) break;
            filter.after = page.next;
        }
        for (const auto& each : TRY(snapshot->adjustments(property.id, days))) {
            by_day.accounts[{each.date.key(), each.account}] += totals_of(each);
            whole.accounts[{key, each.account}] += totals_of(each);
        }
        TRY(compare(property, std::move(by_day),
                    TRY(stored(*snapshot, property.id, {days.from.key(), days.to.key()}))));
        TRY(compare(property, std::move(whole), TRY(stored(*snapshot, property.id, {key, key}))));
        verdict_.months++;
        progress_(static_cast<std::size_t>(verdict_.entries), 0);
        return {};
    }

    Status check_year(const domain::Property& property, int year) {
        const auto snapshot = TRY(store_.snapshot(org_));
        Totals sum;
        sum.add(TRY(stored(*snapshot, property.id, {year * 100 + 1, year * 100 + 12})), year);
        return compare(property, std::move(sum), TRY(stored(*snapshot, property.id, {year, year})));
    }

    app::Store& store_;
    OrgId org_;
    const ReportProgress& progress_;
    TotalsVerdict verdict_;
};

}  // namespace

Result<TotalsVerdict> verify_totals(app::Store& store, OrgId org, const ReportProgress& progress) {
    std::vector<domain::Property> properties;
    {
        const auto snapshot = TRY(store.snapshot(org));
        properties = TRY(snapshot->properties());
    }
    TotalsCheck check(store, org, progress);
    for (const domain::Property& each : properties) TRY(check.property(each));
    return check.verdict();
}

}  // namespace daybook::cli
