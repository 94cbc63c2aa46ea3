// Asking, and what the answer means.
#include "delivery/lease_keeper.h"

#include <optional>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "base/mutex.h"

namespace daybook::delivery {

class LeaseCore final : public std::enable_shared_from_this<LeaseCore> {
 public:
    explicit LeaseCore(LeaseParts parts) : parts_(std::move(parts)) {}

    // One at a time: the next is posted when this one is done.
    void run() EXCLUDES(mutex_) {
        {
            const Lock lock(mutex_);
            if (stopped_) return;
        }
        ask();
        parts_.executor.post_after(limits::kLeaseRenewMs,
                                   [core = shared_from_this()] { core->run(); });
    }

    void stop() EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        stopped_ = true;
        if (const Status given = parts_.leases.give_back(parts_.lease, parts_.holder); !given) {
            log(LogLevel::debug, "The lease runs out by itself: " + given.error().detail);
        }
    }

 private:
    void ask() EXCLUDES(mutex_) {
        const std::int64_t asked_ms = parts_.executor.monotonic_ms();
        const Lock lock(mutex_);
        if (stopped_) return;
        if (!parts_.is_fit()) {
            if (held_) give_back();
            return;
        }
        const auto fence = parts_.leases.take(parts_.lease, parts_.holder, limits::kLeaseMs);
        if (fence && *fence) {
            held_until_ms_ = asked_ms + limits::kLeaseMs;
            if (held_ == **fence) return;
            if (held_) parts_.lost();
            held_.reset();
            if (const Status begun = parts_.taken(**fence); !begun) {
                return log(LogLevel::warning, "delivery: " + begun.error().detail);
            }
            held_ = **fence;
            log(LogLevel::info, "This node delivers webhooks from here on.");
            return;
        }
        const bool is_out = fence || asked_ms >= held_until_ms_;
        if (held_ && is_out) lose();
    }
    void lose() REQUIRES(mutex_) {
        held_.reset();
        log(LogLevel::info, "Another node delivers webhooks from here on.");
        parts_.lost();
    }
    void give_back() REQUIRES(mutex_) {
        lose();
        const Status given = parts_.leases.give_back(parts_.lease, parts_.holder);
        if (!given) log(LogLevel::debug, "The lease runs out by itself: " + given.error().detail);
    }

    const LeaseParts parts_;
    Mutex mutex_;
    bool stopped_ GUARDED_BY(mutex_) = false;
    std::optional<app::Fence> held_ GUARDED_BY(mutex_);
    std::int64_t held_until_ms_ GUARDED_BY(mutex_) = 0;
};

LeaseKeeper::LeaseKeeper(LeaseParts parts) : core_(std::make_shared<LeaseCore>(std::move(parts))) {}

LeaseKeeper::~LeaseKeeper() = default;

void LeaseKeeper::start() {
    core_->run();
}

void LeaseKeeper::stop() {
    core_->stop();
}

}  // namespace daybook::delivery
