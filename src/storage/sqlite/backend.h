// The writer's connection: loads, writes, commits and checkpoints.
//
// Guarantee (I3): after a commit that may or may not be on disk, a failed checkpoint or a failed
// rollback, the connection is never used again, nor closed: both could write. It is kept as it is
// until the process ends; the next start recovers the log.
// Threads: as storage::Backend; wal_bytes() from any.
#pragma once

#include <memory>
#include <string>

#include "app/store.h"
#include "storage/sql/tables_transaction.h"
#include "storage/sqlite/write_ahead_log.h"
#include "storage/writer.h"

namespace daybook::storage::sqlite {

class SqliteBackend final : public Backend, private sql::TablesTransaction {
 public:
    // Opens or makes the file, recovers its log and brings it to the newest schema.
    // Errors: newer_schema, corrupt, io_failed, disk_full, busy.
    static Result<std::unique_ptr<SqliteBackend>> open(const std::string& path,
                                                       const std::string& vfs, ReaderPool& readers,
                                                       Instant now);
    SqliteBackend(std::unique_ptr<Database> database, ReaderPool& readers);
    ~SqliteBackend() override;

    Result<app::WriteTransaction*> begin() override;
    Status commit() override;
    Status rollback() override;
    Status after_batch() override;
    Status idle() override;
    Result<app::Changes> kept_of(OrgId org) override;

    [[nodiscard]] std::int64_t wal_bytes() const { return connection_->log.bytes(); }

 private:
    struct Connection {
        Connection(std::unique_ptr<Database> opened, ReaderPool& readers)
            : database(std::move(opened)), tables(*database), log(*database, readers) {}
        std::unique_ptr<Database> database;
        sql::Tables tables;
        WriteAheadLog log;
    };

    Status prefetch(const std::vector<const app::Command*>& commands) override;
    Status write(const app::Changes& changes) override;

    sql::Tables& tables() override { return connection_->tables; }
    Status recover();
    // Passes the status on; after an error the connection is left alone for ever.
    Status or_never_again(Status status);

    std::unique_ptr<Connection> connection_;
    ReaderPool& readers_;
    // For what is kept of orgs: it reads on when the connection must not be used any more.
    std::unique_ptr<Reader> reader_;
    bool failed_ = false;
};

}  // namespace daybook::storage::sqlite
