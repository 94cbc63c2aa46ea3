// Where subscriptions are in the log, and their dead letters (side tables).
#pragma once

#include <optional>
#include <vector>

#include "app/queries.h"
#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class DeliveryTable {
 public:
    explicit DeliveryTable(Connection& connection);

    Result<std::optional<app::DeliveryRow>> find(const app::DeliveryKey& key);
    // By name.
    Result<std::vector<app::DeliveryEntry>> all(OrgId org);
    Status put(const app::DeliveryKey& key, const app::DeliveryRow& row);

    Result<std::optional<app::DeadLetter>> find_letter(const app::DeadLetterKey& key);
    Result<app::DeadLetterPage> letters(OrgId org, const app::DeadLetterFilter& filter);
    // Deletes one that is `removed`.
    Status put_letter(OrgId org, const app::DeadLetter& letter);

    // The rows of a subscription that is gone.
    Status forget(const app::DeliveryKey& key);

 private:
    Statement find_;
    Statement all_;
    Statement put_;
    Statement forget_;
    Statement find_letter_;
    Statement letters_;
    Statement letters_of_;
    Statement put_letter_;
    Statement remove_letter_;
    Statement forget_letters_;
};

void add_delivery_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
