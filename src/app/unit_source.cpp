// Each list is the committed one with the batch's rows laid over it.
#include "app/unit_source.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace daybook::app {

using namespace domain;

namespace {

bool in_range(std::int32_t period, reports::PeriodRange range) {
    return range.from <= period && period <= range.to;
}

template <class Key, class Row>
std::vector<Row> rows_of(std::map<Key, Row> by_key) {
    std::vector<Row> rows;
    rows.reserve(by_key.size());
    for (auto& [key, row] : by_key) rows.push_back(std::move(row));
    return rows;
}

}  // namespace

Result<Position> UnitSource::head() {
    return TRY(work_.head(org_)).position;
}

Result<Org> UnitSource::org() {
    const Org* org = TRY(work_.org(org_));
    if (org == nullptr) return fail(ErrorCode::not_found, "There is no such org.");
    return *org;
}

Result<std::optional<Property>> UnitSource::property(PropertyId id) {
    const Property* property = TRY(work_.property({org_, id}));
    if (property == nullptr) return std::nullopt;
    return *property;
}

Result<std::vector<Property>> UnitSource::properties() {
    std::map<PropertyId, Property> by_id;
    for (Property& each : TRY(committed_->properties())) by_id.emplace(each.id, std::move(each));
    work_.properties_.each_from({org_, {}}, [&](const PropertyKey& key, const Property& row) {
        if (key.org == org_) by_id.insert_or_assign(key.id, row);
        return key.org == org_;
    });
    auto rows = rows_of(std::move(by_id));
    std::ranges::sort(rows, {}, &Property::name);
    return rows;
}

Result<std::vector<Category>> UnitSource::categories() {
    std::map<CategoryId, Category> by_id;
    for (Category& each : TRY(committed_->categories())) by_id.emplace(each.id, std::move(each));
    work_.categories_.each_from({org_, {}}, [&](const CategoryIdKey& key, const Category& row) {
        if (key.org == org_) by_id.insert_or_assign(key.id, row);
        return key.org == org_;
    });
    auto rows = rows_of(std::move(by_id));
    std::ranges::sort(rows, {}, [](const Category& row) {
        return std::tuple(row.kind, row.order, std::string_view(row.key));
    });
    return rows;
}

Result<std::vector<reports::AccountRow>> UnitSource::account_rows(PropertyId id,
                                                                  reports::PeriodRange range) {
    std::map<std::pair<std::int32_t, Account>, reports::AccountRow> rows;
    for (const auto& row : TRY(committed_->account_rows(id, range))) {
        rows.emplace(std::pair(row.period, row.account), row);
    }
    for (const Account account : kAccounts) {
        const AccountTotalsKey first{org_, id, account, range.from};
        work_.account_totals_.each_from(first, [&](const auto& key, const AccountTotals& totals) {
            const bool belongs = key.org == org_ && key.property == id && key.account == account &&
                                 in_range(key.period, range);
            if (belongs) {
                rows.insert_or_assign(std::pair(key.period, account),
                                      reports::AccountRow{key.period, account, totals});
            }
            return belongs;
        });
    }
    return rows_of(std::move(rows));
}

Result<std::vector<reports::CategoryRow>> UnitSource::category_rows(PropertyId id,
                                                                    reports::PeriodRange range) {
    using Key = std::tuple<std::int32_t, EntryKind, std::string>;
    std::map<Key, reports::CategoryRow> rows;
    for (auto& row : TRY(committed_->category_rows(id, range))) {
        const Key key(row.period, row.kind, row.key);
        rows.emplace(key, std::move(row));
    }
    const CategoryTotalsKey first{org_, id, range.from, EntryKind::expense, {}};
    work_.category_totals_.each_from(first, [&](const auto& key, const CategoryTotals& totals) {
        const bool belongs = key.org == org_ && key.property == id && in_range(key.period, range);
        if (belongs) {
            rows.insert_or_assign(Key(key.period, key.kind, key.key),
                                  reports::CategoryRow{key.period, key.kind, key.key, totals});
        }
        return belongs;
    });
    return rows_of(std::move(rows));
}

Result<std::vector<reports::PendingRow>> UnitSource::pending_rows(PropertyId id,
                                                                  reports::PeriodRange range) {
    std::map<std::pair<std::int32_t, EntryKind>, reports::PendingRow> rows;
    for (const auto& row : TRY(committed_->pending_rows(id, range))) {
        rows.emplace(std::pair(row.period, row.kind), row);
    }
    const PendingTotalsKey first{org_, id, range.from, EntryKind::expense};
    work_.pending_totals_.each_from(first, [&](const auto& key, const PendingTotals& totals) {
        const bool belongs = key.org == org_ && key.property == id && in_range(key.period, range);
        if (belongs) {
            rows.insert_or_assign(std::pair(key.period, key.kind),
                                  reports::PendingRow{key.period, key.kind, totals});
        }
        return belongs;
    });
    return rows_of(std::move(rows));
}

// Counts are only ever added, so the batch's come after all that was committed.
Result<std::vector<Count>> UnitSource::last_counts(PropertyId id, DateRange dates) {
    std::map<std::pair<BusinessDate, Account>, Count> last;
    for (Count& each : TRY(committed_->last_counts(id, dates))) {
        last.insert_or_assign(std::pair(each.date, each.account), std::move(each));
    }
    std::vector<Count> added;
    work_.counts_.each_from({org_, {}}, [&](const CountKey& key, const Count& row) {
        const bool belongs = key.org == org_ && row.property == id && dates.contains(row.date);
        if (belongs) added.push_back(row);
        return key.org == org_;
    });
    std::ranges::sort(added, {}, [](const Count& row) { return std::tuple(row.at, row.id); });
    for (Count& each : added) {
        last.insert_or_assign(std::pair(each.date, each.account), std::move(each));
    }
    return rows_of(std::move(last));
}

Result<std::vector<Closing>> UnitSource::closings(PropertyId id, DateRange dates) {
    std::map<BusinessDate, Closing> by_date;
    for (Closing& each : TRY(committed_->closings(id, dates))) {
        by_date.emplace(each.date, std::move(each));
    }
    const ClosingKey first{org_, id, dates.from, 0};
    work_.latest_closings_.each_from(first, [&](const ClosingKey& key, const Closing& row) {
        const bool belongs = key.org == org_ && key.property == id && dates.contains(key.date);
        if (belongs) by_date.insert_or_assign(key.date, row);
        return belongs;
    });
    return rows_of(std::move(by_date));
}

Result<std::optional<BusinessDate>> UnitSource::closed_through(PropertyId id) {
    return TRY(work_.counters({org_, id})).closed_through;
}

Result<std::vector<Entry>> UnitSource::entries_of_day(PropertyId id, BusinessDate date,
                                                      std::size_t limit) {
    std::set<EntryId> touched;
    std::map<std::int64_t, Entry> by_number;
    work_.entries_.each_from({org_, {}}, [&](const EntryKey& key, const Entry& row) {
        if (key.org != org_ || row.property != id) return key.org == org_;
        touched.insert(row.id);
        const bool is_shown =
            row.status != EntryStatus::deleted && row.content.business_date == date;
        if (is_shown) by_number.emplace(row.number, row);
        return true;
    });
    // As many more as the batch may have taken away.
    for (Entry& each : TRY(committed_->entries_of_day(id, date, limit + touched.size()))) {
        if (!touched.contains(each.id)) by_number.emplace(each.number, std::move(each));
    }
    auto rows = rows_of(std::move(by_number));
    if (rows.size() > limit)
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
    return rows;
}

}  // namespace daybook::app
