// The JSON writer and the UTF-8 check below it.
#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "base/utf8.h"

namespace daybook {
namespace {

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
    std::string out;
    JsonWriter json(out);
    json.begin_object();
    json.key("a").integer(std::numeric_limits<std::int64_t>::min());
    json.key("b").begin_array().integer(1).begin_object().end_object().begin_array().end_array();
    json.string("x").end_array();
    json.key("c").null();
    json.key("d").boolean(true).key("e").boolean(false);
    json.key("f").raw(R"({"g":0})");
    json.end_object();
    EXPECT_EQ(out, R"({"a":-9223372036854775808,"b":[1,{},[],"x"],"c":null,"d":true,"e":false,)"
                   R"("f":{"g":0}})");
}

TEST(JsonWriter, EscapesWhatMustBeEscapedAndNothingElse) {
    std::string out;
    append_json_string(out, std::string_view("a\"\\/\b\f\n\r\t\x01\x1F\x7F\0ä€😀", 22));
    EXPECT_EQ(out, "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7F\\u0000ä€😀\"");
}

// Plain text is looked through eight bytes at a time.
TEST(JsonWriter, FindsWhatMustBeEscapedAtEveryPlace) {
    for (const char c : std::string("\"\\\n\x1F\0", 5) + "\x7F ~") {
        std::string alone;
        append_json_string(alone, std::string(1, c));
        const std::string escaped = alone.substr(1, alone.size() - 2);
        for (std::size_t length = 1; length <= 20; ++length) {
            for (std::size_t at = 0; at < length; ++at) {
                std::string text(length, 'x');
                text[at] = c;
                std::string out;
                append_json_string(out, text);
                EXPECT_EQ(out, '"' + std::string(at, 'x') + escaped +
                                   std::string(length - at - 1, 'x') + '"');
            }
        }
    }
}

TEST(JsonWriter, ReplacesBytesThatAreNotUtf8) {
    std::string out;
    append_json_string(out, "a\xFFz\xC3");
    EXPECT_EQ(out, "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\"");
}

TEST(Utf8, KnowsWhatIsWellFormed) {
    for (const char* text :
         {"", "abc", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
          "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
        EXPECT_TRUE(is_valid_utf8(text)) << text;
    }
    for (const char* text :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xE2\x82",
          "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x98", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\xFF", "a\xE2\x28\xA1"}) {
        EXPECT_FALSE(is_valid_utf8(text)) << text;
    }
}

}  // namespace
}  // namespace daybook
