// All tables on one connection, each with its prepared statements.
#pragma once

#include "storage/sqlite/cash_table.h"
#include "storage/sqlite/change_table.h"
#include "storage/sqlite/day_table.h"
#include "storage/sqlite/delivery_table.h"
#include "storage/sqlite/entry_list.h"
#include "storage/sqlite/entry_table.h"
#include "storage/sqlite/event_history.h"
#include "storage/sqlite/event_table.h"
#include "storage/sqlite/gate_table.h"
#include "storage/sqlite/idempotency_table.h"
#include "storage/sqlite/notification_table.h"
#include "storage/sqlite/org_table.h"
#include "storage/sqlite/property_table.h"
#include "storage/sqlite/sign_in_table.h"
#include "storage/sqlite/totals_table.h"
#include "storage/sqlite/user_table.h"
#include "storage/sqlite/webhook_table.h"

namespace daybook::storage::sqlite {

struct Tables {
    explicit Tables(Database& database)
        : orgs(database),
          tokens(database),
          users(database),
          sign_ins(database),
          accesses(database),
          properties(database),
          categories(database),
          entries(database),
          entry_list(database, entries),
          changes(database),
          events(database),
          history(database),
          totals(database),
          cash(database),
          days(database),
          gates(database),
          notifications(database),
          idempotency(database),
          webhooks(database),
          deliveries(database) {}

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

}  // namespace daybook::storage::sqlite
