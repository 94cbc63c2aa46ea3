// The connections that read: a bounded number, each lent to one snapshot at a time.
//
// Operation: a lease opens a read transaction and ends it when it goes. A reader holds up the
// write-ahead log, which cannot begin anew before it; so the writer may end the oldest, and nobody
// reads longer than limits::kReadTransactionMsMax.
// Limits: kReadersMax leases; whoever asks for one more waits kReaderWaitMs, then gets busy.
// Threads: any. Order of locks: the pool's, then a reader's.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "storage/sql/lease.h"
#include "storage/sql/tables.h"
#include "storage/sqlite/database.h"

namespace daybook::storage::sqlite {

inline constexpr std::size_t kReadersMax = 16;
inline constexpr std::int64_t kReaderWaitMs = 250;

// One read-only connection with its statements.
class Reader {
 public:
    static Result<std::unique_ptr<Reader>> open(const std::string& path, const std::string& vfs);
    explicit Reader(std::unique_ptr<Database> database);

    Status begin() EXCLUDES(mutex_);
    // False if the connection is not to be used again.
    bool finish() EXCLUDES(mutex_);
    // From another thread: what runs fails, what comes fails, the read transaction is over.
    void cut_off() EXCLUDES(mutex_);

    // read(sql::Tables&) within the transaction. Errors besides its own: busy once it was cut off.
    template <class Read>
    std::invoke_result_t<Read&, sql::Tables&> call(Read read) EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        if (!reading_) {
            return fail(ErrorCode::busy, "This read took too long and was ended; ask for less.");
        }
        return read(tables_);
    }

 private:
    std::unique_ptr<Database> database_;
    Mutex mutex_;
    sql::Tables tables_ GUARDED_BY(mutex_);
    bool reading_ GUARDED_BY(mutex_) = false;
};

class ReaderPool {
 public:
    ReaderPool(std::string path, std::string vfs) : path_(std::move(path)), vfs_(std::move(vfs)) {}

    using Lease = sql::Lease<ReaderPool, Reader>;

    // A reader within a new read transaction, not yet pinned: its first read does that.
    // Errors: busy, io_failed, corrupt.
    Result<Lease> lease() EXCLUDES(mutex_);
    // One that is never lent, for whoever must not wait for the others. Errors: those of lease().
    [[nodiscard]] Result<std::unique_ptr<Reader>> open_apart() const {
        return Reader::open(path_, vfs_);
    }
    // Cuts off the oldest lease, if there is one.
    void end_oldest() EXCLUDES(mutex_);
    // Cuts off all that have read longer than they may.
    void end_overdue() EXCLUDES(mutex_);

 private:
    friend Lease;
    using Time = std::chrono::steady_clock::time_point;
    struct Lent {
        Reader* reader;
        Time since;
    };

    Result<std::unique_ptr<Reader>> take() EXCLUDES(mutex_);
    void take_back(std::unique_ptr<Reader> reader) EXCLUDES(mutex_);
    void forget(const Reader* reader) EXCLUDES(mutex_);

    const std::string path_;
    const std::string vfs_;
    Mutex mutex_;
    Condition returned_;
    std::vector<std::unique_ptr<Reader>> idle_ GUARDED_BY(mutex_);
    std::vector<Lent> lent_ GUARDED_BY(mutex_);  // oldest first; a reader of null is being opened
};

}  // namespace daybook::storage::sqlite
