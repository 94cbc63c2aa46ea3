// Strict JSON: what is accepted, what is refused, and what numbers become.
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "base/limits.h"
#include "http/body_json.h"

namespace daybook::http {
namespace {

ErrorCode refusal(const std::string& text) {
    const auto parsed = parse_json(text);
    return parsed ? ErrorCode::internal : parsed.error().code;
}

std::string refusal_detail(const std::string& text) {
    const auto parsed = parse_json(text);
    return parsed ? "" : parsed.error().detail;
}

std::int64_t integer(const std::string& text) {
    const JsonValue value = parse_json(text).value();
    return *value.as<std::int64_t>();
}

TEST(BodyJson, ReadsEveryType) {
    const JsonValue value =
        parse_json(R"( {"a":null,"b":true,"c":-7,"d":1.5,"e":"x\u00e9\n","f":[1,[]],"g":{}} )")
            .value();
    EXPECT_TRUE(value.member("a")->is_null());
    EXPECT_TRUE(*value.member("b")->as<bool>());
    EXPECT_EQ(*value.member("c")->as<std::int64_t>(), -7);
    EXPECT_NE(value.member("d")->as<JsonValue::Fraction>(), nullptr);
    EXPECT_EQ(*value.member("e")->as<std::string>(), "x\xC3\xA9\n");
    EXPECT_EQ(value.member("f")->as<JsonValue::Array>()->size(), 2U);
    EXPECT_TRUE(value.member("g")->as<JsonValue::Object>()->empty());
    EXPECT_EQ(value.member("h"), nullptr);
    EXPECT_EQ(value.member("a")->member("b"), nullptr);
}

TEST(BodyJson, KeepsIntegersExact) {
    EXPECT_EQ(integer("9007199254740993"), 9'007'199'254'740'993);
    EXPECT_EQ(integer("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(integer("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    for (const char* beyond : {"9223372036854775808", "18446744073709551615",
                               "99999999999999999999999999999999999999"}) {
        EXPECT_EQ(integer(beyond), std::numeric_limits<std::int64_t>::max()) << beyond;
    }
    EXPECT_EQ(integer("-99999999999999999999"), std::numeric_limits<std::int64_t>::min());
}

TEST(BodyJson, KnowsANumberThatIsNoInteger) {
    for (const char* text : {"1.0", "1e3", "1E3", "-0.5", "1e-1", "123456789012345678901.0"}) {
        const JsonValue value = parse_json(text).value();
        EXPECT_NE(value.as<JsonValue::Fraction>(), nullptr) << text;
    }
}

TEST(BodyJson, RefusesWhatIsNoJson) {
    for (const char* text : {"",           " ",       "{",       "{\"a\"}",  "{'a':1}",
                             "[1,]",       "01",      "+1",      ".5",       "1.",
                             "NaN",        "nul",     "\"\\x\"", "\"a",      "1 2",
                             "{}x",        "// a\n1", "\"\t\"",  "\"\xff\"", "\"\xed\xa0\x80\"",
                             "\"\\ud800\""}) {
        EXPECT_EQ(refusal(text), ErrorCode::malformed_json) << text;
    }
}

TEST(BodyJson, RefusesAKeyTwiceInOneObject) {
    EXPECT_EQ(refusal(R"({"a":1,"a":1})"), ErrorCode::malformed_json);
    EXPECT_EQ(refusal(R"({"a":1,"\u0061":1})"), ErrorCode::malformed_json);
    EXPECT_NE(refusal_detail(R"({"a":{"b":1,"b":2}})").find("twice"), std::string::npos);
    EXPECT_TRUE(parse_json(R"([{"a":1},{"a":1}])"));
}

TEST(BodyJson, HasLimits) {
    const std::string deep(limits::kJsonDepthMax, '[');
    EXPECT_TRUE(parse_json(deep + std::string(limits::kJsonDepthMax, ']')));
    EXPECT_EQ(refusal("[" + deep + std::string(limits::kJsonDepthMax, ']') + "]"),
              ErrorCode::malformed_json);
    std::string many = "{";
    for (std::size_t i = 0; i <= limits::kJsonMembersMax; ++i) {
        many += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":1";
    }
    EXPECT_EQ(refusal(many + "}"), ErrorCode::malformed_json);
    std::string values = "[[1";
    for (std::size_t i = 0; i < limits::kJsonValuesMax; ++i) values += ",1";
    EXPECT_EQ(refusal(values + "]]"), ErrorCode::malformed_json);
}

}  // namespace
}  // namespace daybook::http
