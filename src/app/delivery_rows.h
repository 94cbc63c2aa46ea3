// What delivery keeps between two starts: where each subscription is in an org's log, and the
// events that it gave up on. Side tables: no fold of the log, because they say how far its readers
// are.
//
// Only the writer writes them, by commands that make no event (SaveDelivery) or one (an admin's).
// A subscription's own acts and an admin's meet here: a reset makes a new generation, and what was
// saved for an older one is refused.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "domain/events.h"

namespace daybook::app {

struct DeliveryKey {
    OrgId org;
    std::string subscription;  // "webhook:<id>", "notifications"
    auto operator<=>(const DeliveryKey&) const = default;
};

// Both ends included.
struct PositionRange {
    Position first = 0;
    Position last = 0;
    bool operator==(const PositionRange&) const = default;
};

struct DeliveryRow {
    std::int64_t generation = 1;
    Position watermark = 0;             // everything up to it is acknowledged
    std::vector<PositionRange> ranges;  // acknowledged beyond it: ascending, with gaps between
    bool paused = false;
    std::string reason;  // why it is paused, in words
    Instant saved_at;

    bool operator==(const DeliveryRow&) const = default;
};

// `dead` waits for an admin; `redriving` is being delivered again; `removed` is no row any more.
enum class DeadLetterState : std::uint8_t { dead, redriving, removed };

struct DeadLetterKey {
    OrgId org;
    DeadLetterId id;
    auto operator<=>(const DeadLetterKey&) const = default;
};

// An event that a subscription gave up on. It counts as acknowledged, and holds later events of its
// entity.
struct DeadLetter {
    DeadLetterId id;
    std::string subscription;
    Position position = 0;
    EventId event;
    std::string event_type;  // as the log says, perhaps newer than this program
    std::string entity_type;
    Uuid entity;
    std::optional<PropertyId> property;
    std::int32_t attempts = 0;
    Instant first_at;  // of the attempts
    Instant last_at;
    std::string last_error;
    DeadLetterState state = DeadLetterState::dead;

    bool operator==(const DeadLetter&) const = default;
};

struct DeliveryEntry {
    DeliveryKey key;
    DeliveryRow row;
};

// One attempt of a webhook, as its delivery log keeps it.
struct WebhookAttempt {
    WebhookId webhook;
    EventId event;
    Position position = 0;
    std::int32_t attempt = 0;
    Instant at;
    std::int64_t duration_ms = 0;
    std::int32_t status = 0;  // of HTTP; 0 if there was no answer
    std::string error;        // empty if it was acknowledged

    bool operator==(const WebhookAttempt&) const = default;
};

}  // namespace daybook::app
