// What nodes keep of an org in memory, from its tables.
#pragma once

#include "app/rows.h"
#include "storage/sql/tables.h"

namespace daybook::storage::sql {

// As Backend::kept_of(); within one read transaction.
Result<app::Changes> kept_of(Tables& tables, OrgId org);

}  // namespace daybook::storage::sql
