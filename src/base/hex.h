// Bytes as lower-case hexadecimal and back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace daybook {

// 0-15, or -1 if the character is no hexadecimal digit.
constexpr int hex_digit(char c) {
    constexpr auto kDigits = [] {
        std::array<std::int8_t, 256> digits{};
        digits.fill(-1);
        for (std::size_t i = 0; i < 10; ++i) digits.at('0' + i) = static_cast<std::int8_t>(i);
        for (std::size_t i = 0; i < 6; ++i) {
            digits.at('a' + i) = static_cast<std::int8_t>(10 + i);
            digits.at('A' + i) = static_cast<std::int8_t>(10 + i);
        }
        return digits;
    }();
    return kDigits.at(static_cast<unsigned char>(c));
}

std::string to_hex(std::span<const std::uint8_t> bytes);
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);
// Into bytes that are there; false if the text is not hexadecimal of just so many.
bool read_hex(std::string_view text, std::span<std::uint8_t> bytes);

}  // namespace daybook
