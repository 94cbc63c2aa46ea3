// What a batch changed, into the tables.
#pragma once

#include "app/rows.h"
#include "storage/sql/tables.h"

namespace daybook::storage::sql {

// Writes the rows, parents first and each table in the order of its keys.
Status write_changes(Tables& tables, const app::Changes& changes);

}  // namespace daybook::storage::sql
