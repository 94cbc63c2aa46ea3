// The shared store: a PostgreSQL database, one writer and a pool of readers for each node (design,
// section 9).
//
// Guarantee (I3): a write is committed by a server that syncs before it is answered. Nodes exclude
// each other org by org, by the rows in which the logs end; so several may write.
// Threads: as app::Store. Snapshots must be gone before the store is.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "storage/postgres/backend.h"
#include "storage/postgres/reader_pool.h"
#include "storage/sql/pooled_store.h"
#include "storage/writer.h"

namespace daybook::storage::postgres {

enum class Access : std::uint8_t { write, read };

struct StoreOptions {
    std::string address;  // postgres://…
    const Clock& clock;
    Random& random;
    Access access = Access::write;
    std::size_t readers = kReadersDefault;  // connections; see docs/operations/postgresql.md
};

class PostgresStore final : public sql::PooledStore<ReaderPool> {
 public:
    // `backend` is null for a store that is only read.
    PostgresStore(std::unique_ptr<Connector> connector, std::size_t readers,
                  std::unique_ptr<PostgresBackend> backend, const app::Environment& environment);

    // Before anybody reads it. Errors: those of PeerLog::heads().
    Status note_heads();

    Health health() override;
    void follow() override;
    void catch_up(std::optional<OrgId> org, std::move_only_function<void()> done) override;
    void heard(OrgId org, Position position) override;
    Status clear_caches(OrgId org) override;
    [[nodiscard]] bool is_shared() const override { return true; }

 private:
    Writer* writer() override { return writer_.get(); }

    // In this order, after the readers: the writer uses backend and log, all of them the connector.
    std::unique_ptr<Connector> connector_;
    std::unique_ptr<PostgresBackend> backend_;
    PostgresPeerLog sweeps_log_;
    std::unique_ptr<Writer> writer_;
};

// Opens the database; for writing, it is brought to the newest schema.
// Errors: invalid_value (the address, or the server's settings), newer_schema, corrupt, busy (it
// cannot be reached); for reading also read_only (its schema is older: start the server once).
Result<std::unique_ptr<PostgresStore>> open_store(const StoreOptions& options);

}  // namespace daybook::storage::postgres
