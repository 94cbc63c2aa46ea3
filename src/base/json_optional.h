// Members of JSON objects that may be missing: null stands for what is not there.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/json_writer.h"

namespace daybook {

// A number, or what has a text form, such as an id, a date or an instant.
template <class Value>
void write_optional(JsonWriter& json, std::string_view name, const std::optional<Value>& value) {
    json.key(name);
    if (!value) {
        json.null();
    } else if constexpr (std::integral<Value>) {
        json.integer(static_cast<std::int64_t>(*value));
    } else {
        json.string(value->to_string());
    }
}

// Of a text the empty one is none.
inline void write_text_or_null(JsonWriter& json, std::string_view name, std::string_view text) {
    json.key(name);
    if (text.empty()) {
        json.null();
    } else {
        json.string(text);
    }
}

}  // namespace daybook
