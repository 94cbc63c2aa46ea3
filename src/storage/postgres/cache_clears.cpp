// Their statements.
#include "storage/postgres/cache_clears.h"

#include "base/limits.h"

namespace daybook::storage::postgres {
namespace {

constexpr sql::Table kClears{"cache_clears", 1};

// Each is another number than the one before, however the clock of the database goes.
constexpr sql::Query kPut{"cache_clear_put", R"(
    insert into cache_clears (org, cleared_us)
        values ($1, (extract(epoch from clock_timestamp()) * 1000000)::bigint)
    on conflict (org) do update set
        cleared_us = greatest(excluded.cleared_us, cache_clears.cleared_us + 1))",
                          "", ""};
constexpr sql::Query kNewest{"cache_clear_newest", R"(
    select org, cleared_us from cache_clears
    where cleared_us > (extract(epoch from clock_timestamp()) * 1000000)::bigint - $1)",
                             "", ""};

constexpr std::int64_t kUsPerMs = 1'000;

}  // namespace

CacheClears::CacheClears(sql::Connection& connection)
    : put_(connection, kPut), newest_(connection, kNewest) {}

Status CacheClears::put(OrgId org) {
    sql::Run run(put_);
    return run.with(org).finish();
}

// Nothing is cached for longer.
Result<PeerLog::CacheClears> CacheClears::newest() {
    sql::Run run(newest_);
    run.with(limits::kCachePeriodMsMax * kUsPerMs);
    return run.all_counted(kClears, [](sql::Row& row) {
        const auto org = row.id<OrgId>();
        return std::pair(org, row.integer());
    });
}

}  // namespace daybook::storage::postgres
