// Repeated requests: the same Idempotency-Key gives the same answer, byte for byte, and does
// nothing.
#include <gtest/gtest.h>

#include <string>

#include "support/api_server.h"

namespace daybook::test {
namespace {

std::string expense(const std::string& more = {}) {
    return R"({"propertyId":"{hotel}","amountMinor":990,"currency":"EUR","paymentMode":"cash",)"
           R"("category":"other","description":"Once")" +
           more + "}";
}

std::string item(const std::string& more = {}) {
    return R"({"kind":"expense",)" + expense(more).substr(1);
}

class ApiIdempotency : public testing::TestWithParam<StoreKind> {
 protected:
    // Sends it with a key, lets `meanwhile` happen, and sends it again.
    template <class Meanwhile>
    HttpAnswer check_replay(ApiRequest request, Meanwhile&& meanwhile) {
        request.headers += "Idempotency-Key: key-" + std::to_string(++keys_) + "\r\n";
        const HttpAnswer first = server_.send(request);
        EXPECT_LT(first.status, 300) << first.body;
        EXPECT_FALSE(first.has_header("idempotency-hit"));
        meanwhile(first);
        const Position head = server_.head();
        const HttpAnswer again = server_.send(request);
        EXPECT_EQ(again.status, first.status);
        EXPECT_EQ(again.body, first.body);
        EXPECT_EQ(again.header("idempotency-hit"), "true");
        for (const char* name : {"location", "etag", "daybook-position", "content-type"}) {
            EXPECT_EQ(again.header(name), first.header(name)) << name;
        }
        EXPECT_EQ(server_.head(), head);
        return first;
    }
    HttpAnswer check_replay(const ApiRequest& request) {
        return check_replay(request, [](const HttpAnswer&) {});
    }

    ApiServer server_{GetParam()};
    int keys_ = 0;
};

TEST_P(ApiIdempotency, AnswersASingleEntryAsItWas) {
    check_replay({"POST", "/v1/finance/expenses", expense()}, [&](const HttpAnswer& first) {
        const HttpAnswer changed =
            server_.send({"PATCH", "/v1/finance/expenses/" + member(first.body, "id"),
                          R"({"amountMinor":1,"description":"Twice"})", "If-Match: 1\r\n"});
        ASSERT_EQ(changed.status, 200);
    });
}

TEST_P(ApiIdempotency, KnowsARequestByEitherPath) {
    ApiRequest request{"POST", "/v1/finance/expenses", expense(), "Idempotency-Key: k\r\n"};
    const HttpAnswer first = server_.send(request);
    request.target = "/finance/expenses";
    const HttpAnswer again = server_.send(request);
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(again.header("idempotency-hit"), "true");
}

TEST_P(ApiIdempotency, AnswersActsAndPairs) {
    const HttpAnswer pair =
        check_replay({"POST", "/v1/finance/transfers",
                      R"({"propertyId":"{hotel}","toPropertyId":"{hostel}","amountMinor":50,)"
                      R"("currency":"EUR","from":"cash","to":"cash"})"});
    server_.note("pair", member(pair.body, "data/0/id"));
    const HttpAnswer added = check_replay({"POST", "/v1/finance/expenses", expense()});
    server_.note("added", member(added.body, "id"));
    const std::string one = "/v1/finance/expenses/{added}";
    check_replay({"POST", one + "/reverse", R"({"amountMinor":10})"});
    check_replay({"PATCH", one, R"({"party":"Ana"})", "If-Match: 1\r\n"});
    server_.note("other",
                 member(server_.send({"POST", "/v1/finance/expenses", expense()}).body, "id"));
    const std::string other = "/v1/finance/expenses/{other}";
    check_replay({"POST", other + "/return", R"({"reason":"Look"})", "If-Match: 1\r\n"});
    check_replay({"POST", other + "/approve", "", "If-Match: 2\r\n"});
    check_replay({"POST", other + "/move", R"({"propertyId":"{hostel}"})", "If-Match: 3\r\n"});
    check_replay({"DELETE", "/v1/finance/transfers/{pair}", "", "If-Match: 1\r\n"});
}

TEST_P(ApiIdempotency, AnswersBulks) {
    const std::string bad = item(R"(,"taxMinor":991)");
    const auto batch = [](const std::string& mode, const std::string& entries) {
        return ApiRequest{"POST", "/v1/finance/entries:batch",
                          R"({"mode":")" + mode + R"(","entries":[)" + entries + "]}"};
    };
    check_replay(batch("atomic", item() + "," + item()));
    check_replay(batch("per_item", bad + "," + item() + "," + bad));
    const std::string known = item(R"(,"externalId":"e-1")");
    ASSERT_EQ(server_.send(batch("atomic", known)).status, 201);
    check_replay(batch("skip_existing", known + "," + item(R"(,"externalId":"e-2")")));
}

TEST_P(ApiIdempotency, AnswersDecisions) {
    ApiRequest add{"POST", "/v1/finance/expenses", expense(), "", "manager"};
    server_.note("one", member(server_.send(add).body, "id"));
    server_.note("two", member(server_.send(add).body, "id"));
    check_replay({"POST", "/v1/finance/approvals",
                  R"({"decisions":[{"id":"{one}","version":1,"decision":"approve"},)"
                  R"({"id":"{two}","version":8,"decision":"approve"}]})"},
                 [&](const HttpAnswer&) {
                     server_.send({"DELETE", "/v1/finance/expenses/{one}", "", "If-Match: 2\r\n"});
                 });
}

TEST_P(ApiIdempotency, AnswersWhatIsNoEntry) {
    check_replay({"POST", "/v1/properties",
                  R"({"name":"Casa","kind":"hotel","currency":"EUR","timeZone":"UTC"})"});
    check_replay(
        {"POST", "/v1/finance/categories", R"({"kind":"source","key":"bar","name":"Bar"})"});
    check_replay({"POST", "/v1/finance/adjustments",
                  R"({"propertyId":"{hotel}","amountMinor":5,"reason":"Found"})"});
    check_replay({"PUT", "/v1/finance/cash-balances/{hotel}/2026-03-15", R"({"countedMinor":5})"});
    check_replay({"POST", "/v1/imports",
                  R"({"profile":"p","fileSha256":")" + std::string(64, 'b') +
                      R"(","added":0,"alreadyThere":0,"skipped":0})"});
}

TEST_P(ApiIdempotency, RefusesAKeyOfAnotherRequest) {
    const std::string key = "Idempotency-Key: mine\r\n";
    ASSERT_EQ(server_.send({"POST", "/v1/finance/expenses", expense(), key}).status, 201);
    const Position head = server_.head();
    const HttpAnswer body =
        server_.send({"POST", "/v1/finance/expenses", expense(R"(,"party":"B")"), key});
    EXPECT_EQ(body.status, 422);
    EXPECT_EQ(member(body.body, "code"), "idempotency_mismatch");
    const HttpAnswer route =
        server_.send({"POST", "/v1/finance/adjustments",
                      R"({"propertyId":"{hotel}","amountMinor":5,"reason":"Found"})", key});
    EXPECT_EQ(member(route.body, "code"), "idempotency_mismatch");
    EXPECT_EQ(server_.head(), head);
    // Another principal's keys are its own.
    ApiRequest other{"POST", "/v1/finance/expenses", expense(), key, "admin"};
    EXPECT_EQ(server_.send(other).status, 201);
    // Nothing that was refused is kept.
    const std::string unused = "Idempotency-Key: unused\r\n";
    EXPECT_EQ(server_.send({"POST", "/v1/finance/expenses", expense(R"(,"taxMinor":991)"), unused})
                  .status,
              422);
    EXPECT_EQ(server_.send({"POST", "/v1/finance/expenses", expense(), unused}).status, 201);
}

TEST_P(ApiIdempotency, ShowsASecretOnce) {
    const ApiRequest make{"POST", "/v1/tokens", R"({"name":"t","role":"auditor"})",
                          "Idempotency-Key: t\r\n"};
    EXPECT_EQ(server_.send(make).status, 201);
    const HttpAnswer again = server_.send(make);
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(member(again.body, "code"), "already_created");
    EXPECT_EQ(again.body.find("dbk_"), std::string::npos);
}

DAYBOOK_TEST_ALL_STORES(ApiIdempotency);

}  // namespace
}  // namespace daybook::test
