// Changes of approved entries that wait for a decision, by entry.
#pragma once

#include <optional>
#include <vector>

#include "app/queries.h"
#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class ChangeTable {
 public:
    explicit ChangeTable(Connection& connection);

    Result<std::optional<domain::ChangeRequest>> find(const app::EntryKey& key);
    // The oldest first; the filter's properties one after the other.
    Result<std::vector<domain::ChangeRequest>> page(OrgId org, const app::ChangeFilter& filter);
    Result<std::int64_t> count(const app::PropertyKey& property);
    // One that is closed is deleted.
    Status put(const app::EntryKey& key, const domain::ChangeRequest& request);

 private:
    Statement find_;
    Statement page_;
    Statement count_;
    Statement put_;
    Statement drop_;
};

void add_change_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
