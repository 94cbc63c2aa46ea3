// The reads, and one statement that reads behind any number of positions.
#include "storage/postgres/peer_log.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "base/limits.h"
#include "storage/sql/kept.h"

namespace daybook::storage::postgres {
namespace {

// Orgs are given as their ids, one after the other; positions as an array of the same order. Each
// is a range of the log's primary key.
constexpr sql::Query kEventsAfter{"peer_events_after", R"(
    select e.org, e.position, e.event_id, e.type, e.property, e.entity_type, e.entity, e."user",
        e.recorded_at, e.business_from, e.business_to, e.bytes, e.private, e.prev_hash, e.hash,
        e.crc
    from generate_series(0, octet_length($1::bytea) / 16 - 1) n,
        lateral (select * from finance_event_store
            where org = substring($1::bytea from n * 16 + 1 for 16)
                and position > ($2::text::bigint[])[n + 1]
            order by position limit $3) e)",
                                  " order by n, e.position", ""};

}  // namespace

PostgresPeerLog::Connection::Connection(std::unique_ptr<Database> opened)
    : database(std::move(opened)),
      tables(*database),
      clears(*database),
      events_after(*database, kEventsAfter) {}

Status PostgresPeerLog::begin() {
    Database& database = *connection_->database;
    TRY(database.send_begin("isolation level repeatable read read only",
                            limits::kReadTransactionMsMax));
    return database.settle();
}

template <class Read>
std::invoke_result_t<Read&, PostgresPeerLog::Connection&> PostgresPeerLog::within(Read read) {
    // The server may have cut the connection since it was used last.
    if (!connection_ || !begin()) {
        connection_ = std::make_unique<Connection>(TRY(connector_.connect()));
        TRY(begin());
    }
    auto found = read(*connection_);
    Database& database = *connection_->database;
    if (database.is_lost() || !database.send_rollback()) connection_.reset();
    return found;
}

Result<PeerLog::Heads> PostgresPeerLog::heads() {
    return within([](Connection& on) { return on.tables.orgs.heads(); });
}

Result<std::vector<app::EventRow>> PostgresPeerLog::events_after(const std::vector<After>& asked,
                                                                 std::size_t limit) {
    std::vector<std::uint8_t> orgs;
    std::string positions = "{";
    for (const After& each : asked) {
        orgs.insert(orgs.end(), each.org.value.bytes.begin(), each.org.value.bytes.end());
        positions += fmt::format("{}{}", positions.size() > 1 ? "," : "", each.position);
    }
    positions += '}';
    return within([&](Connection& on) -> Result<std::vector<app::EventRow>> {
        sql::Run run(on.events_after);
        run.with(orgs).with(positions).with(limit);
        return run.all(sql::kEvents, sql::read_event);
    });
}

Result<PeerLog::CacheClears> PostgresPeerLog::cache_clears() {
    return within([](Connection& on) { return on.clears.newest(); });
}

Result<app::Changes> PostgresPeerLog::kept_of(OrgId org) {
    return within([&](Connection& on) { return sql::kept_of(on.tables, org); });
}

}  // namespace daybook::storage::postgres
