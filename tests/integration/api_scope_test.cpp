// Nothing of another org, or of a property that is not granted, appears in any answer (I8).
//
// Words are planted wherever people may write them, in the other org and in the property that the
// limited manager does not see; then everything that can be read is read, and searched for them.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/api_server.h"

namespace daybook::test {
namespace {

constexpr std::string_view kPlant = "PLANTED";
// How every planted amount begins, in minor units or with a decimal point: too long to be found by
// chance in an id or an instant.
constexpr std::string_view kPlantedAmount = "7770077007";

// The words, and the ids of what was made there.
std::string entry_with_plants(const std::string& property, const std::string& ends) {
    return R"({"propertyId":")" + property +
           R"(","amountMinor":777007700771,"currency":"EUR","description":"PLANTED 1",)"
           R"("party":"PLANTED 2","reference":"PLANTED 3","method":"PLANTED 4",)"
           R"("externalId":"PLANTED 5",)" +
           ends + "}";
}

class ApiScope : public testing::TestWithParam<StoreKind> {
 protected:
    std::string made(const ApiRequest& request) {
        const HttpAnswer answer = server_.send(request);
        EXPECT_TRUE(answer.status == 200 || answer.status == 201) << request.target << answer.body;
        return member(answer.body, "id");
    }

    void plant_in(const std::string& property, const std::string& who) {
        const std::string in_cash = R"("paymentMode":"cash",)";
        const auto post = [&](const std::string& target, const std::string& body) {
            return made({"POST", target, body, "", who});
        };
        server_.note("plantedExpense",
                     post("/v1/finance/expenses",
                          entry_with_plants(property, in_cash + R"("category":"supplies")")));
        post("/v1/finance/revenues", entry_with_plants(property, in_cash + R"("source":"room")"));
        post("/v1/finance/transfers", entry_with_plants(property, R"("from":"cash","to":"owner")"));
        post("/v1/finance/adjustments",
             R"({"propertyId":")" + property +
                 R"(","amountMinor":777007700772,"reason":"PLANTED 6"})");
        made({"PUT", "/v1/finance/cash-balances/" + property + "/2026-03-15",
              R"({"countedMinor":777007700773,"note":"PLANTED 7"})", "", who});
        made({"POST", "/v1/finance/expenses/{plantedExpense}/return", R"({"reason":"PLANTED 8"})",
              "If-Match: 1\r\n", who});
        const HttpAnswer seen = server_.send({"GET", "/v1/properties/" + property, "", "", who});
        made({"PATCH", "/v1/properties/" + property, R"({"name":"PLANTED 9","group":"PLANTED 10"})",
              "If-Match: " + seen.header("etag") + "\r\n", who});
    }

    // Every GET of the API that needs no more than what is in names(), in all its forms.
    std::vector<std::string> everything() {
        std::vector<std::string> targets;
        for (const http::Route& route : server_.api().routes()) {
            if (route.method != http::Method::get) continue;
            // It never ends; what goes over it is searched by realtime_model_test.cpp.
            if (route.operation_id == "streamRealtimeUpdates") continue;
            std::string target = route.pattern;
            if (target.find("{id}") != std::string::npos) {
                target.replace(target.find("{id}"), 4, "{plantedExpense}");
            }
            targets.push_back(target);
        }
        for (const char* more : {"/v1/reports/range?from=2026-01-01&to=2026-03-31",
                                 "/v1/reports/daily?date=2026-03-15&format=csv",
                                 "/v1/reports/monthly?year=2026&month=3&format=table",
                                 "/v1/reports/yearly?fiscalYear=2026",
                                 "/v1/finance/entries?format=csv&limit=1000",
                                 "/v1/finance/entries?q=planted",
                                 "/v1/finance/entries?externalId=PLANTED%205",
                                 "/v1/finance/entries?status=deleted&status=pending",
                                 "/v1/exports/entries?format=jsonl",
                                 "/v1/finance/adjustments?from=2026-01-01&to=2026-12-31",
                                 "/v1/finance/cash-balances?from=2026-03-01&to=2026-03-31",
                                 "/v1/finance/events?entityId={plantedExpense}",
                                 "/v1/finance/events?businessFrom=2026-01-01&limit=1000",
                                 "/v1/finance/events?userId={org}",
                                 "/v1/reports/realtime/poll?after=0&limit=1000",
                                 "/v1/reports/realtime/poll?after=0&propertyId={planted}",
                                 "/v1/properties/{planted}",
                                 "/v1/finance/entries?propertyId={planted}",
                                 "/v1/finance/events?propertyId={planted}",
                                 "/v1/reports/daily?propertyId={planted}",
                                 "/v1/reports/monthly?propertyId={hotel}&propertyId={planted}"}) {
            targets.emplace_back(more);
        }
        return targets;
    }

    void search_as(const std::string& who) {
        int answered = 0;
        for (const std::string& target : everything()) {
            const HttpAnswer answer = server_.send({"GET", target, "", "", who});
            EXPECT_EQ(answer.body.find(kPlant), std::string::npos) << who << " " << target;
            EXPECT_EQ(answer.body.find(kPlantedAmount), std::string::npos) << who << " " << target;
            const std::string planted = server_.names().at("planted");
            // A problem repeats the path that was asked for.
            const bool is_asked = server_.fill_in(target).find(planted) != std::string::npos;
            if (!is_asked) {
                EXPECT_EQ(answer.body.find(planted), std::string::npos) << target;
            }
            if (answer.status == 200) ++answered;
        }
        EXPECT_GT(answered, 25) << "too little was looked at";
    }

    ApiServer server_{GetParam()};
};

TEST_P(ApiScope, HidesAnotherOrg) {
    server_.note("planted", server_.names().at("foreign"));
    plant_in("{planted}", "other");
    made({"POST", "/v1/finance/categories",
          R"({"kind":"category","key":"planted","name":"PLANTED 11"})", "", "other"});
    made({"POST", "/v1/tokens", R"({"name":"PLANTED 12","role":"auditor"})", "", "other"});
    const HttpAnswer settings = server_.send(
        {"PATCH", "/v1/settings", R"({"name":"PLANTED 13"})", "If-Match: 1\r\n", "other"});
    ASSERT_EQ(settings.status, 200);
    for (const char* who : {"owner", "auditor", "limited", "limitedAdmin"}) search_as(who);
}

TEST_P(ApiScope, HidesAPropertyThatIsNotGranted) {
    server_.note("planted", server_.names().at("hostel"));
    plant_in("{planted}", "owner");
    made({"POST", "/v1/tokens", R"({"name":"PLANTED 14","role":"auditor"})"});
    for (const char* who : {"limited", "limitedAdmin"}) search_as(who);
}

TEST_P(ApiScope, ShowsThePlantsToThoseWhoMay) {
    server_.note("planted", server_.names().at("hostel"));
    plant_in("{planted}", "owner");
    std::vector<std::string> blind;
    for (const char* target :
         {"/v1/finance/entries", "/v1/finance/events?limit=1000", "/v1/properties",
          "/v1/reports/daily?date=2026-03-15", "/v1/exports/entries", "/v1/exports/events",
          "/v1/finance/cash-balances?date=2026-03-15", "/v1/finance/adjustments",
          "/v1/finance/approvals"}) {
        const HttpAnswer answer = server_.send({"GET", target, "", "", "auditor"});
        if (answer.body.find(kPlant) == std::string::npos) blind.emplace_back(target);
    }
    EXPECT_EQ(blind, std::vector<std::string>());
}

TEST_P(ApiScope, ErasesWordsEverywhere) {
    server_.note("planted", server_.names().at("hotel"));
    const std::string id =
        made({"POST", "/v1/finance/expenses",
              entry_with_plants("{hotel}", R"("paymentMode":"cash","category":"other")")});
    made({"PATCH", "/v1/finance/expenses/" + id, R"({"party":"PLANTED 15","method":"card"})",
          "If-Match: 1\r\n"});
    const std::string reason = R"({"reason":"They asked"})";
    ASSERT_EQ(
        server_
            .send({"POST", "/v1/finance/expenses/" + id + "/erase-text", reason, "If-Match: 2\r\n"})
            .status,
        200);
    const HttpAnswer history = server_.send({"GET", "/v1/finance/events?entityId=" + id});
    for (const char* word : {"PLANTED 1\"", "PLANTED 2", "PLANTED 3", "PLANTED 15"}) {
        EXPECT_EQ(history.body.find(word), std::string::npos) << history.body;
    }
    EXPECT_EQ(member(history.body, "data/0/text/party"), "erased");
    EXPECT_EQ(member(history.body, "data/1/text/before.party"), "erased");
    EXPECT_EQ(member(history.body, "data/2/text/reason"), "They asked");
    const HttpAnswer listed = server_.send({"GET", "/v1/finance/entries?q=planted"});
    EXPECT_EQ(member(listed.body, "data"), "[0]");
}

DAYBOOK_TEST_ALL_STORES(ApiScope);

}  // namespace
}  // namespace daybook::test
