// Roll-ups in maps.
#include "support/fake_report_source.h"

#include <array>
#include <utility>

namespace daybook::test {
namespace {

using domain::BusinessDate;
using domain::PeriodLevel;

constexpr std::array kLevels{PeriodLevel::day, PeriodLevel::month, PeriodLevel::year};

bool in_range(std::int32_t period, reports::PeriodRange range) {
    return range.from <= period && period <= range.to;
}

}  // namespace

FakeReportSource::FakeReportSource(Books books) : books_(std::move(books)) {
    for (const domain::Entry& entry : books_.entries) {
        const domain::EntryEffect effect = effect_of(entry);
        for (const domain::Account account : domain::kAccounts) {
            add_to_accounts(entry.property, effect.date, account,
                            effect.accounts.at(static_cast<std::size_t>(account)));
        }
        for (const PeriodLevel level : kLevels) {
            const std::int32_t period = period_key(effect.date, level);
            categories_[{entry.property, period, effect.kind, effect.key}] += effect.category;
            pending_[{entry.property, period, effect.kind}] += effect.pending;
        }
    }
    for (const domain::Adjustment& each : books_.adjustments) {
        add_to_accounts(each.property, each.date, each.account, totals_of(each));
    }
}

void FakeReportSource::add_to_accounts(PropertyId property, BusinessDate date,
                                       domain::Account account,
                                       const domain::AccountTotals& totals) {
    for (const PeriodLevel level : kLevels) {
        accounts_[{property, period_key(date, level), account}] += totals;
    }
}

void FakeReportSource::damage(PropertyId property, BusinessDate date) {
    domain::AccountTotals totals;
    totals.in = 1;
    add_to_accounts(property, date, domain::Account::cash, totals);
}

Result<std::optional<domain::Property>> FakeReportSource::property(PropertyId id) {
    for (const domain::Property& each : books_.properties) {
        if (each.id == id) return each;
    }
    return std::nullopt;
}

Result<std::vector<reports::AccountRow>> FakeReportSource::account_rows(
    PropertyId id, reports::PeriodRange range) {
    std::vector<reports::AccountRow> rows;
    for (const auto& [key, totals] : accounts_) {
        const auto& [property, period, account] = key;
        if (property == id && in_range(period, range)) rows.push_back({period, account, totals});
    }
    rows_read_ += rows.size();
    return rows;
}

Result<std::vector<reports::CategoryRow>> FakeReportSource::category_rows(
    PropertyId id, reports::PeriodRange range) {
    std::vector<reports::CategoryRow> rows;
    for (const auto& [key, totals] : categories_) {
        const auto& [property, period, kind, name] = key;
        if (property == id && in_range(period, range)) {
            rows.push_back({period, kind, name, totals});
        }
    }
    rows_read_ += rows.size();
    return rows;
}

Result<std::vector<reports::PendingRow>> FakeReportSource::pending_rows(
    PropertyId id, reports::PeriodRange range) {
    std::vector<reports::PendingRow> rows;
    for (const auto& [key, totals] : pending_) {
        const auto& [property, period, kind] = key;
        if (property == id && in_range(period, range)) rows.push_back({period, kind, totals});
    }
    rows_read_ += rows.size();
    return rows;
}

Result<std::vector<domain::Count>> FakeReportSource::last_counts(PropertyId id,
                                                                 domain::DateRange dates) {
    std::map<std::pair<BusinessDate, domain::Account>, domain::Count> last;
    for (const domain::Count& count : books_.counts) {
        if (count.property == id && dates.contains(count.date)) {
            last.insert_or_assign({count.date, count.account}, count);
        }
    }
    std::vector<domain::Count> counts;
    for (const auto& [key, count] : last) counts.push_back(count);
    return counts;
}

Result<std::vector<domain::Closing>> FakeReportSource::closings(PropertyId id,
                                                                domain::DateRange dates) {
    std::map<BusinessDate, domain::Closing> latest;
    for (const domain::Closing& closing : books_.closings) {
        if (closing.property == id && dates.contains(closing.date)) {
            latest.insert_or_assign(closing.date, closing);
        }
    }
    std::vector<domain::Closing> closings;
    for (const auto& [date, closing] : latest) closings.push_back(closing);
    return closings;
}

Result<std::optional<BusinessDate>> FakeReportSource::closed_through(PropertyId id) {
    const auto found = books_.closed_through.find(id);
    if (found == books_.closed_through.end()) return std::nullopt;
    return found->second;
}

Result<std::vector<domain::Entry>> FakeReportSource::entries_of_day(PropertyId id,
                                                                    BusinessDate date,
                                                                    std::size_t limit) {
    std::map<std::int64_t, domain::Entry> by_number;
    for (const domain::Entry& entry : books_.entries) {
        if (entry.property == id && entry.content.business_date == date &&
            entry.status != domain::EntryStatus::deleted) {
            by_number.emplace(entry.number, entry);
        }
    }
    std::vector<domain::Entry> entries;
    for (const auto& [number, entry] : by_number) {
        if (entries.size() < limit) entries.push_back(entry);
    }
    return entries;
}

}  // namespace daybook::test
