// Whether the columns beside an event say what its bytes do.
#pragma once

#include "app/rows.h"
#include "base/result.h"

namespace daybook::storage::sql {

// What a newer program wrote cannot be compared. Error: corrupt, naming the position.
Status check_event_columns(const app::EventRow& row);

}  // namespace daybook::storage::sql
