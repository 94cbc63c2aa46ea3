// Need: sockets, files. Goal: over HTTP everybody is told of what others did about their entries
// and grants, and of nothing else; what is read stays read; nothing of a property that is not
// granted any more is shown or counted (I8).
#include <gtest/gtest.h>

#include <string>

#include "support/browser.h"
#include "support/openapi_check.h"

namespace daybook::test {
namespace {

class ApiNotifications : public testing::TestWithParam<StoreKind> {
 protected:
    ApiNotifications() {
        server_.note("rita", join(server_, rita_, "rita@example.com", "manager").id);
    }
    // An expense of Rita's that an admin has decided.
    std::string decided(const std::string& act, const std::string& place = "hotel") {
        const std::string body = R"({"propertyId":"{)" + place +
                                 R"(}","amountMinor":700,"currency":"EUR","paymentMode":"cash",)" +
                                 R"("category":"other"})";
        const auto added = rita_.post("/v1/finance/expenses", server_.fill_in(body));
        EXPECT_EQ(added.status, 201) << added.body;
        const std::string id = member(added.body, "id");
        const auto answer =
            server_.send({"POST", "/v1/finance/expenses/" + id + "/" + act,
                          R"({"reason":"No receipt"})", "If-Match: 1\r\n", "admin"});
        EXPECT_EQ(answer.status, 200) << answer.body;
        return id;
    }
    HttpAnswer listed(const std::string& query = "") {
        const auto answer = rita_.get("/v1/notifications" + query);
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(check_.answer_problem("listNotifications", answer.status, answer.body), "")
            << answer.body;
        return answer;
    }
    int marked(const std::string& body) {
        return rita_.post("/v1/notifications/read", body).status;
    }
    static std::string unread(const HttpAnswer& list) { return member(list.body, "unreadCount"); }

    ApiServer server_{GetParam()};
    OpenApiCheck check_;
    Browser rita_{server_};
};

TEST_P(ApiNotifications, ShowTheEventsTheNewestFirst) {
    EXPECT_EQ(member(listed().body, "data"), "[0]");
    const std::string first = decided("approve");
    const std::string second = decided("reject");
    const auto list = listed();
    EXPECT_EQ(member(list.body, "data"), "[2]");
    EXPECT_EQ(unread(list), "2");
    EXPECT_EQ(member(list.body, "data/0/item/event/eventType"), "expense_rejected");
    EXPECT_EQ(member(list.body, "data/0/item/event/entityId"), second);
    EXPECT_EQ(member(list.body, "data/0/item/text/reason"), "No receipt");
    EXPECT_EQ(member(list.body, "data/1/item/event/entityId"), first);
    EXPECT_EQ(member(list.body, "data/0/read"), "false");
    EXPECT_EQ(member(list.body, "data/0/position"), member(list.body, "data/0/item/position"));
    // Page by page.
    const auto page = listed("?limit=1");
    EXPECT_EQ(member(page.body, "data"), "[1]");
    const auto rest = listed("?limit=1&cursor=" + member(page.body, "nextCursor"));
    EXPECT_EQ(member(rest.body, "data/0/item/event/entityId"), first);
    EXPECT_EQ(member(rest.body, "nextCursor"), "null");
    // Nobody else's.
    const auto others = server_.send({"GET", "/v1/notifications", "", "", "admin"});
    EXPECT_EQ(member(others.body, "data"), "[0]");
    EXPECT_EQ(rita_.get("/v1/notifications?unread=maybe").status, 400);
    EXPECT_EQ(rita_.get("/v1/notifications?userId=" + first).status, 400);
}

TEST_P(ApiNotifications, AreReadOneByOneOrAllThroughAPosition) {
    decided("approve");
    decided("reject");
    decided("approve");
    const std::string newest = member(listed().body, "data/0/position");
    const std::string middle = member(listed().body, "data/1/position");
    EXPECT_EQ(marked(R"({"positions":[)" + middle + "]}"), 204);
    const auto list = listed();
    EXPECT_EQ(member(list.body, "data/0/read"), "false");
    EXPECT_EQ(member(list.body, "data/1/read"), "true");
    EXPECT_EQ(unread(list), "2");
    EXPECT_EQ(member(listed("?unread=true").body, "data"), "[2]");
    EXPECT_EQ(member(listed("?unread=false").body, "data"), "[1]");
    EXPECT_EQ(member(listed("?unread=true&limit=1").body, "nextCursor") == "null", false);
    EXPECT_EQ(marked(R"({"through":)" + newest + "}"), 204);
    EXPECT_EQ(unread(listed()), "0");
    EXPECT_EQ(member(listed("?unread=true").body, "data"), "[0]");
    decided("reject");
    EXPECT_EQ(unread(listed()), "1");

    EXPECT_EQ(marked("{}"), 400);
    EXPECT_EQ(marked(R"({"positions":[1],"through":1})"), 400);
    EXPECT_EQ(marked(R"({"positions":["1"]})"), 400);
    EXPECT_EQ(marked(R"({"positions":[1]})"), 404);
    EXPECT_EQ(marked(R"({"through":-1})"), 400);
    EXPECT_EQ(marked(R"({"through":100000})"), 400);
}

TEST_P(ApiNotifications, TellOfGrantsAndOfDailyApprovals) {
    server_.send(
        {"POST", "/v1/finance/daily-approvals", R"({"userId":"{rita}","propertyId":"{hotel}"})"});
    const auto changed =
        server_.send({"PATCH", "/v1/users/{rita}", R"({"scope":{"properties":["{hotel}"]}})",
                      "If-Match: \"2\"\r\n"});
    ASSERT_EQ(changed.status, 200) << changed.body;
    const auto list = listed();
    EXPECT_EQ(member(list.body, "data/0/item/event/eventType"), "grant_changed");
    EXPECT_EQ(member(list.body, "data/1/item/event/eventType"), "daily_approval_granted");
}

TEST_P(ApiNotifications, HideWhatIsOfPropertiesThatAreNotGranted) {
    const std::string hidden = decided("approve", "hostel");
    const std::string shown = decided("approve");
    EXPECT_EQ(unread(listed()), "2");
    server_.send({"PATCH", "/v1/users/{rita}", R"({"scope":{"properties":["{hotel}"]}})",
                  "If-Match: \"2\"\r\n"});
    const auto list = listed();
    EXPECT_EQ(unread(list), "2");  // with the grant itself
    EXPECT_EQ(member(list.body, "data"), "[2]");
    EXPECT_EQ(member(list.body, "data/1/item/event/entityId"), shown);
    EXPECT_EQ(list.body.find(hidden), std::string::npos);
}

DAYBOOK_TEST_ALL_STORES(ApiNotifications);

}  // namespace
}  // namespace daybook::test
