// Appends JSON (RFC 8259) to a string, without spaces: for answers on a hot path and small
// documents.
//
// Why not Boost.JSON: it builds a tree first; a report is written once, straight into its bytes.
// The caller keeps objects and arrays balanced and gives a key before each member; commas and
// escapes are the writer's. Escapes are the shortest (RFC 8785, 3.2.2.2), bytes that are not UTF-8
// become U+FFFD, so that the output is always well-formed. No floating point: money has none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace daybook {

class JsonWriter {
 public:
    explicit JsonWriter(std::string& out) : out_(out) {}

    JsonWriter& begin_object() { return open('{'); }
    JsonWriter& end_object() { return close('}'); }
    JsonWriter& begin_array() { return open('['); }
    JsonWriter& end_array() { return close(']'); }

    JsonWriter& key(std::string_view name);
    JsonWriter& string(std::string_view value);
    JsonWriter& integer(std::int64_t value);
    JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
    JsonWriter& null() { return raw("null"); }
    // A value that is JSON already, such as the stored bytes of an event.
    JsonWriter& raw(std::string_view json);

 private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void separate();

    std::string& out_;
    bool comma_due_ = false;
};

// Appends the value in quotation marks.
void append_json_string(std::string& out, std::string_view value);

}  // namespace daybook
