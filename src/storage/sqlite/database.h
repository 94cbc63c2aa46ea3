// One connection to the database file: how it is opened, and what its errors mean.
//
// Why these pragmas: SQLite 3.40.1 loses acknowledged writes when a statement is rolled back after
// a cache spill, and when two connections write or checkpoint at once. So nothing is spilled, no
// savepoint is used, automatic checkpoints are off, and only the writer's connection writes and
// checkpoints; all others are read-only and leave the log as it is when they close.
// Threads: one at a time; interrupt() from any.
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "storage/sql/connection.h"

namespace daybook::storage::sqlite {

// Measured at 64 commands a batch: 8 KiB pages cost a tenth less than 4 KiB ones, as the log is
// written page by page.
inline constexpr int kPageBytes = 8'192;

enum class Access : std::uint8_t { write, read };

class Database final : public sql::Connection {
 public:
    // `vfs` names SQLite's layer to the file system; empty is its default. Only Access::write makes
    // the file. Errors: io_failed, corrupt, busy, disk_full.
    static Result<std::unique_ptr<Database>> open(const std::string& path, Access access,
                                                  const std::string& vfs);
    // A database without a log of its own and without the pragmas of the books: the file of a
    // backup, or a scratch one that nobody else sees and that is gone when closed (path "").
    static Result<std::unique_ptr<Database>> open_plain(const std::string& path);
    ~Database() override;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    Result<std::unique_ptr<sql::Prepared>> prepare(const sql::Query& query) override;
    // Its rows need not be overwritten one by one.
    Status delete_plainly(const std::function<Status()>& statement) override;
    // Statements without parameters and results.
    Status execute(const char* sql);
    // The one value of a pragma or of a text without parameters, as SQLite prints it.
    Result<std::string> value(const char* sql);

    // False also when an error has ended the transaction by itself.
    [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
    // Ends what runs, and whatever would run after it, with busy; until allow() is called.
    void interrupt() {
        interrupted_.store(true);
        sqlite3_interrupt(handle_);
    }
    void allow() { interrupted_.store(false); }
    [[nodiscard]] bool is_interrupted() const { return interrupted_.load(); }
    // What the newest failure of this connection means: disk_full, io_failed, corrupt, busy,
    // read_only or internal. `what` names the statement.
    [[nodiscard]] Error failure(std::string_view what) const;

    [[nodiscard]] sqlite3* handle() { return handle_; }

 private:
    explicit Database(sqlite3* handle) : handle_(handle) {}
    Status configure(Access access);

    sqlite3* handle_;
    std::atomic<bool> interrupted_ = false;
};

// How long a statement waits for a lock of another connection, in milliseconds: a reader while the
// log is recovered, the writer for readers of another process.
inline constexpr int kLockWaitMsMax = 5'000;

}  // namespace daybook::storage::sqlite
