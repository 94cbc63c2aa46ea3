// How each kind of store is opened for a test.
#include "support/store_kinds.h"

#include "storage/memory/store.h"
#include "support/postgres_factory.h"
#include "support/sqlite_factory.h"

namespace daybook::test {
namespace {

using storage::Writer;
using storage::memory::MemoryStore;

std::unique_ptr<app::Store> open_memory(const app::Environment& environment,
                                        const TemporaryDirectory&) {
    return std::make_unique<MemoryStore>(environment);
}

std::unique_ptr<app::Store> open_memory_with_thread(const app::Environment& environment,
                                                    const TemporaryDirectory&) {
    return std::make_unique<MemoryStore>(environment, Writer::Mode::own_thread);
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const StoreKind& kind) {
    return out << kind.name;
}

std::vector<StoreKind> store_kinds() {
    return {{"memory", open_memory},
            {"memory_with_thread", open_memory_with_thread},
            {"sqlite", open_sqlite},
            {"postgres", open_postgres}};
}

std::string name_of(const testing::TestParamInfo<StoreKind>& kind) {
    return kind.param.name;
}

}  // namespace daybook::test
