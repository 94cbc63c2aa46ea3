// Orgs and what each has one of: its head, its tokens and their secrets.
#pragma once

#include <optional>
#include <vector>

#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class OrgTable {
 public:
    explicit OrgTable(Connection& connection);

    Result<std::optional<domain::Org>> find(OrgId org);
    Result<std::vector<domain::Org>> all();
    Status put(const domain::Org& org);

    Result<std::optional<app::Head>> head(OrgId org);
    Result<std::vector<std::pair<OrgId, app::Head>>> heads();
    Status put_head(OrgId org, const app::Head& head);

 private:
    Statement find_;
    Statement all_;
    Statement put_;
    Statement head_;
    Statement heads_;
    Statement put_head_;
};

class TokenTable {
 public:
    explicit TokenTable(Connection& connection);

    Result<std::optional<domain::Token>> find(const app::TokenKey& key);
    // By id.
    Result<std::vector<domain::Token>> all(OrgId org);
    Status put(OrgId org, const domain::Token& token);

    // Of every org; of one.
    Result<std::vector<app::Credential>> credentials();
    Result<std::vector<app::Credential>> credentials(OrgId org);
    Status put_credential(const app::Credential& credential);

 private:
    Statement find_;
    Statement all_;
    Statement put_;
    Statement credentials_;
    Statement credentials_of_;
    Statement put_credential_;
};

void add_org_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
