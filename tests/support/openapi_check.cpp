// A small validator: $ref, type, enum, properties, required, items, oneOf, bounds and formats.
#include "support/openapi_check.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/clock.h"
#include "domain/business_date.h"
#include "http/openapi.h"

namespace daybook::test {

namespace json = boost::json;

namespace {

std::string_view type_of(const json::value& value) {
    switch (value.kind()) {
        case json::kind::null: return "null";
        case json::kind::bool_: return "boolean";
        case json::kind::int64:
        case json::kind::uint64: return "integer";
        case json::kind::double_: return "number";
        case json::kind::string: return "string";
        case json::kind::array: return "array";
        case json::kind::object: return "object";
    }
    return "";
}

bool allows_type(const json::value& allowed, std::string_view type) {
    if (allowed.is_string()) return allowed.get_string() == type;
    return std::ranges::any_of(allowed.get_array(),
                               [&](const json::value& each) { return each.get_string() == type; });
}

bool has_value(const json::array& values, const json::value& value) {
    return std::ranges::find(values, value) != values.end();
}

std::int64_t count_characters(std::string_view text) {
    return std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; });
}

bool has_format(std::string_view text, std::string_view format) {
    if (format == "uuid") return EntryId::parse(text).has_value();
    if (format == "date") return domain::BusinessDate::parse(text).has_value();
    if (format == "date-time") return Instant::parse(text).has_value();
    return true;
}

const json::object* json_schema(const json::value& holder) {
    const auto* content = holder.get_object().if_contains("content");
    const auto* type = content ? content->get_object().if_contains("application/json") : nullptr;
    return type ? &type->get_object().at("schema").get_object() : nullptr;
}

}  // namespace

OpenApiCheck::OpenApiCheck() : document_(json::parse(http::openapi_document())) {
    for (const auto& [path, methods] : document().at("paths").get_object()) {
        for (const auto& [method, operation] : methods.get_object()) {
            operations_.emplace(operation.at("operationId").get_string(), &operation.get_object());
        }
    }
}

const json::object* OpenApiCheck::operation(std::string_view operation_id) const {
    const auto found = operations_.find(operation_id);
    return found == operations_.end() ? nullptr : found->second;
}

const json::object& OpenApiCheck::resolved(const json::object& schema) const {
    const auto* reference = schema.if_contains("$ref");
    if (reference == nullptr) return schema;
    std::string_view path = reference->get_string();
    const std::string_view name = path.substr(path.rfind('/') + 1);
    return document().at("components").at("schemas").at(name).get_object();
}

std::string OpenApiCheck::answer_problem(std::string_view operation_id, int status,
                                         const std::string& body) const {
    const json::object* found = operation(operation_id);
    if (found == nullptr) return "no such operation";
    const json::object& responses = found->at("responses").get_object();
    const json::value* response = responses.if_contains(std::to_string(status));
    if (response == nullptr) {
        if (status < 400) return "no such status " + std::to_string(status);
        return problem(resolved({{"$ref", "#/components/schemas/Problem"}}), json::parse(body), "");
    }
    const json::object* schema = json_schema(*response);
    return schema ? problem(*schema, json::parse(body), "") : "";
}

std::string OpenApiCheck::request_problem(std::string_view operation_id,
                                          const std::string& body) const {
    const json::object* found = operation(operation_id);
    const json::value* request = found ? found->if_contains("requestBody") : nullptr;
    if (request == nullptr) return "no such operation, or it takes no body";
    return problem(*json_schema(*request), json::parse(body), "");
}

std::string OpenApiCheck::problem(const json::object& given_schema, const json::value& value,
                                  const std::string& where) const {
    const json::object& schema = resolved(given_schema);
    if (const auto* choices = schema.if_contains("oneOf")) {
        return choice_problem(choices->get_array(), value, where);
    }
    const auto* type = schema.if_contains("type");
    if (type != nullptr && !allows_type(*type, type_of(value))) {
        return where + ": is " + json::serialize(value);
    }
    const auto* allowed = schema.if_contains("enum");
    if (allowed != nullptr && !has_value(allowed->get_array(), value)) {
        return where + ": is none of its values: " + json::serialize(value);
    }
    if (value.is_object()) return object_problem(schema, value.get_object(), where);
    if (std::string found = bounds_problem(schema, value, where); !found.empty()) return found;
    const auto* items = schema.if_contains("items");
    if (!value.is_array() || items == nullptr) return "";
    for (std::size_t i = 0; i < value.get_array().size(); ++i) {
        std::string found =
            problem(items->get_object(), value.get_array()[i], where + "/" + std::to_string(i));
        if (!found.empty()) return found;
    }
    return "";
}

std::string OpenApiCheck::bounds_problem(const json::object& schema, const json::value& value,
                                         const std::string& where) {
    const auto exceeds = [&](const char* name, std::int64_t amount, int sign) {
        const auto* bound = schema.if_contains(name);
        return bound != nullptr && sign * (amount - bound->to_number<std::int64_t>()) > 0;
    };
    if (value.is_int64() &&
        (exceeds("maximum", value.get_int64(), 1) || exceeds("minimum", value.get_int64(), -1))) {
        return where + ": is beyond its bounds: " + json::serialize(value);
    }
    if (const auto* array = value.if_array()) {
        const auto size = static_cast<std::int64_t>(array->size());
        if (exceeds("maxItems", size, 1) || exceeds("minItems", size, -1)) {
            return where + ": has " + std::to_string(size) + " items";
        }
    }
    const auto* text = value.if_string();
    if (text == nullptr) return "";
    if (exceeds("maxLength", count_characters(*text), 1)) return where + ": is too long";
    const auto* format = schema.if_contains("format");
    if (format != nullptr && !has_format(*text, format->get_string())) {
        return where + ": is no " + json::serialize(*format) + ": " + json::serialize(value);
    }
    return "";
}

std::string OpenApiCheck::object_problem(const json::object& schema, const json::object& value,
                                         const std::string& where) const {
    const auto* required = schema.if_contains("required");
    for (const json::value& name : required ? required->get_array() : json::array()) {
        if (!value.contains(name.get_string())) {
            return where + ": has no " + std::string(name.get_string());
        }
    }
    const auto* properties = schema.if_contains("properties");
    if (properties == nullptr) return "";
    for (const auto& [name, member] : value) {
        const auto* known = properties->get_object().if_contains(name);
        const std::string path = where + "/" + std::string(name);
        if (known == nullptr) return path + ": is not in the schema";
        std::string found = problem(known->get_object(), member, path);
        if (!found.empty()) return found;
    }
    return "";
}

std::string OpenApiCheck::choice_problem(const json::array& choices, const json::value& value,
                                         const std::string& where) const {
    std::string all;
    for (const json::value& choice : choices) {
        std::string found = problem(choice.get_object(), value, where);
        if (found.empty()) return "";
        all += "[" + found + "]";
    }
    return all;
}

}  // namespace daybook::test
