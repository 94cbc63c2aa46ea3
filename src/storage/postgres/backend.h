// The writer's connection: claims, loads, writes and commits.
//
// Operation: one round trip claims the orgs, two fetch what the commands name and what that names,
// one more writes and commits. A connection that is lost before its commit has written nothing.
// After a commit without an answer the events tell whether it happened, once the server is rid of
// that transaction; until that is known nothing else is written (I3), for kOutcomeMsMax at most.
// Threads: as storage::Backend; is_reachable() of the connector from any.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "storage/postgres/connector.h"
#include "storage/postgres/head_locks.h"
#include "storage/postgres/leases.h"
#include "storage/postgres/peer_log.h"
#include "storage/sql/tables_transaction.h"
#include "storage/writer.h"

namespace daybook::storage::postgres {

// No statement of the writer takes longer, in milliseconds, but a commit: a commit that is
// interrupted while it waits for a standby is one nevertheless.
inline constexpr std::int64_t kWriteStatementMsMax = 10'000;
// A log that another node has is waited for so long.
inline constexpr std::int64_t kLogWaitMsMax = 50;
// How long the outcome of a commit is looked for before nothing is written any more.
inline constexpr std::int64_t kOutcomeMsMax = 120'000;

class PostgresBackend final : public Backend, private sql::TablesTransaction {
 public:
    explicit PostgresBackend(Connector& connector) : connector_(connector), peers_(connector) {}

    Result<app::WriteTransaction*> begin() override;
    Result<std::vector<OrgId>> claim(const std::vector<OrgId>& orgs, Claim how) override;
    Status commit() override;
    Status rollback() override;
    Status after_batch() override { return {}; }
    Status idle() override { return {}; }
    Result<app::Changes> kept_of(OrgId org) override { return peers_.kept_of(org); }

    // The writer's, too.
    [[nodiscard]] PeerLog& peers() { return peers_; }

 private:
    struct Connection {
        explicit Connection(std::unique_ptr<Database> opened)
            : database(std::move(opened)), tables(*database), locks(*database), fences(*database) {}
        std::unique_ptr<Database> database;
        sql::Tables tables;
        HeadLocks locks;
        FenceTable fences;
    };
    // By what a transaction is known afterwards.
    struct Trace {
        std::string transaction;
        std::optional<std::pair<OrgId, EventId>> event;  // one of those it appends
    };

    sql::Tables& tables() override { return connection_->tables; }
    Result<app::Fence> fence(std::string_view lease) override {
        return connection_->fences.fence(lease);
    }
    Status prefetch(const std::vector<const app::Command*>& commands) override;
    Status write(const app::Changes& changes) override;

    Status ensure_connection();
    Result<std::vector<OrgId>> claim_now(const std::vector<OrgId>& orgs, Claim how);
    Status find_outcome();
    Result<bool> was_committed();

    Connector& connector_;
    PostgresPeerLog peers_;
    std::unique_ptr<Connection> connection_;  // none where it was lost
    Trace trace_;
};

}  // namespace daybook::storage::postgres
