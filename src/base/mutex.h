// A mutex that the compiler watches: -Werror=thread-safety refuses an unguarded access (S12).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#define DAYBOOK_CAPABILITY(x) __attribute__((capability(x)))
#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))
#define SCOPED_CAPABILITY __attribute__((scoped_lockable))

namespace daybook {

class DAYBOOK_CAPABILITY("mutex") Mutex {
 public:
    void lock() ACQUIRE() { mutex_.lock(); }
    void unlock() RELEASE() { mutex_.unlock(); }

 private:
    friend class Condition;
    std::mutex mutex_;
};

class SCOPED_CAPABILITY Lock {
 public:
    explicit Lock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
    ~Lock() RELEASE() { mutex_.unlock(); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

 private:
    Mutex& mutex_;
};

// Wait in a loop that tests the condition: wake-ups may be spurious.
class Condition {
 public:
    void wait(Mutex& mutex) REQUIRES(mutex) {
        std::unique_lock<std::mutex> held(mutex.mutex_, std::adopt_lock);
        condition_.wait(held);
        held.release();
    }
    // Also returns once the time has passed.
    void wait_for(Mutex& mutex, std::int64_t ms) REQUIRES(mutex) {
        std::unique_lock<std::mutex> held(mutex.mutex_, std::adopt_lock);
        condition_.wait_for(held, std::chrono::milliseconds(ms));
        held.release();
    }
    void notify_one() { condition_.notify_one(); }
    void notify_all() { condition_.notify_all(); }

 private:
    std::condition_variable condition_;
};

}  // namespace daybook
