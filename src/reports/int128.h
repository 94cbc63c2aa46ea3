// 128 bits for sums over properties and for products (I9), and the way back to a number that every
// reader shows exactly.
#pragma once

#include <cstdint>
#include <optional>

namespace daybook::reports {

__extension__ using Int128 = __int128;

// The number if it lies within ±(2^53 - 1).
constexpr std::optional<std::int64_t> exact_in_javascript(Int128 number) {
    constexpr Int128 kMax = (Int128{1} << 53) - 1;
    if (number < -kMax || number > kMax) return std::nullopt;
    return static_cast<std::int64_t>(number);
}

}  // namespace daybook::reports
