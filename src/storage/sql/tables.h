// All tables on one connection, each with its prepared statements.
#pragma once

#include "storage/sql/cash_table.h"
#include "storage/sql/change_table.h"
#include "storage/sql/day_table.h"
#include "storage/sql/delivery_table.h"
#include "storage/sql/entry_list.h"
#include "storage/sql/entry_table.h"
#include "storage/sql/event_history.h"
#include "storage/sql/event_table.h"
#include "storage/sql/gate_table.h"
#include "storage/sql/idempotency_table.h"
#include "storage/sql/notification_table.h"
#include "storage/sql/org_table.h"
#include "storage/sql/property_table.h"
#include "storage/sql/sign_in_table.h"
#include "storage/sql/totals_table.h"
#include "storage/sql/user_table.h"
#include "storage/sql/webhook_table.h"

namespace daybook::storage::sql {

struct Tables {
    explicit Tables(Connection& connection)
        : orgs(connection),
          tokens(connection),
          users(connection),
          sign_ins(connection),
          accesses(connection),
          properties(connection),
          categories(connection),
          entries(connection),
          entry_list(connection, entries),
          changes(connection),
          events(connection),
          history(connection),
          totals(connection),
          cash(connection),
          days(connection),
          gates(connection),
          notifications(connection),
          idempotency(connection),
          webhooks(connection),
          deliveries(connection) {}

    OrgTable orgs;
    TokenTable tokens;
    UserTable users;
    SignInTable sign_ins;
    AccessTable accesses;
    PropertyTable properties;
    CategoryTable categories;
    EntryTable entries;
    EntryList entry_list;
    ChangeTable changes;
    EventTable events;
    EventHistory history;
    TotalsTable totals;
    CashTable cash;
    DayTable days;
    GateTable gates;
    NotificationTable notifications;
    IdempotencyTable idempotency;
    WebhookTable webhooks;
    DeliveryTable deliveries;
};

}  // namespace daybook::storage::sql
