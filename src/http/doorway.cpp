// What each kind of route has to know of its caller.
#include "http/doorway.h"

#include "http/caller.h"
#include "http/cookies.h"
#include "http/operator.h"
#include "http/request_headers.h"

namespace daybook::http {
namespace {

using domain::Principal;

// The cookie, where nothing else says who it is.
std::optional<std::string_view> cookie_shown(const Request& request) {
    return request.header("authorization") ? std::nullopt : session_cookie(request);
}

}  // namespace

Doorway::Missing Doorway::missing(const RouteRow& row, const Request& request) const {
    if (!request.loaded) {
        if (const auto org = unloaded(row, request)) return Unloaded{*org};
    }
    if (!request.caught_up && parts_.store.is_shared()) {
        if (const auto behind = this->behind(row, request)) return *behind;
    }
    return {};
}

// What reads a snapshot finds everything there; of the operator's routes only these do not.
std::optional<OrgId> Doorway::unloaded(const RouteRow& row, const Request& request) const {
    if (request.from_operator) {
        const bool needs_no_read =
            std::holds_alternative<Report>(row.run) || std::holds_alternative<NodeRoute>(row.run);
        const auto org = org_of_operator(request);
        if (!needs_no_read || !org || parts_.authenticator.is_loaded(*org)) return std::nullopt;
        return *org;
    }
    if (row.caller == Caller::anyone) return std::nullopt;
    if (const auto cookie = cookie_shown(request)) return parts_.authenticator.unloaded_by(*cookie);
    return parts_.authenticator.unloaded_by(request.bearer.value_or(""));
}

std::optional<Doorway::Behind> Doorway::behind(const RouteRow& row, const Request& request) const {
    if (std::holds_alternative<AuthRoute>(row.run)) {
        return request.method == Method::get ? std::nullopt : std::optional(Behind{});
    }
    if (row.caller == Caller::anyone) return std::nullopt;
    if (request.from_operator) return Behind{};
    const auto principal = signed_in(request, row.caller);
    if (!principal) {
        // Perhaps somebody who was let in a moment ago, elsewhere.
        const bool shows_something = request.bearer || session_cookie(request);
        const bool is_unknown = principal.error().code == ErrorCode::unauthenticated;
        return shows_something && is_unknown ? std::optional(Behind{}) : std::nullopt;
    }
    const auto wanted = position_wanted(request);
    const bool has_seen_more = wanted && *wanted > parts_.reports.cache().raised(principal->org);
    return has_seen_more ? std::optional(Behind{principal->org}) : std::nullopt;
}

Result<Principal> Doorway::signed_in(const Request& request, Caller caller) const {
    const Instant now = parts_.clock.now();
    const auto cookie = cookie_shown(request);
    auto principal =
        cookie ? TRY(parts_.authenticator.authenticate_session(*cookie, request.peer_address, now))
               : TRY(parts_.authenticator.authenticate(request.bearer.value_or(""),
                                                       request.peer_address, now));
    const bool only_reads = request.method == Method::get || request.method == Method::head;
    if (cookie && !only_reads) TRY(check_own_page(request));
    TRY(check_role(principal, caller));
    return principal;
}

Status Doorway::take_rate(const Principal& principal, std::int64_t cost) const {
    if (parts_.rates == nullptr || principal.via.kind == domain::ViaKind::cli) return {};
    const bool is_token = principal.via.kind == domain::ViaKind::token;
    const Uuid caller = is_token ? principal.via.token.value : principal.session.value;
    return parts_.rates->take(caller, principal.org, cost, parts_.clock.now());
}

}  // namespace daybook::http
