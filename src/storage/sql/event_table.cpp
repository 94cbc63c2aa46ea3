// The statements of the event log.
#include "storage/sql/event_table.h"

namespace daybook::storage::sql {
namespace {

constexpr std::string_view kInsertEvent =
    "insert into finance_event_store (org, position, event_id, type, property, entity_type, entity,"
    " user, recorded_at, business_from, business_to, bytes, private, prev_hash, hash, crc)"
    " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";

// A position that is taken is an error: the log is never written twice.
constexpr Query kAppendEvent{"event_append", kInsertEvent, "", ""};
constexpr Query kEraseEvent{"event_erase", kInsertEvent,
                            " on conflict (org, position) do update set"
                            " private = excluded.private, crc = excluded.crc",
                            ""};
constexpr Query kEventsAfter{
    "event_after", kSelectEvent, " where org = ?1 and position > ?2 order by position limit ?3",
    "SEARCH finance_event_store USING INDEX events_by_position (org=? AND position>?)"};
constexpr Query kEventsOfEntity{
    "event_of_entity", kSelectEvent,
    " where org = ?1 and entity = ?2 and position <= ?3 and entity_type = ?4 order by position",
    "SEARCH finance_event_store USING INDEX events_by_entity"
    " (org=? AND entity=? AND position<?)"};

// Reads the rows of the hours that are asked for, a day of them at most.
constexpr Query kCountEvents{"event_counts", R"(
    select type, recorded_at / 3600000 as hour, count(*) from finance_event_store
        indexed by events_by_recorded)",
                             " where org = ?1 and recorded_at >= ?2 and recorded_at < ?3"
                             " group by type, hour order by type, hour",
                             "SEARCH finance_event_store USING INDEX events_by_recorded"
                             " (org=? AND recorded_at>? AND recorded_at<?);"
                             " USE TEMP B-TREE FOR GROUP BY"};
constexpr Query kNewestEvent{
    "event_newest_of_property", "select max(position) from finance_event_store",
    " where org = ?1 and property = ?2",
    "SEARCH finance_event_store USING COVERING INDEX events_by_property (org=? AND property=?)"};

Status put(Statement& statement, const app::EventRow& event) {
    Run run(statement);
    run.with(event.org).with(event.position).with(event.id);
    run.with(domain::event_type_name(event.type)).with(event.property);
    run.with(domain::entity_type_name(event.entity.type)).with(event.entity.id).with(event.user);
    run.with(event.at);
    if (event.business) {
        run.with(event.business->from).with(event.business->to);
    } else {
        run.with(std::nullopt).with(std::nullopt);
    }
    run.with(event.stored.bytes);
    if (event.stored.private_json.empty()) {
        run.with(std::nullopt);
    } else {
        run.with(event.stored.private_json);
    }
    run.with(event.stored.prev_hash).with(event.stored.hash);
    return run.checksum().finish();
}

domain::StoredEvent read_stored_only(Row& row) {
    row.skip();  // org
    const Position position = row.integer();
    constexpr int kColumnsBetween = 9;
    for (int i = 0; i < kColumnsBetween; ++i) row.skip();
    domain::StoredEvent stored = read_stored_event(row);
    stored.position = position;
    return stored;
}

}  // namespace

app::EventRow read_event(Row& row) {
    app::EventRow event;
    event.org = row.id<OrgId>();
    event.position = row.integer();
    event.id = row.id<EventId>();
    event.type = row.named(domain::parse_event_type);
    event.property = row.maybe([](Row& at) { return at.id<PropertyId>(); });
    event.entity.type = row.named(domain::parse_entity_type);
    event.entity.id = row.uuid();
    event.user = row.id<UserId>();
    event.at = row.instant();
    const auto from = row.maybe([](Row& at) { return at.date(); });
    const auto to = row.maybe([](Row& at) { return at.date(); });
    if (from && to) event.business = domain::DateRange{*from, *to};
    event.stored = read_stored_event(row);
    event.stored.position = event.position;
    return event;
}

domain::StoredEvent read_stored_event(Row& row) {
    domain::StoredEvent stored;
    stored.bytes = row.text();
    stored.private_json = row.text();
    stored.prev_hash = row.hash();
    stored.hash = row.hash();
    return stored;
}

EventTable::EventTable(Connection& connection)
    : append_(connection, kAppendEvent),
      after_(connection, kEventsAfter),
      of_entity_(connection, kEventsOfEntity),
      newest_(connection, kNewestEvent),
      erase_(connection, kEraseEvent),
      counts_(connection, kCountEvents) {}

Status EventTable::append(const app::EventRow& event) {
    return put(append_, event);
}

Result<std::vector<domain::StoredEvent>> EventTable::after(OrgId org, Position position,
                                                           std::size_t limit) {
    Run run(after_);
    run.with(org).with(position).with(limit);
    return run.all(kEvents, read_stored_only);
}

Result<std::vector<app::EventRow>> EventTable::rows_after(OrgId org, Position position,
                                                          std::size_t limit) {
    Run run(after_);
    run.with(org).with(position).with(limit);
    return run.all(kEvents, read_event);
}

Result<std::vector<domain::StoredEvent>> EventTable::of_entity(OrgId org,
                                                               const domain::EntityRef& entity,
                                                               Position up_to) {
    Run run(of_entity_);
    run.with(org).with(entity.id).with(up_to).with(domain::entity_type_name(entity.type));
    return run.all(kEvents, read_stored_only);
}

Result<Position> EventTable::newest_of(const app::PropertyKey& property) {
    Run run(newest_);
    run.with(property.org).with(property.id);
    const auto newest = TRY(run.number());
    return newest.value_or(0);
}

Status EventTable::erase(const app::Changes::Erasure& erasure) {
    std::vector<app::EventRow> events;
    {
        Run run(of_entity_);
        run.with(erasure.org).with(erasure.entity.id).with(erasure.up_to);
        run.with(domain::entity_type_name(erasure.entity.type));
        events = TRY(run.all(kEvents, read_event));
    }
    for (app::EventRow& event : events) {
        if (event.stored.private_json.empty()) continue;
        event.stored.private_json.clear();
        TRY(put(erase_, event));
    }
    return {};
}

Result<std::vector<app::EventCount>> EventTable::counts(OrgId org, Instant from, Instant to) {
    constexpr std::int64_t kHourMs = 3'600'000;
    Run run(counts_);
    run.with(org).with(from).with(to);
    return run.all_counted(kEvents, [](Row& row) {
        app::EventCount count;
        count.type = row.text();
        count.hour = Instant{row.integer() * kHourMs};
        count.count = row.integer();
        return count;
    });
}

void add_event_queries(std::vector<const Query*>& queries) {
    queries.insert(queries.end(), {&kAppendEvent, &kEraseEvent, &kEventsAfter, &kEventsOfEntity,
                                   &kCountEvents, &kNewestEvent});
}

}  // namespace daybook::storage::sql
