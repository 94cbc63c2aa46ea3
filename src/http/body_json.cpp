// Builds the tree from the events of Boost.JSON's parser.
#include "http/body_json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>
#include <utility>

#include "base/limits.h"

namespace daybook::http {
namespace {

namespace json = boost::json;
using json::error_code;
using json::string_view;

// What the parser calls; a call that returns false has set `ec` and stops it.
struct TreeBuilder {
    static constexpr std::size_t max_object_size = limits::kJsonMembersMax;
    static constexpr std::size_t max_array_size = limits::kJsonValuesMax;
    static constexpr std::size_t max_key_size = limits::kHttpBodyBytesMax;
    static constexpr std::size_t max_string_size = limits::kHttpBodyBytesMax;

    JsonValue root;
    bool has_repeated_key = false;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code& ec) { return open(JsonValue{JsonValue::Object{}}, ec); }
    bool on_object_end(std::size_t, error_code&) { return close(); }
    bool on_array_begin(error_code& ec) { return open(JsonValue{JsonValue::Array{}}, ec); }
    bool on_array_end(std::size_t, error_code&) { return close(); }
    bool on_key_part(string_view part, std::size_t, error_code&) { return gather(part); }
    bool on_key(string_view part, std::size_t, error_code& ec) {
        gather(part);
        auto& object = std::get<JsonValue::Object>(open_.back()->value);
        std::string name = std::exchange(gathered_, {});
        if (std::ranges::find(object, name, &JsonMember::name) != object.end()) {
            has_repeated_key = true;
            ec = json::error::syntax;
            return false;
        }
        object.push_back({std::move(name), {}});
        return true;
    }
    bool on_string_part(string_view part, std::size_t, error_code&) { return gather(part); }
    bool on_string(string_view part, std::size_t, error_code& ec) {
        gather(part);
        return put(JsonValue{std::exchange(gathered_, {})}, ec);
    }
    bool on_number_part(string_view part, error_code&) { return gather(part); }
    bool on_int64(std::int64_t number, string_view, error_code& ec) {
        gathered_.clear();
        return put(JsonValue{number}, ec);
    }
    bool on_uint64(std::uint64_t, string_view, error_code& ec) {
        gathered_.clear();
        return put(JsonValue{std::numeric_limits<std::int64_t>::max()}, ec);
    }
    bool on_double(double, string_view part, error_code& ec) {
        gather(part);
        const std::string text = std::exchange(gathered_, {});
        if (text.find_first_of(".eE") != std::string::npos) {
            return put(JsonValue{JsonValue::Fraction{}}, ec);
        }
        using Limits = std::numeric_limits<std::int64_t>;
        return put(JsonValue{text.starts_with('-') ? Limits::min() : Limits::max()}, ec);
    }
    bool on_bool(bool truth, error_code& ec) { return put(JsonValue{truth}, ec); }
    bool on_null(error_code& ec) { return put(JsonValue{nullptr}, ec); }
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }

 private:
    bool gather(string_view part) {
        gathered_.append(part.data(), part.size());
        return true;
    }

    // Where the next value belongs. Pointers in open_ stay valid: a container grows only while it
    // is the innermost one.
    JsonValue* place(JsonValue value) {
        if (open_.empty()) {
            root = std::move(value);
            return &root;
        }
        if (auto* array = std::get_if<JsonValue::Array>(&open_.back()->value)) {
            array->push_back(std::move(value));
            return &array->back();
        }
        JsonValue& member = std::get<JsonValue::Object>(open_.back()->value).back().value;
        member = std::move(value);
        return &member;
    }

    bool put(JsonValue value, error_code& ec) {
        if (++values_ > limits::kJsonValuesMax) {
            ec = json::error::array_too_large;
            return false;
        }
        place(std::move(value));
        return true;
    }
    bool open(JsonValue container, error_code& ec) {
        if (++values_ > limits::kJsonValuesMax) {
            ec = json::error::array_too_large;
            return false;
        }
        open_.push_back(place(std::move(container)));
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    std::vector<JsonValue*> open_;
    std::string gathered_;  // of a key, string or number that comes in parts
    std::size_t values_ = 0;
};

std::string explanation(const error_code& code, const TreeBuilder& tree, std::size_t offset) {
    if (tree.has_repeated_key) return "A member of an object is given twice; send it once.";
    if (code == json::error::too_deep) {
        return "The JSON is nested deeper than " + std::to_string(limits::kJsonDepthMax) +
               " levels.";
    }
    if (code == json::error::object_too_large) {
        return "An object has at most " + std::to_string(limits::kJsonMembersMax) + " members.";
    }
    if (code == json::error::array_too_large) {
        return "The JSON has more than " + std::to_string(limits::kJsonValuesMax) + " values.";
    }
    return "The body is not JSON; it goes wrong at byte " + std::to_string(offset) + ".";
}

}  // namespace

const JsonValue* JsonValue::member(std::string_view name) const {
    const auto* object = as<Object>();
    if (object == nullptr) return nullptr;
    const auto found = std::ranges::find(*object, name, &JsonMember::name);
    return found == object->end() ? nullptr : &found->value;
}

Result<JsonValue> parse_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = limits::kJsonDepthMax;
    json::basic_parser<TreeBuilder> parser(options);
    error_code code;
    const std::size_t parsed = parser.write_some(false, text.data(), text.size(), code);
    TreeBuilder& tree = parser.handler();
    const bool has_more = text.find_first_not_of(" \t\r\n", parsed) != std::string_view::npos;
    if (code || has_more) {
        return fail(ErrorCode::malformed_json, explanation(code, tree, parsed));
    }
    return std::move(tree.root);
}

}  // namespace daybook::http
