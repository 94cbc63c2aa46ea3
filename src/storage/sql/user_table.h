// The people of an org: a books table.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

// Sets of properties in one column: ids one after the other, ascending.
std::vector<PropertyId> read_properties(std::span<const std::uint8_t> bytes);
std::vector<std::uint8_t> bytes_of(const std::vector<PropertyId>& properties);

class UserTable {
 public:
    explicit UserTable(Connection& connection);

    Result<std::optional<domain::User>> find(const app::UserKey& key);
    // By id.
    Result<std::vector<domain::User>> all(OrgId org);
    // Of every org.
    Result<std::vector<std::pair<OrgId, domain::User>>> everybody();
    Status put(OrgId org, const domain::User& user);

 private:
    Statement find_;
    Statement all_;
    Statement everybody_;
    Statement put_;
};

void add_user_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
