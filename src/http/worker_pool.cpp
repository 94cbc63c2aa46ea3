// A queue, a condition, and threads that wait on it.
#include "http/worker_pool.h"

#include <exception>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "base/thread_name.h"

namespace daybook::http {

WorkerPool::WorkerPool(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max) {
    CHECK(threads > 0);
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { work(); });
    }
}

WorkerPool::~WorkerPool() {
    std::deque<Task> dropped;
    {
        const Lock lock(mutex_);
        is_stopping_ = true;
        dropped.swap(queue_);
    }
    ready_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

Status WorkerPool::submit(Task task) {
    {
        const Lock lock(mutex_);
        if (queue_.size() >= queue_max_) {
            return fail(ErrorCode::queue_full,
                        "Too many reads are waiting; try again in a second.");
        }
        queue_.push_back(std::move(task));
    }
    ready_.notify_one();
    return {};
}

void WorkerPool::resume(Task task) {
    {
        const Lock lock(mutex_);
        queue_.push_back(std::move(task));
    }
    ready_.notify_one();
}

std::size_t WorkerPool::waiting() {
    const Lock lock(mutex_);
    return queue_.size();
}

void WorkerPool::work() {
    name_this_thread("daybook-worker");
    for (;;) {
        Task task;
        {
            const Lock lock(mutex_);
            while (queue_.empty() && !is_stopping_) ready_.wait(mutex_);
            if (is_stopping_) return;
            task = std::move(queue_.front());
            queue_.pop_front();
        }
        // A task answers through its Respond, which answers 500 when it is dropped on the way out.
        try {
            task();
        } catch (const std::exception& thrown) {
            log(LogLevel::error, std::string("a read failed unexpectedly: ") + thrown.what());
        }
    }
}

}  // namespace daybook::http
