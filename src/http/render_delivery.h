// Webhooks, subscriptions, dead letters and alerts as JSON.
#pragma once

#include <optional>
#include <string_view>

#include "app/delivery_monitor.h"
#include "app/delivery_rows.h"
#include "base/json_writer.h"
#include "domain/events.h"

namespace daybook::http {

// Without its secret, which only the one answer to its creation has.
void write_webhook(JsonWriter& json, const domain::Webhook& webhook,
                   std::optional<std::string_view> secret = std::nullopt);
void write_attempt(JsonWriter& json, const app::WebhookAttempt& attempt);
// `live` is nullptr where delivery does not run: then only what the tables say is known.
void write_subscription(JsonWriter& json, const app::DeliveryEntry& entry,
                        const app::SubscriptionStatus* live);
// The members only, so that more can follow.
void write_dead_letter_members(JsonWriter& json, const app::DeadLetter& letter);
void write_delivery_change(JsonWriter& json, const domain::DeliveryChanged& change);
void write_alert(JsonWriter& json, const app::Alert& alert);

}  // namespace daybook::http
