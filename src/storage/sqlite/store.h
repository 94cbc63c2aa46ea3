// The embedded store: one SQLite file, one writer, a pool of readers (design, section 9).
//
// Guarantee (I3): a write is on disk before it is answered. Once a sync has failed, writes are
// refused until the process is started anew; reads go on.
// Only one process may open a directory for writing; the caller holds its lock. Any number may open
// it read-only beside. Threads: as app::Store. Snapshots must be gone before the store is.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "app/store.h"
#include "base/clock.h"
#include "storage/sql/pooled_store.h"
#include "storage/sqlite/backend.h"
#include "storage/sqlite/reader_pool.h"
#include "storage/writer.h"

namespace daybook::storage::sqlite {

inline constexpr auto kDatabaseFile = "daybook.db";

struct StoreOptions {
    std::filesystem::path directory;  // must exist
    const Clock& clock;
    Random& random;
    Access access = Access::write;
    std::string vfs = {};  // SQLite's layer to the file system; empty is its default
};

class SqliteStore final : public sql::PooledStore<ReaderPool> {
 public:
    // `backend` is null for a store that is only read.
    SqliteStore(std::unique_ptr<ReaderPool> readers, std::unique_ptr<SqliteBackend> backend,
                const app::Environment& environment);

    Health health() override;

 private:
    Writer* writer() override { return writer_.get(); }

    // In this order, after the readers: the writer uses the backend, the backend the readers.
    std::unique_ptr<SqliteBackend> backend_;
    std::unique_ptr<Writer> writer_;
};

// Opens the directory's database; for writing, it is made if there is none, recovered and brought
// to the newest schema.
// Errors: newer_schema, corrupt (also where a log has lost its database), io_failed, disk_full,
// busy; for reading also not_found (there is
// no database) and read_only (its schema is older: start the server once).
Result<std::unique_ptr<SqliteStore>> open_store(const StoreOptions& options);

}  // namespace daybook::storage::sqlite
