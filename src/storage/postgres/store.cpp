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

void PostgresStore::submit(app::Command command, app::Done done) {
    if (writer_) return writer_->submit(std::move(command), std::move(done));
    done(fail(ErrorCode::read_only, "This data was opened to be read only."));
}

void PostgresStore::listen(app::CommitListener& listener) {
    if (writer_) writer_->listen(listener);
}

void PostgresStore::drain() {
    if (writer_) writer_->drain();
}

app::Store::Health PostgresStore::health() {
    if (!writer_) return {false, "opened to be read only", 0, 0};
    Health health = writer_->health();
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
