// Parse, command, render.
#include "http/routes_people.h"

#include <algorithm>

#include "app/token_secret.h"
#include "base/hex.h"
#include "base/limits.h"
#include "http/body_people.h"
#include "http/cookies.h"
#include "http/render_entity.h"
#include "http/render_people.h"

namespace daybook::http {
namespace {

using namespace domain;

constexpr std::string_view kNoSuchUser = "There is no such user.";

const User& only_user(const app::Outcome& outcome) {
    return std::get<User>(outcome.items.at(0).result.value());
}

Response one_user(const app::Outcome& outcome) {
    const User& user = only_user(outcome);
    const auto write = [&](JsonWriter& json) { write_user(json, user); };
    return versioned(json_response(200, json_of(write)), user.version);
}

// Where the console opens a link: the secret stands behind '#', which browsers send nowhere.
std::string link_url(const WriteCall& call, std::string_view secret) {
    std::string base = call.base_url;
    if (const auto host = call.request.header("host"); host && !call.request.from_operator) {
        base = (call.request.is_secure ? "https://" : "http://") + std::string(*host);
    }
    return base + "/#/accept/" + std::string(secret);
}

struct Link {
    app::NewLink row;
    std::string url;
};

// It lives as long as links may; the command makes that shorter by its kind.
Link new_link(const WriteCall& call) {
    const std::string secret = app::new_secret(call.random, app::kLinkPrefix);
    return {{new_id<LinkId>(call.now, call.random), app::token_hash(secret),
             Instant{call.now.ms + limits::kInvitationMsMax}},
            link_url(call, secret)};
}

// Sessions and what one is called belong to the person, not to what acts for them.
Status check_signed_in(const Principal& principal) {
    if (principal.via.kind == ViaKind::console) return {};
    return fail(ErrorCode::forbidden, "A token does not do that; sign in.");
}

Status check_sees_people(const Principal& principal) {
    const bool sees =
        principal.administers() || (principal.role == Role::auditor && principal.scope.all);
    if (sees) return {};
    return fail(ErrorCode::forbidden,
                "Only owners, and admins and auditors of all properties, see that.");
}

bool share_a_property(const Scope& one, const Scope& other) {
    const Scope common = common_scope(one, other);
    return common.all || !common.properties.empty();
}

std::string cursor_of(const app::AccessKey& key) {
    return std::to_string(key.hour) + "." + key.user.to_string() + "." + to_hex(key.filter_hash);
}

std::optional<app::AccessKey> parse_cursor(std::string_view text) {
    const std::size_t first = text.find('.');
    const std::size_t second = text.find('.', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto hour = parse_integer(text.substr(0, first));
    const auto user = UserId::parse(text.substr(first + 1, second - first - 1));
    const auto hash = from_hex(text.substr(second + 1));
    app::AccessKey key;
    if (!hour || !user || !hash || hash->size() != key.filter_hash.size()) return std::nullopt;
    key.hour = *hour;
    key.user = *user;
    std::ranges::copy(*hash, key.filter_hash.begin());
    return key;
}

}  // namespace

Result<Response> get_me(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    const Org org = TRY(call.snapshot.org());
    const auto user = TRY(call.snapshot.user(call.principal.user));
    const auto write = [&](JsonWriter& json) {
        write_me(json, {call.principal, user ? &*user : nullptr, org.name});
    };
    return json_response(200, json_of(write));
}

Result<Write> update_me(const WriteCall& call) {
    ChangeMe change = TRY(read_body(call.request, BodyNeed::required, read_me_patch));
    TRY(check_signed_in(call.principal));
    const Principal principal = call.principal;
    const Org org = TRY(call.snapshot->org());
    return Write{std::move(change), [principal, name = org.name](const app::Outcome& outcome) {
                     const auto write = [&](JsonWriter& json) {
                         write_me(json, {principal, &only_user(outcome), name});
                     };
                     return json_response(200, json_of(write));
                 }};
}

Result<Response> list_sessions(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    TRY(check_signed_in(call.principal));
    const auto sessions = TRY(call.snapshot.sessions(call.principal.user));
    const auto uses = TRY(call.snapshot.last_uses());
    const auto write = [&](JsonWriter& json) {
        for (const app::SignInSession& each : sessions) {
            if (each.expires_at() <= call.now) continue;
            const auto used = uses.find(each.id.value);
            SessionView view{each, std::nullopt, each.id == call.principal.session};
            if (used != uses.end()) view.last_used_at = used->second;
            if (view.is_current) view.last_used_at = call.now;
            write_session(json, view);
        }
    };
    return json_response(200, list_json(write, std::nullopt));
}

Result<Write> end_session(const WriteCall& call) {
    TRY(read_body(call.request, BodyNeed::optional, [](BodyReader&) { return true; }));
    TRY(check_signed_in(call.principal));
    const auto id = TRY(path_id<SessionId>(call.request, "You have no such session."));
    return Write{app::EndSession{id}, [](const app::Outcome&) { return Response{.status = 204}; }};
}

Result<Write> sign_out(const WriteCall& call) {
    TRY(read_body(call.request, BodyNeed::optional, [](BodyReader&) { return true; }));
    if (call.principal.via.kind != ViaKind::console) {
        return fail(ErrorCode::forbidden, "You did not sign in; revoke the token instead.");
    }
    std::string cleared = session_cookie_cleared(call.request);
    return Write{app::EndSession{call.principal.session},
                 [cleared = std::move(cleared)](const app::Outcome&) {
                     Response response{.status = 204};
                     response.headers.push_back({"Set-Cookie", cleared});
                     return response;
                 }};
}

// Who looks after people sees all of everybody; others the names of those whose work they may see.
Result<Response> list_users(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    const auto users = TRY(call.snapshot.users());
    const bool sees_all = check_sees_people(call.principal).has_value();
    const auto write = [&](JsonWriter& json) {
        for (const User& each : users) {
            if (sees_all) {
                write_user(json, each);
            } else if (share_a_property(each.grant.scope, call.principal.scope)) {
                write_user_name(json, each);
            }
        }
    };
    return json_response(200, list_json(write, std::nullopt));
}

Result<Response> get_user(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    const auto id = TRY(path_id<UserId>(call.request, kNoSuchUser));
    const auto user = TRY(call.snapshot.user(id));
    if (user && id != call.principal.user) TRY(check_sees_people(call.principal));
    if (!user) return fail(ErrorCode::not_found, std::string(kNoSuchUser));
    return versioned(json_response(200, json_of(write_user, *user)), user->version);
}

Result<Write> invite_user(const WriteCall& call) {
    app::InviteUserWithLink invite;
    invite.user = TRY(read_body(call.request, BodyNeed::required, read_invitation));
    invite.user.id = new_id<UserId>(call.now, call.random);
    Link link = new_link(call);
    invite.link = link.row;
    return Write{std::move(invite), [url = std::move(link.url)](const app::Outcome& outcome) {
                     const User& user = only_user(outcome);
                     const auto write = [&](JsonWriter& json) {
                         json.begin_object();
                         json.key("user");
                         write_user(json, user);
                         json.key("link").string(url);
                         json.end_object();
                     };
                     return created(versioned(json_response(201, json_of(write)), user.version),
                                    "/v1/users/" + user.id.to_string());
                 }};
}

Result<Write> make_user_link(const WriteCall& call) {
    TRY(read_body(call.request, BodyNeed::optional, [](BodyReader&) { return true; }));
    const auto id = TRY(path_id<UserId>(call.request, kNoSuchUser));
    Link link = new_link(call);
    return Write{app::MakeLink{id, link.row}, [url = std::move(link.url)](const app::Outcome&) {
                     const auto write = [&](JsonWriter& json) {
                         json.begin_object().key("link").string(url).end_object();
                     };
                     return json_response(201, json_of(write));
                 }};
}

Result<Write> update_user(const WriteCall& call) {
    ChangeUser change = TRY(read_body(call.request, BodyNeed::required, read_user_patch));
    change.id = TRY(path_id<UserId>(call.request, kNoSuchUser));
    change.version = TRY(if_match(call.request));
    return Write{std::move(change), one_user};
}

// Needs no If-Match: whoever removes somebody means it, whatever they may do by now.
Result<Write> remove_user(const WriteCall& call) {
    TRY(read_body(call.request, BodyNeed::optional, [](BodyReader&) { return true; }));
    const auto id = TRY(path_id<UserId>(call.request, kNoSuchUser));
    return Write{RemoveUser{id}, one_user};
}

Result<Response> list_accesses(const ReadCall& call) {
    QueryReader query(call.request);
    const std::size_t limit = query.limit();
    auto before = query.parsed("cursor", parse_cursor, "the nextCursor of a page");
    TRY(query.finish());
    TRY(check_sees_people(call.principal));
    if (before) before->org = call.principal.org;
    const auto accesses = TRY(call.snapshot.accesses(before, limit));
    const auto write = [&](JsonWriter& json) {
        for (const auto& [key, access] : accesses) write_access(json, key, access);
    };
    std::optional<std::string> next;
    if (accesses.size() == limit) next = cursor_of(accesses.back().first);
    return json_response(200, list_json(write, next));
}

}  // namespace daybook::http
