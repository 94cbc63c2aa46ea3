// Pages of event history: which index serves a filter, and how the streams of several are merged.
//
// Operation: a filter becomes lanes, each an index range in order of position: one entity; or each
// of a few properties; or each of a few types; or the log by position. The lanes are merged by
// position, and every event is put to storage::matches(). Without a better lane a range of
// recording times skips what its index shows to be outside.
// Limits: a page looks at limits::kEventScanMax events at most.
#pragma once

#include <optional>
#include <vector>

#include "app/queries.h"
#include "storage/sql/run.h"

namespace daybook::storage::sql {

class EventHistory {
 public:
    explicit EventHistory(Connection& connection);

    // `head`: the end of the log in this snapshot.
    Result<app::EventPage> page(OrgId org, Position head, const app::EventFilter& filter);

    // More properties or types than these are read by position.
    static constexpr std::size_t kLanesMax = 16;

 private:
    // What a filter accepts of an event that was looked at.
    struct Seen {
        Position position = 0;
        bool in_recorded_range = false;
        std::optional<domain::StoredEvent> event;  // none if the filter refuses it
    };
    struct Lane {
        enum class By : std::uint8_t { position, property, entity, type };
        By by = By::position;
        std::optional<Uuid> id;  // of the property (none: facts of the org) or entity
        domain::EventType type{};
        Position after = 0;
        std::vector<Seen> seen;  // read ahead
        std::size_t next = 0;
        bool ended = false;
    };

    static std::vector<Lane> lanes_for(const app::EventFilter& filter);
    Statement& statement_for(const Lane& lane);
    Result<Lane*> lane_with_next(OrgId org, const app::EventFilter& filter,
                                 std::vector<Lane>& lanes);
    Status refill(OrgId org, const app::EventFilter& filter, Lane& lane);
    Status skip_unrecorded(OrgId org, const app::EventFilter& filter, Lane& lane);

    Statement by_position_;
    Statement by_property_;
    Statement of_org_;
    Statement by_entity_;
    Statement by_type_;
    Statement next_recorded_;
};

void add_event_history_queries(std::vector<const Query*>& queries);

}  // namespace daybook::storage::sql
