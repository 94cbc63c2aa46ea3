// Parse, command, render.
#include "http/routes_webhooks.h"

#include <algorithm>

#include "app/webhook_secret.h"
#include "base/limits.h"
#include "http/body_words.h"
#include "http/render_delivery.h"
#include "http/render_entity.h"

namespace daybook::http {
namespace {

using domain::EventType;
using domain::Webhook;
using domain::WebhookAlerts;

constexpr std::string_view kNoSuchWebhook = "There is no such webhook.";
constexpr std::string_view kTypeForm = "a type such as expense_added";

Status check_administers(const domain::Principal& principal) {
    if (principal.administers()) return {};
    return fail(ErrorCode::forbidden,
                "Only an owner or an admin of all properties sees the webhooks.");
}

const Webhook& only_webhook(const app::Outcome& outcome) {
    return std::get<Webhook>(outcome.items.at(0).result.value());
}

Response one_webhook(const app::Outcome& outcome) {
    const Webhook& webhook = only_webhook(outcome);
    const auto write = [&](JsonWriter& json) { write_webhook(json, webhook); };
    return versioned(json_response(200, json_of(write)), webhook.version);
}

// Null is all, as an empty list is.
template <class Value, class Parse>
std::optional<std::vector<Value>> read_list(BodyReader& body, std::string_view name, Parse parse,
                                            std::string_view form) {
    if (body.is_null(name)) return std::vector<Value>{};
    return body.parsed_list(name, Presence::optional, limits::kWebhookFilterMax, parse, form);
}

std::optional<WebhookAlerts> read_alerts(BodyReader& body, Presence presence) {
    const auto alerts = body.boolean("alerts", presence);
    if (!alerts) return std::nullopt;
    return *alerts ? WebhookAlerts::all : WebhookAlerts::none;
}

domain::AddWebhook read_webhook(BodyReader& body) {
    domain::AddWebhook add;
    add.url = body.text("url", Presence::required).value_or("");
    add.types = read_list<EventType>(body, "types", domain::parse_event_type, kTypeForm)
                    .value_or(std::vector<EventType>{});
    add.properties = read_list<PropertyId>(body, "properties", PropertyId::parse, kPropertyForm)
                         .value_or(std::vector<PropertyId>{});
    add.active = body.boolean("active", Presence::optional).value_or(true);
    add.alerts = read_alerts(body, Presence::optional).value_or(WebhookAlerts::none);
    add.start_at = body.integer("startAt", Presence::optional);
    if (add.start_at && *add.start_at < 0)
        body.wrong("startAt", ErrorCode::invalid_value,
                   "Use a position, 0 for the first event on.");
    return add;
}

domain::UpdateWebhook read_webhook_patch(BodyReader& body) {
    domain::UpdateWebhook update;
    update.url = body.text("url", Presence::kept);
    update.types = read_list<EventType>(body, "types", domain::parse_event_type, kTypeForm);
    update.properties = read_list<PropertyId>(body, "properties", PropertyId::parse, kPropertyForm);
    update.active = body.boolean("active", Presence::kept);
    update.alerts = read_alerts(body, Presence::kept);
    return update;
}

Result<Webhook> find_webhook(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    TRY(check_administers(call.principal));
    const auto id = TRY(path_id<WebhookId>(call.request, kNoSuchWebhook));
    const auto webhooks = TRY(call.snapshot.webhooks());
    const auto found = std::ranges::find(webhooks, id, &Webhook::id);
    if (found == webhooks.end() || found->deleted)
        return fail(ErrorCode::not_found, std::string(kNoSuchWebhook));
    return *found;
}

}  // namespace

Result<Response> list_webhooks(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    TRY(check_administers(call.principal));
    const auto webhooks = TRY(call.snapshot.webhooks());
    const auto write = [&](JsonWriter& json) {
        for (const Webhook& each : webhooks) {
            if (!each.deleted) write_webhook(json, each);
        }
    };
    return json_response(200, list_json(write, std::nullopt));
}

Result<Response> get_webhook(const ReadCall& call) {
    const Webhook webhook = TRY(find_webhook(call));
    const auto write = [&](JsonWriter& json) { write_webhook(json, webhook); };
    return versioned(json_response(200, json_of(write)), webhook.version);
}

Result<Write> add_webhook(const WriteCall& call) {
    app::AddWebhookWithSecret add;
    add.webhook = TRY(read_body(call.request, BodyNeed::required, read_webhook));
    add.webhook.id = new_id<WebhookId>(call.now, call.random);
    add.secret = app::new_webhook_secret(call.random);
    std::string shown = app::webhook_secret_text(add.secret);
    return Write{std::move(add), [shown = std::move(shown)](const app::Outcome& outcome) {
                     const Webhook& webhook = only_webhook(outcome);
                     const auto write = [&](JsonWriter& json) {
                         write_webhook(json, webhook, shown);
                     };
                     return created(versioned(json_response(201, json_of(write)), webhook.version),
                                    "/v1/webhooks/" + webhook.id.to_string());
                 }};
}

Result<Write> update_webhook(const WriteCall& call) {
    domain::UpdateWebhook update =
        TRY(read_body(call.request, BodyNeed::required, read_webhook_patch));
    update.id = TRY(path_id<WebhookId>(call.request, kNoSuchWebhook));
    update.version = TRY(if_match(call.request));
    return Write{std::move(update), one_webhook};
}

Result<Write> delete_webhook(const WriteCall& call) {
    TRY(read_body(call.request, BodyNeed::optional, [](BodyReader&) { return true; }));
    const auto id = TRY(path_id<WebhookId>(call.request, kNoSuchWebhook));
    return Write{domain::DeleteWebhook{id, TRY(if_match(call.request))}, one_webhook};
}

Result<Response> list_webhook_deliveries(const ReadCall& call) {
    const Webhook webhook = TRY(find_webhook(call));
    const auto attempts = TRY(call.snapshot.webhook_attempts(webhook.id));
    const auto write = [&](JsonWriter& json) {
        for (const app::WebhookAttempt& each : attempts) write_attempt(json, each);
    };
    return json_response(200, list_json(write, std::nullopt));
}

Result<Write> replay_webhook(const WriteCall& call) {
    app::ChangeDelivery change;
    change.act = domain::DeliveryAct::replayed;
    change.subscription =
        domain::webhook_subscription(TRY(path_id<WebhookId>(call.request, kNoSuchWebhook)));
    change.to = TRY(read_body(call.request, BodyNeed::required, [](BodyReader& body) {
        return body.integer("position", Presence::required).value_or(0);
    }));
    return Write{std::move(change), [](const app::Outcome& outcome) {
                     const auto& done =
                         std::get<domain::DeliveryChanged>(outcome.items.at(0).result.value());
                     return json_response(202, json_of(write_delivery_change, done));
                 }};
}

}  // namespace daybook::http
