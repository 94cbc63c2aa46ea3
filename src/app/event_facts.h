// What every event says about itself, whatever its type and version: enough to route it.
//
// Why not decode(): a reader that only passes events on must pass on those of newer versions too,
// untouched; these members are part of every version.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "domain/events.h"

namespace daybook::app {

struct EventFacts {
    Position position = 0;
    EventId id;
    std::string type;
    std::string entity_type;
    Uuid entity;
    std::optional<PropertyId> property;
    Instant at;
};

// Errors: corrupt.
Result<EventFacts> facts_of(const domain::StoredEvent& event);

}  // namespace daybook::app
