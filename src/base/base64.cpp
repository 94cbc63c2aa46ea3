// Three bytes are four characters.
#include "base/base64.h"

#include <algorithm>
#include <string_view>

namespace daybook {

std::string to_base64(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    constexpr std::size_t kGroup = 3;
    std::string text;
    text.reserve((bytes.size() + 2) / kGroup * 4);
    for (std::size_t i = 0; i < bytes.size(); i += kGroup) {
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < kGroup; ++j)
            bits = bits << 8U | (i + j < bytes.size() ? bytes[i + j] : 0U);
        const std::size_t given = std::min(kGroup, bytes.size() - i);
        for (std::size_t j = 0; j < 4; ++j)
            text += j <= given ? kAlphabet[bits >> (18U - 6U * j) & 63U] : '=';
    }
    return text;
}

}  // namespace daybook
