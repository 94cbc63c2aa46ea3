// The event's own bytes, its chain, and what its seals hide.
#include "http/render_event.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "app/event_text.h"
#include "base/hex.h"

namespace daybook::http {

Status write_event(JsonWriter& json, const domain::StoredEvent& event,
                   std::optional<std::string_view> frozen_report) {
    boost::system::error_code failed;
    const auto parsed = boost::json::parse(event.bytes, failed);
    if (failed || !parsed.is_object()) return fail(app::damaged_event());
    json.begin_object();
    json.key("position").integer(event.position);
    json.key("hash").string(to_hex(event.hash));
    json.key("prevHash").string(to_hex(event.prev_hash));
    json.key("event").raw(event.bytes);
    json.key("text");
    TRY(app::write_texts(json, parsed.get_object(), event.private_json));
    if (frozen_report) json.key("report").raw(*frozen_report);
    json.end_object();
    return {};
}

}  // namespace daybook::http
