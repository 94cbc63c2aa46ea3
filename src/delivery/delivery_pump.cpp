// The pump: load, read, start, save; each step with the lock taken only around memory.
#include <algorithm>
#include <exception>

#include "base/check.h"
#include "base/log.h"
#include "delivery/delivery_core.h"

namespace daybook::delivery {
namespace {

// After an error of the store, in milliseconds.
constexpr std::int64_t kStoreRetryMs = 1'000;
// Positions that are read in one go to start events; further apart, each is read by itself.
constexpr Position kReadSpanMax = 64;

void run_handler(const Subscription& spec, const Message& message, Attempt attempt) {
    try {
        spec.handler->handle(message, std::move(attempt));
    } catch (const std::exception& thrown) {
        attempt.fail(thrown.what());
    } catch (...) {
        attempt.fail("The handler threw something that is no exception.");
    }
}

// Delivery acts as the machine itself; what it saves makes no event, so that no user is named.
domain::Principal delivery_principal(OrgId org) {
    return domain::Principal{
        org, UserId{}, domain::Role::owner, domain::Scope{}, domain::Via{domain::ViaKind::cli, {}},
        {}};
}

}  // namespace

void DeliveryCore::wake(Feed& feed) {
    if (!started_ || stopped_ || feed.posted) return;
    const std::int64_t wait_ms = feed.not_before_ms - executor_.monotonic_ms();
    if (wait_ms > 0) return wake_after(feed, wait_ms);
    feed.posted = true;
    executor_.post([core = shared_from_this(), id = feed.id] { core->pump(id); });
}

void DeliveryCore::wake_after(Feed& feed, std::int64_t delay_ms) {
    const std::int64_t due_ms = executor_.monotonic_ms() + std::max<std::int64_t>(delay_ms, 1);
    const bool is_set = feed.timer_ms != 0 && feed.timer_ms <= due_ms;
    if (stopped_ || is_set) return;
    feed.timer_ms = due_ms;
    executor_.post_after(delay_ms, [core = shared_from_this(), id = feed.id, due_ms] {
        const Lock lock(core->mutex_);
        Feed* found = core->find(id);
        if (found == nullptr) return;
        if (found->timer_ms == due_ms) found->timer_ms = 0;
        core->wake(*found);
    });
}

void DeliveryCore::pump(FeedId id) {
    {
        const Lock lock(mutex_);
        Feed* feed = find(id);
        if (feed == nullptr || stopped_) return;
        feed->posted = false;
        if (feed->pumping) {
            feed->again = true;
            return;
        }
        feed->pumping = true;
        feed->again = false;
    }
    finish_pump(id, pump_once(id));
    check_drained();
}

Status DeliveryCore::pump_once(FeedId id) {
    OrgId org;
    std::shared_ptr<const Subscription> spec;
    bool is_loaded = false;
    {
        const Lock lock(mutex_);
        const Feed* feed = find(id);
        if (feed == nullptr) return {};
        org = feed->org;
        spec = feed->spec;
        is_loaded = feed->follower.has_value();
    }
    if (!is_loaded) TRY(load(id, org, *spec));
    TRY(read(id, org));
    TRY(launch(id, org));
    save(id);
    return {};
}

void DeliveryCore::finish_pump(FeedId id, const Status& status) {
    const Lock lock(mutex_);
    Feed* feed = find(id);
    if (feed == nullptr) return;
    feed->pumping = false;
    if (!status) {
        if (status.error().code != ErrorCode::busy) {
            log(LogLevel::warning, "delivery: " + feed->spec->name + ": " +
                                       std::string(code_name(status.error().code)) + ": " +
                                       status.error().detail);
        }
        feed->not_before_ms = executor_.monotonic_ms() + kStoreRetryMs;
    }
    if (!feed->follower) return wake(*feed);
    if (!feed->follower->oldest()) feed->oldest.reset();
    const bool reads_on = !draining_ && feed->follower->wants_page();
    if (!status || feed->again || reads_on) wake(*feed);
    const auto due_ms = feed->follower->next_due_ms();
    if (due_ms) wake_after(*feed, *due_ms - executor_.monotonic_ms());
}

Status DeliveryCore::load(FeedId id, OrgId org, const Subscription& spec) {
    for (;;) {
        const auto snapshot = TRY(store_.snapshot(org));
        const Position head = TRY(snapshot->head());
        app::DeliveryRow row;
        row.watermark = spec.start == StartAt::head ? head : 0;
        for (app::DeliveryEntry& each : TRY(snapshot->deliveries())) {
            if (each.key.subscription == spec.name) row = std::move(each.row);
        }
        std::vector<app::DeadLetter> letters;
        app::DeadLetterFilter filter{spec.name, std::nullopt, limits::kPageMax};
        for (bool is_more = true; is_more;) {
            app::DeadLetterPage page = TRY(snapshot->dead_letters(filter));
            std::ranges::move(page.letters, std::back_inserter(letters));
            filter.after = page.next;
            is_more = page.next.has_value();
        }
        const Lock lock(mutex_);
        Feed* feed = find(id);
        if (feed == nullptr) return {};
        if (std::exchange(feed->stale, false)) continue;
        feed->follower.emplace(spec.policy, row, std::move(letters), random_);
        feed->head = std::max(feed->head, head);
        feed->follower->heard_head(feed->head);
        return {};
    }
}

Status DeliveryCore::read(FeedId id, OrgId org) {
    Follower::Page page;
    std::int64_t generation = 0;
    {
        const Lock lock(mutex_);
        Feed* feed = find(id);
        if (feed == nullptr || !feed->follower) return {};
        feed->follower->expire(now());
        const auto wanted = feed->follower->wants_page();
        if (!wanted || draining_) return {};
        page = *wanted;
        generation = feed->follower->generation();
    }
    const auto snapshot = TRY(store_.snapshot(org));
    std::vector<app::EventFacts> facts;
    for (const domain::StoredEvent& each : TRY(snapshot->log(page.after, page.limit))) {
        auto read = app::facts_of(each);
        if (!read) {
            pause_for_damage(id, read.error());
            return {};
        }
        facts.push_back(*std::move(read));
    }
    if (facts.empty())
        return fail(ErrorCode::corrupt, "The log ends before its head; run daybook verify.");
    const Lock lock(mutex_);
    Feed* feed = find(id);
    if (feed == nullptr || feed->follower->generation() != generation) return {};
    feed->follower->read(facts, feed->spec->filter, now());
    return {};
}

// An event that cannot be read would be lost if it were passed over.
void DeliveryCore::pause_for_damage(FeedId id, const Error& damage) {
    const Lock lock(mutex_);
    Feed* feed = find(id);
    if (feed != nullptr) feed->follower->pause(damage.detail);
}

Status DeliveryCore::launch(FeedId id, OrgId org) {
    std::vector<Position> positions;
    bool borrows = false;
    {
        const Lock lock(mutex_);
        Feed* feed = find(id);
        if (feed == nullptr || draining_) return {};
        borrows = feed->spec->workers.has_value();
        positions = feed->follower->due(now());
        positions.resize(take_workers(*feed, positions.size()));
        if (borrows) wake_waiting();
    }
    if (positions.empty()) return {};
    auto events = events_at(org, positions);
    std::vector<Launch> launches;
    std::size_t unused = positions.size();
    {
        const Lock lock(mutex_);
        Feed* feed = find(id);
        const bool is_good = events && feed != nullptr;
        for (Due& due : is_good ? *events : std::vector<Due>{}) {
            const auto start = feed->follower->start(due.facts, now());
            if (!start) continue;
            if (borrows) borrowed_.emplace(std::pair(id, start->attempt), org);
            --unused;
            launches.push_back(
                {feed->spec,
                 std::make_shared<const Message>(
                     Message{org, std::move(due.facts), std::move(due.stored)}),
                 Attempt(shared_from_this(), id, start->attempt, start->number, start->stop)});
        }
        for (; borrows && unused > 0; --unused) give_back_worker(org);
    }
    for (Launch& each : launches) hand_over(std::move(each));
    if (events) return {};
    if (events.error().code == ErrorCode::corrupt) {
        pause_for_damage(id, events.error());
        return {};
    }
    return std::unexpected(std::move(events).error());
}

void DeliveryCore::hand_over(Launch launch) {
    Executor& runs_on = launch.spec->runs_on != nullptr ? *launch.spec->runs_on : executor_;
    runs_on.post([launch = std::move(launch)]() mutable {
        run_handler(*launch.spec, *launch.message, std::move(launch.attempt));
    });
}

Result<std::vector<DeliveryCore::Due>> DeliveryCore::events_at(
    OrgId org, const std::vector<Position>& positions) {
    const auto snapshot = TRY(store_.snapshot(org));
    std::vector<Due> events;
    for (std::size_t i = 0; i < positions.size();) {
        const Position first = positions[i];
        std::size_t end = i + 1;
        while (end < positions.size() && positions[end] < first + kReadSpanMax) ++end;
        const auto span = static_cast<std::size_t>(positions[end - 1] - first + 1);
        for (domain::StoredEvent& each : TRY(snapshot->log(first - 1, span))) {
            if (i == end || each.position != positions[i]) continue;
            app::EventFacts facts = TRY(app::facts_of(each));
            events.push_back({each.position, std::move(facts), std::move(each)});
            ++i;
        }
        if (i != end) return fail(ErrorCode::corrupt, "An event of the log is missing.");
    }
    return events;
}

void DeliveryCore::save(FeedId id) {
    std::optional<app::SaveDelivery> save;
    OrgId org;
    {
        const Lock lock(mutex_);
        Feed* feed = find(id);
        if (feed == nullptr) return;
        if (draining_) feed->follower->hurry_save();
        save = feed->follower->take_save(now());
        if (!save) return;
        org = feed->org;
        save->subscription = feed->spec->name;
        save->fence = fence_;
        for (app::DeadLetter& letter : save->letters) letter.subscription = feed->spec->name;
    }
    app::Command command{delivery_principal(org), "delivery", std::nullopt, *std::move(save)};
    store_.submit(std::move(command),
                  [core = shared_from_this(), id](auto outcome) { core->saved(id, outcome); });
}

void DeliveryCore::saved(FeedId id, const Result<app::Outcome>& outcome) {
    const Lock lock(mutex_);
    Feed* feed = find(id);
    if (feed == nullptr) return;
    feed->follower->saved(outcome.has_value(), now());
    wake(*feed);
}

std::size_t DeliveryCore::take_workers(Feed& feed, std::size_t wanted) {
    if (!feed.spec->workers) return wanted;
    const Workers& limit = *feed.spec->workers;
    std::size_t& of_org = workers_of_[feed.org];
    const std::size_t taken = std::min({wanted, limit.all - std::min(limit.all, workers_),
                                        limit.per_org - std::min(limit.per_org, of_org)});
    workers_ += taken;
    of_org += taken;
    if (of_org == 0) workers_of_.erase(feed.org);
    if (taken < wanted && !std::exchange(feed.waits_for_worker, true)) waiting_.push_back(feed.id);
    return taken;
}

void DeliveryCore::give_back_worker(OrgId org) {
    --workers_;
    const auto of_org = workers_of_.find(org);
    if (--of_org->second == 0) workers_of_.erase(of_org);
    wake_waiting();
}

// The first in line that may have a worker gets its chance; whoever got one passes it on, so that a
// free worker is never kept from the next by somebody who no longer wants it.
void DeliveryCore::wake_waiting() {
    for (auto each = waiting_.begin(); each != waiting_.end();) {
        Feed* feed = find(*each);
        if (feed == nullptr || !feed->spec->workers) {
            each = waiting_.erase(each);
            continue;
        }
        const Workers& limit = *feed->spec->workers;
        const auto used = workers_of_.find(feed->org);
        if (workers_ >= limit.all) return;
        if (used != workers_of_.end() && used->second >= limit.per_org) {
            ++each;
            continue;
        }
        feed->waits_for_worker = false;
        waiting_.erase(each);
        return wake(*feed);
    }
}

}  // namespace daybook::delivery
