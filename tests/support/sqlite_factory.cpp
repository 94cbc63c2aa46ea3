// Opens the store with its defaults.
#include "support/sqlite_factory.h"

#include "storage/sqlite/store.h"

namespace daybook::test {

std::unique_ptr<app::Store> open_sqlite(const app::Environment& environment,
                                        const TemporaryDirectory& directory) {
    return storage::sqlite::open_store({.directory = directory.path(),
                                        .clock = environment.clock,
                                        .random = environment.random})
        .value();
}

}  // namespace daybook::test
