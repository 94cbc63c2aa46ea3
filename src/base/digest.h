// SHA-256 (FIPS 180-4) for the event chain and erasable text, CRC-32C (RFC 3720, B.4) for rows.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace daybook {

using Hash = std::array<std::uint8_t, 32>;

inline std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// SHA-256 of the parts, one after the other.
Hash sha256(std::initializer_list<std::span<const std::uint8_t>> parts);

// HMAC-SHA256 (RFC 2104) of the text.
Hash hmac_sha256(std::span<const std::uint8_t> key, std::string_view text);

// CRC-32C of the bytes, continuing from `seed` (the result of an earlier call, or 0).
std::uint32_t crc32c(std::span<const std::uint8_t> bytes, std::uint32_t seed = 0);
// The same without the CPU's instruction: for machines that have none, and for the tests.
std::uint32_t crc32c_by_table(std::span<const std::uint8_t> bytes, std::uint32_t seed = 0);

}  // namespace daybook
