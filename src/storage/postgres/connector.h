// Makes connections, and after one that failed lets the database rest before the next try.
//
// Limits: a rest of kRestMsMin to kRestMsMax milliseconds, twice as long each time; whoever asks
// meanwhile gets busy at once. Threads: any.
#pragma once

#include <chrono>
#include <memory>

#include "base/mutex.h"
#include "storage/postgres/database.h"

namespace daybook::storage::postgres {

inline constexpr std::int64_t kRestMsMin = 50;
inline constexpr std::int64_t kRestMsMax = 2'000;

class Connector {
 public:
    explicit Connector(Address address) : address_(std::move(address)) {}

    // Errors: those of Database::connect(), where it cannot be reached without words about it: they
    // are logged, once for each time that it goes away.
    Result<std::unique_ptr<Database>> connect() EXCLUDES(mutex_);
    // Whether the newest try succeeded.
    bool is_reachable() EXCLUDES(mutex_);

 private:
    using Time = std::chrono::steady_clock::time_point;

    bool is_resting() EXCLUDES(mutex_);
    void note(const Status& tried) EXCLUDES(mutex_);

    const Address address_;
    Mutex mutex_;
    std::int64_t rest_ms_ GUARDED_BY(mutex_) = 0;  // 0: the newest try succeeded
    Time resting_until_ GUARDED_BY(mutex_);
};

}  // namespace daybook::storage::postgres
