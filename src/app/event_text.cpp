// Seals and the private part.
#include "app/event_text.h"

#include <array>

#include "base/digest.h"
#include "base/hex.h"

namespace daybook::app {

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

}  // namespace daybook::app
