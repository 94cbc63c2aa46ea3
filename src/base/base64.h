// Base64 (RFC 4648, 4), with padding: for signatures and secrets.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace daybook {

std::string to_base64(std::span<const std::uint8_t> bytes);

}  // namespace daybook
