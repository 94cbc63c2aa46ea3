// Which reads of the trail were noted already in this hour, so that each is written once.
//
// The table keeps the first of each hour anyway; this saves the writes. Limits: kAccessNotesMax
// keys, above which an hour begins anew. Threads: any.
#pragma once

#include <cstddef>
#include <set>

#include "app/rows.h"
#include "base/mutex.h"

namespace daybook::app {

inline constexpr std::size_t kAccessNotesMax = 100'000;
inline constexpr std::int64_t kHourMs = 3'600'000;

class AccessNotes {
 public:
    // Whether this is the first such read of its hour.
    bool is_first(const AccessKey& key) {
        const Lock lock(mutex_);
        if (key.hour != hour_ || noted_.size() >= kAccessNotesMax) noted_.clear();
        hour_ = key.hour;
        return noted_.insert(key).second;
    }

 private:
    Mutex mutex_;
    std::int64_t hour_ GUARDED_BY(mutex_) = 0;
    std::set<AccessKey> noted_ GUARDED_BY(mutex_);
};

}  // namespace daybook::app
