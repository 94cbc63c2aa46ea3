// Bodies to commands: presence, types, pointers; and the cursors that lists hand out.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "base/limits.h"
#include "http/body_books.h"
#include "http/body_entry.h"
#include "http/routes_cursor.h"
#include "http/routes_query.h"

namespace daybook::http {
namespace {

using domain::EntryKind;

Request post(std::string body, std::string type = "application/json") {
    Request request;
    request.body = std::move(body);
    request.headers = {{"content-type", std::move(type)}};
    return request;
}

std::vector<std::string> pointers(const Error& error) {
    std::vector<std::string> pointers;
    for (const FieldError& each : error.fields) pointers.push_back(each.pointer);
    return pointers;
}

template <class Read>
Error refused(std::string body, Read&& read) {
    const auto result = read_body(post(std::move(body)), BodyNeed::required, read);
    return result ? Error{} : result.error();
}

domain::EntryPatch patch(const std::string& body) {
    return read_body(post(body), BodyNeed::required,
                     [](BodyReader& in) { return read_entry_patch(in, EntryKind::expense); })
        .value();
}

TEST(BodyReader, AcceptsTheTypesOfJson) {
    const auto read = [](const Request& request) {
        return read_body(request, BodyNeed::required, [](BodyReader&) { return true; });
    };
    EXPECT_TRUE(read(post("{}", "application/json")));
    EXPECT_TRUE(read(post("{}", "Application/JSON ; charset=utf-8")));
    EXPECT_TRUE(read(post("{}", "application/merge-patch+json")));
    for (const char* type : {"", "text/json", "application/jsonx", "text/plain"}) {
        EXPECT_EQ(read(post("{}", type)).error().code, ErrorCode::unsupported_media_type) << type;
    }
    EXPECT_EQ(read(Request{}).error().code, ErrorCode::malformed_json);
    EXPECT_TRUE(read_body(Request{}, BodyNeed::optional, [](BodyReader&) { return true; }));
}

TEST(BodyReader, GathersAllThatIsWrong) {
    const Error error = refused(R"({"name":7,"kind":"castle","openingMinor":{"cash":"1","x":2},)"
                                R"("fiscalStartMonth":99999999999,"extra":null})",
                                read_property);
    EXPECT_EQ(error.code, ErrorCode::wrong_type);
    EXPECT_EQ(pointers(error), (std::vector<std::string>{"/name", "/kind", "/currency", "/timeZone",
                                                         "/fiscalStartMonth", "/openingMinor/cash",
                                                         "/openingMinor/x", "/extra"}));
}

TEST(BodyReader, NamesAtMostSoManyFields) {
    std::string body = "{";
    for (int i = 0; i < 60; ++i) body += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":1";
    const Error error = refused(body + "}", read_org);
    EXPECT_EQ(error.fields.size(), limits::kFieldErrorsMax);
}

TEST(BodyReader, PointsIntoLists) {
    const Error error =
        refused(R"({"mode":"atomic","entries":[7,{"kind":"expense"},{"kind":1}]})", read_batch);
    EXPECT_EQ(error.fields.at(0).pointer, "/entries/0");
    EXPECT_EQ(error.fields.at(1).pointer, "/entries/1/propertyId");
    EXPECT_EQ(error.fields.back().pointer, "/entries/2/kind");
    const Error scope =
        refused(R"({"name":"t","role":"auditor","properties":["x",1]})", read_token);
    EXPECT_EQ(pointers(scope), (std::vector<std::string>{"/properties/0", "/properties/1"}));
}

TEST(BodyReader, TellsMissingFromNullInPatches) {
    const domain::EntryPatch empty = patch("{}");
    EXPECT_FALSE(empty.party || empty.occurred_on || empty.tax_minor || empty.amount_minor);
    const domain::EntryPatch cleared =
        patch(R"({"party":null,"occurredOn":null,"taxMinor":null,"method":"x"})");
    EXPECT_EQ(cleared.party, "");
    ASSERT_TRUE(cleared.occurred_on);
    EXPECT_FALSE(cleared.occurred_on->has_value());
    EXPECT_EQ(cleared.tax_minor, 0);
    EXPECT_EQ(cleared.method, "x");
    EXPECT_FALSE(cleared.description);
}

TEST(BodyReader, ReadsScopes) {
    const auto scope = [](const std::string& body) {
        return read_body(post(body), BodyNeed::required,
                         [](BodyReader& in) { return read_scope(in, Presence::required); });
    };
    EXPECT_TRUE(scope(R"({"properties":null})")->all);
    const std::string one = "\"00000000-0000-7000-8000-000000000001\"";
    const std::string two = "\"00000000-0000-7000-8000-000000000002\"";
    const auto some = scope(R"({"properties":[)" + two + "," + one + "," + two + "]}");
    EXPECT_FALSE(some->all);
    EXPECT_EQ(some->properties.size(), 2U);
    EXPECT_TRUE(some->covers(*PropertyId::parse("00000000-0000-7000-8000-000000000001")));
    EXPECT_EQ(scope("{}").error().code, ErrorCode::missing_field);
}

TEST(BodyReader, ReadsTimesOfDay) {
    EXPECT_EQ(parse_time_of_day("00:00"), 0);
    EXPECT_EQ(parse_time_of_day("04:30"), 270);
    EXPECT_EQ(parse_time_of_day("23:59"), 1'439);
    for (const char* text : {"", "4:30", "04:60", "24:00", "0430", "04-30", "04:3x", "-1:00"}) {
        EXPECT_FALSE(parse_time_of_day(text)) << text;
    }
}

TEST(QueryReader, ReadsIntegersStrictly) {
    EXPECT_EQ(parse_integer("-12"), -12);
    for (const char* text : {"", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808"}) {
        EXPECT_FALSE(parse_integer(text)) << text;
    }
}

TEST(Cursor, ComesBackAsItWas) {
    const EntryId id = *EntryId::parse("00000000-0000-7000-8000-0000000000ff");
    for (const std::int64_t value :
         {std::int64_t{0}, std::int64_t{-5}, std::numeric_limits<std::int64_t>::min(),
          std::numeric_limits<std::int64_t>::max()}) {
        const std::string text =
            entry_cursor_text(app::EntrySort::amount_minor, app::SortOrder::ascending, {value, id});
        EXPECT_EQ(text.find_first_of("+/=|"), std::string::npos) << text;
        const auto cursor =
            parse_entry_cursor(app::EntrySort::amount_minor, app::SortOrder::ascending, text);
        ASSERT_TRUE(cursor);
        EXPECT_EQ(cursor->value, value);
        EXPECT_EQ(cursor->id, id);
        EXPECT_FALSE(
            parse_entry_cursor(app::EntrySort::amount_minor, app::SortOrder::descending, text));
        EXPECT_FALSE(
            parse_entry_cursor(app::EntrySort::recorded_at, app::SortOrder::ascending, text));
        EXPECT_FALSE(parse_position_cursor(text));
    }
    EXPECT_EQ(parse_position_cursor(position_cursor_text(77)), 77);
}

TEST(Cursor, IsRefusedUnlessWeMadeIt) {
    for (const std::string& text : {std::string(), std::string("a"), std::string("%%%"),
                                    to_base64url("p|"), to_base64url("p|-1"), to_base64url("p|1|2"),
                                    to_base64url("e00|1"), to_base64url("p|1") + "="}) {
        EXPECT_FALSE(parse_position_cursor(text)) << text;
        EXPECT_FALSE(
            parse_entry_cursor(app::EntrySort::business_date, app::SortOrder::ascending, text))
            << text;
    }
    // The unused bits of the last digit must be zero: one cursor, one text.
    EXPECT_EQ(from_base64url("cHw"), "p|");
    EXPECT_FALSE(from_base64url("cHx"));
}

}  // namespace
}  // namespace daybook::http
