// Threads for work that may block (reads of the database, exports), away from the I/O thread.
//
// Operation: first come, first served. Limits: kWorkerQueueMax waiting tasks; above, submit
// refuses. Concurrency: submit and resume may be called from any thread. The destructor drops what
// waits, lets what runs finish, and joins.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/limits.h"
#include "base/mutex.h"
#include "base/result.h"

namespace daybook::http {

class WorkerPool {
 public:
    using Task = std::move_only_function<void()>;

    explicit WorkerPool(std::size_t threads, std::size_t queue_max = limits::kWorkerQueueMax);
    ~WorkerPool();
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    // queue_full if too many wait; the task is then dropped.
    Status submit(Task task) EXCLUDES(mutex_);

    // The next step of something that was submitted before, such as a download: never refused, for
    // what was let in must be able to finish. Each has at most one step waiting.
    void resume(Task task) EXCLUDES(mutex_);

    [[nodiscard]] std::size_t waiting() EXCLUDES(mutex_);

 private:
    void work() EXCLUDES(mutex_);

    const std::size_t queue_max_;
    Mutex mutex_;
    Condition ready_;
    std::deque<Task> queue_ GUARDED_BY(mutex_);
    bool is_stopping_ GUARDED_BY(mutex_) = false;
    std::vector<std::thread> threads_;
};

}  // namespace daybook::http
