// Which reads of the trail were noted already in this hour, so that each is written once.
//
// The table keeps the first of each hour anyway; this saves the writes. Limits: kAccessNotesMax
// keys, above which an hour begins anew. Threads: any.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>

#include "app/command.h"
#include "app/rows.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "domain/principal.h"

namespace daybook::app {

inline constexpr std::size_t kAccessNotesMax = 100'000;

class AccessNotes {
 public:
    // What is to be written about a read by `filter`, the operation and its query; nullopt if it
    // was noted in this hour.
    std::optional<Note> note_of(const domain::Principal& reader, std::string filter, Instant now);

 private:
    Mutex mutex_;
    std::int64_t hour_ GUARDED_BY(mutex_) = 0;
    std::set<AccessKey> noted_ GUARDED_BY(mutex_);
};

}  // namespace daybook::app
