// Lanes, and the merge of lanes.
#include "storage/sql/event_history.h"

#include <algorithm>
#include <limits>

#include "base/limits.h"
#include "storage/matching.h"
#include "storage/sql/event_table.h"

namespace daybook::storage::sql {
namespace {

constexpr Query kByPosition{
    "event_history_by_position", kSelectEvent,
    " where org = ?1 and position > ?2 order by position limit ?3",
    "SEARCH finance_event_store USING INDEX events_by_position (org=? AND position>?)"};
constexpr Query kByProperty{
    "event_history_by_property", kSelectEvent,
    " where org = ?1 and position > ?2 and property = ?4 order by position limit ?3",
    "SEARCH finance_event_store USING INDEX events_by_property"
    " (org=? AND property=? AND position>?)"};
constexpr Query kOfOrg{
    "event_history_of_org", kSelectEvent,
    " where org = ?1 and position > ?2 and property is null order by position limit ?3",
    "SEARCH finance_event_store USING INDEX events_by_property"
    " (org=? AND property=? AND position>?)"};
constexpr Query kByEntity{
    "event_history_by_entity", kSelectEvent,
    " where org = ?1 and position > ?2 and entity = ?4 order by position limit ?3",
    "SEARCH finance_event_store USING INDEX events_by_entity"
    " (org=? AND entity=? AND position>?)"};
constexpr Query kByType{
    "event_history_by_type", kSelectEvent,
    " where org = ?1 and position > ?2 and type = ?4 order by position limit ?3",
    "SEARCH finance_event_store USING INDEX events_by_type (org=? AND type=? AND position>?)"};
// By itself SQLite would look for the smallest position along the log.
constexpr Query kNextRecorded{"event_history_next_recorded",
                              "select min(position) from finance_event_store"
                              " indexed by events_by_recorded",
                              " where org = ?1 and position > ?2 and recorded_at between ?3 and ?4",
                              "SEARCH finance_event_store USING COVERING INDEX events_by_recorded"
                              " (org=? AND recorded_at>? AND recorded_at<?)"};

// Rows read ahead in one go: few enough not to read much in vain, for all lanes together.
constexpr std::size_t kReadAhead = 256;
constexpr std::size_t kReadAheadMin = 16;

constexpr Instant kFirstInstant{std::numeric_limits<std::int64_t>::min()};
constexpr Instant kLastInstant{std::numeric_limits<std::int64_t>::max()};

template <class T>
std::vector<T> unique_sorted(std::vector<T> values) {
    std::ranges::sort(values);
    const auto rest = std::ranges::unique(values);
    values.erase(rest.begin(), rest.end());
    return values;
}

bool has_recorded_range(const app::EventFilter& filter) {
    return filter.recorded_from.has_value() || filter.recorded_to.has_value();
}

bool in_recorded_range(const app::EventFilter& filter, Instant at) {
    return filter.recorded_from.value_or(kFirstInstant) <= at &&
           at <= filter.recorded_to.value_or(kLastInstant);
}

// The columns beside the event; none if this program does not know its type, so nobody may see it.
std::optional<EventColumns> read_columns(Row& row) {
    EventColumns columns;
    row.skip();  // event_id
    const auto type = domain::parse_event_type(row.text());
    columns.property = row.maybe([](Row& at) { return at.id<PropertyId>(); });
    const auto entity_type = domain::parse_entity_type(row.text());
    columns.entity.id = row.uuid();
    columns.user = row.id<UserId>();
    columns.at = row.instant();
    const auto from = row.maybe([](Row& at) { return at.date(); });
    const auto to = row.maybe([](Row& at) { return at.date(); });
    if (from && to) columns.business = domain::DateRange{*from, *to};
    if (!type || !entity_type) return std::nullopt;
    columns.type = *type;
    columns.entity.type = *entity_type;
    return columns;
}

}  // namespace

EventHistory::EventHistory(Connection& connection)
    : by_position_(connection, kByPosition),
      by_property_(connection, kByProperty),
      of_org_(connection, kOfOrg),
      by_entity_(connection, kByEntity),
      by_type_(connection, kByType),
      next_recorded_(connection, kNextRecorded) {}

Result<app::EventPage> EventHistory::page(OrgId org, Position head,
                                          const app::EventFilter& filter) {
    app::EventPage page;
    std::vector<Lane> lanes = lanes_for(filter);
    Position last = std::max<Position>(filter.after, 0);
    for (std::int64_t looked_at = 0;
         looked_at < limits::kEventScanMax && page.events.size() < filter.limit; ++looked_at) {
        Lane* lane = TRY(lane_with_next(org, filter, lanes));
        if (lane == nullptr) return page;
        Seen& seen = lane->seen[lane->next++];
        last = seen.position;
        if (seen.event) page.events.push_back(*std::move(seen.event));
    }
    if (last < head) page.next = last;
    return page;
}

std::vector<EventHistory::Lane> EventHistory::lanes_for(const app::EventFilter& filter) {
    std::vector<Lane> lanes;
    const auto add = [&](Lane::By by, std::optional<Uuid> id, domain::EventType type) {
        lanes.push_back({by, id, type, std::max<Position>(filter.after, 0), {}, 0, false});
    };
    const domain::Scope& scope = filter.principal.scope;
    if (filter.entity) {
        add(Lane::By::entity, *filter.entity, {});
        return lanes;
    }
    if (!filter.properties.empty() && filter.properties.size() <= kLanesMax) {
        for (const PropertyId& property : unique_sorted(filter.properties)) {
            if (scope.covers(property)) add(Lane::By::property, property.value, {});
        }
        return lanes;
    }
    if (!filter.types.empty() && filter.types.size() <= kLanesMax) {
        for (const auto type : unique_sorted(filter.types)) add(Lane::By::type, {}, type);
        return lanes;
    }
    if (filter.properties.empty() && !scope.all && scope.properties.size() < kLanesMax) {
        for (const PropertyId& property : unique_sorted(scope.properties)) {
            add(Lane::By::property, property.value, {});
        }
        add(Lane::By::property, std::nullopt, {});
        return lanes;
    }
    add(Lane::By::position, {}, {});
    return lanes;
}

Statement& EventHistory::statement_for(const Lane& lane) {
    switch (lane.by) {
        case Lane::By::property: return lane.id ? by_property_ : of_org_;
        case Lane::By::entity: return by_entity_;
        case Lane::By::type: return by_type_;
        case Lane::By::position: break;
    }
    return by_position_;
}

// The lane whose next event comes first; nullptr when all have ended.
Result<EventHistory::Lane*> EventHistory::lane_with_next(OrgId org, const app::EventFilter& filter,
                                                         std::vector<Lane>& lanes) {
    Lane* first = nullptr;
    for (Lane& lane : lanes) {
        while (lane.next == lane.seen.size() && !lane.ended) TRY(refill(org, filter, lane));
        if (lane.next == lane.seen.size()) continue;
        const Position position = lane.seen[lane.next].position;
        if (first == nullptr || position < first->seen[first->next].position) first = &lane;
    }
    return first;
}

Status EventHistory::refill(OrgId org, const app::EventFilter& filter, Lane& lane) {
    const auto look_at = [&filter](Row& row) {
        Seen seen;
        row.skip();  // org
        seen.position = row.integer();
        const auto columns = read_columns(row);
        if (!columns) return seen;
        seen.in_recorded_range = in_recorded_range(filter, columns->at);
        if (!matches(filter, *columns)) return seen;
        seen.event = read_stored_event(row);
        seen.event->position = seen.position;
        return seen;
    };
    const std::size_t wanted =
        lane.by == Lane::By::position ? kReadAhead : std::max(filter.limit / 4, kReadAheadMin);
    lane.next = 0;
    {
        Run run(statement_for(lane));
        run.with(org).with(lane.after).with(wanted);
        const std::string_view type = domain::event_type_name(lane.type);
        if (lane.by == Lane::By::type) run.with(type);
        if (lane.id) run.with(*lane.id);
        lane.seen = TRY(run.all(kEvents, look_at));
    }
    lane.ended = lane.seen.size() < wanted;
    if (!lane.seen.empty()) lane.after = lane.seen.back().position;
    const bool may_skip = lane.by == Lane::By::position && has_recorded_range(filter);
    if (!may_skip || std::ranges::any_of(lane.seen, &Seen::in_recorded_range)) return {};
    lane.seen.clear();
    return skip_unrecorded(org, filter, lane);
}

// On to the next event that was recorded in time. All of the range's index is looked at: after a
// clock was set back, positions do not ascend with the time.
Status EventHistory::skip_unrecorded(OrgId org, const app::EventFilter& filter, Lane& lane) {
    Run run(next_recorded_);
    run.with(org).with(lane.after).with(filter.recorded_from.value_or(kFirstInstant));
    run.with(filter.recorded_to.value_or(kLastInstant));
    const auto next = TRY(run.number());
    lane.ended = !next.has_value();
    if (next) lane.after = *next - 1;
    return {};
}

void add_event_history_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(),
                   {&kByPosition, &kByProperty, &kOfOrg, &kByEntity, &kByType, &kNextRecorded});
}

}  // namespace daybook::storage::sql
