// Strict JSON (RFC 8259) of request bodies, as a tree of values.
//
// Why not Boost.JSON's own tree: it keeps the last of two equal keys, and turns 1.0 into a number
// like any other. Here equal keys are refused, and a number that is no integer is known as one. The
// only file that parses bodies; everybody else sees this header. Limits: depth, members, values
// (base/limits.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace daybook::http {

struct JsonMember;

struct JsonValue {
    // A number with a fraction or an exponent: 1.0, 1e3.
    struct Fraction {};
    using Array = std::vector<JsonValue>;
    using Object = std::vector<JsonMember>;  // in the order sent; no name twice

    // An integer beyond 64 bits is the greatest or smallest there is, so that a check of its range
    // refuses it.
    std::variant<std::nullptr_t, bool, std::int64_t, Fraction, std::string, Array, Object> value;

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::nullptr_t>(value); }
    // nullptr if the value is of another type.
    template <class Type>
    [[nodiscard]] const Type* as() const {
        return std::get_if<Type>(&value);
    }
    // The member of an object; nullptr if there is none, or if this is no object.
    [[nodiscard]] const JsonValue* member(std::string_view name) const;
};

struct JsonMember {
    std::string name;
    JsonValue value;
};

// One JSON text. Errors: malformed_json (no JSON, invalid UTF-8, a key twice, too deep), too_large.
Result<JsonValue> parse_json(std::string_view text);

}  // namespace daybook::http
