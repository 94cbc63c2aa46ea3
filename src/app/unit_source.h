// What reports read inside a transaction: the committed rows, and over them what the commands of
// the batch have changed so far.
//
// Why: closing a day freezes its report in the transaction that closes it, after its variance was
// posted. The same code makes it as every other report (I7).
// Threads: the writer's. Lives no longer than the next change of its unit of work.
#pragma once

#include <memory>

#include "app/unit_of_work.h"
#include "reports/source.h"

namespace daybook::app {

class UnitSource final : public reports::Source {
 public:
    UnitSource(UnitOfWork& work, OrgId org, std::unique_ptr<reports::Source> committed)
        : work_(work), org_(org), committed_(std::move(committed)) {}

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
    UnitOfWork& work_;
    OrgId org_;
    std::unique_ptr<reports::Source> committed_;
};

}  // namespace daybook::app
