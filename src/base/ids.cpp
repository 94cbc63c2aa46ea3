// Text form of UUIDs (RFC 9562, section 4).
#include "base/ids.h"

#include "base/hex.h"

namespace daybook {
namespace {

constexpr std::size_t kTextLength = 36;

bool is_dash_place(std::size_t index) {
    return index == 8 || index == 13 || index == 18 || index == 23;
}

}  // namespace

std::string Uuid::to_string() const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(kTextLength, '-');
    std::size_t place = 0;
    for (const std::uint8_t byte : bytes) {
        if (is_dash_place(place)) ++place;
        text[place++] = kDigits[byte >> 4U];
        text[place++] = kDigits[byte & 0x0FU];
    }
    return text;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != kTextLength) return std::nullopt;
    Uuid uuid;
    std::size_t place = 0;
    for (std::uint8_t& byte : uuid.bytes) {
        if (is_dash_place(place) && text[place++] != '-') return std::nullopt;
        const int high = hex_digit(text[place]);
        const int low = hex_digit(text[place + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        byte = static_cast<std::uint8_t>(high * 16 + low);
        place += 2;
    }
    return uuid;
}

}  // namespace daybook
