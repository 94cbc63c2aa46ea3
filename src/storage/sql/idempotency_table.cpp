// The statements of the four tables.
#include "storage/sql/idempotency_table.h"

#include <cstring>

#include "base/limits.h"

namespace daybook::storage::sql {
namespace {

constexpr Table kRecords{"idempotency", 2};
constexpr std::int64_t kDayMs = std::int64_t{24} * 3'600 * 1'000;

// 72 hours touch four days.
constexpr Query kFindRecord{"idempotency_find", "", R"(
    select org, key, request, first_position, event_count, items, recorded_at, crc
        from idempotency_0 where org = ?1 and key = ?2
    union all select org, key, request, first_position, event_count, items, recorded_at, crc
        from idempotency_1 where org = ?1 and key = ?2
    union all select org, key, request, first_position, event_count, items, recorded_at, crc
        from idempotency_2 where org = ?1 and key = ?2
    union all select org, key, request, first_position, event_count, items, recorded_at, crc
        from idempotency_3 where org = ?1 and key = ?2)",
                            "COMPOUND QUERY; LEFT-MOST SUBQUERY; "
                            "SEARCH idempotency_0 USING PRIMARY KEY (org=? AND key=?); UNION ALL; "
                            "SEARCH idempotency_1 USING PRIMARY KEY (org=? AND key=?); UNION ALL; "
                            "SEARCH idempotency_2 USING PRIMARY KEY (org=? AND key=?); UNION ALL; "
                            "SEARCH idempotency_3 USING PRIMARY KEY (org=? AND key=?)"};

constexpr std::string_view kValues =
    " (org, key, request, first_position, event_count, items, recorded_at, crc)"
    " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
    " on conflict (org, key) do update set request = excluded.request,"
    " first_position = excluded.first_position, event_count = excluded.event_count,"
    " items = excluded.items, recorded_at = excluded.recorded_at, crc = excluded.crc";
constexpr std::array<Query, 4> kPutRecord{{
    {"idempotency_put_0", "insert into idempotency_0", kValues, ""},
    {"idempotency_put_1", "insert into idempotency_1", kValues, ""},
    {"idempotency_put_2", "insert into idempotency_2", kValues, ""},
    {"idempotency_put_3", "insert into idempotency_3", kValues, ""},
}};

// One row tells the day of all.
constexpr std::array<Query, 4> kAnyRecord{{
    {"idempotency_any_0", "select recorded_at", " from idempotency_0 limit 1",
     "SCAN idempotency_0"},
    {"idempotency_any_1", "select recorded_at", " from idempotency_1 limit 1",
     "SCAN idempotency_1"},
    {"idempotency_any_2", "select recorded_at", " from idempotency_2 limit 1",
     "SCAN idempotency_2"},
    {"idempotency_any_3", "select recorded_at", " from idempotency_3 limit 1",
     "SCAN idempotency_3"},
}};
constexpr std::array<Query, 4> kClearRecords{{
    {"idempotency_clear_0", "delete", " from idempotency_0", ""},
    {"idempotency_clear_1", "delete", " from idempotency_1", ""},
    {"idempotency_clear_2", "delete", " from idempotency_2", ""},
    {"idempotency_clear_3", "delete", " from idempotency_3", ""},
}};

std::vector<std::uint8_t> bytes_of(const std::vector<std::int32_t>& items) {
    std::vector<std::uint8_t> bytes(items.size() * sizeof(std::int32_t));
    if (!bytes.empty()) std::memcpy(bytes.data(), items.data(), bytes.size());
    return bytes;
}

std::vector<std::int32_t> items_of(std::span<const std::uint8_t> bytes) {
    std::vector<std::int32_t> items(bytes.size() / sizeof(std::int32_t));
    if (!items.empty()) std::memcpy(items.data(), bytes.data(), items.size() * sizeof items[0]);
    return items;
}

app::IdempotencyRecord read_record(Row& row) {
    app::IdempotencyRecord record;
    row.skip();  // org
    row.skip();  // key
    record.request = row.uuid().bytes;
    record.first = row.integer();
    record.count = row.small();
    record.items = items_of(row.blob());
    record.at = row.instant();
    return record;
}

std::int64_t day_of(Instant at) {
    return at.ms >= 0 ? at.ms / kDayMs : (at.ms + 1) / kDayMs - 1;
}

}  // namespace

IdempotencyTable::Day::Day(Connection& connection, std::size_t table)
    : any(connection, kAnyRecord.at(table)),
      clear(connection, kClearRecords.at(table)),
      put(connection, kPutRecord.at(table)) {}

IdempotencyTable::IdempotencyTable(Connection& connection)
    : connection_(connection),
      find_(connection, kFindRecord),
      days_{Day(connection, 0), Day(connection, 1), Day(connection, 2), Day(connection, 3)} {}

Result<std::optional<app::IdempotencyRecord>> IdempotencyTable::find(const app::IdempotencyKey& key,
                                                                     Instant now) {
    Run run(find_);
    run.with(key.org).with(key.key);
    std::optional<app::IdempotencyRecord> newest;
    for (app::IdempotencyRecord& record : TRY(run.all(kRecords, read_record))) {
        if (now.ms - record.at.ms > limits::kIdempotencyKeptMs) continue;
        if (!newest || newest->at < record.at) newest = std::move(record);
    }
    return newest;
}

Status IdempotencyTable::put(const app::IdempotencyKey& key, const app::IdempotencyRecord& record) {
    const std::int64_t since_1970 = day_of(record.at);
    constexpr auto kDays = static_cast<std::int64_t>(kTables);
    Day& day = days_.at(static_cast<std::size_t>((since_1970 % kDays + kDays) % kDays));
    if (day.since_1970 != since_1970) TRY(make_room(day, since_1970));
    const std::vector<std::uint8_t> items = bytes_of(record.items);
    Run run(day.put);
    run.with(key.org).with(key.key).with(record.request).with(record.first).with(record.count);
    run.with(items).with(record.at);
    return run.checksum().finish();
}

// Empties the table of the rows of four days ago. Not of those of a later day, as there are after
// a clock was set back.
Status IdempotencyTable::make_room(Day& day, std::int64_t since_1970) {
    std::optional<std::int64_t> found;
    {
        Run run(day.any);
        found = TRY(run.number());
    }
    if (found && day_of(Instant{*found}) < since_1970) {
        // Only hashes are in it.
        TRY(connection_.delete_plainly([&] { return Run(day.clear).finish(); }));
    }
    day.since_1970 = since_1970;
    return {};
}

void add_idempotency_queries(std::vector<const Query*>& queries) {
    queries.push_back(&kFindRecord);
    for (const auto* family : {&kPutRecord, &kAnyRecord, &kClearRecords}) {
        for (const Query& query : *family) queries.push_back(&query);
    }
}

}  // namespace daybook::storage::sql
