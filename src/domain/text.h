// Free text of the books: personal, so never part of an event's canonical bytes, and erasable.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook::domain {

// What is shown in place of text that was erased.
inline constexpr std::string_view kErasedText = "erased";

struct Text {
    std::string value;    // UTF-8; empty is none
    bool erased = false;  // there was a value, and it is gone for ever

    [[nodiscard]] bool empty() const { return value.empty() && !erased; }
    [[nodiscard]] std::string_view shown() const {
        return erased ? kErasedText : std::string_view(value);
    }
    auto operator<=>(const Text&) const = default;
};

// Valid UTF-8 without control characters (but tab and line feed), at most `bytes_max`. Error:
// invalid_value.
Status check_text(std::string_view text, std::size_t bytes_max, std::string_view pointer);

// 1-40 characters of a-z, 0-9, '_' and '-', beginning with a letter or digit. Error: invalid_value.
Status check_key(std::string_view key, std::string_view pointer);

}  // namespace daybook::domain
