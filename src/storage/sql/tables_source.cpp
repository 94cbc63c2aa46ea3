// Each query asks its table, with the org in front.
#include "storage/sql/tables_source.h"

namespace daybook::storage::sql {

Result<Position> TablesSource::head() {
    const auto head = TRY(tables_.orgs.head(org_));
    return head ? head->position : 0;
}

Result<domain::Org> TablesSource::org() {
    auto org = TRY(tables_.orgs.find(org_));
    if (!org) return fail(ErrorCode::not_found, "There is no such org.");
    return *std::move(org);
}

Result<std::optional<domain::Property>> TablesSource::property(PropertyId id) {
    return tables_.properties.find({org_, id});
}

Result<std::vector<domain::Property>> TablesSource::properties() {
    return tables_.properties.all(org_);
}

Result<std::vector<domain::Category>> TablesSource::categories() {
    return tables_.categories.all(org_);
}

Result<std::vector<reports::AccountRow>> TablesSource::account_rows(PropertyId id,
                                                                    reports::PeriodRange range) {
    return tables_.totals.accounts({org_, id}, range);
}

Result<std::vector<reports::CategoryRow>> TablesSource::category_rows(PropertyId id,
                                                                      reports::PeriodRange range) {
    return tables_.totals.categories({org_, id}, range);
}

Result<std::vector<reports::PendingRow>> TablesSource::pending_rows(PropertyId id,
                                                                    reports::PeriodRange range) {
    return tables_.totals.pending({org_, id}, range);
}

Result<std::vector<domain::Count>> TablesSource::last_counts(PropertyId id,
                                                             domain::DateRange dates) {
    return tables_.cash.last_counts({org_, id}, dates);
}

Result<std::vector<domain::Closing>> TablesSource::closings(PropertyId id,
                                                            domain::DateRange dates) {
    return tables_.days.latest_between({org_, id}, dates);
}

Result<std::optional<domain::BusinessDate>> TablesSource::closed_through(PropertyId id) {
    const auto counters = TRY(tables_.properties.counters({org_, id}));
    return counters ? counters->closed_through : std::nullopt;
}

Result<std::vector<domain::Entry>> TablesSource::entries_of_day(PropertyId id,
                                                                domain::BusinessDate date,
                                                                std::size_t limit) {
    return tables_.entries.of_day({org_, id}, date, limit);
}

}  // namespace daybook::storage::sql
