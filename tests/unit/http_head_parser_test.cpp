// The strict head parser: what it refuses, what it reads, and that it does not matter how bytes
// arrive.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.h"
#include "http/head_parser.h"

namespace daybook::http {
namespace {

struct Refused {
    const char* name;
    std::string bytes;
    int status;
};

void PrintTo(const Refused& refused, std::ostream* out) {
    *out << refused.name;
}

std::string with(const std::string& lines) {
    return "POST /v1/x HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
}

std::string many_headers(std::size_t count) {
    std::string lines;
    for (std::size_t i = 0; i < count; ++i) lines += "a: b\r\n";
    return lines;
}

class HeadRefusals : public ::testing::TestWithParam<Refused> {};

TEST_P(HeadRefusals, AreRefusedWithTheirStatus) {
    HeadSearch search;
    const auto parsed = parse_head(GetParam().bytes, search);
    ASSERT_FALSE(parsed.has_value());
    EXPECT_EQ(parsed.error().status, GetParam().status);
    EXPECT_FALSE(parsed.error().error.detail.empty());
}

TEST_P(HeadRefusals, AreRefusedAlsoByteByByte) {
    HeadSearch search;
    int status = 0;
    for (std::size_t size = 1; size <= GetParam().bytes.size() && status == 0; ++size) {
        const auto parsed = parse_head(std::string_view(GetParam().bytes).substr(0, size), search);
        if (!parsed) status = parsed.error().status;
        if (parsed) ASSERT_FALSE(parsed->has_value()) << "accepted after " << size << " bytes";
    }
    EXPECT_EQ(status, GetParam().status);
}

INSTANTIATE_TEST_SUITE_P(
    Framing, HeadRefusals,
    ::testing::Values(
        Refused{"gzip", with("Transfer-Encoding: gzip\r\n"), 400},
        Refused{"gzip then chunked", with("Transfer-Encoding: gzip, chunked\r\n"), 400},
        Refused{"chunked twice in one", with("Transfer-Encoding: chunked, chunked\r\n"), 400},
        Refused{"chunked twice",
                with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
        Refused{"identity", with("Transfer-Encoding: identity\r\n"), 400},
        Refused{"empty coding", with("Transfer-Encoding:\r\n"), 400},
        Refused{"coding with a vertical tab", with("Transfer-Encoding: \vchunked\r\n"), 400},
        Refused{"both", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
        Refused{"both, other order", with("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"),
                400},
        Refused{"chunked in 1.0",
                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        Refused{"length twice", with("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
        Refused{"lengths that differ", with("Content-Length: 5\r\nContent-Length: 6\r\n"), 400},
        Refused{"length list", with("Content-Length: 5, 5\r\n"), 400},
        Refused{"length with plus", with("Content-Length: +5\r\n"), 400},
        Refused{"negative length", with("Content-Length: -1\r\n"), 400},
        Refused{"hexadecimal length", with("Content-Length: 0x10\r\n"), 400},
        Refused{"leading zero", with("Content-Length: 05\r\n"), 400},
        Refused{"inner space", with("Content-Length: 1 0\r\n"), 400},
        Refused{"empty length", with("Content-Length:\r\n"), 400},
        Refused{"too long", with("Content-Length: 2097153\r\n"), 413},
        Refused{"beyond 64 bits", with("Content-Length: 99999999999999999999999\r\n"), 413}));

INSTANTIATE_TEST_SUITE_P(
    Fields, HeadRefusals,
    ::testing::Values(
        Refused{"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
        Refused{"two Hosts", with("Host: b\r\n"), 400},
        Refused{"the same Host twice", with("host: a\r\n"), 400},
        Refused{"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
        Refused{"Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        Refused{"Host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
        Refused{"Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
        Refused{"two Hosts in 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        Refused{"folded line", with("A: b\r\n c\r\n"), 400},
        Refused{"folded first line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
        Refused{"folded with a tab", with("A: b\r\n\tc\r\n"), 400},
        Refused{"space before the colon", with("A : b\r\n"), 400},
        Refused{"no colon", with("abc\r\n"), 400}, Refused{"empty name", with(": b\r\n"), 400},
        Refused{"name with brackets", with("a(b): c\r\n"), 400},
        Refused{"NUL in a value", with(std::string("A: b\0c\r\n", 8)), 400},
        Refused{"NUL in a name", with(std::string("A\0: b\r\n", 7)), 400},
        Refused{"control character", with("A: b\x01\r\n"), 400},
        Refused{"DEL", with("A: b\x7f\r\n"), 400}, Refused{"bare CR", with("A: b\rc\r\n"), 400},
        Refused{"bare LF", with("A: b\nC: d\r\n"), 400},
        Refused{"only LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
        Refused{"two tokens", with("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), 400},
        Refused{"unknown Expect", with("Expect: 200-ok\r\n"), 417},
        Refused{"too many", with(many_headers(100)), 431},
        Refused{"too large", with("A: " + std::string(17'000, 'b') + "\r\n"), 431},
        Refused{"endless", "GET / HTTP/1.1\r\nA: " + std::string(20'000, 'b'), 431}));

INSTANTIATE_TEST_SUITE_P(
    RequestLine, HeadRefusals,
    ::testing::Values(
        Refused{"empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Refused{"LF first", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Refused{"no version", "GET /\r\nHost: a\r\n\r\n", 400},
        Refused{"only a method", "GET\r\nHost: a\r\n\r\n", 400},
        Refused{"no target", "GET  HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Refused{"two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Refused{"space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Refused{"trailing space", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
        Refused{"tab", "GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Refused{"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Refused{"raw UTF-8", "GET /\xC3\xA4 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Refused{"NUL in the target", std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 29), 400},
        Refused{"lower-case version", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
        Refused{"HTTP/2", "PRI * HTTP/2.0\r\n\r\n", 405},
        Refused{"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505},
        Refused{"HTTP/0.9", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505},
        Refused{"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
        Refused{"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 405},
        Refused{"lower-case method", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 405},
        Refused{"no method", " / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        Refused{"a TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 11), 400},
        Refused{"long target", "GET /" + std::string(8'200, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
                414},
        Refused{"endless target", "GET /" + std::string(20'000, 'a'), 414}));

TEST(HeadParser, ReadsARequest) {
    const std::string bytes =
        "PATCH /v1/a?b=c HTTP/1.1\r\nHOST: example.org:8080\r\nX-Text:\t two  words \r\n"
        "Content-Length: 12\r\nExpect: 100-continue\r\n\r\nthe body";
    HeadSearch search;
    const auto parsed = parse_head(bytes, search);
    ASSERT_TRUE(parsed.has_value() && parsed->has_value());
    const Head& head = **parsed;
    EXPECT_EQ(head.bytes, bytes.size() - 8);
    EXPECT_EQ(head.method, Method::patch);
    EXPECT_EQ(head.target, "/v1/a?b=c");
    ASSERT_EQ(head.headers.size(), 4U);
    EXPECT_EQ(head.headers[0].name, "host");
    EXPECT_EQ(head.headers[1].name, "x-text");
    EXPECT_EQ(head.headers[1].value, "two  words");
    EXPECT_EQ(head.framing, Framing::length);
    EXPECT_EQ(head.content_length, 12U);
    EXPECT_TRUE(head.keep_alive);
    EXPECT_TRUE(head.expects_continue);
}

TEST(HeadParser, WaitsForTheEndAtEveryByte) {
    const std::string bytes = with("A: b\r\n");
    HeadSearch search;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto parsed = parse_head(std::string_view(bytes).substr(0, size), search);
        ASSERT_TRUE(parsed.has_value()) << size;
        ASSERT_FALSE(parsed->has_value()) << size;
    }
    const auto parsed = parse_head(bytes, search);
    ASSERT_TRUE(parsed.has_value() && parsed->has_value());
    EXPECT_EQ((*parsed)->bytes, bytes.size());
}

TEST(HeadParser, KnowsWhenTheConnectionStaysOpen) {
    const auto keeps_alive = [](const std::string& version, const std::string& line) {
        HeadSearch search;
        const auto parsed =
            parse_head("GET / " + version + "\r\nHost: a\r\n" + line + "\r\n", search);
        return parsed.value().value().keep_alive;
    };
    EXPECT_TRUE(keeps_alive("HTTP/1.1", ""));
    EXPECT_FALSE(keeps_alive("HTTP/1.1", "Connection: close\r\n"));
    EXPECT_FALSE(keeps_alive("HTTP/1.1", "Connection: Upgrade, Close\r\n"));
    EXPECT_TRUE(keeps_alive("HTTP/1.1", "Connection: closed\r\n"));
    EXPECT_FALSE(keeps_alive("HTTP/1.0", ""));
    EXPECT_TRUE(keeps_alive("HTTP/1.0", "Connection: keep-alive\r\n"));
    EXPECT_FALSE(keeps_alive("HTTP/1.0", "Connection: keep-alive, close\r\n"));
}

TEST(HeadParser, AcceptsTheLimitsThemselves) {
    HeadSearch search;
    const std::string target = "/" + std::string(limits::kHttpTargetBytesMax - 1, 'a');
    const auto parsed = parse_head("GET " + target +
                                       " HTTP/1.1\r\nHost: a\r\nContent-Length: 2097152"
                                       "\r\n\r\n",
                                   search);
    ASSERT_TRUE(parsed.has_value() && parsed->has_value());
    EXPECT_EQ((*parsed)->content_length, limits::kHttpBodyBytesMax);
    HeadSearch other;
    EXPECT_TRUE(parse_head(with(many_headers(99)), other).value().has_value());
}

}  // namespace
}  // namespace daybook::http
