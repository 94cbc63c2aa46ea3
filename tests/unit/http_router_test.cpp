// The router: which route a request means, and what it answers when there is none.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "http/router.h"
#include "http/target.h"

namespace daybook::http {
namespace {

// Answers with the operation id and what was captured.
Route route(Method method, std::string pattern, std::string operation_id) {
    return {method, std::move(pattern), std::move(operation_id), Caller::signed_in,
            [](Request request, Respond respond) {
                Response response;
                response.body = request.route->operation_id;
                for (const Parameter& each : request.path_captures) {
                    response.body += " " + each.name + "=" + each.value;
                }
                respond(std::move(response));
            }};
}

Router make_router() {
    return Router({route(Method::get, "/", "getHome"), route(Method::get, "/healthz", "getHealth"),
                   route(Method::get, "/v1/finance/expenses", "listExpenses"),
                   route(Method::post, "/v1/finance/expenses", "addExpense"),
                   route(Method::get, "/v1/finance/expenses/{id}", "getExpense"),
                   route(Method::patch, "/v1/finance/expenses/{id}", "updateExpense"),
                   route(Method::get, "/v1/finance/expenses/new", "getNew"),
                   route(Method::post, "/v1/finance/expenses/{id}/approve", "approveExpense"),
                   route(Method::post, "/v1/finance/entries:batch", "addEntries"),
                   route(Method::post, "/v1/finance/days/{propertyId}/{date}/close", "closeDay"),
                   route(Method::get, "/v1/reports/daily", "getDailyReport"),
                   route(Method::get, "/v1/properties", "listProperties")});
}

Response ask(Method method, const std::string& target) {
    Router router = make_router();
    Request request;
    request.method = method;
    request.segments = parse_target(target).value().segments;
    std::optional<Response> answer;
    router.handle(std::move(request),
                  [&answer](Response response) { answer = std::move(response); });
    return std::move(answer).value();
}

TEST(Router, FindsTheRouteAndWhatItCaptures) {
    EXPECT_EQ(ask(Method::get, "/").body, "getHome");
    EXPECT_EQ(ask(Method::get, "/v1/finance/expenses").body, "listExpenses");
    EXPECT_EQ(ask(Method::post, "/v1/finance/expenses").body, "addExpense");
    EXPECT_EQ(ask(Method::get, "/v1/finance/expenses/a%20b").body, "getExpense id=a b");
    EXPECT_EQ(ask(Method::post, "/v1/finance/entries:batch").body, "addEntries");
    EXPECT_EQ(ask(Method::post, "/v1/finance/days/7/2026-01-02/close").body,
              "closeDay propertyId=7 date=2026-01-02");
}

TEST(Router, PrefersALiteralButFindsTheWayBack) {
    EXPECT_EQ(ask(Method::get, "/v1/finance/expenses/new").body, "getNew");
    EXPECT_EQ(ask(Method::post, "/v1/finance/expenses/new/approve").body, "approveExpense id=new");
}

TEST(Router, AnswersFinanceAndReportsWithoutThePrefixAndNothingElse) {
    EXPECT_EQ(ask(Method::get, "/finance/expenses/1").body, "getExpense id=1");
    EXPECT_EQ(ask(Method::get, "/reports/daily").body, "getDailyReport");
    EXPECT_EQ(ask(Method::get, "/v1/properties").body, "listProperties");
    EXPECT_EQ(ask(Method::get, "/properties").status, 404);
    EXPECT_EQ(ask(Method::get, "/v1/healthz").status, 404);
    EXPECT_EQ(ask(Method::get, "/v1/v1/finance/expenses").status, 404);
}

TEST(Router, AnswersNotFound) {
    for (const char* target :
         {"/nothing", "/v1", "/v1/finance", "/v1/finance/expenses/", "/v1/finance/expenses/1/",
          "/v1/finance//expenses", "/v1/FINANCE/expenses", "/v1/finance/expenses/1/approve/2",
          "/v1/finance/entries:other"}) {
        const Response response = ask(Method::get, target);
        EXPECT_EQ(response.status, 404) << target;
        EXPECT_EQ(response.error.value().code, ErrorCode::not_found) << target;
    }
}

TEST(Router, AnswersMethodNotAllowedWithAllow) {
    const Response response = ask(Method::delete_, "/v1/finance/expenses");
    EXPECT_EQ(response.status, 405);
    ASSERT_EQ(response.error.value().facts.size(), 1U);
    EXPECT_EQ(response.error->facts[0].second, "GET, HEAD, POST, OPTIONS");
}

TEST(Router, AnswersHeadByGetAndOptionsByItself) {
    EXPECT_EQ(ask(Method::head, "/v1/finance/expenses/1").body, "getExpense id=1");
    EXPECT_EQ(ask(Method::head, "/v1/finance/entries:batch").status, 405);
    const Response options = ask(Method::options, "/v1/finance/expenses/1");
    EXPECT_EQ(options.status, 204);
    ASSERT_EQ(options.headers.size(), 1U);
    EXPECT_EQ(options.headers[0].value, "GET, HEAD, PATCH, OPTIONS");
}

TEST(Router, ListsItsRoutesInOrder) {
    const Router router = make_router();
    ASSERT_EQ(router.routes().size(), 12U);
    EXPECT_EQ(router.routes().front().operation_id, "getHome");
}

TEST(RouterDeathTest, RefusesATableThatContradictsItself) {
    EXPECT_DEATH(Router({route(Method::get, "/a", "one"), route(Method::get, "/a", "two")}),
                 "slot");
    EXPECT_DEATH(Router({route(Method::get, "/{a}", "one"), route(Method::get, "/{b}", "two")}),
                 "slot");
    EXPECT_DEATH(Router({route(Method::get, "/a", "one"), route(Method::get, "/b", "one")}),
                 "operation_id");
    EXPECT_DEATH(Router({route(Method::get, "a", "one")}), "starts_with");
}

}  // namespace
}  // namespace daybook::http
