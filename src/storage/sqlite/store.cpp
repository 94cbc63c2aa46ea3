// Wires readers, backend and writer.
#include "storage/sqlite/store.h"

#include <fmt/format.h>

#include <cstdint>
#include <system_error>
#include <utility>

#include "base/limits.h"
#include "storage/sqlite/migrations.h"

namespace daybook::storage::sqlite {
namespace {

std::uintmax_t bytes_of(const std::string& path) {
    std::error_code failed;
    const std::uintmax_t bytes = std::filesystem::file_size(path, failed);
    return failed ? 0 : bytes;
}

// SQLite would begin an empty database anew, and throw its log away.
Status check_is_not_lost(const std::string& path) {
    if (bytes_of(path) > 0 || bytes_of(path + "-wal") == 0) return {};
    return fail(ErrorCode::corrupt,
                fmt::format("The file {} is gone or empty, but its write-ahead log is there. Keep "
                            "both, and restore a backup into another directory.",
                            path));
}

}  // namespace

SqliteStore::SqliteStore(std::unique_ptr<ReaderPool> readers,
                         std::unique_ptr<SqliteBackend> backend,
                         const app::Environment& environment)
    : PooledStore(std::move(readers)), backend_(std::move(backend)) {
    if (!backend_) return;
    writer_ = std::make_unique<Writer>(*backend_, environment, Writer::Mode::own_thread);
}

app::Store::Health SqliteStore::health() {
    Health health = PooledStore::health();
    if (!writer_) return health;
    health.wal_bytes = backend_->wal_bytes();
    if (health.wal_bytes > limits::kWalAlertBytes && health.reason.empty()) {
        health.reason = fmt::format("the write-ahead log has {} MiB", health.wal_bytes >> 20);
    }
    return health;
}

Result<std::unique_ptr<SqliteStore>> open_store(const StoreOptions& options) {
    const std::string path = (options.directory / kDatabaseFile).string();
    TRY(check_is_not_lost(path));
    auto readers = std::make_unique<ReaderPool>(path, options.vfs);
    std::unique_ptr<SqliteBackend> backend;
    if (options.access == Access::write) {
        backend = TRY(SqliteBackend::open(path, options.vfs, *readers, options.clock.now()));
    } else {
        if (!std::filesystem::exists(path)) {
            return fail(ErrorCode::not_found,
                        fmt::format("There are no books in {}.", options.directory.string()));
        }
        const auto database = TRY(Database::open(path, Access::read, options.vfs));
        TRY(check_schema(*database));
    }
    return std::make_unique<SqliteStore>(std::move(readers), std::move(backend),
                                         app::Environment{options.clock, options.random});
}

}  // namespace daybook::storage::sqlite
