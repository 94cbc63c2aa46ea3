// Work that other threads leave for the I/O thread: many letters, one knock.
//
// Why: a writer that finishes a batch answers dozens of requests at once. Waking the I/O thread is
// a system call; it is made only when the box was empty, so a batch costs one.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "base/mutex.h"

namespace daybook::http {

class Mailbox {
 public:
    using Letter = std::move_only_function<void()>;

    // `wake` makes the I/O thread call open() soon; it is called under the box's lock, from any
    // thread.
    explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

    // From any thread. Once the box is closed, letters are thrown away.
    void post(Letter letter) EXCLUDES(mutex_);
    // Runs what is there, in order; on the I/O thread. Letters that arrive meanwhile wake it again.
    void open() EXCLUDES(mutex_);
    // Tells which thread is the I/O thread: the one that calls this, before it begins.
    void attach_to_this_thread() { io_thread_ = std::this_thread::get_id(); }
    [[nodiscard]] bool is_on_io_thread() const { return io_thread_ == std::this_thread::get_id(); }
    // After it returns, `wake` is never called again.
    void close() EXCLUDES(mutex_);

 private:
    const std::function<void()> wake_;
    std::atomic<std::thread::id> io_thread_;
    Mutex mutex_;
    std::vector<Letter> letters_ GUARDED_BY(mutex_);
    bool is_closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace daybook::http
