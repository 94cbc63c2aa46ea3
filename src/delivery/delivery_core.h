// The inside of Delivery: the followers, and the pump that drives them. Internal to delivery/.
//
// Shared, because an attempt that is under way, or a task that still waits, may outlive Delivery.
#pragma once

#include <boost/container/flat_set.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/delivery_monitor.h"
#include "app/store.h"
#include "base/mutex.h"
#include "delivery/follower.h"
#include "delivery/subscription.h"

namespace daybook::delivery {

using app::Fence;

class DeliveryCore final : public AttemptSink, public std::enable_shared_from_this<DeliveryCore> {
 public:
    DeliveryCore(app::Store& store, const Clock& clock, Random& random, Executor& executor)
        : store_(store), clock_(clock), random_(random), executor_(executor) {}

    Status start(Fence fence) EXCLUDES(mutex_);
    void halt() EXCLUDES(mutex_);
    bool is_started() EXCLUDES(mutex_);
    bool is_subscribed(const std::string& name) EXCLUDES(mutex_);
    void stop() EXCLUDES(mutex_);
    void subscribe(Subscription subscription) EXCLUDES(mutex_);
    void unsubscribe(const std::string& name) EXCLUDES(mutex_);
    void pause(const std::string& name, OrgId org, std::string reason) EXCLUDES(mutex_);
    void committed(const app::Changes& changes) EXCLUDES(mutex_);
    void drain(std::function<void()> done) EXCLUDES(mutex_);
    std::vector<app::SubscriptionStatus> statuses(std::optional<OrgId> org) EXCLUDES(mutex_);
    std::vector<app::TypeCount> recorded() EXCLUDES(mutex_);
    // As they were saved last, by whichever node delivers.
    Result<std::vector<app::SubscriptionStatus>> saved_statuses(OrgId org);
    // Looks up when the oldest event of each was recorded.
    Status look_up_oldest(std::optional<OrgId> org) EXCLUDES(mutex_);
    Status compare_heads() EXCLUDES(mutex_);

    bool answered(std::uint64_t feed, std::uint64_t attempt, std::string error) override
        EXCLUDES(mutex_);

 private:
    using FeedId = std::uint64_t;
    using FeedKey = std::pair<OrgId, std::string>;  // with the name of the subscription
    using Orgs = boost::container::flat_set<OrgId>;

    // A subscription in one org.
    struct Feed {
        FeedId id = 0;
        OrgId org;
        std::shared_ptr<const Subscription> spec;
        std::optional<Follower> follower;  // none until it is loaded
        Position head = 0;
        bool posted = false;   // a pump is on its way
        bool pumping = false;  // one runs
        bool again = false;    // something came meanwhile
        bool stale = false;    // the tables changed while it was being loaded
        bool waits_for_worker = false;
        std::int64_t timer_ms = 0;       // the earliest one that is set; 0: none
        std::int64_t not_before_ms = 0;  // after an error of the store
        std::optional<Position> oldest;
        std::optional<Instant> oldest_recorded;
    };
    struct Due {
        Position position = 0;
        app::EventFacts facts;
        domain::StoredEvent stored;
    };
    struct Launch {
        std::shared_ptr<const Subscription> spec;
        std::shared_ptr<const Message> message;
        Attempt attempt;
    };

    [[nodiscard]] Now now() const { return {executor_.monotonic_ms(), clock_.now()}; }
    void add_feed(std::shared_ptr<const Subscription> spec, OrgId org) REQUIRES(mutex_);
    void remove_feed(FeedId id) REQUIRES(mutex_);
    void load_anew(OrgId org) REQUIRES(mutex_);
    Feed* find(const FeedKey& key) REQUIRES(mutex_);
    Feed* find(FeedId id) REQUIRES(mutex_);
    void wake(Feed& feed) REQUIRES(mutex_);
    void wake_after(Feed& feed, std::int64_t delay_ms) REQUIRES(mutex_);

    // The pump (delivery_pump.cpp).
    void pump(FeedId id) EXCLUDES(mutex_);
    Status pump_once(FeedId id) EXCLUDES(mutex_);
    Status load(FeedId id, OrgId org, const Subscription& spec) EXCLUDES(mutex_);
    Status read(FeedId id, OrgId org) EXCLUDES(mutex_);
    Status launch(FeedId id, OrgId org) EXCLUDES(mutex_);
    Result<std::vector<Due>> events_at(OrgId org, const std::vector<Position>& positions);
    void hand_over(Launch launch);
    void save(FeedId id) EXCLUDES(mutex_);
    void saved(FeedId id, const Result<app::Outcome>& outcome) EXCLUDES(mutex_);
    void finish_pump(FeedId id, const Status& status) EXCLUDES(mutex_);
    void pause_for_damage(FeedId id, const Error& damage) EXCLUDES(mutex_);

    // Workers that subscriptions share: taken before a start, given back with the answer.
    std::size_t take_workers(Feed& feed, std::size_t wanted) REQUIRES(mutex_);
    void give_back_worker(OrgId org) REQUIRES(mutex_);
    void wake_waiting() REQUIRES(mutex_);

    void apply_delivery(const app::DeliveryKey& key, const app::DeliveryRow& row) REQUIRES(mutex_);
    void apply_letter(OrgId org, const app::DeadLetter& letter) REQUIRES(mutex_);
    void check_drained() EXCLUDES(mutex_);

    app::Store& store_;
    const Clock& clock_;
    Random& random_;
    Executor& executor_;

    Mutex mutex_;
    bool started_ GUARDED_BY(mutex_) = false;
    Fence fence_ GUARDED_BY(mutex_) = 0;
    bool stopped_ GUARDED_BY(mutex_) = false;
    bool draining_ GUARDED_BY(mutex_) = false;
    std::int64_t drain_deadline_ms_ GUARDED_BY(mutex_) = 0;
    std::function<void()> drained_ GUARDED_BY(mutex_);
    std::map<std::string, std::shared_ptr<const Subscription>> subscriptions_ GUARDED_BY(mutex_);
    Orgs orgs_ GUARDED_BY(mutex_);
    // Events committed since the start, by type.
    std::vector<std::uint64_t> recorded_ GUARDED_BY(mutex_) =
        std::vector<std::uint64_t>(domain::all_event_types().size());
    std::map<FeedId, Feed> feeds_ GUARDED_BY(mutex_);
    std::map<FeedKey, FeedId> feed_ids_ GUARDED_BY(mutex_);
    FeedId next_feed_ GUARDED_BY(mutex_) = 1;
    // Workers, by feed and attempt.
    std::map<std::pair<FeedId, std::uint64_t>, OrgId> borrowed_ GUARDED_BY(mutex_);
    std::map<OrgId, std::size_t> workers_of_ GUARDED_BY(mutex_);
    std::size_t workers_ GUARDED_BY(mutex_) = 0;
    std::deque<FeedId> waiting_ GUARDED_BY(mutex_);  // for a worker, in turn
};

}  // namespace daybook::delivery
