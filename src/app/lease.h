// Leases: what one node at a time does for all that share a database.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"

namespace daybook::app {

// Grows each time that a lease goes to somebody else. Whoever acts under a lease shows it, and is
// refused once another holds the lease: that, and no clock, keeps an earlier holder from writing.
using Fence = std::int64_t;

// Webhooks, and where each subscription is.
inline constexpr std::string_view kDeliveryLease = "delivery";

class Leases {
 public:
    virtual ~Leases() = default;

    // Takes the lease, or keeps it, for so long by the database's clock; none while another has it.
    // Errors: busy (the database cannot be reached).
    virtual Result<std::optional<Fence>> take(std::string_view lease, Uuid holder,
                                              std::int64_t ms) = 0;
    // Lets another have it at once.
    virtual Status give_back(std::string_view lease, Uuid holder) = 0;
};

}  // namespace daybook::app
