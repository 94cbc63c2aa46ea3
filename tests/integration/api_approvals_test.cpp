// Need: sockets, files. Goal: four eyes, changes that are asked for, and the inbox, as they are
// seen over HTTP; and that who may decide nothing alone is not let in by another route.
#include <gtest/gtest.h>

#include <string>

#include "support/api_server.h"
#include "support/browser.h"
#include "support/openapi_check.h"

namespace daybook::test {
namespace {

class ApiApprovals : public testing::TestWithParam<StoreKind> {
 protected:
    ApiApprovals() { join(server_, olga_, "olga@example.com", "owner"); }

    HttpAnswer set_policy(const std::string& above) {
        const HttpAnswer settings = server_.send({"GET", "/v1/settings"});
        return olga_.send("PATCH", "/v1/settings", R"({"fourEyesAboveMinor":)" + above + "}",
                          "If-Match: " + member(settings.body, "version") + "\r\n");
    }
    static std::string expense(const std::string& property, int minor) {
        return R"({"propertyId":"{)" + property + R"(}","amountMinor":)" + std::to_string(minor) +
               R"(,"currency":"EUR","paymentMode":"cash","category":"supplies"})";
    }
    // By Olga, whose session has no token.
    std::string add(const std::string& property, int minor) {
        const HttpAnswer added =
            olga_.post("/v1/finance/expenses", server_.fill_in(expense(property, minor)));
        EXPECT_EQ(added.status, 201) << added.body;
        return member(added.body, "id");
    }
    HttpAnswer act(const std::string& target, int version, const std::string& as,
                   std::string body = {}) {
        return server_.send(
            {"POST", target, std::move(body), "If-Match: " + std::to_string(version) + "\r\n", as});
    }
    std::string spent() {
        const auto report = server_.send({"GET", "/v1/reports/daily?propertyId={hotel}"});
        return member(report.body, "totals/expenseMinor");
    }

    ApiServer server_{GetParam()};
    Browser olga_{server_};
    OpenApiCheck check_;
};

TEST_P(ApiApprovals, ThePolicyIsAnOwnersAndNeedsTwo) {
    const std::string change = R"({"fourEyesAboveMinor":0})";
    const auto by = [&](const std::string& who) {
        return server_.send({"PATCH", "/v1/settings", change, "If-Match: 1\r\n", who}).status;
    };
    EXPECT_EQ(by("admin"), 403);
    EXPECT_EQ(by("manager"), 403);
    const HttpAnswer set = set_policy("5000");
    EXPECT_EQ(set.status, 200) << set.body;
    EXPECT_EQ(member(set.body, "fourEyesAboveMinor"), "5000");
    // With the admin gone, Olga would be alone.
    const HttpAnswer off = set_policy("null");
    EXPECT_EQ(member(off.body, "fourEyesAboveMinor"), "null");
    EXPECT_EQ(server_.send({"DELETE", "/v1/users/{adminUser}"}).status, 200);
    const HttpAnswer alone = set_policy("0");
    EXPECT_EQ(alone.status, 422);
    EXPECT_EQ(member(alone.body, "code"), "too_few_approvers");
}

TEST_P(ApiApprovals, NobodyCountsAloneByAnyRoute) {
    ASSERT_EQ(set_policy("0").status, 200);
    const std::string id = add("hotel", 700);
    const std::string entry = "/v1/finance/expenses/" + id;
    const std::string headers = "If-Match: 1\r\n";
    const HttpAnswer alone = olga_.send("POST", entry + "/approve", "", headers);
    EXPECT_EQ(alone.status, 422) << alone.body;
    EXPECT_EQ(member(alone.body, "code"), "four_eyes");
    // Nor through her own token.
    const HttpAnswer token = olga_.post("/v1/tokens", R"({"name":"mine","role":"owner"})");
    const std::string secret = member(token.body, "secret");
    const auto by_token =
        server_.send({"POST", entry + "/approve", "",
                      headers + "Authorization: Bearer " + secret + "\r\n", "nobody"});
    EXPECT_EQ(member(by_token.body, "code"), "four_eyes");
    // Nor as a bulk, an import or a correction.
    const HttpAnswer bulk = olga_.post(
        "/v1/finance/entries:batch",
        server_.fill_in(R"({"mode":"skip_existing","entries":[{"kind":"expense","externalId":"x",)"
                        R"("propertyId":"{hotel}","amountMinor":5,"currency":"EUR",)"
                        R"("paymentMode":"cash","category":"supplies"}]})"));
    EXPECT_EQ(member(bulk.body, "results/0/entry/status"), "pending") << bulk.body;
    const HttpAnswer correction = olga_.post(
        "/v1/finance/adjustments",
        server_.fill_in(R"({"propertyId":"{hotel}","amountMinor":5,"reason":"A reason"})"));
    EXPECT_EQ(correction.status, 422);
    EXPECT_EQ(member(correction.body, "code"), "four_eyes");
    EXPECT_EQ(spent(), "0");
    EXPECT_EQ(act(entry + "/approve", 1, "admin").status, 200);
    EXPECT_EQ(spent(), "700");
}

TEST_P(ApiApprovals, AChangeIsAskedForAndCountsWhenAnotherAgrees) {
    ASSERT_EQ(set_policy("0").status, 200);
    const std::string id = add("hotel", 700);
    server_.note("it", id);
    ASSERT_EQ(act("/v1/finance/expenses/{it}/approve", 1, "admin").status, 200);
    const HttpAnswer asked = olga_.send("DELETE", "/v1/finance/expenses/" + id,
                                        R"({"reason":"twice"})", "If-Match: 2\r\n");
    EXPECT_EQ(asked.status, 202) << asked.body;
    EXPECT_EQ(member(asked.body, "change"), "delete");
    EXPECT_EQ(member(asked.body, "after"), "null");
    EXPECT_EQ(asked.header("etag"), "\"3\"");
    EXPECT_EQ(check_.answer_problem("deleteExpense", 202, asked.body), "");
    EXPECT_EQ(spent(), "700");
    const HttpAnswer own =
        olga_.send("POST", "/v1/finance/changes/" + id + "/approve", "", "If-Match: 3\r\n");
    EXPECT_EQ(member(own.body, "code"), "four_eyes");
    EXPECT_EQ(act("/v1/finance/changes/{it}/approve", 3, "manager").status, 403);
    const HttpAnswer done = act("/v1/finance/changes/{it}/approve", 3, "admin");
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(member(done.body, "status"), "deleted");
    EXPECT_EQ(spent(), "0");
    EXPECT_EQ(server_.send({"GET", "/v1/finance/changes/{it}"}).status, 404);
}

TEST_P(ApiApprovals, ManagersMayAskForAReturnOrAMove) {
    const HttpAnswer added = server_.send({"POST", "/v1/finance/expenses", expense("hotel", 700)});
    server_.note("it", member(added.body, "id"));
    const HttpAnswer back =
        act("/v1/finance/expenses/{it}/return", 1, "manager", R"({"reason":"no bill"})");
    EXPECT_EQ(back.status, 202) << back.body;
    EXPECT_EQ(member(back.body, "change"), "return");
    EXPECT_EQ(act("/v1/finance/changes/{it}/withdraw", 2, "manager").status, 200);
    const HttpAnswer moved = act("/v1/finance/expenses/{it}/move", 3, "manager",
                                 R"({"propertyId":"{hostel}","reason":"wrong house"})");
    EXPECT_EQ(moved.status, 202) << moved.body;
    EXPECT_EQ(member(moved.body, "change"), "move");
    EXPECT_EQ(check_.answer_problem("moveExpense", 202, moved.body), "");
    EXPECT_EQ(member(moved.body, "toPropertyId"), server_.names().at("hostel"));
}

// Whoever does not see the other house learns nothing of it, and approves nothing into it.
TEST_P(ApiApprovals, AMoveIsDecidedByWhoSeesBothHouses) {
    const HttpAnswer added = server_.send({"POST", "/v1/finance/expenses", expense("hotel", 700)});
    server_.note("it", member(added.body, "id"));
    const Position before = server_.head();
    ASSERT_EQ(act("/v1/finance/expenses/{it}/move", 1, "manager",
                  R"({"propertyId":"{hostel}","reason":"wrong house"})")
                  .status,
              202);
    const std::string hostel = server_.names().at("hostel");
    EXPECT_EQ(server_.events_after(before), std::vector<std::string>{"expense_change_requested"});
    for (const std::string path :
         {"/v1/finance/changes/{it}", "/v1/finance/approvals", "/v1/finance/events?limit=1000",
          "/v1/reports/realtime/poll?after=0"}) {
        const HttpAnswer seen = server_.send({"GET", path, "", "", "limited"});
        EXPECT_EQ(seen.status, 200) << path;
        EXPECT_EQ(seen.body.find(hostel), std::string::npos) << path << seen.body;
    }
    const HttpAnswer whole = server_.send({"GET", "/v1/finance/changes/{it}", "", "", "admin"});
    EXPECT_EQ(check_.answer_problem("getChange", 200, whole.body), "");
    EXPECT_EQ(member(whole.body, "toPropertyId"), hostel);
    const HttpAnswer inbox = server_.send({"GET", "/v1/finance/approvals", "", "", "admin"});
    EXPECT_EQ(member(inbox.body, "data/0/change/toPropertyId"), hostel) << inbox.body;
    EXPECT_EQ(member(inbox.body, "data/0/mayDecide"), "true");
    const auto both = [&] {
        const auto report =
            server_.send({"GET", "/v1/reports/daily?propertyId={hotel}&propertyId={hostel}"});
        return member(report.body, "properties/0/totals/expenseMinor") + " " +
               member(report.body, "properties/1/totals/expenseMinor");
    };
    const std::string here = both();
    const HttpAnswer done = act("/v1/finance/changes/{it}/approve", 2, "admin");
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(member(done.body, "status"), "deleted");
    EXPECT_EQ(
        server_.events_after(before),
        (std::vector<std::string>{"expense_change_requested", "expense_added", "expense_deleted"}));
    EXPECT_TRUE((here == "700 0" && both() == "0 700") || (here == "0 700" && both() == "700 0"))
        << here << " then " << both();
}

TEST_P(ApiApprovals, TheInboxHasAllThatWaitsTheOldestFirst) {
    const std::string old =
        member(server_.send({"POST", "/v1/finance/expenses", expense("hotel", 700)}).body, "id");
    server_.clock().advance_ms(60'000);
    server_.send({"POST", "/v1/finance/expenses", expense("hostel", 30), "", "manager"});
    server_.clock().advance_ms(60'000);
    server_.send({"PATCH", "/v1/finance/expenses/" + old,
                  R"({"amountMinor":800,"reason":"the bill"})", "If-Match: 1\r\n", "manager"});
    ASSERT_EQ(
        olga_.send("PATCH", "/v1/settings", R"({"varianceToleranceMinor":0})", "If-Match: 1\r\n")
            .status,
        200);
    server_.clock().advance_ms(60'000);
    const HttpAnswer closed = server_.send(
        {"POST", "/v1/finance/days/{hotel}/2026-03-15/close",
         R"({"countedMinor":5,"note":"found","sealBefore":true,"acceptPending":true})"});
    ASSERT_EQ(closed.status, 200) << closed.body;
    EXPECT_EQ(check_.answer_problem("closeDay", 200, closed.body), "");
    // The change of an entry of that day can only be dropped now.
    EXPECT_EQ(member(closed.body, "warnings/0/code"), "changes_open");
    EXPECT_EQ(member(closed.body, "warnings/0/count"), "1");
    server_.clock().advance_ms(60'000);

    const HttpAnswer inbox = server_.send({"GET", "/v1/finance/approvals", "", "", "admin"});
    EXPECT_EQ(check_.answer_problem("listApprovals", 200, inbox.body), "");
    EXPECT_EQ(member(inbox.body, "data"), "[3]") << inbox.body;
    EXPECT_EQ(member(inbox.body, "data/0/type"), "entry");
    EXPECT_EQ(member(inbox.body, "data/0/ageSeconds"), "180");
    EXPECT_EQ(member(inbox.body, "data/1/type"), "change");
    EXPECT_EQ(member(inbox.body, "data/1/entry/id"), old);
    EXPECT_EQ(member(inbox.body, "data/1/change/after/amountMinor"), "800");
    EXPECT_EQ(member(inbox.body, "data/2/type"), "variance");
    EXPECT_EQ(member(inbox.body, "data/2/variance/date"), "2026-03-15");
    EXPECT_EQ(member(inbox.body, "data/2/mayDecide"), "true");
    EXPECT_EQ(member(inbox.body, "totals/0/count"), "1");
    EXPECT_EQ(member(inbox.body, "totals/0/changes"), "1");
    EXPECT_EQ(member(inbox.body, "totals/0/variances"), "1");
    // Page by page it is the same; and who sees one house sees what is there.
    std::string cursor;
    for (const std::string type : {"entry", "change", "variance"}) {
        const auto page =
            server_.send({"GET", "/v1/finance/approvals?limit=1" +
                                     (cursor.empty() ? std::string() : "&cursor=" + cursor)});
        EXPECT_EQ(member(page.body, "data/0/type"), type) << page.body;
        cursor = member(page.body, "nextCursor");
    }
    EXPECT_EQ(cursor, "null");
    const auto limited = server_.send({"GET", "/v1/finance/approvals", "", "", "limited"});
    EXPECT_EQ(member(limited.body, "data"), "[2]");
    EXPECT_EQ(member(limited.body, "data/0/mayDecide"), "false");

    const std::string many = R"({"decisions":[{"type":"change","id":")" + old +
                             R"(","version":2,"decision":"reject","reason":"closed"},)"
                             R"({"type":"variance","propertyId":"{hotel}","date":"2026-03-15",)"
                             R"("version":9,"decision":"acknowledge"},)"
                             R"({"type":"variance","propertyId":"{hotel}","date":"2026-03-15",)"
                             R"("version":1,"decision":"acknowledge"}]})";
    const Position before = server_.head();
    const auto decided = server_.send({"POST", "/v1/finance/approvals", many, "", "admin"});
    EXPECT_EQ(check_.answer_problem("decideEntries", 200, decided.body), "");
    EXPECT_EQ(member(decided.body, "results/0/entry/version"), "3") << decided.body;
    EXPECT_EQ(member(decided.body, "results/1/status"), "412");
    EXPECT_EQ(member(decided.body, "results/2/closing/revision"), "1");
    EXPECT_EQ(server_.events_after(before),
              (std::vector<std::string>{"expense_change_rejected", "variance_acknowledged"}));
}

// A sum that no number of JavaScript holds is none; everything else is there.
TEST_P(ApiApprovals, TheInboxOutlivesSumsThatAreTooLarge) {
    const std::string one =
        R"({"kind":"expense","propertyId":"{p}","amountMinor":1000000000000,"currency":"EUR",)"
        R"("paymentMode":"bank","category":"supplies"})";
    std::string many = R"({"mode":"atomic","entries":[)" + one;
    for (int i = 1; i < 1'000; ++i) many += "," + one;
    many += "]}";
    for (int bulk = 0; bulk < 10; ++bulk) {
        server_.note("p", server_.names().at(bulk < 5 ? "hotel" : "hostel"));
        const HttpAnswer added =
            server_.send({"POST", "/v1/finance/entries:batch", many, "", "manager"});
        ASSERT_EQ(added.status, 201) << added.body;
    }
    const HttpAnswer inbox = server_.send({"GET", "/v1/finance/approvals?limit=1"});
    ASSERT_EQ(inbox.status, 200) << inbox.body;
    EXPECT_EQ(check_.answer_problem("listApprovals", 200, inbox.body), "");
    EXPECT_EQ(member(inbox.body, "totals/0/count"), "10000");
    EXPECT_EQ(member(inbox.body, "totals/0/expenseMinor"), "null");
    EXPECT_EQ(member(inbox.body, "totals/0/revenueMinor"), "0");
    EXPECT_EQ(member(inbox.body, "properties/0/expenseMinor"), "5000000000000000");
}

DAYBOOK_TEST_ALL_STORES(ApiApprovals);

}  // namespace
}  // namespace daybook::test
