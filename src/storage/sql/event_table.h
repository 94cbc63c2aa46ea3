// The event log: appending, reading it by position and by entity, and erasing texts.
#pragma once

#include <vector>

#include "app/queries.h"
#include "app/rows.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

inline constexpr Table kEvents{"finance_event_store", 2};
// All columns, in the order of the table.
inline constexpr std::string_view kSelectEvent =
    "select org, position, event_id, type, property, entity_type, entity, user, recorded_at,"
    " business_from, business_to, bytes, private, prev_hash, hash, crc from finance_event_store";
domain::StoredEvent read_stored_event(Row& row);
// A whole row of the table.
app::EventRow read_event(Row& row);

class EventTable {
 public:
    explicit EventTable(Connection& connection);

    Status append(const app::EventRow& event);
    // After the position, in order.
    Result<std::vector<domain::StoredEvent>> after(OrgId org, Position position, std::size_t limit);
    // The same with the columns beside them: for checks.
    Result<std::vector<app::EventRow>> rows_after(OrgId org, Position position, std::size_t limit);
    // Of one entity up to the position, in order.
    Result<std::vector<domain::StoredEvent>> of_entity(OrgId org, const domain::EntityRef& entity,
                                                       Position up_to);
    // The position of the property's newest event; 0 if it has none.
    Result<Position> newest_of(const app::PropertyKey& property);
    // Their private parts go, and their checksums follow; the hash chain does not cover them.
    Status erase(const app::Changes::Erasure& erasure);
    // Recorded in [from, to), by type and hour.
    Result<std::vector<app::EventCount>> counts(OrgId org, Instant from, Instant to);

 private:
    Statement append_;
    Statement after_;
    Statement of_entity_;
    Statement newest_;
    Statement erase_;
    Statement counts_;
};

void add_event_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
