// The logs of a shared database, for finding out what other nodes committed, and what nodes keep
// of an org.
//
// Operation: a connection of its own, and a read transaction for each call. Threads: one; the
// writer and the sweep have one log each.
#pragma once

#include <memory>

#include "storage/peer_log.h"
#include "storage/postgres/cache_clears.h"
#include "storage/postgres/connector.h"
#include "storage/sql/tables.h"

namespace daybook::storage::postgres {

class PostgresPeerLog final : public PeerLog {
 public:
    explicit PostgresPeerLog(Connector& connector) : connector_(connector) {}

    Result<Heads> heads() override;
    Result<std::vector<app::EventRow>> events_after(const std::vector<After>& asked,
                                                    std::size_t limit) override;
    Result<CacheClears> cache_clears() override;
    // As storage::Backend::kept_of().
    Result<app::Changes> kept_of(OrgId org);

 private:
    struct Connection {
        explicit Connection(std::unique_ptr<Database> opened);
        std::unique_ptr<Database> database;
        sql::Tables tables;
        postgres::CacheClears clears;
        sql::Statement events_after;
    };

    // read(Connection&) within a read transaction.
    template <class Read>
    std::invoke_result_t<Read&, Connection&> within(Read read);
    Status begin();

    Connector& connector_;
    std::unique_ptr<Connection> connection_;  // none where it was lost
};

}  // namespace daybook::storage::postgres
