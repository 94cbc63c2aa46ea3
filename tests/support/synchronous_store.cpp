// Waits, unless it is called from an answer.
#include "support/synchronous_store.h"

namespace daybook::test {

void SynchronousStore::submit(app::Command command, app::Done done) {
    {
        const Lock lock(mutex_);
        ++unanswered_;
    }
    to().submit(std::move(command),
                [this, done = std::move(done)](Result<app::Outcome> outcome) mutable {
                    answer(done, std::move(outcome));
                });
    const Lock lock(mutex_);
    if (answering_ == std::this_thread::get_id()) return;
    while (unanswered_ > 0) answered_.wait(mutex_);
}

void SynchronousStore::answer(app::Done& done, Result<app::Outcome> outcome) {
    std::thread::id before;
    {
        const Lock lock(mutex_);
        before = std::exchange(answering_, std::this_thread::get_id());
    }
    done(std::move(outcome));
    const Lock lock(mutex_);
    answering_ = before;
    --unanswered_;
    answered_.notify_all();
}

}  // namespace daybook::test
