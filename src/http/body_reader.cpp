// Types, presence, and the form of a body.
#include "http/body_reader.h"

#include <algorithm>
#include <limits>

#include "base/limits.h"

namespace daybook::http {
namespace {

// "~" and "/" are escaped (RFC 6901, 3).
std::string escaped(std::string_view name) {
    std::string text;
    for (const char c : name) {
        if (c == '~') {
            text += "~0";
        } else if (c == '/') {
            text += "~1";
        } else {
            text += c;
        }
    }
    return text;
}

bool is_json(std::string_view content_type) {
    std::string type;
    for (const char c : content_type.substr(0, content_type.find(';'))) {
        if (c == ' ' || c == '\t') continue;
        type += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return type == "application/json" || type == "application/merge-patch+json";
}

}  // namespace

void BodyErrors::add(ErrorCode code, std::string pointer, std::string detail) {
    if (errors_.size() == limits::kFieldErrorsMax) return;
    errors_.push_back({std::move(pointer), code, std::move(detail)});
}

Error BodyErrors::to_error() const {
    return Error{errors_.front().code, errors_.front().detail, errors_, {}};
}

std::string BodyReader::use(std::string_view expected) {
    return "Use " + std::string(expected) + ".";
}

std::string BodyReader::pointer_of(std::string_view name) const {
    return pointer_ + "/" + std::string(name);
}

void BodyReader::wrong(std::string_view name, ErrorCode code, std::string detail) {
    errors_.add(code, pointer_of(name), std::move(detail));
}

const JsonValue* BodyReader::find(std::string_view name) {
    known_.push_back(name);
    const auto found = std::ranges::find(object_, name, &JsonMember::name);
    return found == object_.end() ? nullptr : &found->value;
}

bool BodyReader::has(std::string_view name) {
    return find(name) != nullptr;
}

bool BodyReader::is_null(std::string_view name) {
    const JsonValue* value = find(name);
    return value != nullptr && value->is_null();
}

const JsonValue* BodyReader::given(std::string_view name, Presence presence) {
    const JsonValue* value = find(name);
    if (value != nullptr && !value->is_null()) return value;
    if (presence == Presence::required) {
        wrong(name, ErrorCode::missing_field, "This field is needed.");
    } else if (presence == Presence::kept && value != nullptr) {
        wrong(name, ErrorCode::invalid_value,
              "This cannot be removed; send another value, or leave it out to keep it.");
    }
    return nullptr;
}

template <class Type>
const JsonValue* BodyReader::typed(std::string_view name, Presence presence,
                                   std::string_view type) {
    const JsonValue* value = given(name, presence);
    if (value == nullptr || value->as<Type>() != nullptr) return value;
    wrong(name, ErrorCode::wrong_type, "This must be " + std::string(type) + ".");
    return nullptr;
}

template const JsonValue* BodyReader::typed<JsonValue::Object>(std::string_view, Presence,
                                                               std::string_view);

std::optional<std::string> BodyReader::text(std::string_view name, Presence presence) {
    const JsonValue* value = typed<std::string>(name, presence, "a string");
    if (value == nullptr) return std::nullopt;
    return *value->as<std::string>();
}

std::optional<std::int64_t> BodyReader::integer(std::string_view name, Presence presence) {
    const JsonValue* value =
        typed<std::int64_t>(name, presence, "an integer, without a fraction or an exponent");
    if (value == nullptr) return std::nullopt;
    return *value->as<std::int64_t>();
}

std::optional<int> BodyReader::small_integer(std::string_view name, Presence presence) {
    const auto number = integer(name, presence);
    if (!number) return std::nullopt;
    if (*number < std::numeric_limits<int>::min() || *number > std::numeric_limits<int>::max()) {
        wrong(name, ErrorCode::invalid_value, "This number is out of range.");
        return std::nullopt;
    }
    return static_cast<int>(*number);
}

std::optional<bool> BodyReader::boolean(std::string_view name, Presence presence) {
    const JsonValue* value = typed<bool>(name, presence, "true or false");
    if (value == nullptr) return std::nullopt;
    return *value->as<bool>();
}

std::optional<std::string> BodyReader::clearable_text(std::string_view name) {
    if (is_null(name)) return std::string();
    return text(name, Presence::optional);
}

const JsonValue::Array* BodyReader::list(std::string_view name, Presence presence,
                                         std::size_t count_max) {
    const JsonValue* value = typed<JsonValue::Array>(name, presence, "an array");
    if (value == nullptr) return nullptr;
    const auto* array = value->as<JsonValue::Array>();
    if (array->size() <= count_max) return array;
    wrong(name, ErrorCode::too_large,
          "At most " + std::to_string(count_max) + " items in one request; send the rest in more.");
    return nullptr;
}

std::optional<std::vector<std::int64_t>> BodyReader::integers(std::string_view name,
                                                              Presence presence,
                                                              std::size_t count_max) {
    const JsonValue::Array* array = list(name, presence, count_max);
    if (array == nullptr) return std::nullopt;
    std::vector<std::int64_t> values;
    for (std::size_t i = 0; i < array->size(); ++i) {
        if (const auto* value = (*array)[i].as<std::int64_t>()) {
            values.push_back(*value);
        } else {
            wrong(std::string(name) + "/" + std::to_string(i), ErrorCode::wrong_type,
                  "This must be an integer, without a fraction or an exponent.");
        }
    }
    return values;
}

void BodyReader::finish() {
    if (ignores_rest_) return;
    for (const JsonMember& member : object_) {
        if (std::ranges::find(known_, member.name) != known_.end()) continue;
        errors_.add(ErrorCode::unknown_field,
                    pointer_ + "/" + escaped(member.name.substr(0, limits::kNameBytesMax)),
                    "There is no such field; see /openapi.json.");
    }
}

Result<JsonValue> parse_body(const Request& request, BodyNeed need) {
    if (request.body.empty()) {
        if (need == BodyNeed::optional) return JsonValue{JsonValue::Object{}};
        return fail(ErrorCode::malformed_json, "Send a JSON object as the body of the request.");
    }
    if (!is_json(request.header("content-type").value_or(""))) {
        return fail(ErrorCode::unsupported_media_type,
                    "Send the body as JSON, with Content-Type: application/json.");
    }
    // Nothing is unpacked: a few kilobytes could become gigabytes.
    if (request.header("content-encoding").value_or("identity") != "identity") {
        return fail(ErrorCode::unsupported_media_type,
                    "Send the body as it is, without Content-Encoding.");
    }
    JsonValue body = TRY(parse_json(request.body));
    if (body.as<JsonValue::Object>() == nullptr) {
        return fail_field(ErrorCode::wrong_type, "", "The body must be a JSON object.");
    }
    return body;
}

}  // namespace daybook::http
