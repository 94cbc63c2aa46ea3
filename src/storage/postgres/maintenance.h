// What can be looked over in a shared database, apart from requests.
//
// Why not all of app::Maintenance: PostgreSQL has tools of its own for backups (pg_basebackup,
// pg_dump), which know what nodes do meanwhile.
// Threads: one.
#pragma once

#include <memory>
#include <string>

#include "app/maintenance.h"
#include "storage/postgres/database.h"
#include "storage/sql/run.h"

namespace daybook::storage::postgres {

class PostgresMaintenance final : public app::Maintenance {
 public:
    explicit PostgresMaintenance(std::unique_ptr<Database> database)
        : database_(std::move(database)) {}

    // Both are refused (invalid_value), with words that say what to use.
    Result<app::RebuildReport> rebuild(app::RebuildMode mode,
                                       const app::MaintenanceProgress& progress) override;
    Status backup(const std::string& file) override;
    // The checksums of all rows as of one moment, and the columns beside each event.
    Status check_rows(const app::MaintenanceProgress& progress) override;
    Result<app::DatabaseFacts> facts() override;

 private:
    Result<std::int64_t> check_table(const sql::Table& table);
    Result<std::int64_t> check_log(const app::MaintenanceProgress& progress, std::int64_t before);

    std::unique_ptr<Database> database_;
};

// Errors: those of Database::connect().
Result<std::unique_ptr<app::Maintenance>> open_maintenance(const std::string& address);

}  // namespace daybook::storage::postgres
