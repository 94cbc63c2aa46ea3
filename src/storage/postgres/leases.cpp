// Their statements.
#include "storage/postgres/leases.h"

#include <utility>

namespace daybook::storage::postgres {
namespace {

// A new holder, or one that had let it run out, gets a new fence.
constexpr sql::Query kTake{"lease_take", R"(
    insert into leases (name, holder, fence, until)
        values ($1, $2, 1, clock_timestamp() + $3::bigint * interval '1 millisecond')
    on conflict (name) do update set
        holder = excluded.holder,
        fence = leases.fence
            + case when leases.holder = excluded.holder and leases.until > clock_timestamp()
                then 0 else 1 end,
        until = excluded.until
    where leases.holder = excluded.holder or leases.until <= clock_timestamp()
    returning fence)",
                           "", ""};
constexpr sql::Query kGiveBack{"lease_give_back", R"(
    update leases set until = clock_timestamp() where name = $1 and holder = $2)",
                               "", ""};
// Against a change of the holder, which waits for those who rely on it.
constexpr sql::Query kFence{"lease_fence", "select fence from leases where name = $1 for share", "",
                            ""};

}  // namespace

PostgresLeases::Connection::Connection(std::unique_ptr<Database> opened)
    : database(std::move(opened)), take(*database, kTake), give_back(*database, kGiveBack) {}

Status PostgresLeases::connect() {
    if (connection_ && connection_->database->is_lost()) connection_.reset();
    if (connection_) return {};
    connection_ = std::make_unique<Connection>(TRY(connector_.connect()));
    return {};
}

// Each is a transaction by itself: whatever is sent up to a sync is.
Result<std::optional<app::Fence>> PostgresLeases::take(std::string_view lease, Uuid holder,
                                                       std::int64_t ms) {
    const Lock lock(mutex_);
    TRY(connect());
    sql::Run run(connection_->take);
    run.with(lease).with(holder).with(ms);
    return run.number();
}

Status PostgresLeases::give_back(std::string_view lease, Uuid holder) {
    const Lock lock(mutex_);
    TRY(connect());
    sql::Run run(connection_->give_back);
    return run.with(lease).with(holder).finish();
}

FenceTable::FenceTable(sql::Connection& connection) : fence_(connection, kFence) {}

Result<app::Fence> FenceTable::fence(std::string_view lease) {
    sql::Run run(fence_);
    run.with(lease);
    return TRY(run.number()).value_or(0);
}

}  // namespace daybook::storage::postgres
