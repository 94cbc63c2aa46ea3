// Seals and the private part.
#include "app/event_text.h"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "base/digest.h"
#include "base/hex.h"

namespace daybook::app {
namespace {

namespace json = boost::json;

constexpr std::size_t kSealLength = kSealPrefix.size() + 64;

// The members of an event that may be seals; anything else that looks like one is just text.
constexpr std::array<std::string_view, 9> kPersonal{
    "address", "description", "email", "name", "note", "party", "reason", "reference", "url"};

bool is_seal(const json::value& value) {
    if (!value.is_string()) return false;
    const std::string_view text(value.get_string());
    return text.size() == kSealLength && text.starts_with(kSealPrefix);
}

// Shows the texts of one event.
class TextWriter {
 public:
    TextWriter(JsonWriter& writer, const json::object& kept) : writer_(writer), kept_(kept) {}

    void show_all(const json::object& holder, const std::string& path) {
        for (const auto& member : holder) {
            const std::string name(member.key());
            if (member.value().is_object()) {
                show_all(member.value().get_object(), path + name + ".");
            } else if (is_seal(member.value())) {
                show(name, path + name);
            }
        }
    }
    void show(std::string_view name, std::string_view path) {
        // Of a property that the reader may not see.
        if (name == "toPropertyId") return;
        const json::value* text = kept_.if_contains(path);
        const json::value* value = text != nullptr && text->is_object()
                                       ? text->get_object().if_contains("value")
                                       : nullptr;
        if (value != nullptr && value->is_string()) {
            writer_.key(path).string(std::string_view(value->get_string()));
        } else if (std::ranges::find(kPersonal, name) != kPersonal.end()) {
            writer_.key(path).string(domain::kErasedText);
        }
    }

 private:
    JsonWriter& writer_;
    const json::object& kept_;
};

}  // namespace

std::string seal_of(std::span<const std::uint8_t> salt, std::string_view value) {
    std::string seal(kSealPrefix);
    seal += to_hex(sha256({salt, as_bytes(value)}));
    return seal;
}

std::string SealedTexts::seal(std::string_view path, const domain::Text& text) {
    std::array<std::uint8_t, kSaltBytes> salt{};
    random_.fill(salt);
    const std::string seal = seal_of(salt, text.value);
    if (text.erased) return seal;
    if (!members_.empty()) members_.push_back(',');
    JsonWriter writer(members_);
    append_json_string(members_, path);
    members_.push_back(':');
    writer.begin_object();
    writer.key("salt").string(to_hex(salt));
    writer.key("value").string(text.value);
    writer.end_object();
    return seal;
}

std::string SealedTexts::take_private() {
    if (members_.empty()) return {};
    return "{" + std::exchange(members_, {}) + "}";
}

Error damaged_event() {
    return error(ErrorCode::corrupt, "An event of the log is damaged; run daybook verify.");
}

Status write_texts(JsonWriter& writer, const json::object& event, std::string_view private_json) {
    boost::system::error_code failed;
    json::value kept;
    if (!private_json.empty()) kept = json::parse(private_json, failed);
    if (failed || (!kept.is_null() && !kept.is_object())) return fail(damaged_event());
    static const json::object kNothing;
    TextWriter texts(writer, kept.is_object() ? kept.get_object() : kNothing);
    writer.begin_object();
    const auto* address = event.if_contains("address");
    if (address != nullptr && is_seal(*address)) texts.show("address", "address");
    const auto* metadata = event.if_contains("metadata");
    if (metadata != nullptr && metadata->is_object()) texts.show_all(metadata->get_object(), {});
    writer.end_object();
    return {};
}

}  // namespace daybook::app
