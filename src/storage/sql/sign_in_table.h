// Side tables of what lets people in, of when it did, and of who read the trail.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "app/store.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class SignInTable {
 public:
    explicit SignInTable(Connection& connection);

    Result<std::optional<app::Password>> password(const app::UserKey& key);
    Result<std::optional<app::SignInSession>> session(const app::SessionKey& key);
    // Of the user, by id.
    Result<std::vector<app::SignInSession>> sessions(const app::UserKey& key);
    Result<std::optional<app::SignInLink>> link(const app::UserKey& key);
    Result<std::map<Uuid, Instant>> last_uses(OrgId org);
    Result<app::SignInState> state();
    // Of one org; who failed is of none.
    Result<app::SignInState> state(OrgId org);

    // A row that has ended, or was used or taken away, goes.
    Status put(const app::UserKey& key, const app::Password& password);
    Status put(const app::SessionKey& key, const app::SignInSession& session);
    Status put(const app::UserKey& key, const app::SignInLink& link);
    Status put(const app::LastUseKey& key, Instant used_at);
    Status put(std::int64_t slot, const app::FailedSignIn& failed);

 private:
    Statement password_;
    Statement put_password_;
    Statement drop_password_;
    Statement session_;
    Statement sessions_;
    Statement all_sessions_;
    Statement org_sessions_;
    Statement put_session_;
    Statement drop_session_;
    Statement link_;
    Statement all_links_;
    Statement org_links_;
    Statement put_link_;
    Statement drop_link_;
    Statement last_uses_;
    Statement all_last_uses_;
    Statement put_last_use_;
    Statement drop_last_use_;
    Statement failed_;
    Statement put_failed_;
};

class AccessTable {
 public:
    explicit AccessTable(Connection& connection);

    // The newest hour first; after `before` where a page ended.
    Result<std::vector<std::pair<app::AccessKey, app::Access>>> list(
        OrgId org, const std::optional<app::AccessKey>& before, std::size_t limit);
    // Keeps the first of the hour; what is older than limits::kAccessKeptMs goes.
    Status put(const app::AccessKey& key, const app::Access& access);

 private:
    Statement list_;
    Statement put_;
    Statement prune_;
};

void add_sign_in_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
