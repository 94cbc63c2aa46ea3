// Members in the order in which people look for them.
#include "http/render_delivery.h"

#include "base/json_optional.h"

namespace daybook::http {
namespace {

template <class Count>
void write_count(JsonWriter& json, std::string_view name, Count count) {
    json.key(name).integer(static_cast<std::int64_t>(count));
}

}  // namespace

void write_webhook(JsonWriter& json, const domain::Webhook& webhook,
                   std::optional<std::string_view> secret) {
    json.begin_object();
    json.key("id").string(webhook.id.to_string());
    json.key("url").string(webhook.url.shown());
    json.key("types");
    if (webhook.types.empty()) {
        json.null();
    } else {
        json.begin_array();
        for (const domain::EventType each : webhook.types)
            json.string(domain::event_type_name(each));
        json.end_array();
    }
    json.key("properties");
    if (webhook.properties.empty()) {
        json.null();
    } else {
        json.begin_array();
        for (const PropertyId each : webhook.properties) json.string(each.to_string());
        json.end_array();
    }
    json.key("active").boolean(webhook.active);
    json.key("alerts").boolean(webhook.alerts == domain::WebhookAlerts::all);
    json.key("subscription").string(domain::webhook_subscription(webhook.id));
    json.key("createdBy").string(webhook.made_by.to_string());
    json.key("createdAt").string(webhook.created_at.to_string());
    json.key("version").integer(webhook.version);
    if (secret) json.key("secret").string(*secret);
    json.end_object();
}

void write_attempt(JsonWriter& json, const app::WebhookAttempt& attempt) {
    json.begin_object();
    json.key("eventId").string(attempt.event.to_string());
    json.key("position").integer(attempt.position);
    json.key("attempt").integer(attempt.attempt);
    json.key("at").string(attempt.at.to_string());
    json.key("durationMs").integer(attempt.duration_ms);
    const bool is_answered = attempt.status != 0;
    write_optional(json, "status", is_answered ? std::optional(attempt.status) : std::nullopt);
    write_text_or_null(json, "error", attempt.error);
    json.end_object();
}

void write_subscription(JsonWriter& json, const app::DeliveryEntry& entry,
                        const app::SubscriptionStatus* live) {
    const bool is_paused = live != nullptr ? live->paused : entry.row.paused;
    json.begin_object();
    json.key("name").string(entry.key.subscription);
    json.key("state").string(is_paused                        ? "paused"
                             : live != nullptr && live->stuck ? "stuck"
                             : live != nullptr                ? "active"
                                                              : "stopped");
    write_text_or_null(json, "reason", live != nullptr ? live->reason : entry.row.reason);
    json.key("position").integer(live != nullptr ? live->watermark : entry.row.watermark);
    json.key("savedAt").string(entry.row.saved_at.to_string());
    json.key("live");
    if (live == nullptr) {
        json.null().end_object();
        return;
    }
    json.begin_object();
    write_count(json, "lagEvents", live->lag_events);
    write_count(json, "lagMs", live->lag_ms);
    write_optional(json, "oldestPosition", live->oldest);
    write_text_or_null(json, "oldestRecordedAt",
                       live->oldest_recorded ? live->oldest_recorded->to_string() : "");
    write_count(json, "inFlight", live->in_flight);
    write_count(json, "overdue", live->overdue);
    write_count(json, "queued", live->queued);
    write_count(json, "parked", live->parked);
    write_count(json, "deadLetters", live->dead_letters);
    write_count(json, "acknowledged", live->acknowledged);
    write_count(json, "retries", live->retries);
    write_count(json, "refusedAnswers", live->late);
    json.end_object().end_object();
}

void write_dead_letter_members(JsonWriter& json, const app::DeadLetter& letter) {
    json.key("id").string(letter.id.to_string());
    json.key("subscription").string(letter.subscription);
    json.key("state").string(letter.state == app::DeadLetterState::redriving ? "redriving"
                                                                             : "dead");
    json.key("eventId").string(letter.event.to_string());
    json.key("position").integer(letter.position);
    json.key("eventType").string(letter.event_type);
    json.key("entityType").string(letter.entity_type);
    json.key("entityId").string(letter.entity.to_string());
    write_text_or_null(json, "propertyId", letter.property ? letter.property->to_string() : "");
    json.key("attempts").integer(letter.attempts);
    json.key("firstAttemptAt").string(letter.first_at.to_string());
    json.key("lastAttemptAt").string(letter.last_at.to_string());
    write_text_or_null(json, "lastError", letter.last_error);
}

void write_delivery_change(JsonWriter& json, const domain::DeliveryChanged& change) {
    json.begin_object();
    json.key("subscription").string(change.subscription);
    json.key("change").string(domain::delivery_act_name(change.act));
    write_optional(json, "position", change.to);
    write_text_or_null(json, "deadLetterId",
                       change.dead_letter ? change.dead_letter->to_string() : "");
    write_text_or_null(json, "reason", change.reason.shown());
    json.end_object();
}

void write_alert(JsonWriter& json, const app::Alert& alert) {
    json.begin_object();
    json.key("key").string(alert.key);
    json.key("since").string(alert.since.to_string());
    json.key("detail").string(alert.detail);
    json.end_object();
}

}  // namespace daybook::http
