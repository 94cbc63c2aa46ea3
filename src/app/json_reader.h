// Reads a parsed JSON object member by member, remembering the first thing that is wrong.
//
// Why: a decoder of thirty members reads best without thirty error branches; it asks status() once
// at its end. A member that is missing or of another type yields a zero value and sets the error
// (corrupt).
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace daybook::app {

// Parses into `storage`, which must outlive the value. Error: corrupt.
Result<boost::json::value> parse_object(std::string_view text, boost::json::storage_ptr storage);

class JsonReader {
 public:
    JsonReader(const boost::json::object& object, std::optional<Error>& first_error)
        : object_(object), first_error_(first_error) {}

    [[nodiscard]] bool has(std::string_view key) const { return object_.contains(key); }
    [[nodiscard]] bool is_null(std::string_view key) const;

    std::string_view string(std::string_view key);
    // Empty if the member is missing.
    std::string_view optional_string(std::string_view key);
    std::int64_t integer(std::string_view key);
    std::int64_t optional_integer(std::string_view key);
    bool boolean(std::string_view key);
    const boost::json::object& object(std::string_view key);
    const boost::json::array& array(std::string_view key);
    JsonReader child(std::string_view key) { return {object(key), first_error_}; }

    // The string through a parser that gives an optional: an id, a date, the name of an enum.
    template <class Parse>
    auto parsed(std::string_view key, Parse&& parse) {
        auto value = parse(string(key));
        if (!value) {
            wrong(key);
            return typename decltype(value)::value_type{};
        }
        return *std::move(value);
    }

    void wrong(std::string_view key);

 private:
    const boost::json::object& object_;
    std::optional<Error>& first_error_;
};

}  // namespace daybook::app
