// Finds the seals of an event, and shows what they seal.
#include "http/render_event.h"

#include <array>
#include <string>
#include <string_view>

#include "app/event_text.h"
#include "base/hex.h"
#include "domain/text.h"
#include "http/body_json.h"

namespace daybook::http {
namespace {

constexpr std::array<std::string_view, 5> kTexts{"description", "note", "party", "reason",
                                                 "reference"};
constexpr std::array<std::string_view, 3> kTextsBefore{"description", "party", "reference"};
constexpr std::size_t kSealLength = app::kSealPrefix.size() + 64;

bool is_seal(const JsonValue* value) {
    const auto* text = value != nullptr ? value->as<std::string>() : nullptr;
    return text != nullptr && text->size() == kSealLength && text->starts_with(app::kSealPrefix);
}

// Shows the texts of one event.
class TextWriter {
 public:
    TextWriter(JsonWriter& json, const JsonValue& kept) : json_(json), kept_(kept) {}

    void show(const JsonValue* holder, std::string_view name, std::string_view path) {
        if (holder == nullptr || !is_seal(holder->member(name))) return;
        const JsonValue* text = kept_.member(path);
        const JsonValue* value = text != nullptr ? text->member("value") : nullptr;
        const auto* shown = value != nullptr ? value->as<std::string>() : nullptr;
        json_.key(path).string(shown != nullptr ? std::string_view(*shown) : domain::kErasedText);
    }

 private:
    JsonWriter& json_;
    const JsonValue& kept_;
};

void write_texts(JsonWriter& json, const JsonValue& event, const JsonValue& kept) {
    TextWriter texts(json, kept);
    const JsonValue* metadata = event.member("metadata");
    const JsonValue* before = metadata != nullptr ? metadata->member("before") : nullptr;
    const JsonValue* after = metadata != nullptr ? metadata->member("after") : nullptr;
    texts.show(&event, "address", "address");
    for (const std::string_view name : kTexts) texts.show(metadata, name, name);
    for (const std::string_view name : kTextsBefore) {
        texts.show(before, name, "before." + std::string(name));
    }
    // Only of tokens is the name a personal text.
    const JsonValue* type = event.member("entityType");
    const auto* entity = type != nullptr ? type->as<std::string>() : nullptr;
    if (entity == nullptr || *entity != domain::entity_type_name(domain::EntityType::token)) return;
    texts.show(after, "name", "after.name");
    texts.show(before, "name", "before.name");
}

Result<JsonValue> parse_stored(std::string_view bytes) {
    auto parsed = parse_json(bytes);
    if (parsed) return parsed;
    return fail(ErrorCode::corrupt, "An event of the log is damaged; run daybook verify.");
}

}  // namespace

Status write_event(JsonWriter& json, const domain::StoredEvent& event) {
    const JsonValue parsed = TRY(parse_stored(event.bytes));
    const bool has_texts = !event.private_json.empty();
    const JsonValue kept = has_texts ? TRY(parse_stored(event.private_json)) : JsonValue{};
    json.begin_object();
    json.key("position").integer(event.position);
    json.key("hash").string(to_hex(event.hash));
    json.key("prevHash").string(to_hex(event.prev_hash));
    json.key("event").raw(event.bytes);
    json.key("text").begin_object();
    write_texts(json, parsed, kept);
    json.end_object();
    json.end_object();
    return {};
}

}  // namespace daybook::http
