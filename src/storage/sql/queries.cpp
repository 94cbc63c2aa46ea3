// The queries of all tables, file by file.
#include "storage/sql/query.h"
#include "storage/sql/tables.h"

namespace daybook::storage::sql {

std::vector<const Query*> all_queries() {
    std::vector<const Query*> queries;
    add_org_queries(queries);
    add_user_queries(queries);
    add_sign_in_queries(queries);
    add_property_queries(queries);
    add_entry_queries(queries);
    add_entry_list_queries(queries);
    add_event_queries(queries);
    add_event_history_queries(queries);
    add_totals_queries(queries);
    add_cash_queries(queries);
    add_day_queries(queries);
    add_gate_queries(queries);
    add_notification_queries(queries);
    add_change_queries(queries);
    add_idempotency_queries(queries);
    add_webhook_queries(queries);
    add_delivery_queries(queries);
    return queries;
}

}  // namespace daybook::storage::sql
