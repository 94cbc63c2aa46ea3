// Which events are news for whom, and what of them was read.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class NotificationTable {
 public:
    explicit NotificationTable(Connection& connection);

    Result<std::optional<app::Notification>> find(const app::NotificationKey& key);
    // Those before the key's position, the newest first.
    Result<std::vector<std::pair<Position, app::Notification>>> before(
        const app::NotificationKey& key, std::size_t limit);
    Status put(const app::NotificationKey& key, const app::Notification& notification);

    Result<std::optional<app::ReadMarks>> marks(const app::UserKey& key);
    Status put(const app::UserKey& key, const app::ReadMarks& marks);

 private:
    Statement find_;
    Statement before_;
    Statement put_;
    Statement marks_;
    Statement put_marks_;
};

void add_notification_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
