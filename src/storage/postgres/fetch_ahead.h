// What a command will ask for first, asked for ahead: for all commands of a batch in two round
// trips, the second for what the rows of the first name.
//
// Only a hint: what is not asked for here is loaded when it is needed, and what is asked for in
// vain harms nobody.
#pragma once

#include <vector>

#include "app/store.h"

namespace daybook::storage::postgres {

// `loads` fetches and finds nothing yet. Errors: those of sending.
Status fetch_ahead(app::WriteTransaction& loads, const app::Command& command);

// The rows that are named by what was fetched, which `loads` finds now. Errors: those of loading.
Result<std::vector<app::CategoryIdKey>> named_categories(app::WriteTransaction& loads,
                                                         const app::Command& command);

}  // namespace daybook::storage::postgres
