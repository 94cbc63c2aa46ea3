// A reports::Source over lists: totals and roll-ups are made at once, with domain::effect_of as
// every store does.
#pragma once

#include <cstdint>
#include <map>
#include <tuple>

#include "reports/source.h"
#include "support/naive_reports.h"

namespace daybook::test {

class FakeReportSource final : public reports::Source {
 public:
    explicit FakeReportSource(Books books);

    // What a store would answer whose rows were damaged: an amount without its category.
    void damage(PropertyId property, domain::BusinessDate date);
    // Rows handed out by account_rows(), category_rows() and pending_rows() so far.
    [[nodiscard]] std::size_t rows_read() const { return rows_read_; }

    static constexpr Position kHead = 4711;
    Result<Position> head() override { return kHead; }
    Result<domain::Org> org() override { return books_.org; }
    Result<std::optional<domain::Property>> property(PropertyId id) override;
    Result<std::vector<domain::Property>> properties() override { return books_.properties; }
    Result<std::vector<domain::Category>> categories() override { return books_.categories; }
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
    void add_to_accounts(PropertyId property, domain::BusinessDate date, domain::Account account,
                         const domain::AccountTotals& totals);

    Books books_;
    // By property and period: keys of days, months and years do not overlap.
    std::map<std::tuple<PropertyId, std::int32_t, domain::Account>, domain::AccountTotals>
        accounts_;
    std::map<std::tuple<PropertyId, std::int32_t, domain::EntryKind, std::string>,
             domain::CategoryTotals>
        categories_;
    std::map<std::tuple<PropertyId, std::int32_t, domain::EntryKind>, domain::PendingTotals>
        pending_;
    std::size_t rows_read_ = 0;
};

}  // namespace daybook::test
