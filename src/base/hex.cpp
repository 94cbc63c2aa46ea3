// Bytes as hexadecimal.
#include "base/hex.h"

namespace daybook {

std::string to_hex(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(bytes.size() * 2, '0');
    std::size_t place = 0;
    for (const std::uint8_t byte : bytes) {
        text[place++] = kDigits[byte >> 4U];
        text[place++] = kDigits[byte & 0x0FU];
    }
    return text;
}

bool read_hex(std::string_view text, std::span<std::uint8_t> bytes) {
    if (text.size() != bytes.size() * 2) return false;
    std::size_t place = 0;
    for (std::uint8_t& byte : bytes) {
        const int high = hex_digit(text[place++]);
        const int low = hex_digit(text[place++]);
        if (high < 0 || low < 0) return false;
        byte = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text) {
    std::vector<std::uint8_t> bytes(text.size() / 2);
    if (!read_hex(text, bytes)) return std::nullopt;
    return bytes;
}

}  // namespace daybook
