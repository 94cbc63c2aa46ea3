// The rules of webhooks, and of what admins do to subscriptions.
#include <algorithm>
#include <array>
#include <optional>

#include "base/check.h"
#include "base/digest.h"
#include "base/limits.h"
#include "domain/decide.h"
#include "domain/rules.h"
#include "domain/webhook.h"

namespace daybook::domain {
namespace {

constexpr std::array<std::string_view, 6> kActs{"paused",   "resumed",  "reset",
                                                "redriven", "replayed", "discarded"};
constexpr std::string_view kWebhookPrefix = "webhook:";

Status bad_url(std::string detail) {
    return fail_field(ErrorCode::invalid_value, "/url", std::move(detail));
}

template <class Value>
std::vector<Value> in_order(std::vector<Value> values) {
    std::ranges::sort(values);
    const auto repeated = std::ranges::unique(values);
    values.erase(repeated.begin(), repeated.end());
    return values;
}

template <class Value>
Status check_count(const std::vector<Value>& values, std::string_view pointer) {
    if (values.size() <= limits::kWebhookFilterMax) return {};
    return fail_field(ErrorCode::limit_reached, std::string(pointer),
                      "Name at most 100, or none to get all.");
}

Event webhook_event(EventType type, Webhook after, std::optional<Webhook> before) {
    const WebhookId id = after.id;
    return Event{type,
                 std::nullopt,
                 EntityRef{EntityType::webhook, id.value},
                 WebhookChanged{std::move(after), std::move(before)},
                 {}};
}

// An id that the name always has: the front of its SHA-256 as a UUID of version 8 (RFC 9562, 5.8).
Uuid id_of_subscription(std::string_view name) {
    const Hash hash = sha256({as_bytes(name)});
    Uuid id;
    std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x80);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
    return id;
}

}  // namespace

std::string_view delivery_act_name(DeliveryAct act) {
    return kActs.at(static_cast<std::size_t>(act));
}

std::optional<DeliveryAct> parse_delivery_act(std::string_view text) {
    const auto found = std::ranges::find(kActs, text);
    if (found == kActs.end()) return std::nullopt;
    return static_cast<DeliveryAct>(found - kActs.begin());
}

std::string webhook_subscription(WebhookId id) {
    return std::string(kWebhookPrefix) + id.to_string();
}

std::optional<WebhookId> webhook_of_subscription(std::string_view subscription) {
    if (!subscription.starts_with(kWebhookPrefix)) return std::nullopt;
    return WebhookId::parse(subscription.substr(kWebhookPrefix.size()));
}

Status check_webhook_url(std::string_view url) {
    if (url.size() > limits::kUrlBytesMax) return bad_url("An address has at most 500 bytes.");
    const auto is_plain = [](char c) { return c > ' ' && c <= '~'; };
    if (!std::ranges::all_of(url, is_plain))
        return bad_url("Use printable ASCII; encode everything else.");
    const bool is_https = url.starts_with("https://");
    if (!is_https && !url.starts_with("http://"))
        return bad_url("Use an address that begins with https:// or http://.");
    const std::string_view rest = url.substr(is_https ? 8 : 7);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    if (rest.find('#') != std::string_view::npos) return bad_url("Leave out the fragment (#…).");
    if (authority.find('@') != std::string_view::npos)
        return bad_url("Leave user and password out of the address; requests are signed.");
    // An IPv6 address stands in brackets.
    const std::size_t bracket = authority.starts_with('[') ? authority.find(']') : 0;
    if (bracket == std::string_view::npos) return bad_url("The ']' of the address is missing.");
    const std::size_t colon = authority.find(':', bracket);
    const std::string_view host = authority.substr(0, colon);
    if (host.empty() || host == "[]") return bad_url("Name a host.");
    if (colon == std::string_view::npos) return {};
    const std::string_view port = authority.substr(colon + 1);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    constexpr std::size_t kPortDigitsMax = 5;
    int number = 0;
    if (port.empty() || port.size() > kPortDigitsMax || !std::ranges::all_of(port, is_digit))
        return bad_url("A port is a number from 1 to 65535.");
    for (const char digit : port) number = number * 10 + (digit - '0');
    if (number < 1 || number > 65'535) return bad_url("A port is a number from 1 to 65535.");
    return {};
}

Result<Event> decide(std::int64_t alive, const AddWebhook& command, const Context& context) {
    TRY(check_administers(context));
    TRY(check_webhook_url(command.url));
    TRY(check_count(command.types, "/types"));
    TRY(check_count(command.properties, "/properties"));
    if (alive >= static_cast<std::int64_t>(limits::kWebhooksMax)) {
        return fail(ErrorCode::limit_reached,
                    "An org has at most 10 webhooks. Delete one that is not needed.");
    }
    Webhook webhook{command.id,
                    Text{command.url, false},
                    in_order(command.types),
                    in_order(command.properties),
                    command.active,
                    command.alerts,
                    false,
                    context.principal.user,
                    context.principal.via,
                    context.now,
                    1};
    return webhook_event(EventType::webhook_added, std::move(webhook), std::nullopt);
}

Result<Event> decide(const Webhook& webhook, const UpdateWebhook& command, const Context& context) {
    CHECK(command.id == webhook.id);
    TRY(check_administers(context));
    if (command.version) TRY(check_version(*command.version, webhook.version));
    Webhook after = webhook;
    if (command.url) {
        TRY(check_webhook_url(*command.url));
        after.url = Text{*command.url, false};
    }
    if (command.types) {
        TRY(check_count(*command.types, "/types"));
        after.types = in_order(*command.types);
    }
    if (command.properties) {
        TRY(check_count(*command.properties, "/properties"));
        after.properties = in_order(*command.properties);
    }
    after.active = command.active.value_or(after.active);
    after.alerts = command.alerts.value_or(after.alerts);
    if (after == webhook)
        return fail(ErrorCode::nothing_to_change, "The webhook already reads like this.");
    after.version = webhook.version + 1;
    return webhook_event(EventType::webhook_updated, std::move(after), webhook);
}

Result<Event> decide(const Webhook& webhook, const DeleteWebhook& command, const Context& context) {
    CHECK(command.id == webhook.id);
    TRY(check_administers(context));
    TRY(check_version(command.version, webhook.version));
    Webhook after = webhook;
    after.deleted = true;
    after.active = false;
    after.version = webhook.version + 1;
    return webhook_event(EventType::webhook_deleted, std::move(after), webhook);
}

Result<Event> decide(const DeliveryChanged& change, const Context& context) {
    TRY(check_administers(context));
    const bool discards = change.act == DeliveryAct::discarded;
    TRY(check_reason(change.reason.value, discards ? Need::required : Need::optional));
    const EntityRef entity =
        change.dead_letter
            ? EntityRef{EntityType::dead_letter, change.dead_letter->value}
            : EntityRef{EntityType::subscription, id_of_subscription(change.subscription)};
    const EventType type =
        discards ? EventType::dead_letter_discarded : EventType::subscription_changed;
    return Event{type, std::nullopt, entity, change, {}};
}

}  // namespace daybook::domain
