// Wires connector, readers, backend and writer.
#include "storage/postgres/store.h"

#include <utility>

#include "storage/postgres/migrations.h"

namespace daybook::storage::postgres {

PostgresStore::PostgresStore(std::unique_ptr<Connector> connector, std::size_t readers,
                             std::unique_ptr<PostgresBackend> backend,
                             const app::Environment& environment)
    : PooledStore(std::make_unique<ReaderPool>(*connector, readers)),
      connector_(std::move(connector)),
      backend_(std::move(backend)) {
    if (!backend_) return;
    writer_ = std::make_unique<Writer>(*backend_, environment, Writer::Mode::own_thread);
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
    return std::make_unique<PostgresStore>(std::move(connector), options.readers,
                                           std::move(backend),
                                           app::Environment{options.clock, options.random});
}

}  // namespace daybook::storage::postgres
