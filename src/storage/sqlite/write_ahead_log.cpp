// Checkpoints: when, which, and what their errors mean.
#include "storage/sqlite/write_ahead_log.h"

#include <fmt/format.h>

#include "base/log.h"

namespace daybook::storage::sqlite {
namespace {

constexpr std::int64_t kFrameBytes = kPageBytes + 24;  // a page and its header

}  // namespace

WriteAheadLog::WriteAheadLog(Database& database, ReaderPool& readers)
    : database_(database), readers_(readers) {
    sqlite3_wal_hook(database_.handle(), committed, this);
}

int WriteAheadLog::committed(void* self, sqlite3*, const char*, int frames) {
    auto* log = static_cast<WriteAheadLog*>(self);
    log->frames_ = frames;
    log->bytes_.store(frames * kFrameBytes);
    return SQLITE_OK;
}

Status WriteAheadLog::recover() {
    const Progress progress = TRY(
        checkpoint(SQLITE_CHECKPOINT_TRUNCATE, static_cast<int>(limits::kReadTransactionMsMax)));
    if (progress.is_complete) return {};
    return fail(ErrorCode::busy,
                "Another process is reading this data and holds up its log; end it, then start.");
}

Status WriteAheadLog::step() {
    if (frames_ < tried_frames_) tried_frames_ = 0;  // the log began anew
    if (frames_ - tried_frames_ < limits::kCheckpointFrames) return {};
    tried_frames_ = frames_;
    readers_.end_overdue();
    if (bytes() > limits::kWalBytesMax) readers_.end_oldest();
    const bool is_long = frames_ >= kRestartFrames;
    const auto done = is_long ? checkpoint(SQLITE_CHECKPOINT_RESTART, kRestartWaitMs)
                              : checkpoint(SQLITE_CHECKPOINT_PASSIVE, 0);
    if (!done && done.error().code != ErrorCode::disk_full) return std::unexpected(done.error());
    const bool is_alert = bytes() > limits::kWalAlertBytes;
    if (is_alert && !alerted_) {
        log(LogLevel::warning,
            fmt::format("The write-ahead log has {} MiB: a reader or a full disk holds it up.",
                        bytes() >> 20));
    }
    alerted_ = is_alert;
    return {};
}

Status WriteAheadLog::idle() {
    const auto done = checkpoint(SQLITE_CHECKPOINT_TRUNCATE, kRestartWaitMs);
    if (!done && done.error().code != ErrorCode::disk_full) return std::unexpected(done.error());
    return {};
}

// Busy is no error: readers were in the way, and a later step does the rest.
Result<WriteAheadLog::Progress> WriteAheadLog::checkpoint(int mode, int wait_ms) {
    int frames = 0;
    int copied = 0;
    sqlite3_busy_timeout(database_.handle(), wait_ms);
    const int code = sqlite3_wal_checkpoint_v2(database_.handle(), "main", mode, &frames, &copied);
    sqlite3_busy_timeout(database_.handle(), kLockWaitMsMax);
    const bool is_busy = (code & 0xFF) == SQLITE_BUSY;
    if (code != SQLITE_OK && !is_busy) return std::unexpected(database_.failure("checkpoint"));
    if (code == SQLITE_OK && mode == SQLITE_CHECKPOINT_TRUNCATE) {
        frames_ = 0;
        bytes_.store(0);
    }
    return Progress{frames >= 0 && frames == copied};
}

}  // namespace daybook::storage::sqlite
