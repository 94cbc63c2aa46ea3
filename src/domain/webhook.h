// A webhook: where an org wants its events posted to, which of them, and by whose right.
//
// The signing secret is a credential and lies in a side table. What it may carry is what its maker
// may see at the moment of sending; it has no rights of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "domain/principal.h"
#include "domain/text.h"

namespace daybook::domain {

enum class EventType : std::uint8_t;

// Whether it is also told of alerts, such as dead letters.
enum class WebhookAlerts : std::uint8_t { none, all };

struct Webhook {
    WebhookId id;
    Text url;  // may hold a secret of the receiver's, so it is treated as personal text
    std::vector<EventType> types;        // sorted; empty: all that its maker may see
    std::vector<PropertyId> properties;  // sorted; empty: all that its maker may see
    bool active = true;
    WebhookAlerts alerts = WebhookAlerts::none;
    bool deleted = false;
    UserId made_by;
    Via made_via;
    Instant created_at;
    std::int64_t version = 1;

    bool operator==(const Webhook&) const = default;
};

// What admins do to subscriptions and their dead letters.
enum class DeliveryAct : std::uint8_t { paused, resumed, reset, redriven, replayed, discarded };
std::string_view delivery_act_name(DeliveryAct act);
std::optional<DeliveryAct> parse_delivery_act(std::string_view text);

// The subscription of a webhook, and back: "webhook:<id>".
std::string webhook_subscription(WebhookId id);
std::optional<WebhookId> webhook_of_subscription(std::string_view subscription);

// http or https, a host, no user and no fragment; printable ASCII. Errors: invalid_value.
Status check_webhook_url(std::string_view url);

}  // namespace daybook::domain
