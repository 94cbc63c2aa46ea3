// Counts and adjustments of a property's accounts.
#pragma once

#include <optional>
#include <vector>

#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class CashTable {
 public:
    explicit CashTable(Connection& connection);

    // By date, then by recording.
    Result<std::vector<domain::Count>> counts(const app::PropertyKey& property,
                                              domain::DateRange dates);
    // The last one of each account and day, in that order.
    Result<std::vector<domain::Count>> last_counts(const app::PropertyKey& property,
                                                   domain::DateRange dates);
    Status put(OrgId org, const domain::Count& count);

    // By date, then by recording.
    Result<std::vector<domain::Adjustment>> adjustments(const app::PropertyKey& property,
                                                        domain::DateRange dates);
    Status put(OrgId org, const domain::Adjustment& adjustment);

 private:
    Statement counts_;
    Statement put_count_;
    Statement adjustments_;
    Statement put_adjustment_;
};

void add_cash_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
