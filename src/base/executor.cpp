// The threads of ThreadExecutor, and the virtual time of ManualExecutor.
#include "base/executor.h"

#include <chrono>

#include "base/check.h"
#include "base/thread_name.h"

namespace daybook {

ThreadExecutor::ThreadExecutor(std::size_t threads) {
    CHECK(threads > 0);
    threads_.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

ThreadExecutor::~ThreadExecutor() {
    stop();
}

void ThreadExecutor::post(Task task) {
    post_after(0, std::move(task));
}

void ThreadExecutor::post_after(std::int64_t delay_ms, Task task) {
    const std::int64_t due_ms = monotonic_ms() + (delay_ms > 0 ? delay_ms : 0);
    {
        const Lock lock(mutex_);
        if (stopping_) return;
        queue_.push(due_ms, std::move(task));
    }
    changed_.notify_one();
}

std::int64_t ThreadExecutor::monotonic_ms() const {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void ThreadExecutor::stop() {
    {
        const Lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& each : threads_) each.join();
    threads_.clear();
    TaskQueue dropped;
    {
        const Lock lock(mutex_);
        std::swap(dropped, queue_);
    }
}

void ThreadExecutor::work() {
    name_this_thread("daybook-tasks");
    for (;;) {
        Task task;
        {
            const Lock lock(mutex_);
            for (;;) {
                if (stopping_) return;
                if (queue_.empty()) {
                    changed_.wait(mutex_);
                    continue;
                }
                const std::int64_t wait_ms = queue_.due_ms() - monotonic_ms();
                if (wait_ms <= 0) break;
                changed_.wait_for(mutex_, wait_ms);
            }
            task = queue_.pop();
        }
        task();
    }
}

std::size_t ManualExecutor::run_ready() {
    std::size_t ran = 0;
    for (; !queue_.empty() && queue_.due_ms() <= now_ms_; ++ran) queue_.pop()();
    return ran;
}

std::size_t ManualExecutor::advance_ms(std::int64_t ms) {
    CHECK(ms >= 0);
    const std::int64_t end_ms = now_ms_ + ms;
    std::size_t ran = run_ready();
    while (!queue_.empty() && queue_.due_ms() <= end_ms) {
        now_ms_ = queue_.due_ms();
        ran += run_ready();
    }
    now_ms_ = end_ms;
    return ran;
}

}  // namespace daybook
