// Answers of the owner of a data directory, whole and cut short, and problem documents as errors.
#include <gtest/gtest.h>

#include <string>

#include "cli/control_client.h"

namespace daybook::cli {
namespace {

TEST(ControlClient, ReadsWholeAnswersOnly) {
    const struct {
        std::string_view bytes;
        int status;  // 0: refused
        std::string_view body;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}"},
        {"HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n", 204, ""},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: "
         "chunked\r\n\r\n3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n"
         "\r\n",
         200, "abc0123456789"},
        {"HTTP/1.1 422 Unprocessable Content\r\ncontent-length: 2\r\n\r\n{}", 422, "{}"},
        {"", 0, ""},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", 0, ""},
        {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{}", 0, ""},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", 0, ""},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", 0, ""},
        {"SSH-2.0-OpenSSH\r\n\r\n", 0, ""},
    };
    for (const auto& each : cases) {
        const auto answer = parse_response(each.bytes);
        ASSERT_EQ(answer.has_value(), each.status != 0) << each.bytes;
        if (!answer) continue;
        EXPECT_EQ(answer->status, each.status);
        EXPECT_EQ(answer->body, each.body);
    }
}

TEST(ControlClient, FindsNobodyWhereThereIsNoSocket) {
    EXPECT_FALSE(has_listener("no/such/directory/control.sock").value());
    const ApiCall call = control_client("no/such/directory/control.sock");
    EXPECT_EQ(call({"GET", "/healthz", std::nullopt, {}}).error().code, ErrorCode::io_failed);
}

TEST(CallJson, MakesAProblemDocumentAnErrorAgain) {
    const auto answering = [](int status, std::string body) -> ApiCall {
        return [=](const ApiRequest&) { return ApiAnswer{status, body}; };
    };
    const ApiRequest request{"POST", "/v1/properties", std::nullopt, "{}"};
    const auto refused =
        call_json(answering(409, R"({"code":"already_exists","detail":"Choose another name.",)"
                                 R"("errors":[{"pointer":"/name","code":"already_exists",)"
                                 R"("detail":"Choose another name."}]})"),
                  request);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::already_exists);
    EXPECT_EQ(refused.error().detail, "Choose another name.");
    EXPECT_EQ(refused.error().fields.at(0).pointer, "/name");
    EXPECT_EQ(call_json(answering(500, "oops"), request).error().code, ErrorCode::internal);
    EXPECT_EQ(call_json(answering(200, "oops"), request).error().code, ErrorCode::internal);
    EXPECT_TRUE(call_json(answering(204, ""), request).value().is_null());
    const auto answer = call_json(answering(200, R"({"id":"7","n":1})"), request).value();
    EXPECT_EQ(string_member(answer, "id").value(), "7");
    EXPECT_EQ(string_member(answer, "n").error().code, ErrorCode::internal);
}

}  // namespace
}  // namespace daybook::cli
