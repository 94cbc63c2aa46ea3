// What reports read, straight from the tables of one connection: within the writer's transaction.
//
// Threads: the connection's.
#pragma once

#include "reports/source.h"
#include "storage/sql/tables.h"

namespace daybook::storage::sql {

class TablesSource final : public reports::Source {
 public:
    TablesSource(Tables& tables, OrgId org) : tables_(tables), org_(org) {}

    Result<Position> head() override;
    Result<domain::Org> org() override;
    Result<std::optional<domain::Property>> property(PropertyId id) override;
    Result<std::vector<domain::Property>> properties() override;
    Result<std::vector<domain::Category>> categories() override;
    Result<std::vector<reports::AccountRow>> account_rows(PropertyId id,
                                                          reports::PeriodRange range) override;
    Result<std::vector<reports::CategoryRow>> category_rows(PropertyId id,
                                                            reports::PeriodRange range) override;
    Result<std::vector<reports::PendingRow>> pending_rows(PropertyId id,
                                                          reports::PeriodRange range) override;
    Result<std::vector<domain::Count>> last_counts(PropertyId id, domain::DateRange dates) override;
    Result<std::vector<domain::Closing>> closings(PropertyId id, domain::DateRange dates) override;
    Result<std::optional<domain::BusinessDate>> closed_through(PropertyId id) override;
    Result<std::vector<domain::Entry>> entries_of_day(PropertyId id, domain::BusinessDate date,
                                                      std::size_t limit) override;

 private:
    Tables& tables_;
    OrgId org_;
};

}  // namespace daybook::storage::sql
