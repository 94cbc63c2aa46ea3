// Need: sockets, files. Goal: over HTTP the daily gate says who may add, why not and who can lift
// it, keeps managers from adding by every route and from nothing else, and opens when it should.
#include <gtest/gtest.h>

#include <string>

#include "support/browser.h"
#include "support/openapi_check.h"

namespace daybook::test {
namespace {

class ApiGate : public testing::TestWithParam<StoreKind> {
 protected:
    ApiGate() {
        rita_id_ = join(server_, rita_, "rita@example.com", "manager").id;
        server_.note("rita", rita_id_);
        server_.send({"PATCH", "/v1/settings", R"({"dailyGate":true})", "If-Match: \"1\"\r\n"});
    }
    static std::string expense(const std::string& date, const std::string& place = "hotel") {
        return R"({"propertyId":"{)" + place + R"(}","amountMinor":700,"currency":"EUR",)" +
               R"("paymentMode":"cash","category":"other","businessDate":")" + date + R"("})";
    }
    // By Rita, at the console.
    HttpAnswer add(const std::string& date, const std::string& place = "hotel") {
        return rita_.post("/v1/finance/expenses", server_.fill_in(expense(date, place)));
    }
    // The first property of an answer that must be as the document says.
    HttpAnswer gate_of(HttpAnswer answer) {
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(check_.answer_problem("getGate", answer.status, answer.body), "") << answer.body;
        return answer;
    }
    HttpAnswer grant(const std::string& as, const std::string& more = "") {
        return server_.send({"POST", "/v1/finance/daily-approvals",
                             R"({"userId":"{rita}","propertyId":"{hotel}")" + more + "}", "", as});
    }
    static std::string code_of(const HttpAnswer& answer) { return member(answer.body, "code"); }

    ApiServer server_{GetParam()};
    OpenApiCheck check_;
    Browser rita_{server_};
    std::string rita_id_;
};

TEST_P(ApiGate, SaysWhoMayAddWhyNotAndWhoCanLiftIt) {
    const std::string hotel = server_.fill_in("/v1/finance/gate?propertyId={hotel}");
    HttpAnswer open = gate_of(rita_.get(hotel));
    EXPECT_EQ(member(open.body, "data/0/mayAdd"), "true");
    EXPECT_EQ(member(open.body, "data/0/reason"), "null");
    ASSERT_EQ(add("2026-03-13").status, 201);
    const HttpAnswer closed = gate_of(rita_.get(hotel));
    EXPECT_EQ(member(closed.body, "data/0/mayAdd"), "false");
    EXPECT_EQ(member(closed.body, "data/0/reason"), "gate_closed");
    EXPECT_EQ(member(closed.body, "data/0/undecided"), "1");
    EXPECT_EQ(member(closed.body, "data/0/oldestDate"), "2026-03-13");
    EXPECT_EQ(member(closed.body, "data/0/canLift/0/userId"), server_.names().at("adminUser"));
    EXPECT_EQ(member(closed.body, "data/0/canLift/0/name"), "Adam");
    EXPECT_EQ(member(closed.body, "data/0/people"), "[0]");
    // Without a property: all that she may see.
    const HttpAnswer all = gate_of(rita_.get("/finance/gate"));
    EXPECT_EQ(member(all.body, "data"), "[2]");
    // An approver sees whose gate is closed.
    const HttpAnswer seen = gate_of(server_.send({"GET", hotel, "", "", "limitedAdmin"}));
    EXPECT_EQ(member(seen.body, "data/0/mayAdd"), "true");
    EXPECT_EQ(member(seen.body, "data/0/people/0/userId"), rita_id_);
    EXPECT_EQ(member(seen.body, "data/0/people/0/undecided"), "1");
    EXPECT_EQ(member(seen.body, "data/0/people/0/approved"), "false");
    const HttpAnswer read = gate_of(server_.send({"GET", hotel, "", "", "auditor"}));
    EXPECT_EQ(member(read.body, "data/0/reason"), "forbidden");
    EXPECT_EQ(member(read.body, "data/0/people"), "[0]");
}

// Those whom an approver may let add: nobody who has left the property, or the org.
TEST_P(ApiGate, ListsNobodyWhoIsNotThere) {
    ASSERT_EQ(add("2026-03-13").status, 201);
    const auto people = [&] {
        const auto seen = server_.send({"GET", "/v1/finance/gate?propertyId={hotel}"});
        return member(gate_of(seen).body, "data/0/people");
    };
    EXPECT_EQ(people(), "[1]");
    HttpAnswer changed =
        server_.send({"PATCH", "/v1/users/{rita}", R"({"scope":{"properties":["{hostel}"]}})",
                      "If-Match: 2\r\n"});
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(people(), "[0]");
    changed =
        server_.send({"PATCH", "/v1/users/{rita}", R"({"scope":{"all":true}})", "If-Match: 3\r\n"});
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(people(), "[1]");
    ASSERT_EQ(server_.send({"DELETE", "/v1/users/{rita}"}).status, 200);
    EXPECT_EQ(people(), "[0]");
}

TEST_P(ApiGate, RefusesToAddByEveryRoute) {
    ASSERT_EQ(add("2026-03-13").status, 201);
    const HttpAnswer refused = add("2026-03-15");
    ASSERT_EQ(refused.status, 409);
    EXPECT_EQ(code_of(refused), "gate_closed");
    EXPECT_EQ(member(refused.body, "undecided"), "1");
    EXPECT_EQ(member(refused.body, "oldestDate"), "2026-03-13");
    EXPECT_EQ(member(refused.body, "canLift"), server_.names().at("adminUser"));
    EXPECT_EQ(check_.answer_problem("addExpense", 409, refused.body), "");
    const auto bulk = [&](const std::string& mode) {
        const std::string entry = R"({"kind":"expense",)" + expense("2026-03-15").substr(1);
        return rita_.post(
            "/v1/finance/entries:batch",
            server_.fill_in(R"({"mode":")" + mode + R"(","entries":[)" + entry + "]}"));
    };
    const HttpAnswer atomic = bulk("atomic");
    EXPECT_EQ(atomic.status, 409) << atomic.body;
    EXPECT_EQ(code_of(atomic), "gate_closed");
    const HttpAnswer by_item = bulk("per_item");
    EXPECT_EQ(member(by_item.body, "results/0/status"), "409") << by_item.body;
    EXPECT_EQ(member(by_item.body, "results/0/code"), "gate_closed");
    // Nobody else, and nowhere else.
    EXPECT_EQ(add("2026-03-15", "hostel").status, 201);
    EXPECT_EQ(
        server_.send({"POST", "/v1/finance/expenses", expense("2026-03-15"), "", "owner"}).status,
        201);
}

TEST_P(ApiGate, OpensByADecisionOrAGrantAndClosesAgain) {
    const HttpAnswer late = add("2026-03-13");
    server_.note("late", member(late.body, "id"));
    EXPECT_EQ(add("2026-03-15").status, 409);
    EXPECT_EQ(grant("manager").status, 403);
    EXPECT_EQ(grant("auditor").status, 403);
    const HttpAnswer granted = grant("limitedAdmin", R"(,"reason":"on my desk")");
    ASSERT_EQ(granted.status, 200) << granted.body;
    EXPECT_EQ(check_.answer_problem("setDailyApproval", 200, granted.body), "");
    EXPECT_EQ(member(granted.body, "date"), "2026-03-15");
    EXPECT_EQ(add("2026-03-15").status, 201);
    const HttpAnswer seen =
        gate_of(rita_.get(server_.fill_in("/v1/finance/gate?propertyId={hotel}")));
    EXPECT_EQ(member(seen.body, "data/0/approved"), "true");
    EXPECT_EQ(member(seen.body, "data/0/mayAdd"), "true");
    const HttpAnswer taken = grant("admin", R"(,"granted":false)");
    EXPECT_EQ(member(taken.body, "granted"), "false") << taken.body;
    EXPECT_EQ(add("2026-03-15").status, 409);
    EXPECT_EQ(
        server_
            .send({"POST", "/v1/finance/expenses/{late}/approve", "", "If-Match: 1\r\n", "admin"})
            .status,
        200);
    EXPECT_EQ(add("2026-03-15").status, 201);
}

TEST_P(ApiGate, LetsHerEditWithdrawCountAndClose) {
    const HttpAnswer late = add("2026-03-13");
    server_.note("late", member(late.body, "id"));
    const std::string one = server_.fill_in("/v1/finance/expenses/{late}");
    EXPECT_EQ(rita_.send("PATCH", one, R"({"amountMinor":900})", "If-Match: 1\r\n").status, 200);
    // But not out of what waits.
    const HttpAnswer dated =
        rita_.send("PATCH", one, R"({"businessDate":"2026-03-15"})", "If-Match: 2\r\n");
    EXPECT_EQ(dated.status, 409);
    EXPECT_EQ(code_of(dated), "gate_closed");
    const std::string balance = server_.fill_in("/v1/finance/cash-balances/{hotel}/2026-03-15");
    EXPECT_EQ(rita_.send("PUT", balance, R"({"countedMinor":100})").status, 200);
    const std::string day = server_.fill_in("/v1/finance/days/{hotel}/2026-03-12/close");
    EXPECT_EQ(rita_.post(day, R"({"countedMinor":0,"sealBefore":true})").status, 200);
    EXPECT_EQ(add("2026-03-15").status, 409);
    EXPECT_EQ(rita_.send("DELETE", one, "", "If-Match: 2\r\n").status, 200);
    EXPECT_EQ(add("2026-03-15").status, 201);
}

DAYBOOK_TEST_ALL_STORES(ApiGate);

}  // namespace
}  // namespace daybook::test
