// Wires connector, readers, backend and writer.
#include "storage/postgres/store.h"

#include <utility>

#include "storage/postgres/cache_clears.h"
#include "storage/postgres/migrations.h"

namespace daybook::storage::postgres {

PostgresStore::PostgresStore(std::unique_ptr<Connector> connector, std::size_t readers,
                             std::unique_ptr<PostgresBackend> backend,
                             const app::Environment& environment)
    : PooledStore(std::make_unique<ReaderPool>(*connector, readers)),
      connector_(std::move(connector)),
      backend_(std::move(backend)),
      sweeps_log_(*connector_) {
    if (!backend_) return;
    writer_ = std::make_unique<Writer>(*backend_, environment, Writer::Mode::own_thread,
                                       PeerLogs{&backend_->peers(), &sweeps_log_});
}

Status PostgresStore::note_heads() {
    return writer_->note_heads();
}

void PostgresStore::follow() {
    if (writer_) writer_->follow();
}

// While the database is away the writer may wait for it, and there is nothing new.
void PostgresStore::catch_up(std::optional<OrgId> org, std::move_only_function<void()> done) {
    if (!writer_ || !connector_->is_reachable()) return done();
    writer_->catch_up(org, std::move(done));
}

void PostgresStore::heard(OrgId org, Position position) {
    if (writer_) writer_->heard(org, position);
}

// Seldom, and not worth a connection that is kept.
Status PostgresStore::clear_caches(OrgId org) {
    const auto database = TRY(connector_->connect());
    return CacheClears(*database).put(org);
}

app::Store::Health PostgresStore::health() {
    Health health = PooledStore::health();
    if (!writer_) return health;
    if (!connector_->is_reachable() && health.reason.empty()) {
        health.accepts_writes = false;
        health.reason = "the database cannot be reached";
    }
    return health;
}

Result<std::unique_ptr<PostgresStore>> open_store(const StoreOptions& options) {
    const Address address = TRY(Address::parse(options.address));
    const auto database = TRY(Database::connect(address));
    auto connector = std::make_unique<Connector>(address);
    std::unique_ptr<PostgresBackend> backend;
    if (options.access == Access::write) {
        TRY(migrate(*database, options.clock.now()));
        backend = std::make_unique<PostgresBackend>(*connector);
    } else {
        TRY(check_schema(*database));
    }
    auto store =
        std::make_unique<PostgresStore>(std::move(connector), options.readers, std::move(backend),
                                        app::Environment{options.clock, options.random});
    if (options.access == Access::write) TRY(store->note_heads());
    return store;
}

}  // namespace daybook::storage::postgres
