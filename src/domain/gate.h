// The daily gate: who has undecided entries of earlier business days at a property adds no more
// there before they are decided, or an approver grants the day.
//
// It holds for managers alone, where the org's setting asks for it, and keeps them from adding and
// from nothing else, but from what would open it without a decision: giving an undecided entry of
// an earlier day a later date than that, or another property. An entry is its first author's,
// whatever token or person changed it later.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "domain/business_date.h"
#include "domain/principal.h"
#include "domain/text.h"
#include "domain/user.h"

namespace daybook::domain {

// Somebody may add at the property on this business date of it, although the gate is closed.
struct DailyApproval {
    PropertyId property;
    UserId user;
    BusinessDate date;
    Text reason;
    UserId by;
    Instant at;
    bool revoked = false;

    bool operator==(const DailyApproval&) const = default;
};

// How events name an approval: a UUIDv8 made of what it is for, so that all events of one approval
// are of one entity.
Uuid daily_approval_entity(PropertyId property, UserId user, BusinessDate date);

// Whom the gate may keep from adding.
bool is_gated(const Principal& principal);

// The gate of one person at one property, as it stands. Of those who are not gated, and where the
// setting is off, it has nothing undecided.
struct Gate {
    std::int64_t undecided = 0;          // entries of earlier business days
    std::optional<BusinessDate> oldest;  // of their dates
    bool approved = false;               // an approver granted the day
    std::vector<User> can_lift;          // where it is closed

    [[nodiscard]] bool is_closed() const { return undecided > 0 && !approved; }
};

// Errors: gate_closed, with count, oldest date and who can lift it.
Status check_gate(const Gate& gate);

}  // namespace daybook::domain
