// A subscription: its name, which events it wants, who handles them, and how patient it is.
//
// A handler is called at least once for each event that the filter lets through, and drops repeats
// by the event's id. It answers through the Attempt, from any thread and at any time; one that
// comes too late is refused, and says so.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/event_facts.h"
#include "base/executor.h"
#include "base/ids.h"
#include "base/limits.h"
#include "domain/events.h"

namespace daybook::delivery {

// Empty lists let everything through. Types and entity types are names, so that a filter may wait
// for those of a newer version.
struct Filter {
    std::vector<std::string> types;
    std::vector<PropertyId> properties;  // lets no fact through that has no property
    std::vector<std::string> entity_types;

    [[nodiscard]] bool wants(const app::EventFacts& facts) const;
};

// Delays grow by `factor` from the first to the last; each is drawn from 0 to that (full jitter).
struct Backoff {
    std::int64_t first_ms = limits::kRetryInsideMsMin;
    std::int64_t last_ms = limits::kRetryInsideMsMax;
    int factor = 3;

    // The bound after so many failed attempts, at least 1.
    [[nodiscard]] std::int64_t bound_ms(int failed) const;
};
inline constexpr Backoff kInsideBackoff{};
inline constexpr Backoff kOutsideBackoff{limits::kRetryOutsideMsMin, limits::kRetryOutsideMsMax, 4};

struct Policy {
    std::size_t in_flight = limits::kDeliveryInFlightMax;
    std::int64_t ack_ms = limits::kDeliveryAckMsMax;
    int attempts = limits::kDeliveryAttemptsMax;
    Backoff backoff;
    std::size_t ranges = limits::kDeliveryRangesMax;
    std::size_t parked = limits::kDeliveryParkedMax;
    std::size_t dead_letters = limits::kDeadLettersMax;
    std::size_t queued = limits::kDeliveryQueuedMax;
};

// Attempts that several subscriptions may make at a time, all together and for one org.
struct Workers {
    std::size_t all = limits::kWebhookWorkers;
    std::size_t per_org = limits::kWebhookWorkersPerOrg;
};

struct Message {
    OrgId org;
    app::EventFacts facts;
    domain::StoredEvent stored;
};

// Takes the answers of attempts; outlives them.
class AttemptSink {
 public:
    virtual ~AttemptSink() = default;
    // Whether the answer counts. An empty `error` acknowledges.
    virtual bool answered(std::uint64_t follower, std::uint64_t attempt, std::string error) = 0;
};

// One try at one event. Whoever lets go of it without an answer has failed.
class Attempt {
 public:
    Attempt(std::shared_ptr<AttemptSink> sink, std::uint64_t follower, std::uint64_t id, int number,
            std::shared_ptr<const std::atomic<bool>> stop)
        : sink_(std::move(sink)),
          follower_(follower),
          id_(id),
          number_(number),
          stop_(std::move(stop)) {}
    ~Attempt();
    Attempt(Attempt&&) noexcept = default;
    Attempt& operator=(Attempt&&) = delete;

    // From 1.
    [[nodiscard]] int number() const { return number_; }
    // The deadline has passed, or the subscription was reset: the answer no longer counts.
    [[nodiscard]] bool stop_requested() const { return stop_->load(); }

    // The first of them counts. False: refused, the event is delivered again or was already.
    bool acknowledge();
    bool fail(std::string error);

 private:
    std::shared_ptr<AttemptSink> sink_;
    std::uint64_t follower_;
    std::uint64_t id_;
    int number_;
    std::shared_ptr<const std::atomic<bool>> stop_;
};

class Handler {
 public:
    virtual ~Handler() = default;
    // Moves the attempt out to answer it later. May throw: that is a failed attempt.
    virtual void handle(const Message& message, Attempt&& attempt) = 0;
};

enum class StartAt : std::uint8_t { beginning, head };

struct Subscription {
    std::string name;          // at most 60 characters, for ever
    std::optional<OrgId> org;  // none: every org, also those to come
    Filter filter;
    std::shared_ptr<Handler> handler;
    Executor* runs_on = nullptr;  // its threads; null: delivery's
    Policy policy;
    std::optional<Workers> workers;      // none: only `policy.in_flight` bounds it
    StartAt start = StartAt::beginning;  // where it has no cursor yet
};

}  // namespace daybook::delivery
