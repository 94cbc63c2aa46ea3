// Reads the members of a body's object one by one, and remembers all that is wrong with them.
//
// Why: a command of a dozen members reads best without a dozen error branches, and whoever sent it
// wants to know all of its mistakes at once. A member that nobody asked for is a mistake
// (unknown_field); so are a wrong type, a number that is no integer, a value of the wrong form.
// Each is named by its JSON pointer (RFC 6901).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/body_json.h"
#include "http/message.h"

namespace daybook::http {

// What is wrong with one request, the first first; at most limits::kFieldErrorsMax are kept.
class BodyErrors {
 public:
    void add(ErrorCode code, std::string pointer, std::string detail);
    [[nodiscard]] bool empty() const { return errors_.empty(); }
    // The code and the words of the first, and all of the fields.
    [[nodiscard]] Error to_error() const;

 private:
    std::vector<FieldError> errors_;
};

// Whether a member may be missing. Where it may, null means the same as missing; `kept` is for
// patches, where null would remove what cannot be removed.
enum class Presence : std::uint8_t { optional, required, kept };

class BodyReader {
 public:
    BodyReader(const JsonValue::Object& object, std::string pointer, BodyErrors& errors)
        : object_(object), pointer_(std::move(pointer)), errors_(errors) {}

    // Each gives the value if it is there and right, and notes an error if it is wrong or missing.
    std::optional<std::string> text(std::string_view name, Presence presence);
    std::optional<std::int64_t> integer(std::string_view name, Presence presence);
    // An integer that fits; invalid_value otherwise.
    std::optional<int> small_integer(std::string_view name, Presence presence);
    std::optional<bool> boolean(std::string_view name, Presence presence);
    // A string through a parser that gives an optional; `expected` completes "Use …".
    template <class Parse>
    auto parsed(std::string_view name, Presence presence, Parse&& parse, std::string_view expected)
        -> decltype(parse(std::string_view())) {
        const auto given = text(name, presence);
        if (!given) return std::nullopt;
        auto value = parse(*given);
        if (!value) wrong(name, ErrorCode::invalid_value, use(expected));
        return value;
    }
    // For patches: null clears, and reads as empty.
    std::optional<std::string> clearable_text(std::string_view name);

    // Whether the member is there, also as null; it counts as asked for.
    bool has(std::string_view name);
    // Whether it is there as null.
    bool is_null(std::string_view name);

    // Calls read(BodyReader&) with the object of that name, if it is there.
    template <class Read>
    void object(std::string_view name, Presence presence, Read&& read) {
        const JsonValue* value = typed<JsonValue::Object>(name, presence, "an object");
        if (value != nullptr) read_object(*value, pointer_of(name), read);
    }
    // Calls read(BodyReader&) with each object of the array of that name, if it is there. Errors
    // besides the types: too_large.
    template <class Read>
    void objects(std::string_view name, Presence presence, std::size_t count_max, Read&& read) {
        const JsonValue::Array* array = list(name, presence, count_max);
        if (array == nullptr) return;
        for (std::size_t i = 0; i < array->size(); ++i) {
            read_object((*array)[i], pointer_of(name) + "/" + std::to_string(i), read);
        }
    }
    // The strings of an array, each through a parser.
    template <class Parse>
    auto parsed_list(std::string_view name, Presence presence, std::size_t count_max, Parse&& parse,
                     std::string_view expected) {
        using Value = typename decltype(parse(std::string_view()))::value_type;
        std::optional<std::vector<Value>> values;
        const JsonValue::Array* array = list(name, presence, count_max);
        if (array == nullptr) return values;
        values.emplace();
        for (std::size_t i = 0; i < array->size(); ++i) {
            const auto* given = (*array)[i].template as<std::string>();
            auto value = given ? parse(std::string_view(*given)) : std::nullopt;
            const std::string item = std::string(name) + "/" + std::to_string(i);
            if (value) {
                values->push_back(*std::move(value));
            } else if (given == nullptr) {
                wrong(item, ErrorCode::wrong_type, "This must be a string.");
            } else {
                wrong(item, ErrorCode::invalid_value, use(expected));
            }
        }
        return values;
    }

    // The integers of an array. Errors besides the types: too_large.
    std::optional<std::vector<std::int64_t>> integers(std::string_view name, Presence presence,
                                                      std::size_t count_max);

    void wrong(std::string_view name, ErrorCode code, std::string detail);
    // No member is judged any more: what they mean is not known.
    void ignore_rest() { ignores_rest_ = true; }
    // Notes every member that was not asked for.
    void finish();

 private:
    template <class Read>
    void read_object(const JsonValue& value, std::string pointer, Read&& read) {
        const auto* object = value.as<JsonValue::Object>();
        if (object == nullptr) {
            errors_.add(ErrorCode::wrong_type, std::move(pointer), "This must be an object.");
            return;
        }
        BodyReader reader(*object, std::move(pointer), errors_);
        read(reader);
        reader.finish();
    }
    static std::string use(std::string_view expected);
    [[nodiscard]] std::string pointer_of(std::string_view name) const;
    const JsonValue* find(std::string_view name);
    // The value unless it is missing or null.
    const JsonValue* given(std::string_view name, Presence presence);
    template <class Type>
    const JsonValue* typed(std::string_view name, Presence presence, std::string_view type);
    const JsonValue::Array* list(std::string_view name, Presence presence, std::size_t count_max);

    const JsonValue::Object& object_;
    std::string pointer_;  // of this object
    BodyErrors& errors_;
    std::vector<std::string_view> known_;
    bool ignores_rest_ = false;
};

// Whether a request must have a body, or may leave it out to mean {}.
enum class BodyNeed : std::uint8_t { required, optional };

// The body as a JSON object. Errors: unsupported_media_type, malformed_json, wrong_type.
Result<JsonValue> parse_body(const Request& request, BodyNeed need);

// Reads the request's body by read(BodyReader&), and gives what that returned unless something was
// wrong.
template <class Read>
auto read_body(const Request& request, BodyNeed need, Read&& read)
    -> Result<decltype(read(std::declval<BodyReader&>()))> {
    const JsonValue body = TRY(parse_body(request, need));
    BodyErrors errors;
    BodyReader reader(*body.as<JsonValue::Object>(), "", errors);
    auto value = read(reader);
    reader.finish();
    if (!errors.empty()) return fail(errors.to_error());
    return value;
}

}  // namespace daybook::http
