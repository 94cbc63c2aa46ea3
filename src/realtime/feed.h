// What the writer leaves for the hub: the events of each commit, in order, of orgs that somebody
// follows.
//
// Why: the writer must not wait for anybody, so it only copies the stored bytes; encoding and
// sending happen on the hub's thread. Guarantee: an event is here before its command is answered.
// Threads: committed() on the writer's, all else on the hub's. Limits: of one org as much as its
// ring holds; above, what was left before is dropped, and the ring begins anew (a gap, which its
// streams read from the log).
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "app/store.h"
#include "base/mutex.h"
#include "realtime/cursor.h"
#include "realtime/ring.h"

namespace daybook::realtime {

class Feed final : public app::CommitListener {
 public:
    // `wake` makes the hub's thread call take() soon; from the writer's thread.
    explicit Feed(std::function<void()> wake, RingLimits limits = {})
        : wake_(std::move(wake)), limits_(limits) {}

    void committed(const app::Changes& changes) override EXCLUDES(mutex_);

    // What commits from now on is left here; follow() once more for each follower.
    void follow(OrgId org) EXCLUDES(mutex_);
    void unfollow(OrgId org) EXCLUDES(mutex_);

    struct News {
        std::vector<app::EventRow> events;
        std::size_t bytes = 0;
        // Texts were erased up to here, or it is not known what there is up to here: whatever holds
        // events must forget them, and read them from the log.
        std::optional<Cursor> forgotten_up_to;
        // Somebody may no longer see what they saw, or see more.
        bool access_changed = false;
    };
    std::map<OrgId, News> take() EXCLUDES(mutex_);

 private:
    void leave(News& news, const app::EventRow& event);
    void forget(const app::Changes& changes, OrgId org) REQUIRES(mutex_);

    const std::function<void()> wake_;
    const RingLimits limits_;
    Mutex mutex_;
    std::map<OrgId, std::size_t> followers_ GUARDED_BY(mutex_);
    std::map<OrgId, News> news_ GUARDED_BY(mutex_);
};

}  // namespace daybook::realtime
