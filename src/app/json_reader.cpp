// Typed access to the members of an object.
#include "app/json_reader.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace daybook::app {
namespace {

std::string_view view(const boost::json::string& text) {
    return {text.data(), text.size()};
}

}  // namespace

Result<boost::json::value> parse_object(std::string_view text, boost::json::storage_ptr storage) {
    boost::system::error_code code;
    boost::json::value value = boost::json::parse(text, code, std::move(storage));
    if (code || !value.is_object())
        return fail(ErrorCode::corrupt, "These bytes are not a JSON object.");
    return value;
}

void JsonReader::wrong(std::string_view key) {
    if (first_error_) return;
    first_error_ = error(ErrorCode::corrupt, "The member '" + std::string(key) +
                                                 "' is missing or is not what it should be.");
}

bool JsonReader::is_null(std::string_view key) const {
    const auto* value = object_.if_contains(key);
    return value != nullptr && value->is_null();
}

std::string_view JsonReader::string(std::string_view key) {
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_string()) return view(value->get_string());
    wrong(key);
    return {};
}

std::string_view JsonReader::optional_string(std::string_view key) {
    return has(key) ? string(key) : std::string_view{};
}

std::int64_t JsonReader::integer(std::string_view key) {
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_int64()) return value->get_int64();
    wrong(key);
    return 0;
}

std::int64_t JsonReader::optional_integer(std::string_view key) {
    return has(key) ? integer(key) : 0;
}

bool JsonReader::boolean(std::string_view key) {
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_bool()) return value->get_bool();
    wrong(key);
    return false;
}

const boost::json::object& JsonReader::object(std::string_view key) {
    static const boost::json::object kEmpty;
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_object()) return value->get_object();
    wrong(key);
    return kEmpty;
}

const boost::json::array& JsonReader::array(std::string_view key) {
    static const boost::json::array kEmpty;
    const auto* value = object_.if_contains(key);
    if (value != nullptr && value->is_array()) return value->get_array();
    wrong(key);
    return kEmpty;
}

}  // namespace daybook::app
