// Member by member, in the order of the API document.
#include "http/render_people.h"

#include "base/json_optional.h"

namespace daybook::http {
namespace {

void write_scope(JsonWriter& json, const domain::Scope& scope) {
    json.key("scope").begin_object();
    json.key("all").boolean(scope.all);
    json.key("properties").begin_array();
    for (const PropertyId id : scope.properties) json.string(id.to_string());
    json.end_array();
    json.end_object();
}

std::string via_of(const domain::Via& via) {
    switch (via.kind) {
        case domain::ViaKind::console: return "console";
        case domain::ViaKind::token: return "token:" + via.token.to_string();
        case domain::ViaKind::cli: break;
    }
    return "cli";
}

}  // namespace

void write_user(JsonWriter& json, const domain::User& user) {
    json.begin_object();
    json.key("id").string(user.id.to_string());
    json.key("name").string(user.name.shown());
    json.key("email").string(user.email.shown());
    json.key("role").string(domain::role_name(user.grant.role));
    write_scope(json, user.grant.scope);
    write_optional(json, "until", user.grant.until);
    json.key("status").string(domain::user_status_name(user.status));
    write_text_or_null(json, "language", user.language);
    json.key("theme").string(domain::theme_name(user.theme));
    json.key("version").integer(user.version);
    json.key("createdAt").string(user.created_at.to_string());
    json.end_object();
}

void write_user_name(JsonWriter& json, const domain::User& user) {
    json.begin_object();
    json.key("id").string(user.id.to_string());
    json.key("name").string(user.name.shown());
    json.end_object();
}

void write_me(JsonWriter& json, const Me& me) {
    const domain::Principal& principal = me.principal;
    domain::User user;
    user.name.value = "Operator";
    if (me.user != nullptr) user = *me.user;
    json.begin_object();
    json.key("user").begin_object();
    json.key("id").string(principal.user.to_string());
    json.key("name").string(user.name.shown());
    write_text_or_null(json, "email", user.email.shown());
    // What this caller may do now; a token may do less than its user.
    json.key("role").string(domain::role_name(principal.role));
    write_scope(json, principal.scope);
    write_optional(json, "until", user.grant.until);
    write_text_or_null(json, "language", user.language);
    json.key("theme").string(domain::theme_name(user.theme));
    json.end_object();
    json.key("org").begin_object();
    json.key("id").string(principal.org.to_string());
    json.key("name").string(me.org_name);
    json.end_object();
    json.key("via").string(via_of(principal.via));
    json.key("sessionId");
    if (principal.session == SessionId{}) {
        json.null();
    } else {
        json.string(principal.session.to_string());
    }
    json.end_object();
}

void write_session(JsonWriter& json, const SessionView& view) {
    const app::SignInSession& session = view.session;
    json.begin_object();
    json.key("id").string(session.id.to_string());
    json.key("current").boolean(view.is_current);
    json.key("createdAt").string(session.created_at.to_string());
    write_optional(json, "lastUsedAt", view.last_used_at);
    json.key("expiresAt").string(session.expires_at().to_string());
    write_text_or_null(json, "address", session.address);
    write_text_or_null(json, "userAgent", session.agent);
    json.end_object();
}

void write_access(JsonWriter& json, const app::AccessKey& key, const app::Access& access) {
    json.begin_object();
    json.key("userId").string(key.user.to_string());
    json.key("via").string(access.via);
    json.key("at").string(access.at.to_string());
    json.key("filter").string(access.filter);
    write_text_or_null(json, "address", access.address);
    json.end_object();
}

}  // namespace daybook::http
