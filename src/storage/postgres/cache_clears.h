// Whose caches every node is to drop, and since when: a row for each org that ever asked for it.
//
// Nodes compare what they read here once a second with what they have read before. Threads: the
// connection's.
#pragma once

#include "storage/peer_log.h"
#include "storage/sql/run.h"

namespace daybook::storage::postgres {

class CacheClears {
 public:
    explicit CacheClears(sql::Connection& connection);

    Status put(OrgId org);
    // As PeerLog::cache_clears().
    Result<PeerLog::CacheClears> newest();

 private:
    sql::Statement put_;
    sql::Statement newest_;
};

}  // namespace daybook::storage::postgres
