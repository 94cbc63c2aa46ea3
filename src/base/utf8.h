// Well-formed UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace daybook {

// How many bytes the well-formed character at the front of `text` has (1-4); 0 if there is none.
std::size_t utf8_character_bytes(std::string_view text);

bool is_valid_utf8(std::string_view text);

}  // namespace daybook
