// Properties with their counters, and the categories and sources of an org.
#pragma once

#include <optional>
#include <vector>

#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class PropertyTable {
 public:
    explicit PropertyTable(Connection& connection);

    Result<std::optional<domain::Property>> find(const app::PropertyKey& key);
    Result<std::optional<PropertyId>> find_by_name(const app::PropertyNameKey& key);
    // By name.
    Result<std::vector<domain::Property>> all(OrgId org);
    Status put(OrgId org, const domain::Property& property);

    Result<std::optional<domain::Counters>> counters(const app::PropertyKey& key);
    Status put_counters(const app::PropertyKey& key, const domain::Counters& counters);

 private:
    Statement find_;
    Statement find_by_name_;
    Statement all_;
    Statement put_;
    Statement counters_;
    Statement put_counters_;
};

class CategoryTable {
 public:
    explicit CategoryTable(Connection& connection);

    Result<std::optional<domain::Category>> find(const app::CategoryIdKey& key);
    Result<std::optional<CategoryId>> find_by_key(const app::CategoryKey& key);
    // By kind, order and key.
    Result<std::vector<domain::Category>> all(OrgId org);
    Status put(OrgId org, const domain::Category& category);

 private:
    Statement find_;
    Statement find_by_key_;
    Statement all_;
    Statement put_;
};

void add_property_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
