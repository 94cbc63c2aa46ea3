// Days, and what closing one leaves behind; locks, and who is let through them.
//
// A property has one date through which every day is closed (Counters::closed_through). Closing a
// day freezes its report under a number that is the day's for ever; reopening it and closing it
// again gives the next revision. A lock is an owner's: through its date nothing is changed or
// reopened, but by a named person until a time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/digest.h"
#include "base/ids.h"
#include "domain/business_date.h"
#include "domain/property.h"
#include "domain/text.h"

namespace daybook::domain {

// One account of a closed day: what was counted, or read from the statement, and how far that was
// from what should have been there. Only the variance of cash is posted.
struct CountedAccount {
    std::int64_t counted_minor = 0;
    std::int64_t variance_minor = 0;

    bool operator==(const CountedAccount&) const = default;
};

// One revision of a closed day.
struct Closing {
    PropertyId property;
    BusinessDate date;
    std::int64_t number = 0;    // of the day: per property, without gaps, from 1
    std::int64_t revision = 1;  // from 1
    std::array<std::optional<CountedAccount>, 2> counted;  // by Account; none where nobody counted
    std::int64_t expected_minor = 0;                       // of cash
    std::int64_t pending_cash_minor = 0;                   // of everything undecided up to the day
    std::optional<UserId> counted_by;                      // of cash
    bool needs_acknowledgement = false;  // the variance is above the org's tolerance
    Hash report{};                       // SHA-256 of the frozen report
    UserId by;
    Instant at;
    Position position = 0;  // of its event
    std::optional<UserId> reopened_by;
    std::optional<Instant> reopened_at;
    std::optional<UserId> acknowledged_by;
    std::optional<Instant> acknowledged_at;

    bool operator==(const Closing&) const = default;
    [[nodiscard]] bool stands() const { return !reopened_at.has_value(); }
    // What was posted, and a reopening takes back.
    [[nodiscard]] std::int64_t over_short_minor() const {
        return counted[0] ? counted[0]->variance_minor : 0;
    }
    [[nodiscard]] bool waits_for_acknowledgement() const {
        return stands() && needs_acknowledgement && !acknowledged_at;
    }
};

// How events name a day: a UUIDv8 made of the property's id and the date, so that all events of a
// day are of one entity.
Uuid day_entity(PropertyId property, BusinessDate date);

// Of the whole org where there is no property.
struct PeriodLock {
    std::optional<PropertyId> property;
    BusinessDate through;
    Text reason;
    UserId by;
    Instant at;
    bool lifted = false;
    std::int64_t version = 1;

    bool operator==(const PeriodLock&) const = default;
};

// One person may work through one lock until a time.
struct LockException {
    std::optional<PropertyId> property;  // of the lock
    UserId user;
    Instant until;
    Text reason;
    UserId by;
    Instant at;
    bool revoked = false;

    bool operator==(const LockException&) const = default;
    [[nodiscard]] bool holds(Instant now) const { return !revoked && now < until; }
};

}  // namespace daybook::domain
