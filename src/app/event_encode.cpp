// Writes events as canonical JSON. Keys are written in ascending order; CanonicalJson checks it.
#include "app/canonical_json.h"
#include "app/event_codec.h"
#include "app/event_encoder.h"
#include "app/event_text.h"
#include "base/check.h"
#include "base/hex.h"

namespace daybook::app {

using namespace domain;

EncodedEvent encode(const RecordedEvent& event, Random& random) {
    CanonicalJson json;
    SealedTexts texts(random);
    const auto member = [&json](std::string_view key, std::string_view value) {
        json.key(key);
        json.string(value);
    };
    json.begin_object();
    if (!event.address.empty()) member("address", texts.seal("address", event.address));
    member("correlationId", event.correlation);
    member("entityId", event.event.entity.id.to_string());
    member("entityType", entity_type_name(event.event.entity.type));
    member("eventId", event.id.to_string());
    member("eventType", event_type_name(event.event.type));
    member("eventVersion", kEventVersion);
    json.key("metadata");
    json.begin_object();
    std::visit(Encoder(json, texts, event), event.event.payload);
    json.end_object();
    member("orgId", event.org.to_string());
    json.key("position");
    json.integer(event.position);
    json.key("propertyId");
    if (event.event.property) {
        json.string(event.event.property->to_string());
    } else {
        json.null();
    }
    member("timestamp", event.at.to_string());
    member("userId", event.user.to_string());
    member("via", via_text(event.via));
    json.end_object();
    return {json.take(), texts.take_private()};
}

Hash chain_start(OrgId org) {
    return sha256({org.value.bytes});
}

Hash chain_hash(const Hash& prev, std::string_view bytes) {
    return sha256({prev, as_bytes(bytes)});
}

}  // namespace daybook::app
