// The connections that read: a bounded number, each lent to one snapshot at a time.
//
// Operation: a lease has a read transaction of one moment (REPEATABLE READ), which the server ends
// when a statement, or the time between two, takes longer than limits::kReadTransactionMsMax. A
// connection that was cut meanwhile is left behind for a new one. Limits: whoever asks for one more
// than the pool holds waits kReaderWaitMs, then gets busy. Threads: any; a lease by one.
#pragma once

#include <memory>
#include <vector>

#include "base/mutex.h"
#include "storage/postgres/connector.h"
#include "storage/sql/lease.h"
#include "storage/sql/tables.h"

namespace daybook::storage::postgres {

inline constexpr std::size_t kReadersDefault = 8;
inline constexpr std::int64_t kReaderWaitMs = 250;

// One connection with its statements.
class Reader {
 public:
    explicit Reader(std::unique_ptr<Database> database)
        : database_(std::move(database)), tables_(*database_) {}

    // Begins a read transaction; its first query pins the view.
    Status begin();
    // False if the connection is not to be used again.
    bool finish();

    // read(sql::Tables&) within the transaction.
    template <class Read>
    std::invoke_result_t<Read&, sql::Tables&> call(Read read) {
        return read(tables_);
    }

 private:
    std::unique_ptr<Database> database_;
    sql::Tables tables_;
};

class ReaderPool {
 public:
    ReaderPool(Connector& connector, std::size_t readers_max)
        : connector_(connector), readers_max_(readers_max) {}

    using Lease = sql::Lease<ReaderPool, Reader>;

    // A reader within a new read transaction. Errors: busy, and those of Database::connect().
    Result<Lease> lease() EXCLUDES(mutex_);

 private:
    friend Lease;
    Status take_place() EXCLUDES(mutex_);
    void leave_place() EXCLUDES(mutex_);
    std::unique_ptr<Reader> take_idle() EXCLUDES(mutex_);
    Result<std::unique_ptr<Reader>> begun_reader() EXCLUDES(mutex_);
    void take_back(std::unique_ptr<Reader> reader) EXCLUDES(mutex_);

    Connector& connector_;
    const std::size_t readers_max_;
    Mutex mutex_;
    Condition returned_;
    std::vector<std::unique_ptr<Reader>> idle_ GUARDED_BY(mutex_);
    std::size_t lent_ GUARDED_BY(mutex_) = 0;
};

}  // namespace daybook::storage::postgres
