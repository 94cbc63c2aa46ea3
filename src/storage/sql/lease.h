// What a pool of readers lends: goes back to it by itself.
//
// Threads: one at a time; the pool must outlive it.
#pragma once

#include <memory>
#include <utility>

namespace daybook::storage::sql {

template <class Pool, class Reader>
class Lease {
 public:
    Lease(Pool& pool, std::unique_ptr<Reader> reader) : pool_(&pool), reader_(std::move(reader)) {}
    ~Lease() {
        if (reader_) pool_->take_back(std::move(reader_));
    }
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    Reader* operator->() { return reader_.get(); }

 private:
    Pool* pool_;
    std::unique_ptr<Reader> reader_;
};

}  // namespace daybook::storage::sql
