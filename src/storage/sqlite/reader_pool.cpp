// Lending, taking back and cutting off.
#include "storage/sqlite/reader_pool.h"

#include <algorithm>

#include "base/limits.h"
#include "base/log.h"

namespace daybook::storage::sqlite {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

}  // namespace

Result<std::unique_ptr<Reader>> Reader::open(const std::string& path, const std::string& vfs) {
    return std::make_unique<Reader>(TRY(Database::open(path, Access::read, vfs)));
}

Reader::Reader(std::unique_ptr<Database> database)
    : database_(std::move(database)), tables_(*database_) {}

Status Reader::begin() {
    const Lock lock(mutex_);
    database_->allow();
    TRY(database_->execute("begin"));
    reading_ = true;
    return {};
}

bool Reader::finish() {
    const Lock lock(mutex_);
    reading_ = false;
    return !database_->in_transaction() || database_->execute("rollback").has_value();
}

void Reader::cut_off() {
    database_->interrupt();
    const Lock lock(mutex_);
    if (!reading_) return;
    reading_ = false;
    database_->allow();
    database_->execute("rollback");
}

Result<ReaderPool::Lease> ReaderPool::lease() {
    Lease lease(*this, TRY(take()));
    TRY(lease->begin());
    return lease;
}

Result<std::unique_ptr<Reader>> ReaderPool::take() {
    {
        const auto until = steady_clock::now() + milliseconds(kReaderWaitMs);
        const Lock lock(mutex_);
        while (idle_.empty() && lent_.size() >= kReadersMax) {
            if (steady_clock::now() >= until) {
                return fail(ErrorCode::busy, "Too many reads are going on; ask again shortly.");
            }
            returned_.wait_for(mutex_, kReaderWaitMs);
        }
        if (!idle_.empty()) {
            std::unique_ptr<Reader> reader = std::move(idle_.back());
            idle_.pop_back();
            lent_.push_back({reader.get(), steady_clock::now()});
            return reader;
        }
        lent_.push_back({nullptr, steady_clock::now()});
    }
    auto reader = Reader::open(path_, vfs_);
    const Lock lock(mutex_);
    const auto place = std::ranges::find(lent_, nullptr, &Lent::reader);
    if (reader) {
        place->reader = reader->get();
    } else {
        lent_.erase(place);
        returned_.notify_one();
    }
    return reader;
}

// It is not lent any more before it is finished: so nobody cuts off the next who gets it.
void ReaderPool::take_back(std::unique_ptr<Reader> reader) {
    forget(reader.get());
    const bool usable = reader->finish();
    const Lock lock(mutex_);
    if (usable) idle_.push_back(std::move(reader));
    returned_.notify_one();
}

void ReaderPool::forget(const Reader* reader) {
    const Lock lock(mutex_);
    std::erase_if(lent_, [reader](const Lent& lent) { return lent.reader == reader; });
}

void ReaderPool::end_oldest() {
    const Lock lock(mutex_);
    for (const Lent& lent : lent_) {
        if (lent.reader == nullptr) continue;
        log(LogLevel::warning, "The oldest reader was ended: it held up the write-ahead log.");
        lent.reader->cut_off();
        return;
    }
}

void ReaderPool::end_overdue() {
    const auto since = steady_clock::now() - milliseconds(limits::kReadTransactionMsMax);
    const Lock lock(mutex_);
    for (const Lent& lent : lent_) {
        if (lent.reader != nullptr && lent.since < since) lent.reader->cut_off();
    }
}

}  // namespace daybook::storage::sqlite
