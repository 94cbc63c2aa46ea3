// The operator: in the process and on the Unix socket, orgs and everything in them.
#include <gtest/gtest.h>

#include <string>

#include "support/api_server.h"

namespace daybook::test {
namespace {

class ApiOperator : public testing::TestWithParam<StoreKind> {
 protected:
    http::Response ask(http::Method method, std::string target, const std::string& org,
                       std::string body = {}) {
        http::Request request;
        request.method = method;
        request.target = std::move(target);
        request.from_operator = true;
        request.headers = {{"content-type", "application/json"}};
        if (!org.empty()) request.headers.push_back({"daybook-org", org});
        request.body = std::move(body);
        return server_.operator_call(std::move(request));
    }

    ApiServer server_{GetParam()};
};

TEST_P(ApiOperator, MakesAnOrgAndWorksInIt) {
    const auto made = ask(http::Method::post, "/v1/orgs", "", R"({"name":"New Org"})");
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string org = member(made.body, "orgId");
    const auto listed = ask(http::Method::get, "/v1/orgs", "");
    EXPECT_EQ(listed.status, 200);
    EXPECT_NE(listed.body.find(org), std::string::npos);
    EXPECT_EQ(member(listed.body, "data"), "[3]");
    const auto property =
        ask(http::Method::post, "/v1/properties", org,
            R"({"name":"First","kind":"hotel","currency":"EUR","timeZone":"UTC"})");
    ASSERT_EQ(property.status, 201) << property.body;
    const auto categories = ask(http::Method::get, "/finance/categories", org);
    EXPECT_EQ(member(categories.body, "data"), "[13]");
    const auto token =
        ask(http::Method::post, "/v1/tokens", org, R"({"name":"first","role":"owner"})");
    ASSERT_EQ(token.status, 201);
    const HttpAnswer seen =
        server_.send({"GET", "/v1/properties", "",
                      "Authorization: Bearer " + member(token.body, "secret") + "\r\n", "nobody"});
    EXPECT_EQ(member(seen.body, "data/0/name"), "First");
}

TEST_P(ApiOperator, MustNameAnOrgThatExists) {
    EXPECT_EQ(member(ask(http::Method::get, "/v1/properties", "").body, "code"), "missing_field");
    EXPECT_EQ(member(ask(http::Method::get, "/v1/properties", "x").body, "code"), "invalid_value");
    const std::string none = "00000000-0000-7000-8000-000000000001";
    EXPECT_EQ(member(ask(http::Method::get, "/v1/properties", none).body, "code"), "not_found");
    EXPECT_EQ(member(ask(http::Method::post, "/v1/finance/categories", none, "{}").body, "code"),
              "not_found");
}

TEST_P(ApiOperator, IsNotPromisedThatAnOrgIsMadeOnce) {
    http::Request request;
    request.method = http::Method::post;
    request.target = "/v1/orgs";
    request.from_operator = true;
    request.headers = {{"content-type", "application/json"}, {"idempotency-key", "k"}};
    request.body = R"({"name":"Twice"})";
    const auto refused = server_.operator_call(std::move(request));
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(member(refused.body, "errors/0/pointer"), "/Idempotency-Key");
}

TEST_P(ApiOperator, GetsProblemsAsDocuments) {
    const auto refused = ask(http::Method::post, "/v1/orgs", "", R"({"nom":"x"})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(refused.content_type, "application/problem+json");
    EXPECT_EQ(member(refused.body, "instance"), "/v1/orgs");
    EXPECT_NE(member(refused.body, "requestId"), "missing");
    EXPECT_EQ(ask(http::Method::get, "no path", "").status, 400);
}

TEST_P(ApiOperator, PullsStreamsItself) {
    const auto exported = ask(http::Method::get, "/v1/exports/events", server_.names().at("org"));
    ASSERT_TRUE(exported.stream);
    std::string all;
    for (auto piece = exported.stream(); piece && *piece; piece = exported.stream()) {
        all += **piece;
    }
    EXPECT_NE(all.find("org_created"), std::string::npos);
}

DAYBOOK_TEST_ALL_STORES(ApiOperator);

}  // namespace
}  // namespace daybook::test
