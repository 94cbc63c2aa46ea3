// The report that a day_closed event names: it is a part of the log, and goes where the event goes.
#pragma once

#include <optional>
#include <string>

#include "app/queries.h"

namespace daybook::app {

// None for events of other types. Errors: corrupt (it is missing, or the event cannot be read).
Result<std::optional<std::string>> frozen_report_of(Snapshot& snapshot,
                                                    const domain::StoredEvent& event);

}  // namespace daybook::app
