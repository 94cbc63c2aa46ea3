// Events to bytes and back: the only place that knows what the log looks like.
//
// Canonical bytes: one UTF-8 JSON object (RFC 8785) with the members address, correlationId,
// entityId, entityType, eventId, eventType, eventVersion, metadata, orgId, position, propertyId,
// timestamp, userId, via. Personal texts are not in it: in their place stands "sha256:" and the
// hexadecimal SHA-256 of 16 random bytes and the value; salt and value are in the private part,
// {"field": {"salt": hex, "value": text}}, which may be erased. hash = SHA-256(prevHash ‖ bytes);
// before position 1, prevHash is the SHA-256 of the org's id (16 bytes).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/digest.h"
#include "base/result.h"
#include "domain/events.h"

namespace daybook::app {

inline constexpr std::string_view kEventVersion = "v1";

struct EncodedEvent {
    std::string bytes;
    std::string private_json;  // empty where the event has no texts
};

// `random` salts the texts.
EncodedEvent encode(const domain::RecordedEvent& event, Random& random);

// Texts whose private part is missing come back as erased. Older versions are upcast first.
// Errors: corrupt (not an event), newer_schema (a version or type that this program does not know).
Result<domain::RecordedEvent> decode(std::string_view bytes, std::string_view private_json);

// prevHash of position 1.
Hash chain_start(OrgId org);
Hash chain_hash(const Hash& prev, std::string_view bytes);

// Whether every value of the private part has the hash that the bytes hold; an erased value passes.
// Errors: corrupt, naming the field.
Status check_private(std::string_view bytes, std::string_view private_json);

// What an event's bytes show without being read whole, for who looks at millions of them: the type,
// if it is an event of the present version, of a type that this program knows, of this org and
// position. nullopt: everything else, also what is fine but must be decoded to be sure.
std::optional<domain::EventType> glance_at(std::string_view bytes, OrgId org, Position position);

// Whether a text of the event is sealed in its bytes.
bool has_seal(std::string_view bytes);

}  // namespace daybook::app
