// Who follows a log, and which of its events they get: those that they may see (domain::may_see)
// and, of these, those that they asked for.
//
// The same words as app::EventFilter, for one event at a time: what is sent live and what is read
// from the log must never differ.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "app/queries.h"
#include "domain/events.h"
#include "domain/principal.h"

namespace daybook::realtime {

// What a subscription looks at.
struct EventFacts {
    domain::EventType type{};
    std::optional<PropertyId> property;
    domain::EntityRef entity;
};

struct Subscription {
    domain::Principal principal;
    std::vector<PropertyId> properties;    // sorted; empty: all in scope, and org-level facts
    std::vector<domain::EventType> types;  // empty: all

    [[nodiscard]] bool wants(const EventFacts& event) const;
    [[nodiscard]] app::EventFilter filter(Position after, std::size_t limit) const;
};

// Whether both may see the same.
bool same_access(const domain::Principal& one, const domain::Principal& other);

}  // namespace daybook::realtime
