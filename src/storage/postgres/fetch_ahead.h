// What a command will ask for first, asked for ahead: for all commands of a batch in one round
// trip.
//
// Only a hint: what is not asked for here is loaded when it is needed, and what is asked for in
// vain harms nobody.
#pragma once

#include "app/store.h"

namespace daybook::storage::postgres {

// `loads` fetches and finds nothing yet. Errors: those of sending.
Status fetch_ahead(app::WriteTransaction& loads, const app::Command& command);

}  // namespace daybook::storage::postgres
