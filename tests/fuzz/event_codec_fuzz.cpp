// Fuzzes what is read from a log: an event's bytes, and behind a line's end its private part.
//
// Beside crashes it looks for disagreement: what is decoded is encoded to what means the same; what
// sees an event at a glance sees what decoding sees; texts that pass the check are those that are
// shown; upcasters end, at the version that they were asked for.
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/cloud_event.h"
#include "app/event_codec.h"
#include "app/upcast.h"
#include "base/check.h"
#include "http/render_event.h"

namespace daybook::app {
namespace {

constexpr std::string_view kTypeName = "\"eventType\"";

void fuzz_decode(std::string_view bytes, std::string_view private_json) {
    const auto event = decode(bytes, private_json);
    if (!event) {
        CHECK(!event.error().detail.empty());
        return;
    }
    // Canonical bytes name each member once.
    const bool is_named_once = bytes.find(kTypeName) == bytes.rfind(kTypeName);
    const auto glance = glance_at(bytes, event->org, event->position);
    CHECK(!glance || *glance == event->event.type || !is_named_once);
    SeededRandom random(1);
    const EncodedEvent again = encode(*event, random);
    CHECK(check_private(again.bytes, again.private_json).has_value());
    const auto second = decode(again.bytes, again.private_json);
    CHECK(second.has_value());
    SeededRandom same(1);
    const EncodedEvent third = encode(*second, same);
    CHECK(third.bytes == again.bytes && third.private_json == again.private_json);
    // Without its private part it is the same event, erased.
    CHECK(decode(again.bytes, {}).has_value());
}

bool is_json(std::string_view text) {
    boost::json::parse_options deep;
    deep.max_depth = 64;  // it may hold an event that is as deep as one may be
    boost::json::error_code code;
    boost::json::parse(text, code, {}, deep);
    return !code;
}

void fuzz_shown(std::string_view bytes, std::string_view private_json) {
    (void)check_private(bytes, private_json);
    (void)has_seal(bytes);
    const domain::StoredEvent stored{1, std::string(bytes), std::string(private_json), {}, {}};
    std::string shown;
    JsonWriter json(shown);
    if (http::write_event(json, stored)) CHECK(is_json(shown));
    if (const auto envelope = cloud_event(stored)) CHECK(is_json(*envelope));
}

// One that renames, one that adds, and one that leads back.
constexpr Upcast kSteps[]{
    {"v0", "v1",
     [](boost::json::object& event) {
         if (!event.contains("kind")) return;
         const boost::json::value type = event.at("kind");
         event["eventType"] = type;
         event.erase("kind");
     }},
    {"v1", "v2", [](boost::json::object& event) { event["via"] = "cli"; }},
    {"v3", "v4", [](boost::json::object& event) { event.erase("via"); }},
    {"v4", "v3", [](boost::json::object& event) { event.erase("via"); }},
};

void fuzz_upcast(std::string_view bytes) {
    boost::json::error_code code;
    boost::json::value parsed = boost::json::parse(bytes, code);
    if (code || !parsed.is_object()) return;
    boost::json::object& event = parsed.get_object();
    const Status done = upcast(event, "v2", kSteps);
    CHECK(!done || event.at("eventVersion") == "v2");
}

}  // namespace
}  // namespace daybook::app

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daybook::app;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t end = text.find('\n');
    const std::string_view bytes = text.substr(0, end);
    const std::string_view privates =
        end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    fuzz_decode(bytes, privates);
    fuzz_shown(bytes, privates);
    fuzz_upcast(bytes);
    return 0;
}
