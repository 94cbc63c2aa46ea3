// What the API and the console want to know of a running delivery, which the tables cannot tell.
//
// Implemented by delivery/. Positions and settings of subscriptions are in the tables; this is the
// rest: what is under way at this moment, and what has been counted since the start.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"

namespace daybook::app {

struct SubscriptionStatus {
    OrgId org;
    std::string subscription;
    bool paused = false;
    bool stuck = false;  // every slot is taken by an attempt past its deadline
    std::string reason;  // why it is paused
    Position watermark = 0;
    Position head = 0;
    std::int64_t lag_events = 0;             // not acknowledged
    std::optional<Position> oldest;          // the first of them
    std::optional<Instant> oldest_recorded;  // when that was recorded
    std::int64_t lag_ms = 0;                 // since then; 0 without one, and never below
    std::size_t in_flight = 0;
    std::size_t overdue = 0;
    std::size_t queued = 0;
    std::size_t parked = 0;
    std::size_t dead_letters = 0;
    std::uint64_t acknowledged = 0;  // since the start, as are the next
    std::uint64_t retries = 0;
    std::uint64_t died = 0;
    std::uint64_t late = 0;
};

struct TypeCount {
    std::string_view type;
    std::uint64_t count = 0;
};

class DeliveryMonitor {
 public:
    virtual ~DeliveryMonitor() = default;

    // Of one org, by name; nothing where delivery does not run. Reads the log: not on the I/O
    // thread. Errors: those of a snapshot.
    virtual Result<std::vector<SubscriptionStatus>> subscriptions(OrgId org) = 0;
    // The same of all orgs without reading: the oldest as it was last looked up. Any thread.
    virtual std::vector<SubscriptionStatus> all_subscriptions() = 0;
    // Events of all orgs committed since the start, of every type. Any thread.
    virtual std::vector<TypeCount> recorded() = 0;
};

// Something that an admin should do something about.
struct Alert {
    std::string key;  // "dead_letters:webhook:<id>"; the same as long as it lasts
    Instant since;
    std::string detail;  // what is wrong and what to do
    auto operator<=>(const Alert&) const = default;
};

class AlertBoard {
 public:
    virtual ~AlertBoard() = default;
    // What holds now for the org, by key. Any thread.
    virtual std::vector<Alert> alerts(OrgId org) = 0;
};

}  // namespace daybook::app
