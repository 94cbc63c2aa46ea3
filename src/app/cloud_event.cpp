// Writes the envelope around the stored bytes, which are copied and never made again.
#include "app/cloud_event.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <utility>

#include "app/event_text.h"
#include "app/json_reader.h"
#include "base/json_writer.h"

namespace daybook::app {

Result<std::string> cloud_event(const domain::StoredEvent& event) {
    boost::system::error_code failed;
    const auto parsed = boost::json::parse(event.bytes, failed);
    if (failed || !parsed.is_object()) return fail(damaged_event());
    std::optional<Error> wrong;
    JsonReader stored(parsed.get_object(), wrong);
    const auto text = [&](std::string_view key) { return std::string(stored.string(key)); };

    std::string envelope;
    envelope.reserve(event.bytes.size() + event.private_json.size() + 512);
    JsonWriter json(envelope);
    json.begin_object();
    json.key("specversion").string("1.0");
    json.key("id").string(text("eventId"));
    json.key("source").string("urn:daybook:org:" + text("orgId"));
    json.key("type").string("daybook." + text("eventType"));
    json.key("subject").string(text("entityType") + "/" + text("entityId"));
    json.key("time").string(text("timestamp"));
    json.key("datacontenttype").string("application/json");
    json.key("data").begin_object();
    json.key("event").raw(event.bytes);
    json.key("text");
    TRY(write_texts(json, parsed.get_object(), event.private_json));
    json.end_object();
    json.end_object();
    if (wrong) return fail(damaged_event());
    return envelope;
}

}  // namespace daybook::app
