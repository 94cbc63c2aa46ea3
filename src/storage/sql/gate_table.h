// Entries that nobody has decided, by author and date, and daily approvals.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "app/queries.h"
#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class GateTable {
 public:
    explicit GateTable(Connection& connection);

    Result<std::optional<std::int64_t>> undecided(const app::UndecidedKey& key);
    // Of the key's person and property and of earlier dates, by date.
    Result<std::vector<std::pair<domain::BusinessDate, std::int64_t>>> undecided_before(
        const app::UndecidedKey& key);
    // By user, then by date.
    Result<std::vector<app::Undecided>> undecided_of(const app::PropertyKey& property);
    // No row is kept of none.
    Status put(const app::UndecidedKey& key, std::int64_t count);

    Result<std::optional<domain::DailyApproval>> approval(const app::DailyApprovalKey& key);
    // By user.
    Result<std::vector<domain::DailyApproval>> approvals(const app::PropertyKey& property,
                                                         domain::BusinessDate date);
    Status put(OrgId org, const domain::DailyApproval& approval);

 private:
    Statement undecided_;
    Statement undecided_before_;
    Statement undecided_of_;
    Statement put_undecided_;
    Statement drop_undecided_;
    Statement approval_;
    Statement approvals_;
    Statement put_approval_;
};

void add_gate_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
