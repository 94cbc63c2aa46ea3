// Makes of any store one that has answered when submit() returns, as the memory store does: for
// tests that decide themselves what happens when.
//
// Threads: one that submits; the store behind may have others.
#pragma once

#include <thread>
#include <utility>

#include "base/mutex.h"
#include "support/forwarding_store.h"

namespace daybook::test {

class SynchronousStore final : public ForwardingStore {
 public:
    explicit SynchronousStore(app::Store& store) : ForwardingStore(store) {}

    void submit(app::Command command, app::Done done) override EXCLUDES(mutex_);

 private:
    void answer(app::Done& done, Result<app::Outcome> outcome) EXCLUDES(mutex_);

    Mutex mutex_;
    Condition answered_;
    int unanswered_ GUARDED_BY(mutex_) = 0;
    std::thread::id answering_ GUARDED_BY(mutex_);  // within a Done
};

}  // namespace daybook::test
