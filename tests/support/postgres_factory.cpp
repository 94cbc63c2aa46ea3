// Opens the store with its defaults.
#include "support/postgres_factory.h"

#include <memory>

#include "storage/postgres/store.h"
#include "support/forwarding_store.h"
#include "support/postgres_server.h"

namespace daybook::test {
namespace {

// Before the store that needs it.
struct LentStore {
    explicit LentStore(const app::Environment& environment)
        : store(storage::postgres::open_store({.address = database.address(),
                                               .clock = environment.clock,
                                               .random = environment.random})
                    .value()) {}
    LentDatabase database;
    std::unique_ptr<app::Store> store;
};

class StoreOnLentDatabase final : private LentStore, public ForwardingStore {
 public:
    explicit StoreOnLentDatabase(const app::Environment& environment)
        : LentStore(environment), ForwardingStore(*LentStore::store) {}
};

}  // namespace

std::unique_ptr<app::Store> open_postgres(const app::Environment& environment,
                                          const TemporaryDirectory&) {
    return std::make_unique<StoreOnLentDatabase>(environment);
}

}  // namespace daybook::test
