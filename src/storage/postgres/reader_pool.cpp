// Lending and taking back.
#include "storage/postgres/reader_pool.h"

#include "base/limits.h"

namespace daybook::storage::postgres {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Status Reader::begin() {
    TRY(database_->send_begin("isolation level repeatable read read only",
                              limits::kReadTransactionMsMax));
    return database_->settle();
}

bool Reader::finish() {
    return !database_->is_lost() && database_->send_rollback().has_value();
}

Result<ReaderPool::Lease> ReaderPool::lease() {
    TRY(take_place());
    auto reader = begun_reader();
    if (reader) return Lease(*this, *std::move(reader));
    leave_place();
    return std::unexpected(std::move(reader).error());
}

// The server may have cut connections while they were idle; a new one that fails is an error.
Result<std::unique_ptr<Reader>> ReaderPool::begun_reader() {
    while (auto reader = take_idle()) {
        if (reader->begin()) return reader;
    }
    auto reader = std::make_unique<Reader>(TRY(connector_.connect()));
    TRY(reader->begin());
    return reader;
}

std::unique_ptr<Reader> ReaderPool::take_idle() {
    const Lock lock(mutex_);
    if (idle_.empty()) return nullptr;
    std::unique_ptr<Reader> reader = std::move(idle_.back());
    idle_.pop_back();
    return reader;
}

Status ReaderPool::take_place() {
    const auto until = steady_clock::now() + milliseconds(kReaderWaitMs);
    const Lock lock(mutex_);
    while (lent_ >= readers_max_) {
        if (steady_clock::now() >= until) {
            return fail(ErrorCode::busy, "Too many reads are going on; ask again shortly.");
        }
        returned_.wait_for(mutex_, kReaderWaitMs);
    }
    ++lent_;
    return {};
}

void ReaderPool::leave_place() {
    const Lock lock(mutex_);
    --lent_;
    returned_.notify_one();
}

void ReaderPool::take_back(std::unique_ptr<Reader> reader) {
    if (!reader->finish()) reader.reset();
    const Lock lock(mutex_);
    if (reader) idle_.push_back(std::move(reader));
    --lent_;
    returned_.notify_one();
}

}  // namespace daybook::storage::postgres
