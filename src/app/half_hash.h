// The first half of a SHA-256: enough to tell apart what nobody can choose to collide.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "app/rows.h"
#include "base/digest.h"
#include "domain/user.h"

namespace daybook::app {

inline Hash16 first_half(const Hash& hash) {
    Hash16 half{};
    std::copy_n(hash.begin(), half.size(), half.begin());
    return half;
}

// Of an e-mail address, as it is compared.
inline Hash16 email_hash(std::string_view email) {
    return first_half(sha256({as_bytes(domain::email_key(email))}));
}

// For tables whose keys are hashes, or halves: such are as good as random already.
struct FrontOfHash {
    using is_avalanching = std::true_type;
    template <std::size_t bytes>
    std::size_t operator()(const std::array<std::uint8_t, bytes>& hash) const noexcept {
        static_assert(bytes >= sizeof(std::size_t));
        std::size_t front = 0;
        std::memcpy(&front, hash.data(), sizeof front);
        return front;
    }
};

}  // namespace daybook::app
