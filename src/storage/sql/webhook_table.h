// Webhooks (of the books), and beside them their secrets and their last attempts (side tables).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class WebhookTable {
 public:
    explicit WebhookTable(Connection& connection);

    Result<std::optional<domain::Webhook>> find(const app::WebhookKey& key);
    // By id.
    Result<std::vector<domain::Webhook>> all(OrgId org);
    // Those that are not deleted.
    Result<std::int64_t> alive(OrgId org);
    Status put(OrgId org, const domain::Webhook& webhook);

    // Empty if there is none.
    Result<std::string> secret(const app::WebhookKey& key);
    Status put_secret(const app::WebhookSecret& secret);

    // The newest first.
    Result<std::vector<app::WebhookAttempt>> attempts(const app::WebhookKey& key);
    // Forgets those before the last limits::kWebhookLogMax.
    Status add_attempt(OrgId org, const app::WebhookAttempt& attempt);
    Status forget_attempts(OrgId org);

    // Its secret and attempts.
    Status forget(const app::WebhookKey& key);

 private:
    Statement find_;
    Statement all_;
    Statement alive_;
    Statement put_;
    Statement secret_;
    Statement put_secret_;
    Statement forget_secret_;
    Statement attempts_;
    Statement last_attempt_;
    Statement put_attempt_;
    Statement prune_attempts_;
    Statement forget_attempts_of_;
    Statement forget_attempts_;
};

void add_webhook_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
