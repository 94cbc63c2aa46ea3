// Reads events: the mirror of event_encode.cpp.
#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>

#include "app/event_codec.h"
#include "app/event_decoder.h"
#include "app/event_text.h"
#include "app/json_reader.h"
#include "app/upcast.h"

namespace daybook::app {
namespace {

namespace json = boost::json;
using namespace domain;

Payload read_balance(Decoder& in, EntityRef entity, PropertyId property) {
    const std::string_view change = in.change();
    if (change == "count") return in.count(CountId{entity.id}, property);
    if (change == "opening") return in.opening();
    return in.adjustment(AdjustmentId{entity.id}, property);
}

template <class Whole>
std::optional<Whole> optional_before(Decoder& in, auto&& read) {
    if (!in.has("before")) return std::nullopt;
    return read("before");
}

Payload read_payload(Decoder& in, const Event& event, OrgId org) {
    const Uuid id = event.entity.id;
    if (const auto type = as_entry_event(event.type)) return in.entry(EntryId{id}, *type);
    switch (event.type) {
        case EventType::cash_balance_updated:
            return read_balance(in, event.entity, event.property.value_or(PropertyId{}));
        case EventType::org_created: return OrgCreated{in.org(org, "after")};
        case EventType::setting_changed:
            return SettingChanged{in.org(org, "before"), in.org(org, "after")};
        case EventType::property_added:
        case EventType::property_updated: {
            const auto read = [&](std::string_view key) {
                return in.property(PropertyId{id}, key);
            };
            return PropertyChanged{read("after"), optional_before<Property>(in, read)};
        }
        case EventType::category_added:
        case EventType::category_updated:
        case EventType::category_merged: {
            const auto read = [&](std::string_view key) {
                return in.category(CategoryId{id}, key);
            };
            return CategoryChanged{read("after"), optional_before<Category>(in, read)};
        }
        case EventType::token_created:
        case EventType::token_revoked:
        case EventType::token_scoped: {
            const auto read = [&](std::string_view key) { return in.token(TokenId{id}, key); };
            return TokenChanged{read("after"), optional_before<Token>(in, read)};
        }
        case EventType::user_invited:
        case EventType::user_joined:
        case EventType::user_updated:
        case EventType::user_removed:
        case EventType::grant_changed: {
            const auto read = [&](std::string_view key) { return in.user(UserId{id}, key); };
            return UserChanged{read("after"), optional_before<User>(in, read)};
        }
        case EventType::user_link_created:
        case EventType::user_password_changed:
        case EventType::user_signed_in:
        case EventType::user_signed_out: return in.credential();
        case EventType::import_committed: return in.import(id);
        case EventType::webhook_added:
        case EventType::webhook_updated:
        case EventType::webhook_deleted: {
            const auto read = [&](std::string_view key) { return in.webhook(WebhookId{id}, key); };
            return WebhookChanged{read("after"), optional_before<Webhook>(in, read)};
        }
        case EventType::subscription_changed:
        case EventType::dead_letter_discarded: return in.delivery();
        case EventType::day_closed: return in.closed(event.property.value_or(PropertyId{}));
        case EventType::day_reopened: return in.reopened();
        case EventType::variance_acknowledged: return in.acknowledged();
        case EventType::lock_set:
        case EventType::lock_lifted: return in.lock(event.property);
        case EventType::lock_exception_granted:
        case EventType::lock_exception_revoked: return in.lock_exception(event.property);
        case EventType::daily_approval_granted:
        case EventType::daily_approval_revoked:
            return in.daily_approval(event.property.value_or(PropertyId{}));
        default: return in.erased();
    }
}

// Facts of the whole org name no property, and locks of the org neither; all others must.
bool is_of_the_org(EventType type) {
    switch (type) {
        case EventType::org_created:
        case EventType::setting_changed:
        case EventType::category_added:
        case EventType::category_updated:
        case EventType::category_merged:
        case EventType::token_created:
        case EventType::token_revoked:
        case EventType::token_scoped:
        case EventType::lock_set:
        case EventType::lock_lifted:
        case EventType::lock_exception_granted:
        case EventType::lock_exception_revoked:
        case EventType::user_invited:
        case EventType::user_joined:
        case EventType::user_updated:
        case EventType::user_removed:
        case EventType::grant_changed:
        case EventType::user_link_created:
        case EventType::user_password_changed:
        case EventType::user_signed_in:
        case EventType::user_signed_out:
        case EventType::import_committed:
        case EventType::webhook_added:
        case EventType::webhook_updated:
        case EventType::webhook_deleted:
        case EventType::subscription_changed:
        case EventType::dead_letter_discarded: return true;
        default: return false;
    }
}

}  // namespace

Result<RecordedEvent> decode(std::string_view bytes, std::string_view private_json) {
    std::array<unsigned char, 8192> buffer;
    json::monotonic_resource memory(buffer.data(), buffer.size());
    json::value value = TRY(parse_object(bytes, &memory));
    const json::value kept =
        TRY(parse_object(private_json.empty() ? std::string_view("{}") : private_json, &memory));
    TRY(upcast(value.get_object(), kEventVersion, upcasts()));
    std::optional<Error> first_error;
    JsonReader in(value.get_object(), first_error);
    RecordedEvent event;
    event.id = in.parsed("eventId", EventId::parse);
    event.org = in.parsed("orgId", OrgId::parse);
    event.position = in.integer("position");
    event.at = in.parsed("timestamp", Instant::parse);
    event.user = in.parsed("userId", UserId::parse);
    event.via = in.parsed("via", parse_via);
    event.correlation = in.string("correlationId");
    const auto type = parse_event_type(in.string("eventType"));
    if (first_error) return fail(*std::move(first_error));
    if (!type)
        return fail(ErrorCode::newer_schema,
                    "An event has a type that this program does not know.");
    event.event.type = *type;
    if (!is_of_the_org(*type) || !in.is_null("propertyId"))
        event.event.property = in.parsed("propertyId", PropertyId::parse);
    event.event.entity = {in.parsed("entityType", parse_entity_type),
                          in.parsed("entityId", Uuid::parse)};
    Decoder metadata(in.child("metadata"), kept.get_object(), first_error);
    event.address = metadata.text(in, "address", "address");
    event.event.affected_report_dates = metadata.dates();
    event.event.payload = read_payload(metadata, event.event, event.org);
    if (first_error) return fail(*std::move(first_error));
    return event;
}

}  // namespace daybook::app
