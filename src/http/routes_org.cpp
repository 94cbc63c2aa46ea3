// Parse, command, render.
#include "http/routes_org.h"

#include <algorithm>

#include "app/token_secret.h"
#include "domain/property.h"
#include "http/body_books.h"
#include "http/render_entity.h"

namespace daybook::http {
namespace {

using namespace domain;

constexpr std::string_view kNoSuchProperty =
    "There is no such property. GET /v1/properties lists yours.";
constexpr std::string_view kNoSuchToken = "There is no such token.";

template <class Whole>
const Whole& only(const app::Outcome& outcome) {
    return std::get<Whole>(outcome.items.at(0).result.value());
}

Response one_property(const app::Outcome& outcome) {
    const auto& property = only<Property>(outcome);
    return versioned(json_response(200, json_of(write_property, property)), property.version);
}

Response one_token(const app::Outcome& outcome) {
    const auto& token = only<Token>(outcome);
    const auto write = [&](JsonWriter& json) { write_token(json, token); };
    return versioned(json_response(200, json_of(write)), token.version);
}

}  // namespace

Result<Response> list_properties(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    const auto properties = TRY(visible_properties(call));
    const auto write = [&](JsonWriter& json) {
        for (const Property& each : properties) write_property(json, each);
    };
    return json_response(200, list_json(write, std::nullopt));
}

Result<Response> get_property(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    const auto id = TRY(path_id<PropertyId>(call.request, kNoSuchProperty));
    const auto property = TRY(call.snapshot.property(id));
    if (!property || !call.principal.scope.covers(id)) {
        return fail(ErrorCode::not_found, std::string(kNoSuchProperty));
    }
    return versioned(json_response(200, json_of(write_property, *property)), property->version);
}

Result<Write> add_property(const WriteCall& call) {
    AddProperty add = TRY(read_body(call.request, BodyNeed::required, read_property));
    add.id = new_id<PropertyId>(call.now, call.random);
    return Write{std::move(add), [](const app::Outcome& outcome) {
                     return created(one_property(outcome),
                                    "/v1/properties/" + only<Property>(outcome).id.to_string());
                 }};
}

Result<Write> update_property(const WriteCall& call) {
    UpdateProperty update = TRY(read_body(call.request, BodyNeed::required, read_property_patch));
    update.id = TRY(path_id<PropertyId>(call.request, kNoSuchProperty));
    update.version = TRY(if_match(call.request));
    return Write{std::move(update), one_property};
}

Result<Response> get_settings(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    const Org org = TRY(call.snapshot.org());
    return versioned(json_response(200, json_of(write_org, org)), org.version);
}

Result<Write> update_settings(const WriteCall& call) {
    ChangeSettings change = TRY(read_body(call.request, BodyNeed::required, read_settings_patch));
    change.version = TRY(if_match(call.request));
    return Write{std::move(change), [](const app::Outcome& outcome) {
                     const auto& org = only<Org>(outcome);
                     return versioned(json_response(200, json_of(write_org, org)), org.version);
                 }};
}

Result<Response> list_tokens(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    if (!call.principal.administers()) {
        return fail(ErrorCode::forbidden,
                    "Only an owner or an admin of all properties sees the tokens.");
    }
    auto tokens = TRY(call.snapshot.tokens());
    const auto uses = TRY(call.snapshot.last_uses());
    std::ranges::sort(tokens, {}, &Token::id);
    const auto write = [&](JsonWriter& json) {
        for (const Token& each : tokens) {
            const auto used = uses.find(each.id.value);
            const bool was_used = used != uses.end();
            write_token(json, each, was_used ? std::optional(used->second) : std::nullopt);
        }
    };
    return json_response(200, list_json(write, std::nullopt));
}

Result<Write> add_token(const WriteCall& call) {
    app::CreateTokenWithSecret create;
    create.token = TRY(read_body(call.request, BodyNeed::required, read_token));
    create.token.id = new_id<TokenId>(call.now, call.random);
    std::string secret = app::new_token_text(call.random);
    create.secret_hash = app::token_hash(secret);
    return Write{std::move(create), [secret = std::move(secret)](const app::Outcome& outcome) {
                     const auto& token = only<Token>(outcome);
                     const auto write = [&](JsonWriter& json) { write_token(json, token, secret); };
                     return created(versioned(json_response(201, json_of(write)), token.version),
                                    "/v1/tokens/" + token.id.to_string());
                 }};
}

Result<Write> scope_token(const WriteCall& call) {
    const auto read = [](BodyReader& body) { return read_scope(body, Presence::required); };
    ScopeToken scope;
    scope.scope = TRY(read_body(call.request, BodyNeed::required, read));
    scope.id = TRY(path_id<TokenId>(call.request, kNoSuchToken));
    scope.version = TRY(if_match(call.request));
    return Write{std::move(scope), one_token};
}

// Needs no If-Match: whoever revokes a token means it, whatever it looks like by now.
Result<Write> revoke_token(const WriteCall& call) {
    TRY(read_body(call.request, BodyNeed::optional, [](BodyReader&) { return true; }));
    const auto id = TRY(path_id<TokenId>(call.request, kNoSuchToken));
    return Write{RevokeToken{id}, one_token};
}

Result<Write> add_import(const WriteCall& call) {
    ImportCommitted import = TRY(read_body(call.request, BodyNeed::required, read_import));
    import.id = new_uuid(call.now, call.random);
    return Write{std::move(import), [](const app::Outcome& outcome) {
                     const auto& kept = only<ImportCommitted>(outcome);
                     return created(
                         json_response(201, json_of(write_import, kept)),
                         "/v1/finance/events?entityType=import&entityId=" + kept.id.to_string());
                 }};
}

Result<std::optional<Response>> load_demo(const ReadCall& call, AnswerLater later) {
    TRY(QueryReader(call.request).finish());
    if (!call.service.load_demo) {
        return fail(ErrorCode::not_found, "This server carries no demo to load.");
    }
    auto answer = [&store = call.store, org = call.principal.org, seen = TRY(call.snapshot.head()),
                   later = std::move(later)](Result<DemoLoaded> loaded) mutable {
        if (!loaded) return later(std::unexpected(std::move(loaded).error()), seen);
        const auto snapshot = store.snapshot(org);
        const auto head = snapshot ? (*snapshot)->head() : fail(snapshot.error());
        if (!head) return later(std::unexpected(head.error()), seen);
        const auto write = [&](JsonWriter& json) {
            json.begin_object();
            json.key("added").integer(static_cast<std::int64_t>(loaded->added));
            json.key("alreadyThere").integer(static_cast<std::int64_t>(loaded->already_there));
            json.end_object();
        };
        later(json_response(200, json_of(write)), *head);
    };
    call.service.load_demo(call.principal, std::move(answer));
    return std::nullopt;
}

Result<Response> list_orgs(const Request& request, const Service& service) {
    TRY(QueryReader(request).finish());
    auto orgs = TRY(service.store.orgs());
    std::ranges::sort(orgs, {}, &Org::name);
    const auto write = [&](JsonWriter& json) {
        for (const Org& each : orgs) write_org(json, each);
    };
    return json_response(200, list_json(write, std::nullopt));
}

Result<Write> add_org(const WriteCall& call) {
    CreateOrg create = TRY(read_body(call.request, BodyNeed::required, read_org));
    create.id = new_id<OrgId>(call.now, call.random);
    create.operator_user = new_id<UserId>(call.now, call.random);
    for (std::size_t i = 0; i < starter_categories().size(); ++i) {
        create.starter_ids.push_back(new_id<CategoryId>(call.now, call.random));
    }
    const Principal as{create.id, create.operator_user,  Role::owner,
                       Scope{},   Via{ViaKind::cli, {}}, {}};
    return Write{std::move(create),
                 [](const app::Outcome& outcome) {
                     const auto& org = only<Org>(outcome);
                     return versioned(json_response(201, json_of(write_org, org)), org.version);
                 },
                 as};
}

}  // namespace daybook::http
