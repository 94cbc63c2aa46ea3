// Maintenance of a SQLite file: rebuild, backup, and checks of what lies in it.
//
// Why a connection of its own: none of this goes through the writer or the pool of readers; a check
// of a large file reads for longer than a request may. Beside a serving process it only holds up
// the write-ahead log.
// Threads: one.
#pragma once

#include <memory>
#include <string>

#include "app/maintenance.h"
#include "storage/sqlite/store.h"

namespace daybook::storage::sqlite {

class SqliteMaintenance final : public app::Maintenance {
 public:
    SqliteMaintenance(std::string path, std::unique_ptr<Database> database, Access access,
                      const app::Environment& environment)
        : path_(std::move(path)),
          database_(std::move(database)),
          access_(access),
          environment_(environment) {}

    Result<app::RebuildReport> rebuild(app::RebuildMode mode,
                                       const app::MaintenanceProgress& progress) override;
    Status backup(const std::string& file) override;
    Status check_rows(const app::MaintenanceProgress& progress) override;
    Result<app::DatabaseFacts> facts() override;

 private:
    Result<app::RebuildReport> compare_books(const app::MaintenanceProgress& progress);
    Result<app::RebuildReport> replace_books(const app::MaintenanceProgress& progress);

    std::string path_;
    std::unique_ptr<Database> database_;  // none once a rebuild has taken it over
    Access access_;
    app::Environment environment_;
};

// For writing, the caller holds the directory's lock. Errors: not_found, io_failed, corrupt.
Result<std::unique_ptr<app::Maintenance>> open_maintenance(const StoreOptions& options);

}  // namespace daybook::storage::sqlite
