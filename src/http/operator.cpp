// The two headers, Daybook-Org and Daybook-User.
#include "http/operator.h"

#include <optional>
#include <utility>

#include "app/authorise.h"

namespace daybook::http {
namespace {

using domain::Principal;

constexpr std::string_view kOrgHeader = "daybook-org";
constexpr std::string_view kUserHeader = "daybook-user";

}  // namespace

Status check_no_operator_headers(const Request& request) {
    for (const std::string_view name : {kOrgHeader, kUserHeader}) {
        if (!request.header(name)) continue;
        return fail_field(ErrorCode::unknown_parameter,
                          name == kOrgHeader ? "/Daybook-Org" : "/Daybook-User",
                          "This header is not known here; your token or session says who you are.");
    }
    return {};
}

Result<OrgId> org_of_operator(const Request& request) {
    const auto header = request.header(kOrgHeader);
    const auto org = OrgId::parse(header.value_or(""));
    if (org) return *org;
    return fail_field(header ? ErrorCode::invalid_value : ErrorCode::missing_field, "/Daybook-Org",
                      "Name the org in the header Daybook-Org; GET /v1/orgs lists them.");
}

Result<Principal> acting_operator(app::Snapshot& snapshot, const Request& request, Instant now) {
    Principal principal = app::operator_principal(TRY(snapshot.org()));
    const auto header = request.header(kUserHeader);
    if (!header) return principal;
    const auto id = UserId::parse(*header);
    const auto user = id ? TRY(snapshot.user(*id)) : std::nullopt;
    auto rights = user ? domain::user_rights(*user, now) : std::nullopt;
    if (!rights) {
        return fail_field(ErrorCode::invalid_value, "/Daybook-User",
                          "This is no user of the org who may do anything now.");
    }
    principal.user = *id;
    principal.role = rights->role;
    principal.scope = std::move(rights->scope);
    return principal;
}

Result<Principal> plain_operator(const app::ReportService& reports, const Request& request) {
    if (request.header(kUserHeader)) {
        return fail_field(ErrorCode::unknown_parameter, "/Daybook-User",
                          "This is the same for everybody; leave the header out.");
    }
    return reports.operator_of(TRY(org_of_operator(request)));
}

}  // namespace daybook::http
