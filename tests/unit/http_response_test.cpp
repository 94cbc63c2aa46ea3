// What goes out: problem documents, heads, chunks, dates, metrics.
#include <gtest/gtest.h>

#include <string>

#include "http/metrics.h"
#include "http/problem.h"
#include "http/response_writer.h"

namespace daybook::http {
namespace {

std::string header(const Response& response, std::string_view name) {
    for (const Header& each : response.headers) {
        if (each.name == name) return each.value;
    }
    return "(none)";
}

TEST(Problem, SaysEverythingThatTheErrorKnows) {
    Error failure = field_error(ErrorCode::invalid_value, "/amountMinor", "Must be \"positive\".");
    failure.facts.emplace_back("entryId", "0190");
    Response response = problem(failure);
    render_problem(response, {"/v1/finance/expenses", "request-1"});
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_EQ(
        response.body,
        R"({"type":"urn:daybook:problem:invalid_value","title":"Invalid value","status":400,)"
        R"("detail":"Must be \"positive\".","instance":"/v1/finance/expenses",)"
        R"("code":"invalid_value","requestId":"request-1","errors":[{"pointer":"/amountMinor",)"
        R"("code":"invalid_value","detail":"Must be \"positive\"."}],"entryId":"0190"})");
}

TEST(Problem, CarriesTheHeadersOfItsStatus) {
    const auto rendered = [](Error failure) {
        Response response = problem(std::move(failure));
        render_problem(response, {"", "r"});
        return response;
    };
    EXPECT_EQ(header(rendered(error(ErrorCode::queue_full, "d")), "Retry-After"), "1");
    EXPECT_EQ(header(rendered(error(ErrorCode::disk_full, "d")), "Retry-After"), "60");
    Error limited = error(ErrorCode::rate_limited, "d");
    limited.facts.emplace_back("retryAfterSeconds", "7");
    EXPECT_EQ(header(rendered(limited), "Retry-After"), "7");
    EXPECT_EQ(header(rendered(error(ErrorCode::unauthenticated, "d")), "WWW-Authenticate"),
              "Bearer");
    Error method = error(ErrorCode::method_not_allowed, "d");
    method.facts.emplace_back("allow", "GET");
    EXPECT_EQ(header(rendered(method), "Allow"), "GET");
    EXPECT_EQ(header(rendered(error(ErrorCode::not_found, "d")), "Retry-After"), "(none)");
    EXPECT_FALSE(rendered(error(ErrorCode::not_found, "d")).body.contains("instance"));
}

TEST(Problem, HasAStatusForEveryCode) {
    for (const ErrorCode code : all_error_codes()) {
        const int status = http_status(code_kind(code));
        EXPECT_GE(status, 400) << code_name(code);
        EXPECT_LT(status, 600) << code_name(code);
    }
}

std::string head_of(const Response& response, Version version, Persistence persistence) {
    std::string out;
    append_response_head(
        out, response,
        {.date = "D", .request_id = "R", .version = version, .persistence = persistence});
    return out;
}

TEST(ResponseHead, CarriesTheDefaults) {
    Response response;
    response.content_type = "text/plain";
    response.body = "hello";
    EXPECT_EQ(head_of(response, Version::http_1_1, Persistence::keep_alive),
              "HTTP/1.1 200 OK\r\nDate: D\r\nX-Request-Id: R\r\nX-Content-Type-Options: nosniff\r\n"
              "Cache-Control: no-store\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
}

TEST(ResponseHead, LetsTheHandlerCache) {
    Response response;
    response.headers.push_back({"cache-Control", "max-age=60"});
    const std::string head = head_of(response, Version::http_1_1, Persistence::close);
    EXPECT_FALSE(head.contains("no-store"));
    EXPECT_TRUE(head.contains("Connection: close\r\n"));
}

TEST(ResponseHead, FramesByStatusVersionAndKind) {
    Response empty;
    empty.status = 204;
    EXPECT_FALSE(
        head_of(empty, Version::http_1_1, Persistence::keep_alive).contains("Content-Length"));
    Response stream;
    stream.stream = [] { return std::nullopt; };
    EXPECT_TRUE(head_of(stream, Version::http_1_1, Persistence::keep_alive)
                    .contains("Transfer-Encoding: chunked\r\n"));
    const std::string old = head_of(stream, Version::http_1_0, Persistence::close);
    EXPECT_FALSE(old.contains("Transfer-Encoding"));
    EXPECT_FALSE(old.contains("Content-Length"));
    EXPECT_TRUE(head_of({}, Version::http_1_0, Persistence::keep_alive)
                    .contains("Connection: keep-alive\r\n"));
}

TEST(ResponseHead, IsSplitByNoHeader) {
    Response response;
    EXPECT_TRUE(has_clean_headers(response));
    response.headers.push_back({"Location", "/a\r\nSet-Cookie: b"});
    EXPECT_FALSE(has_clean_headers(response));
}

TEST(ResponseBytes, ChunksAndDates) {
    std::string out;
    append_chunk(out, std::string(26, 'a'));
    append_chunk(out, "");
    EXPECT_EQ(out, "1a\r\n" + std::string(26, 'a') + "\r\n");
    EXPECT_EQ(http_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
    EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    EXPECT_EQ(http_date(1'709'164'799), "Wed, 28 Feb 2024 23:59:59 GMT");
}

TEST(MetricsText, CountsByMethodClassAndBucket) {
    Metrics metrics;
    metrics.count_request(Method::get, 200);
    metrics.count_request(Method::get, 204);
    metrics.count_request(Method::post, 503);
    metrics.count_request(std::nullopt, 431);
    metrics.latency.record(250);
    metrics.latency.record(251);
    metrics.latency.record(60'000'000);
    std::string out;
    append_metrics(out, metrics);
    for (const char* line :
         {"daybook_http_requests_total{method=\"GET\",status=\"2xx\"} 2\n",
          "daybook_http_requests_total{method=\"POST\",status=\"5xx\"} 1\n",
          "daybook_http_requests_total{method=\"none\",status=\"4xx\"} 1\n",
          "daybook_http_request_duration_seconds_bucket{le=\"0.0001\"} 0\n",
          "daybook_http_request_duration_seconds_bucket{le=\"0.00025\"} 1\n",
          "daybook_http_request_duration_seconds_bucket{le=\"0.0005\"} 2\n",
          "daybook_http_request_duration_seconds_bucket{le=\"30\"} 2\n",
          "daybook_http_request_duration_seconds_bucket{le=\"+Inf\"} 3\n",
          "daybook_http_request_duration_seconds_sum 60.000501\n",
          "daybook_http_request_duration_seconds_count 3\n",
          "# TYPE daybook_http_connections_open gauge\ndaybook_http_connections_open 0\n"}) {
        EXPECT_TRUE(out.contains(line)) << line << "is missing in\n" << out;
    }
}

}  // namespace
}  // namespace daybook::http
