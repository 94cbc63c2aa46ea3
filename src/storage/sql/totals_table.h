// The totals of day, month and year, by property: three tables of plain sums.
#pragma once

#include <optional>
#include <vector>

#include "app/rows.h"
#include "reports/source.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class TotalsTable {
 public:
    explicit TotalsTable(Connection& connection);

    Result<std::optional<domain::AccountTotals>> find(const app::AccountTotalsKey& key);
    Result<std::optional<domain::CategoryTotals>> find(const app::CategoryTotalsKey& key);
    Result<std::optional<domain::PendingTotals>> find(const app::PendingTotalsKey& key);
    Status put(const app::AccountTotalsKey& key, const domain::AccountTotals& totals);
    Status put(const app::CategoryTotalsKey& key, const domain::CategoryTotals& totals);
    Status put(const app::PendingTotalsKey& key, const domain::PendingTotals& totals);

    // By period; accounts in their own order, keys in that of the alphabet.
    Result<std::vector<reports::AccountRow>> accounts(const app::PropertyKey& property,
                                                      reports::PeriodRange range);
    Result<std::vector<reports::CategoryRow>> categories(const app::PropertyKey& property,
                                                         reports::PeriodRange range);
    Result<std::vector<reports::PendingRow>> pending(const app::PropertyKey& property,
                                                     reports::PeriodRange range);

 private:
    Statement find_account_;
    Statement find_category_;
    Statement find_pending_;
    Statement put_account_;
    Statement put_category_;
    Statement put_pending_;
    Statement accounts_;
    Statement categories_;
    Statement pending_;
};

void add_totals_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
