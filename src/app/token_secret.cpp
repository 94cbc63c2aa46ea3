// Base 62 text with a checksum.
#include "app/token_secret.h"

#include <array>
#include <cstdint>

namespace daybook::app {
namespace {

constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kSecretLength = 32;
constexpr std::size_t kChecksumLength = 6;

std::string checksum_of(std::string_view text) {
    std::uint32_t rest = crc32c(as_bytes(text));
    std::string checksum(kChecksumLength, '0');
    for (std::size_t i = kChecksumLength; i-- > 0; rest /= 62) checksum[i] = kDigits[rest % 62];
    return checksum;
}

// A digit of base 62 without bias: bytes of 248 and above are drawn again.
char random_digit(Random& random) {
    std::array<std::uint8_t, 1> byte{};
    do {
        random.fill(byte);
    } while (byte[0] >= 248);
    return kDigits[byte[0] % 62];
}

}  // namespace

std::string new_secret(Random& random, std::string_view prefix) {
    std::string text(prefix);
    for (std::size_t i = 0; i < kSecretLength; ++i) text.push_back(random_digit(random));
    return text + checksum_of(text);
}

bool is_secret(std::string_view text, std::string_view prefix) {
    if (text.size() != prefix.size() + kSecretLength + kChecksumLength) return false;
    if (!text.starts_with(prefix)) return false;
    const std::size_t checked = text.size() - kChecksumLength;
    return checksum_of(text.substr(0, checked)) == text.substr(checked);
}

Hash token_hash(std::string_view text) {
    return sha256({as_bytes(text)});
}

}  // namespace daybook::app
