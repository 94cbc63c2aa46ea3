// What text and keys may be.
#include "domain/text.h"

#include <algorithm>

#include "base/limits.h"
#include "base/utf8.h"

namespace daybook::domain {

Status check_text(std::string_view text, std::size_t bytes_max, std::string_view pointer) {
    if (text.size() > bytes_max) {
        return fail_field(
            ErrorCode::invalid_value, std::string(pointer),
            "The text is longer than " + std::to_string(bytes_max) + " bytes. Shorten it.");
    }
    if (!is_valid_utf8(text)) {
        return fail_field(ErrorCode::invalid_value, std::string(pointer),
                          "The text is not valid UTF-8. Convert it, for example with iconv.");
    }
    const auto is_control = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7F;
    };
    if (std::ranges::any_of(text, is_control)) {
        return fail_field(ErrorCode::invalid_value, std::string(pointer),
                          "The text has control characters. Remove them.");
    }
    return {};
}

Status check_key(std::string_view key, std::string_view pointer) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    if (key.empty() || key.size() > limits::kKeyBytesMax || !std::ranges::all_of(key, allowed) ||
        key.front() == '_' || key.front() == '-') {
        return fail_field(
            ErrorCode::invalid_value, std::string(pointer),
            "A key is 1 to 40 characters of a-z, 0-9, _ and -, such as housekeeping.");
    }
    return {};
}

}  // namespace daybook::domain
