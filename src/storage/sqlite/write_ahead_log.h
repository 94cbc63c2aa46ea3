// Keeps the write-ahead log short: copies it into the database file in steps between batches.
//
// Why by hand: automatic checkpoints swallow errors and stop the writer in the middle of a commit.
// After limits::kCheckpointFrames more frames a step copies what no reader holds back. A busy
// writer never shrinks a log that way while readers overlap, so once it is kRestartFrames long a
// step waits up to kRestartWaitMs for the readers of the moment, and the log begins anew.
// Limits: above limits::kWalAlertBytes a warning, above limits::kWalBytesMax the oldest reader is
// ended. A full disk is waited out: the log keeps everything until there is room.
// Threads: the writer's; bytes() from any.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/limits.h"
#include "storage/sqlite/reader_pool.h"

namespace daybook::storage::sqlite {

class WriteAheadLog {
 public:
    static constexpr int kRestartFrames = 4 * limits::kCheckpointFrames;
    static constexpr int kRestartWaitMs = 20;

    WriteAheadLog(Database& database, ReaderPool& readers);

    // Before the first write: all that the log holds is in the database file and on disk (I3).
    // Errors: busy (another process reads for too long), io_failed, disk_full.
    Status recover();
    // Bounded work after a batch. An error is a failed sync.
    Status step();
    // When nothing is written: gives the log's space back. An error is a failed sync.
    Status idle();

    [[nodiscard]] std::int64_t bytes() const { return bytes_.load(); }

 private:
    struct Progress {
        bool is_complete = false;  // every frame is in the database file
    };
    Result<Progress> checkpoint(int mode, int wait_ms);
    static int committed(void* self, sqlite3* database, const char* schema, int frames);

    Database& database_;
    ReaderPool& readers_;
    int frames_ = 0;        // in the log after the newest commit
    int tried_frames_ = 0;  // at the newest step
    bool alerted_ = false;
    std::atomic<std::int64_t> bytes_ = 0;
};

}  // namespace daybook::storage::sqlite
