// Request targets: segments and query parameters.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/target.h"

namespace daybook::http {
namespace {

std::vector<std::string> segments(std::string_view target) {
    return parse_target(target).value().segments;
}

TEST(Target, SplitsThePathBeforeDecoding) {
    using Segments = std::vector<std::string>;
    EXPECT_EQ(segments("/"), Segments{});
    EXPECT_EQ(segments("/a/b%20c"), (Segments{"a", "b c"}));
    EXPECT_EQ(segments("/a/"), (Segments{"a", ""}));
    EXPECT_EQ(segments("//a"), (Segments{"", "a"}));
    EXPECT_EQ(segments("/a+b/entries:batch"), (Segments{"a+b", "entries:batch"}));
    EXPECT_EQ(segments("/%C3%A4%3F"), (Segments{"ä?"}));
    EXPECT_EQ(parse_target("/a/b%20c?d=e").value().path, "/a/b%20c");
}

TEST(Target, DecodesTheQueryInOrder) {
    const auto query =
        parse_target("/a?propertyId=1&propertyId=2&q=a+b%2B%26%3D&empty=&flag&x=y=z").value().query;
    ASSERT_EQ(query.size(), 6U);
    EXPECT_EQ(query[0].value, "1");
    EXPECT_EQ(query[1].name, "propertyId");
    EXPECT_EQ(query[1].value, "2");
    EXPECT_EQ(query[2].value, "a b+&=");
    EXPECT_EQ(query[3].value, "");
    EXPECT_EQ(query[4].name, "flag");
    EXPECT_EQ(query[5].value, "y=z");
    EXPECT_TRUE(parse_target("/a?").value().query.empty());
}

TEST(Target, RefusesWhatHasNoSingleMeaning) {
    for (const std::string_view target : {"*",
                                          "http://example.org/",
                                          "example.org:443",
                                          "",
                                          "?a=b",
                                          "/%",
                                          "/%4",
                                          "/%zz",
                                          "/a%2Fb",
                                          "/a%2fb",
                                          "/%00",
                                          "/%0A",
                                          "/%7F",
                                          "/%C3",
                                          "/%C0%AF",
                                          "/%ED%A0%80",
                                          "/a/../b",
                                          "/.",
                                          "/%2e%2e/a",
                                          "/a?b=%",
                                          "/a?b=%zz",
                                          "/a?b=%00",
                                          "/a?b=%FF",
                                          "/a?=b",
                                          "/a?b=c&",
                                          "/a?&b=c",
                                          "/a?b=c&&d=e"}) {
        const auto parsed = parse_target(target);
        ASSERT_FALSE(parsed.has_value()) << target;
        EXPECT_EQ(parsed.error().code, ErrorCode::malformed) << target;
    }
}

}  // namespace
}  // namespace daybook::http
