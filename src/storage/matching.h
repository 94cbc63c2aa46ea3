// What the filters of app/queries.h mean, for one entry or event: the same words for all stores.
//
// A store may find candidates by an index, but what it returns is what these functions accept, in
// the order that before() gives.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "app/queries.h"
#include "app/rows.h"

namespace daybook::storage {

// Whether the text contains the part; letters A-Z and a-z are alike, all other bytes must be equal.
bool contains_text(std::string_view text, std::string_view part);

// Everything of the filter but its cursor and limit. A transfer has neither a key nor a payment
// mode, so a filter by one of them leaves it out; erased texts contain nothing.
bool matches(const app::EntryFilter& filter, const domain::Entry& entry);

// Where the entry stands in the sort: the value in the cursor.
app::EntryCursor cursor_of(app::EntrySort sort, const domain::Entry& entry);
// Whether one comes before the other: by value, then by id, both in the same direction.
bool before(app::SortOrder order, const app::EntryCursor& one, const app::EntryCursor& other);

// What the columns beside an event say about it.
struct EventColumns {
    domain::EventType type{};
    std::optional<PropertyId> property;
    domain::EntityRef entity;
    UserId user;
    Instant at;
    // First and last of the affected report dates.
    std::optional<domain::DateRange> business;
};
EventColumns columns_of(const app::EventRow& row);

// Everything of the filter but its cursor and limit, and what its principal may see. A business
// range matches if it overlaps the one from the first to the last affected date, although the event
// may affect no day between; an event without dates matches none. Instants at both ends belong to a
// range.
bool matches(const app::EventFilter& filter, const EventColumns& event);

}  // namespace daybook::storage
