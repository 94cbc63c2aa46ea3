// Opening, facts and backups.
#include "storage/sqlite/maintenance.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "storage/sqlite/migrations.h"

namespace daybook::storage::sqlite {
namespace {

std::int64_t size_of(const std::string& path) {
    struct stat found{};
    return ::stat(path.c_str(), &found) == 0 ? found.st_size : 0;
}

// Makes the file, so that no other is overwritten.
Status make_new_file(const std::string& path) {
    constexpr mode_t kOnlyOurs = 0600;
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOnlyOurs);
    if (descriptor >= 0) {
        ::close(descriptor);
        return {};
    }
    if (errno == EEXIST) {
        return fail(ErrorCode::already_exists,
                    path + " exists already. Name a new file; nothing is overwritten.");
    }
    return fail(ErrorCode::io_failed, "Cannot make " + path + ": " + std::strerror(errno));
}

Status copy_pages(Database& from, Database& to) {
    sqlite3_backup* copy = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (copy == nullptr) return std::unexpected(to.failure("backup"));
    constexpr int kAllPages = -1;
    const int stepped = sqlite3_backup_step(copy, kAllPages);
    const int finished = sqlite3_backup_finish(copy);
    if (stepped == SQLITE_DONE && finished == SQLITE_OK) return {};
    return std::unexpected(to.failure("backup"));
}

}  // namespace

Result<std::unique_ptr<app::Maintenance>> open_maintenance(const StoreOptions& options) {
    const std::string path = (options.directory / kDatabaseFile).string();
    if (!std::filesystem::exists(path)) {
        return fail(ErrorCode::not_found,
                    "There are no books in " + options.directory.string() + ".");
    }
    auto database = TRY(Database::open(path, options.access, options.vfs));
    return std::make_unique<SqliteMaintenance>(path, std::move(database), options.access,
                                               app::Environment{options.clock, options.random});
}

Result<app::DatabaseFacts> SqliteMaintenance::facts() {
    return app::DatabaseFacts{TRY(schema_of(*database_)), newest_schema(), size_of(path_),
                              size_of(path_ + "-wal")};
}

// The copy is of one moment: the log of a serving process goes on beside it.
Status SqliteMaintenance::backup(const std::string& file) {
    TRY(make_new_file(file));
    const auto copy = [&]() -> Status {
        const auto to = TRY(Database::open_plain(file));
        TRY(copy_pages(*database_, *to));
        // One file that can be read from anywhere, without a log beside it.
        TRY(to->value("pragma journal_mode = delete"));
        return {};
    };
    const Status copied = copy();
    if (!copied) ::unlink(file.c_str());
    return copied;
}

}  // namespace daybook::storage::sqlite
