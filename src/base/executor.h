// Where work runs elsewhere or later: the one seam for the threads and timers of app, delivery,
// reports and realtime.
//
// Why: with a ManualExecutor and a ManualClock all of it runs on virtual time, on one thread and in
// a repeatable order, so that an hour of retries is tested in milliseconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace daybook {

class Executor {
 public:
    using Task = std::move_only_function<void()>;

    virtual ~Executor() = default;

    // Runs the task once, soon; never inside this call. From any thread. What has not begun when
    // the executor stops is dropped.
    virtual void post(Task task) = 0;
    // Runs the task once, when at least `delay_ms` have passed on monotonic_ms(). There is no
    // cancelling: a timer is a hint, and its task looks whether it is still wanted.
    virtual void post_after(std::int64_t delay_ms, Task task) = 0;
    // Milliseconds that never jump; only differences mean something.
    [[nodiscard]] virtual std::int64_t monotonic_ms() const = 0;
};

// Tasks in order of their due time, and of their coming where that is the same.
class TaskQueue {
 public:
    void push(std::int64_t due_ms, Executor::Task task) {
        tasks_.emplace(std::pair(due_ms, next_++), std::move(task));
    }
    [[nodiscard]] bool empty() const { return tasks_.empty(); }
    [[nodiscard]] std::size_t size() const { return tasks_.size(); }
    // Of the first; not when empty.
    [[nodiscard]] std::int64_t due_ms() const { return tasks_.begin()->first.first; }
    Executor::Task pop() { return std::move(tasks_.extract(tasks_.begin()).mapped()); }
    void clear() { tasks_.clear(); }

 private:
    std::map<std::pair<std::int64_t, std::uint64_t>, Executor::Task> tasks_;
    std::uint64_t next_ = 0;
};

// Threads of its own. Tasks may run at the same time and in any order.
class ThreadExecutor final : public Executor {
 public:
    explicit ThreadExecutor(std::size_t threads);
    // Stops.
    ~ThreadExecutor() override;
    ThreadExecutor(const ThreadExecutor&) = delete;
    ThreadExecutor& operator=(const ThreadExecutor&) = delete;

    void post(Task task) override EXCLUDES(mutex_);
    void post_after(std::int64_t delay_ms, Task task) override EXCLUDES(mutex_);
    [[nodiscard]] std::int64_t monotonic_ms() const override;

    // Drops what waits, lets what runs finish, and joins. Not from a task; a second call does
    // nothing.
    void stop() EXCLUDES(mutex_);

 private:
    void work() EXCLUDES(mutex_);

    Mutex mutex_;
    Condition changed_;
    TaskQueue queue_ GUARDED_BY(mutex_);
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::vector<std::thread> threads_;
};

// Virtual time: tasks run only inside run_ready() and advance_ms(), on the caller's thread.
class ManualExecutor final : public Executor {
 public:
    void post(Task task) override { post_after(0, std::move(task)); }
    void post_after(std::int64_t delay_ms, Task task) override {
        queue_.push(now_ms_ + (delay_ms > 0 ? delay_ms : 0), std::move(task));
    }
    [[nodiscard]] std::int64_t monotonic_ms() const override { return now_ms_; }

    // Runs what is due, also what that posts, and says how many tasks ran.
    std::size_t run_ready();
    // Lets time pass: everything due on the way runs at its own time.
    std::size_t advance_ms(std::int64_t ms);
    // Tasks that wait, due or not.
    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }

 private:
    TaskQueue queue_;
    std::int64_t now_ms_ = 0;
};

}  // namespace daybook
