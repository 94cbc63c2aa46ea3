// Reads the common members of an event's bytes.
#include "app/event_facts.h"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "app/json_reader.h"

namespace daybook::app {

namespace json = boost::json;

Result<EventFacts> facts_of(const domain::StoredEvent& event) {
    std::array<unsigned char, 8192> buffer;
    json::monotonic_resource memory(buffer.data(), buffer.size());
    boost::system::error_code code;
    const json::value value = json::parse(event.bytes, code, &memory);
    if (code || !value.is_object())
        return fail(ErrorCode::corrupt, "An event of the log is damaged; run daybook verify.");
    std::optional<Error> first_error;
    JsonReader in(value.get_object(), first_error);
    EventFacts facts;
    facts.position = event.position;
    facts.id = in.parsed("eventId", EventId::parse);
    facts.type = in.string("eventType");
    facts.entity_type = in.string("entityType");
    facts.entity = in.parsed("entityId", Uuid::parse);
    facts.at = in.parsed("timestamp", Instant::parse);
    if (!in.is_null("propertyId")) facts.property = in.parsed("propertyId", PropertyId::parse);
    if (first_error) return fail(*std::move(first_error));
    return facts;
}

}  // namespace daybook::app
