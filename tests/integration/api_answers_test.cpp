// What answers say beside their data: methods, entity tags, readiness, metrics, tokens.
#include <gtest/gtest.h>

#include <string>

#include "support/api_server.h"

namespace daybook::test {
namespace {

class ApiAnswers : public testing::TestWithParam<StoreKind> {
 protected:
    ApiServer server_{GetParam()};
};

TEST_P(ApiAnswers, AnswerHeadAndOptions) {
    const HttpAnswer head = server_.send({"HEAD", "/v1/properties"});
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.body, "");
    EXPECT_EQ(server_.send({"OPTIONS", "/v1/properties"}).header("allow"),
              "GET, HEAD, POST, OPTIONS");
    // What only the operator may do does not exist for others.
    EXPECT_EQ(server_.send({"OPTIONS", "/v1/orgs"}).status, 404);
}

TEST_P(ApiAnswers, SayNotModified) {
    const std::string target = "/v1/reports/monthly?propertyId={hotel}&year=2026&month=3";
    const HttpAnswer first = server_.send({"GET", target});
    ASSERT_EQ(first.status, 200);
    const std::string etag = first.header("etag");
    ASSERT_NE(etag, "");
    const HttpAnswer again =
        server_.send({"GET", target, "", "If-None-Match: \"x\", W/" + etag + "\r\n"});
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.body, "");
    EXPECT_EQ(again.header("etag"), etag);
    EXPECT_EQ(again.header("daybook-position"), std::to_string(server_.head()));
    const HttpAnswer other = server_.send({"GET", target, "", "If-None-Match: \"x\"\r\n"});
    EXPECT_EQ(other.status, 200);
    EXPECT_EQ(other.body, first.body);
}

TEST_P(ApiAnswers, TellWhetherTheyAreReady) {
    server_.store().drain();
    const HttpAnswer answer = server_.send({"GET", "/readyz", "", "", "nobody"});
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(member(answer.body, "status"), "unavailable");
    EXPECT_EQ(member(answer.body, "reason"), "draining");
    EXPECT_EQ(server_.send({"GET", "/healthz", "", "", "nobody"}).status, 200);
    const HttpAnswer write = server_.send(
        {"POST", "/v1/finance/categories", R"({"kind":"category","key":"late","name":"Late"})"});
    EXPECT_EQ(write.status, 503);
    EXPECT_EQ(member(write.body, "code"), "draining");
    EXPECT_NE(write.header("retry-after"), "");
    EXPECT_EQ(server_.send({"GET", "/v1/properties"}).status, 200);
}

TEST_P(ApiAnswers, CountWithoutNamingAnybody) {
    server_.send({"GET", "/v1/properties/{hotel}"});
    const HttpAnswer metrics = server_.send({"GET", "/metrics", "", "", "nobody"});
    for (const char* name : {"daybook_http_requests_total", "daybook_store_queued_commands",
                             "daybook_store_wal_bytes", "daybook_reads_waiting"}) {
        EXPECT_NE(metrics.body.find(name), std::string::npos) << name;
    }
    for (const auto& [name, value] : server_.names()) {
        EXPECT_EQ(metrics.body.find(value), std::string::npos) << name;
    }
}

TEST_P(ApiAnswers, MakeTokensThatWorkUntilTheyAreRevoked) {
    const HttpAnswer made =
        server_.send({"POST", "/v1/tokens", R"({"name":"reader","role":"auditor"})"});
    ASSERT_EQ(made.status, 201);
    const std::string bearer = "Authorization: Bearer " + member(made.body, "secret") + "\r\n";
    const ApiRequest read{"GET", "/v1/properties", "", bearer, "nobody"};
    EXPECT_EQ(server_.send(read).status, 200);
    ASSERT_EQ(server_.send({"DELETE", "/v1/tokens/" + member(made.body, "id")}).status, 200);
    EXPECT_EQ(server_.send(read).status, 401);
    const HttpAnswer listed = server_.send({"GET", "/v1/tokens"});
    EXPECT_EQ(listed.body.find("dbk_"), std::string::npos);
}

DAYBOOK_TEST_ALL_STORES(ApiAnswers);

}  // namespace
}  // namespace daybook::test
