// What the writer of a shared store, and the sweep beside it, need to find out what other nodes
// have committed.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "app/rows.h"
#include "base/result.h"

namespace daybook::storage {

class PeerLog {
 public:
    virtual ~PeerLog() = default;

    struct After {
        OrgId org;
        Position position = 0;
    };
    using Heads = std::vector<std::pair<OrgId, app::Head>>;

    // Where the log of every org ends. Errors of every call: busy, corrupt.
    virtual Result<Heads> heads() = 0;
    // The first `limit` events after each position, by org and position. Any number of orgs costs
    // one round trip.
    virtual Result<std::vector<app::EventRow>> events_after(const std::vector<After>& asked,
                                                            std::size_t limit) = 0;
    // Orgs whose caches are to be dropped, as long as anybody may still have cached what was there
    // before; each with a number that is another one whenever it is asked for again.
    using CacheClears = std::vector<std::pair<OrgId, std::int64_t>>;
    virtual Result<CacheClears> cache_clears() { return CacheClears(); }
};

}  // namespace daybook::storage
