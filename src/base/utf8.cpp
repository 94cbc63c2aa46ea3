// The table of RFC 3629, section 4: which second bytes may follow which first byte.
#include "base/utf8.h"

#include <cstdint>

namespace daybook {
namespace {

struct Sequence {
    std::size_t bytes;  // 0: no character begins so
    std::uint8_t second_min;
    std::uint8_t second_max;
};

constexpr Sequence sequence_of(std::uint8_t first) {
    if (first < 0x80) return {1, 0, 0};
    if (first < 0xC2) return {0, 0, 0};
    if (first < 0xE0) return {2, 0x80, 0xBF};
    if (first == 0xE0) return {3, 0xA0, 0xBF};
    if (first == 0xED) return {3, 0x80, 0x9F};
    if (first < 0xF0) return {3, 0x80, 0xBF};
    if (first == 0xF0) return {4, 0x90, 0xBF};
    if (first < 0xF4) return {4, 0x80, 0xBF};
    if (first == 0xF4) return {4, 0x80, 0x8F};
    return {0, 0, 0};
}

}  // namespace

std::size_t utf8_character_bytes(std::string_view text) {
    if (text.empty()) return 0;
    const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const Sequence sequence = sequence_of(byte(0));
    if (sequence.bytes <= 1) return sequence.bytes;
    if (text.size() < sequence.bytes) return 0;
    if (byte(1) < sequence.second_min || byte(1) > sequence.second_max) return 0;
    for (std::size_t i = 2; i < sequence.bytes; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    }
    return sequence.bytes;
}

bool is_valid_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t bytes = utf8_character_bytes(text);
        if (bytes == 0) return false;
        text.remove_prefix(bytes);
    }
    return true;
}

}  // namespace daybook
