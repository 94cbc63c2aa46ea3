// Whether the private part of an event fits its bytes.
#include <boost/json/value.hpp>

#include "app/event_codec.h"
#include "app/event_text.h"
#include "app/json_reader.h"
#include "base/hex.h"

namespace daybook::app {

namespace json = boost::json;

namespace {

// The seal that stands in the bytes for a text of the private part: at the top, in the metadata, or
// in one of its objects ("before.description").
std::optional<std::string_view> find_seal(const json::object& event, std::string_view path) {
    const auto* place = &event;
    if (path != "address") {
        const auto* metadata = event.if_contains("metadata");
        if (metadata == nullptr || !metadata->is_object()) return std::nullopt;
        place = &metadata->get_object();
    }
    const std::size_t dot = path.find('.');
    if (dot != std::string_view::npos) {
        const auto* inner = place->if_contains(path.substr(0, dot));
        if (inner == nullptr || !inner->is_object()) return std::nullopt;
        place = &inner->get_object();
        path = path.substr(dot + 1);
    }
    const auto* seal = place->if_contains(path);
    if (seal == nullptr || !seal->is_string()) return std::nullopt;
    return std::string_view(seal->get_string().data(), seal->get_string().size());
}

}  // namespace

Status check_private(std::string_view bytes, std::string_view private_json) {
    if (private_json.empty()) return {};
    const json::value event = TRY(parse_object(bytes, {}));
    const json::value kept = TRY(parse_object(private_json, {}));
    for (const auto& [path, text] : kept.get_object()) {
        std::optional<Error> first_error;
        const auto seal = find_seal(event.get_object(), path);
        if (!seal || !text.is_object()) {
            return fail(ErrorCode::corrupt,
                        "The text '" + std::string(path) + "' is not one of its event's.");
        }
        JsonReader in(text.get_object(), first_error);
        const auto salt = from_hex(in.string("salt"));
        // Another length would let bytes wander between salt and value under the same hash.
        const bool salted = salt && salt->size() == kSaltBytes;
        if (!salted || first_error || seal_of(*salt, in.string("value")) != *seal) {
            return fail(ErrorCode::corrupt, "The text '" + std::string(path) +
                                                "' does not match the hash in its event.");
        }
    }
    return {};
}

}  // namespace daybook::app
