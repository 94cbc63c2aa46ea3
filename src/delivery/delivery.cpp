// The feeds: which subscription runs in which org, and what commits and answers mean to them.
#include "delivery/delivery.h"

#include <algorithm>

#include "base/check.h"
#include "delivery/delivery_core.h"

namespace daybook::delivery {

namespace {

// Orgs in which another node has changed something that followers keep in memory.
std::vector<OrgId> changed_elsewhere(const app::Changes& changes) {
    std::vector<OrgId> orgs;
    for (const auto& [org, found] : changes.found) {
        const bool is_changed =
            found.skipped || std::ranges::any_of(changes.events, [&](const app::EventRow& event) {
                return event.org == org && (event.entity.type == domain::EntityType::subscription ||
                                            event.entity.type == domain::EntityType::dead_letter);
            });
        if (is_changed) orgs.push_back(org);
    }
    return orgs;
}

}  // namespace

Delivery::Delivery(app::Store& store, const Clock& clock, Random& random, Executor& executor)
    : core_(std::make_shared<DeliveryCore>(store, clock, random, executor)) {}

Delivery::~Delivery() {
    core_->stop();
}

Status Delivery::start(Fence fence) {
    return core_->start(fence);
}

void Delivery::halt() {
    core_->halt();
}

void Delivery::subscribe(Subscription subscription) {
    core_->subscribe(std::move(subscription));
}

void Delivery::unsubscribe(const std::string& name) {
    core_->unsubscribe(name);
}

void Delivery::pause(const std::string& name, OrgId org, std::string reason) {
    core_->pause(name, org, std::move(reason));
}

void Delivery::committed(const app::Changes& changes) {
    core_->committed(changes);
}

void Delivery::drain(std::function<void()> done) {
    core_->drain(std::move(done));
}

Result<std::vector<app::SubscriptionStatus>> Delivery::subscriptions(OrgId org) {
    if (!core_->is_started()) return core_->saved_statuses(org);
    TRY(core_->look_up_oldest(org));
    return core_->statuses(org);
}

std::vector<app::SubscriptionStatus> Delivery::all_subscriptions() {
    return core_->statuses(std::nullopt);
}

std::vector<app::TypeCount> Delivery::recorded() {
    return core_->recorded();
}

Status Delivery::sweep() {
    if (!core_->is_started()) return {};
    TRY(core_->compare_heads());
    return core_->look_up_oldest(std::nullopt);
}

Status DeliveryCore::start(Fence fence) {
    const auto orgs = TRY(store_.orgs());
    const Lock lock(mutex_);
    started_ = true;
    fence_ = fence;
    for (const domain::Org& org : orgs) orgs_.insert(org.id);
    for (const auto& [name, spec] : subscriptions_) {
        for (const OrgId org : orgs_) {
            if (!spec->org || *spec->org == org) add_feed(spec, org);
        }
    }
    for (auto& [id, feed] : feeds_) wake(feed);
    return {};
}

void DeliveryCore::halt() {
    const Lock lock(mutex_);
    started_ = false;
    while (!feeds_.empty()) remove_feed(feeds_.begin()->first);
}

// What is under way in the old feeds is of no use any more, and delivered once more by the new.
void DeliveryCore::load_anew(OrgId org) {
    std::vector<FeedId> old;
    for (auto each = feed_ids_.lower_bound({org, {}});
         each != feed_ids_.end() && each->first.first == org; ++each) {
        old.push_back(each->second);
    }
    for (const FeedId id : old) {
        const auto spec = feeds_.at(id).spec;
        remove_feed(id);
        add_feed(spec, org);
    }
}

void DeliveryCore::stop() {
    const Lock lock(mutex_);
    stopped_ = true;
    for (auto& [id, feed] : feeds_) {
        if (feed.follower) feed.follower->stop_attempts();
    }
}

void DeliveryCore::subscribe(Subscription subscription) {
    CHECK(subscription.handler != nullptr);
    const auto spec = std::make_shared<const Subscription>(std::move(subscription));
    const Lock lock(mutex_);
    subscriptions_[spec->name] = spec;
    const Orgs one = spec->org ? Orgs{*spec->org} : Orgs{};
    for (const OrgId org : spec->org ? one : orgs_) {
        if (Feed* feed = find(FeedKey{org, spec->name})) {
            feed->spec = spec;
        } else {
            add_feed(spec, org);
        }
    }
}

void DeliveryCore::unsubscribe(const std::string& name) {
    const Lock lock(mutex_);
    subscriptions_.erase(name);
    std::vector<FeedId> gone;
    for (const auto& [id, feed] : feeds_) {
        if (feed.spec->name == name) gone.push_back(id);
    }
    for (const FeedId id : gone) remove_feed(id);
}

void DeliveryCore::pause(const std::string& name, OrgId org, std::string reason) {
    const Lock lock(mutex_);
    Feed* feed = find(FeedKey{org, name});
    if (feed == nullptr || !feed->follower) return;
    feed->follower->pause(std::move(reason));
    wake(*feed);
}

void DeliveryCore::add_feed(std::shared_ptr<const Subscription> spec, OrgId org) {
    const FeedKey key{org, spec->name};
    if (feed_ids_.contains(key)) return;
    const FeedId id = next_feed_++;
    feed_ids_.emplace(key, id);
    Feed& feed = feeds_[id];
    feed.id = id;
    feed.org = org;
    feed.spec = std::move(spec);
    wake(feed);
}

void DeliveryCore::remove_feed(FeedId id) {
    const auto found = feeds_.find(id);
    if (found->second.follower) found->second.follower->stop_attempts();
    feed_ids_.erase({found->second.org, found->second.spec->name});
    feeds_.erase(found);
}

DeliveryCore::Feed* DeliveryCore::find(const FeedKey& key) {
    const auto found = feed_ids_.find(key);
    return found == feed_ids_.end() ? nullptr : find(found->second);
}

DeliveryCore::Feed* DeliveryCore::find(FeedId id) {
    const auto found = feeds_.find(id);
    return found == feeds_.end() ? nullptr : &found->second;
}

void DeliveryCore::committed(const app::Changes& changes) {
    const Lock lock(mutex_);
    for (const app::EventRow& event : changes.events) {
        if (!changes.found.contains(event.org))
            ++recorded_.at(static_cast<std::size_t>(event.type));
    }
    for (const OrgId org : changed_elsewhere(changes)) load_anew(org);
    for (const auto& [org, head] : changes.heads) {
        if (orgs_.insert(org).second) {
            for (const auto& [name, spec] : subscriptions_) {
                if (!spec->org) add_feed(spec, org);
            }
        }
        for (auto each = feed_ids_.lower_bound({org, {}});
             each != feed_ids_.end() && each->first.first == org; ++each) {
            Feed& feed = feeds_.at(each->second);
            feed.head = std::max(feed.head, head.position);
            if (feed.follower) feed.follower->heard_head(feed.head);
            wake(feed);
        }
    }
    for (const auto& [key, row] : changes.deliveries) apply_delivery(key, row);
    for (const auto& [key, letter] : changes.dead_letters) apply_letter(key.org, letter);
}

void DeliveryCore::apply_delivery(const app::DeliveryKey& key, const app::DeliveryRow& row) {
    Feed* feed = find(FeedKey{key.org, key.subscription});
    if (feed == nullptr) return;
    if (!feed->follower) {
        feed->stale = true;
        return;
    }
    if (row.generation > feed->follower->generation()) {
        feed->follower->reset(row, now());
    } else if (row.paused != feed->follower->status().paused) {
        feed->follower->heard_paused(row.paused, row.reason);
    } else {
        return;  // what it saved itself
    }
    wake(*feed);
}

void DeliveryCore::apply_letter(OrgId org, const app::DeadLetter& letter) {
    Feed* feed = find(FeedKey{org, letter.subscription});
    if (feed == nullptr) return;
    if (!feed->follower) {
        feed->stale = true;
        return;
    }
    if (letter.state == app::DeadLetterState::dead) return;  // what it saved itself
    if (letter.state == app::DeadLetterState::redriving) {
        feed->follower->redrive(letter, now());
    } else {
        feed->follower->release(letter.id, now());
    }
    wake(*feed);
}

bool DeliveryCore::answered(std::uint64_t id, std::uint64_t attempt, std::string error) {
    const Lock lock(mutex_);
    const auto borrowed = borrowed_.find({id, attempt});
    if (borrowed != borrowed_.end()) {
        const OrgId org = borrowed->second;
        borrowed_.erase(borrowed);
        give_back_worker(org);
    }
    Feed* feed = find(id);
    if (stopped_ || feed == nullptr || !feed->follower) return false;
    const bool counts = feed->follower->answer(attempt, std::move(error), now());
    wake(*feed);
    return counts;
}

void DeliveryCore::drain(std::function<void()> done) {
    {
        const Lock lock(mutex_);
        draining_ = true;
        drained_ = std::move(done);
        drain_deadline_ms_ = executor_.monotonic_ms() + limits::kDeliveryDrainMsMax;
        for (auto& [id, feed] : feeds_) {
            if (!feed.follower) continue;
            feed.follower->hurry_save();
            feed.not_before_ms = 0;
            wake(feed);
        }
    }
    executor_.post([core = shared_from_this()] { core->check_drained(); });
    executor_.post_after(limits::kDeliveryDrainMsMax,
                         [core = shared_from_this()] { core->check_drained(); });
}

void DeliveryCore::check_drained() {
    std::function<void()> done;
    {
        const Lock lock(mutex_);
        if (!draining_ || !drained_) return;
        if (executor_.monotonic_ms() < drain_deadline_ms_) {
            for (const auto& [id, feed] : feeds_) {
                if (!feed.follower) continue;
                const Follower::Status status = feed.follower->status();
                if (status.in_flight > status.overdue || !feed.follower->is_saved()) return;
            }
        }
        done = std::exchange(drained_, nullptr);
    }
    done();
}

std::vector<app::SubscriptionStatus> DeliveryCore::statuses(std::optional<OrgId> org) {
    const Instant at = clock_.now();
    std::vector<app::SubscriptionStatus> list;
    const Lock lock(mutex_);
    for (const auto& [key, id] : feed_ids_) {
        const Feed& feed = feeds_.at(id);
        if ((org && *org != feed.org) || !feed.follower) continue;
        const Follower::Status status = feed.follower->status();
        app::SubscriptionStatus& shown = list.emplace_back();
        shown.org = feed.org;
        shown.subscription = feed.spec->name;
        shown.paused = status.paused;
        shown.stuck = status.stuck;
        shown.reason = status.reason;
        shown.watermark = status.watermark;
        shown.head = status.head;
        shown.lag_events = status.lag;
        shown.oldest = feed.follower->oldest();
        if (shown.oldest && feed.oldest && *feed.oldest <= *shown.oldest) {
            shown.oldest_recorded = feed.oldest_recorded;
            if (feed.oldest_recorded)
                shown.lag_ms = std::max<std::int64_t>(0, at.ms - feed.oldest_recorded->ms);
        }
        shown.in_flight = status.in_flight;
        shown.overdue = status.overdue;
        shown.queued = status.queued;
        shown.parked = status.parked;
        shown.dead_letters = status.dead_letters;
        shown.acknowledged = status.acknowledged;
        shown.retries = status.retries;
        shown.died = status.died;
        shown.late = status.late;
    }
    return list;
}

Result<std::vector<app::SubscriptionStatus>> DeliveryCore::saved_statuses(OrgId org) {
    const auto snapshot = TRY(store_.snapshot(org));
    const Position head = TRY(snapshot->head());
    std::vector<app::SubscriptionStatus> list;
    for (const app::DeliveryEntry& each : TRY(snapshot->deliveries())) {
        if (!is_subscribed(each.key.subscription)) continue;
        app::SubscriptionStatus& shown = list.emplace_back();
        shown.org = org;
        shown.subscription = each.key.subscription;
        shown.paused = each.row.paused;
        shown.reason = each.row.reason;
        shown.watermark = each.row.watermark;
        shown.head = head;
        shown.lag_events = head - each.row.watermark;
        app::DeadLetterFilter filter{each.key.subscription, std::nullopt, limits::kPageMax};
        shown.dead_letters = TRY(snapshot->dead_letters(filter)).letters.size();
    }
    return list;
}

bool DeliveryCore::is_subscribed(const std::string& name) {
    const Lock lock(mutex_);
    return subscriptions_.contains(name);
}

bool DeliveryCore::is_started() {
    const Lock lock(mutex_);
    return started_;
}

std::vector<app::TypeCount> DeliveryCore::recorded() {
    std::vector<app::TypeCount> counts;
    const Lock lock(mutex_);
    for (const domain::EventType type : domain::all_event_types())
        counts.push_back(
            {domain::event_type_name(type), recorded_.at(static_cast<std::size_t>(type))});
    return counts;
}

Status DeliveryCore::look_up_oldest(std::optional<OrgId> org) {
    struct Wanted {
        FeedId id;
        OrgId org;
        Position position;
    };
    std::vector<Wanted> wanted;
    {
        const Lock lock(mutex_);
        for (auto& [id, feed] : feeds_) {
            if ((org && *org != feed.org) || !feed.follower) continue;
            const auto oldest = feed.follower->oldest();
            if (oldest && oldest != feed.oldest) wanted.push_back({id, feed.org, *oldest});
        }
    }
    for (const Wanted& each : wanted) {
        const auto found = TRY(events_at(each.org, {each.position}));
        const Lock lock(mutex_);
        Feed* feed = find(each.id);
        if (feed == nullptr) continue;
        feed->oldest = each.position;
        feed->oldest_recorded = found.front().facts.at;
    }
    return {};
}

Status DeliveryCore::compare_heads() {
    for (const domain::Org& org : TRY(store_.orgs())) {
        const auto snapshot = TRY(store_.snapshot(org.id));
        app::Changes heads;
        heads.heads[org.id].position = TRY(snapshot->head());
        committed(heads);
    }
    return {};
}

}  // namespace daybook::delivery
