// Who a request comes from, and what this node has to find out before it can tell.
//
// Operation: an org that nobody has asked about is loaded before its first request goes on
// (app::Store::load); where other nodes write to the same books, what they committed is looked at
// before a request that may know of it. Threads: any; nothing blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "app/authenticator.h"
#include "app/rate_limiter.h"
#include "app/report_service.h"
#include "app/store.h"
#include "base/clock.h"
#include "http/routes_call.h"

namespace daybook::http {

struct DoorwayParts {
    app::Store& store;
    app::Authenticator& authenticator;
    app::ReportService& reports;
    const Clock& clock;
    app::RateLimiter* rates;  // nullptr: nobody is limited
};

class Doorway {
 public:
    explicit Doorway(const DoorwayParts& parts) : parts_(parts) {}

    // An org that is not loaded, which Request::loaded says was tried.
    struct Unloaded {
        OrgId org;
    };
    // Other nodes may have committed what the request is about, to the org or, without one, to any;
    // Request::caught_up says that they were looked at.
    struct Behind {
        std::optional<OrgId> org;
    };
    using Missing = std::variant<std::monostate, Unloaded, Behind>;
    [[nodiscard]] Missing missing(const RouteRow& row, const Request& request) const;

    // By a token, or else the console's cookie, whose writes must come from its own pages. Errors:
    // unauthenticated, forbidden, busy.
    [[nodiscard]] Result<domain::Principal> signed_in(const Request& request, Caller caller) const;
    // Error: rate_limited.
    [[nodiscard]] Status take_rate(const domain::Principal& principal, std::int64_t cost) const;

 private:
    [[nodiscard]] std::optional<OrgId> unloaded(const RouteRow& row, const Request& request) const;
    [[nodiscard]] std::optional<Behind> behind(const RouteRow& row, const Request& request) const;

    const DoorwayParts parts_;
};

}  // namespace daybook::http
