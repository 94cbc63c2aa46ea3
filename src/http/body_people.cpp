// Member by member, in the order of the API document.
#include "http/body_people.h"

#include "base/limits.h"
#include "http/body_words.h"

namespace daybook::http {
namespace {

using namespace domain;

constexpr std::string_view kThemeForm = "system, light or dark";

std::string required_text(BodyReader& body, std::string_view name) {
    return body.text(name, Presence::required).value_or("");
}

// {"all": true}, or {"properties": [id, …]}.
std::optional<Scope> read_scope_object(BodyReader& body) {
    std::optional<Scope> scope;
    body.object("scope", Presence::optional, [&](BodyReader& inner) {
        scope.emplace();
        const auto all = inner.boolean("all", Presence::optional);
        auto properties = inner.parsed_list("properties", Presence::optional, limits::kPageMax,
                                            PropertyId::parse, kPropertyForm);
        const bool names_some = properties && !properties->empty();
        if (all.value_or(false) && names_some) {
            inner.wrong("properties", ErrorCode::invalid_value,
                        "All properties, or some of them: leave one of the two out.");
        }
        scope->all = all.value_or(!properties.has_value());
        if (!scope->all && properties) scope->properties = *std::move(properties);
    });
    return scope;
}

SetupBody read_founding(BodyReader& body) {
    SetupBody setup;
    setup.name = required_text(body, "name");
    setup.email = required_text(body, "email");
    setup.password = required_text(body, "password");
    setup.org_name = required_text(body, "orgName");
    return setup;
}

}  // namespace

InviteUser read_invitation(BodyReader& body) {
    InviteUser invite;
    invite.name = required_text(body, "name");
    invite.email = required_text(body, "email");
    invite.grant.role =
        body.parsed("role", Presence::required, parse_role, kRoleForm).value_or(Role::auditor);
    invite.grant.scope = read_scope_object(body).value_or(Scope{});
    invite.grant.until = body.parsed("until", Presence::optional, Instant::parse, kInstantForm);
    return invite;
}

ChangeUser read_user_patch(BodyReader& body) {
    ChangeUser change;
    change.name = body.text("name", Presence::kept);
    change.email = body.text("email", Presence::kept);
    change.role = body.parsed("role", Presence::kept, parse_role, kRoleForm);
    if (body.has("scope")) change.scope = read_scope_object(body);
    if (body.has("until")) {
        change.until = body.parsed("until", Presence::optional, Instant::parse, kInstantForm);
    }
    return change;
}

ChangeMe read_me_patch(BodyReader& body) {
    ChangeMe change;
    change.name = body.text("name", Presence::kept);
    change.language = body.clearable_text("language");
    change.theme = body.parsed("theme", Presence::kept, parse_theme, kThemeForm);
    return change;
}

SetupBody read_setup(BodyReader& body) {
    std::string token = required_text(body, "setupToken");
    SetupBody setup = read_founding(body);
    setup.setup_token = std::move(token);
    return setup;
}

SetupBody read_sign_up(BodyReader& body) {
    return read_founding(body);
}

SignInBody read_sign_in(BodyReader& body) {
    SignInBody sign_in;
    sign_in.email = required_text(body, "email");
    sign_in.password = required_text(body, "password");
    sign_in.org = body.parsed("orgId", Presence::optional, OrgId::parse, "the id of an org");
    return sign_in;
}

AcceptBody read_accept(BodyReader& body) {
    AcceptBody accept;
    accept.token = required_text(body, "token");
    accept.name = body.text("name", Presence::optional);
    accept.password = required_text(body, "password");
    return accept;
}

PasswordBody read_password(BodyReader& body) {
    PasswordBody password;
    password.current = required_text(body, "currentPassword");
    password.next = required_text(body, "newPassword");
    return password;
}

}  // namespace daybook::http
