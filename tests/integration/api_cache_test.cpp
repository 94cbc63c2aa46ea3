// Reports through the cache, over the socket: never stale, never somebody else's, and told to be
// what they are.
#include <gtest/gtest.h>

#include <string>

#include "support/api_server.h"

namespace daybook::test {
namespace {

const std::string kExpense =
    R"({"propertyId":"{hotel}","amountMinor":1250,"currency":"EUR","paymentMode":"cash",)"
    R"("category":"supplies","party":"Maria")";

class ApiCache : public testing::TestWithParam<StoreKind> {
 protected:
    HttpAnswer get(const std::string& target, const std::string& as = "owner",
                   const std::string& headers = {}) {
        return server_.send({"GET", target, "", headers, as});
    }
    std::string outcome(const std::string& target, const std::string& as = "owner") {
        const HttpAnswer answer = get(target, as);
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(answer.header("daybook-position"), std::to_string(server_.head()));
        return answer.header("daybook-cache");
    }
    // Adds an expense of the hotel on the day, and gives its id.
    std::string add(const std::string& date) {
        const HttpAnswer answer = server_.send(
            {"POST", "/v1/finance/expenses", kExpense + R"(,"businessDate":")" + date + "\"}"});
        EXPECT_EQ(answer.status, 201) << answer.body;
        return member(answer.body, "id");
    }
    std::string metric(const std::string& path) {
        return member(get("/v1/reports/cache/metrics").body, path);
    }

    const std::string daily_ = "/v1/reports/daily?propertyId={hotel}&date=2026-03-14";
    ApiServer server_{GetParam()};
};

TEST_P(ApiCache, IsRightAfterEveryWrite) {
    const std::string month = "/reports/monthly-yearly?propertyId={hotel}&year=2026&month=3";
    const std::string all = "/v1/reports/yearly?year=2026";
    const std::string elsewhere = "/v1/reports/daily?propertyId={hostel}&date=2026-03-14";
    for (const std::string& target : {daily_, month, all, elsewhere}) {
        EXPECT_EQ(outcome(target), "miss") << target;
        EXPECT_EQ(outcome(target), "hit") << target;
    }
    add("2026-03-15");
    EXPECT_EQ(outcome(daily_), "hit");  // the day before
    EXPECT_EQ(outcome(month), "stale");
    EXPECT_EQ(outcome(all), "stale");
    EXPECT_EQ(outcome(elsewhere), "hit");

    const std::string id = add("2026-02-20");
    for (const std::string& target : {daily_, month, all}) {
        EXPECT_EQ(outcome(target), "stale") << target;
        EXPECT_EQ(outcome(target), "hit") << target;
    }
    EXPECT_EQ(member(get(daily_).body, "cash/openingMinor"), "-1250");
    EXPECT_EQ(member(get(all).body, "totals/0/totals/expenseMinor"), "2500");
    server_.note("id", id);
    server_.send({"DELETE", "/v1/finance/expenses/{id}", "", "If-Match: \"1\"\r\n"});
    EXPECT_EQ(member(get(daily_).body, "cash/openingMinor"), "0");
    EXPECT_EQ(member(get(all).body, "totals/0/totals/expenseMinor"), "1250");
}

TEST_P(ApiCache, AnswersSumsFromPartsThatAreRight) {
    const std::string all = "/v1/reports/daily?date=2026-03-14";
    EXPECT_EQ(outcome(all), "miss");
    EXPECT_EQ(metric("kinds/4/fills"), "2");
    add("2026-03-14");
    EXPECT_EQ(outcome(all), "stale");
    // Only the hotel's part was read again; the hostel's was there.
    EXPECT_EQ(metric("kinds/4/fills"), "3");
    EXPECT_EQ(metric("kinds/4/hits"), "1");
    EXPECT_EQ(member(get(all).body, "totals/0/totals/expenseMinor"), "1250");
    // The same parts in another format.
    EXPECT_EQ(outcome(all + "&format=csv"), "miss");
    EXPECT_EQ(metric("kinds/4/fills"), "3");
}

TEST_P(ApiCache, SaysNotModifiedFromTheCache) {
    const HttpAnswer first = get(daily_);
    const std::string same = "If-None-Match: " + first.header("etag") + "\r\n";
    const HttpAnswer again = get(daily_, "owner", same);
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.body, "");
    EXPECT_EQ(again.header("daybook-cache"), "hit");
    EXPECT_EQ(get(daily_, "owner").body, first.body);
    EXPECT_EQ(server_.send({"HEAD", daily_}).header("etag"), first.header("etag"));
    EXPECT_NE(get(daily_ + "&format=csv").header("etag"), first.header("etag"));
    add("2026-03-14");
    EXPECT_EQ(get(daily_, "owner", same).status, 200);
}

TEST_P(ApiCache, ChecksAccessBeforeItLooks) {
    const std::string hostel = "/v1/reports/daily?propertyId={hostel}&date=2026-03-14";
    const std::string all = "/v1/reports/daily?date=2026-03-14";
    EXPECT_EQ(outcome(hostel), "miss");
    EXPECT_EQ(outcome(all), "miss");
    EXPECT_EQ(get(hostel, "limited").status, 404);
    EXPECT_EQ(get(hostel, "other").status, 404);
    // What is all to one who sees less is another answer.
    const HttpAnswer limited = get(all, "limited");
    EXPECT_EQ(limited.header("daybook-cache"), "miss");
    EXPECT_EQ(member(limited.body, "properties"), "[1]");
    EXPECT_EQ(limited.body.find("Borealis"), std::string::npos);
    // A scope that shrinks shrinks the next answer.
    const HttpAnswer scoped =
        server_.send({"PATCH", "/v1/tokens/{auditorToken}", R"({"properties":["{hotel}"]})",
                      "If-Match: \"1\"\r\n"});
    ASSERT_EQ(scoped.status, 200) << scoped.body;
    EXPECT_EQ(member(get(all, "auditor").body, "properties"), "[1]");
    EXPECT_EQ(get(hostel, "auditor").status, 404);
}

TEST_P(ApiCache, IncludesThePositionThatIsAskedFor) {
    EXPECT_EQ(outcome(daily_), "miss");
    add("2026-03-15");
    const std::string head = std::to_string(server_.head());
    const HttpAnswer hit = get(daily_, "owner", "Daybook-Min-Position: " + head + "\r\n");
    EXPECT_EQ(hit.header("daybook-cache"), "hit");
    EXPECT_EQ(hit.header("daybook-position"), head);
    const HttpAnswer beyond = get(
        daily_, "owner", "Daybook-Min-Position: " + std::to_string(server_.head() + 1) + "\r\n");
    EXPECT_EQ(beyond.status, 412);
    EXPECT_EQ(member(beyond.body, "position"), head);
    EXPECT_EQ(beyond.header("daybook-position"), head);
}

TEST_P(ApiCache, DropsEverythingOfTheOrgWhenTextsAreErased) {
    const std::string id = add("2026-03-14");
    server_.note("id", id);
    EXPECT_NE(get(daily_).body.find("Maria"), std::string::npos);
    EXPECT_EQ(outcome("/v1/reports/daily?propertyId={hostel}&date=2026-01-14"), "miss");
    const HttpAnswer erased = server_.send({"POST", "/v1/finance/expenses/{id}/erase-text",
                                            R"({"reason":"Asked."})", "If-Match: \"1\"\r\n"});
    ASSERT_EQ(erased.status, 200) << erased.body;
    EXPECT_EQ(metric("kinds/0/entries"), "0");
    EXPECT_EQ(get(daily_).body.find("Maria"), std::string::npos);
}

TEST_P(ApiCache, CountsAndClearsForItsOwnOrgOnly) {
    EXPECT_EQ(outcome(daily_), "miss");
    EXPECT_EQ(outcome(daily_), "hit");
    EXPECT_EQ(metric("kinds/0/kind"), "daily");
    EXPECT_EQ(metric("kinds/0/hits"), "1");
    EXPECT_EQ(metric("kinds/0/misses"), "1");
    EXPECT_EQ(metric("kinds/0/hitRateBps"), "5000");
    EXPECT_EQ(member(get("/v1/reports/cache/metrics", "other").body, "kinds/0/hits"), "0");
    EXPECT_EQ(
        member(server_.send({"POST", "/v1/reports/cache/clear", "", "", "other"}).body, "cleared"),
        "0");
    EXPECT_EQ(outcome(daily_), "hit");
    EXPECT_EQ(member(server_.send({"POST", "/v1/reports/cache/clear"}).body, "cleared"), "1");
    EXPECT_EQ(outcome(daily_), "miss");
    const std::string prometheus = get("/metrics", "nobody").body;
    EXPECT_NE(prometheus.find("daybook_report_cache_hits_total{kind=\"daily\"} 2"),
              std::string::npos);
}

TEST_P(ApiCache, RefusesWhatIsNotForTheCallerOrMakesNoSense) {
    const std::string metrics = "/v1/reports/cache/metrics";
    const std::string clear = "/v1/reports/cache/clear";
    for (const char* who : {"manager", "auditor", "limited", "limitedAdmin"}) {
        EXPECT_EQ(get(metrics, who).status, 403) << who;
        EXPECT_EQ(server_.send({"POST", clear, "", "", who}).status, 403) << who;
    }
    EXPECT_EQ(get(metrics, "nobody").status, 401);
    for (const char* property : {"{foreign}", "0190f2a4-0000-7000-8000-000000000000"}) {
        const HttpAnswer unknown =
            server_.send({"POST", clear, R"({"propertyId":")" + std::string(property) + R"("})"});
        EXPECT_EQ(unknown.status, 404) << unknown.body;
        EXPECT_EQ(member(unknown.body, "errors/0/pointer"), "/propertyId");
    }
    EXPECT_EQ(server_.send({"POST", clear, R"({"propertyId":"{hotel}"})"}).status, 200);
    const HttpAnswer backwards =
        server_.send({"POST", clear, R"({"from":"2026-03-02","to":"2026-03-01"})"});
    EXPECT_EQ(backwards.status, 400);
    EXPECT_EQ(member(backwards.body, "errors/0/pointer"), "/to");
    const HttpAnswer unknown = server_.send({"POST", clear, R"({"property":"all"})"});
    EXPECT_EQ(unknown.status, 400);
    EXPECT_EQ(member(unknown.body, "code"), "unknown_field");
    const HttpAnswer negative = get(daily_, "owner", "Daybook-Min-Position: -1\r\n");
    EXPECT_EQ(negative.status, 400);
    EXPECT_EQ(member(negative.body, "errors/0/pointer"), "/Daybook-Min-Position");
}

TEST_P(ApiCache, KnowsNewPropertiesAndNamesAtOnce) {
    const std::string all = "/v1/reports/monthly?year=2026&month=3";
    EXPECT_EQ(member(get(all).body, "properties"), "[2]");
    const HttpAnswer added = server_.send(
        {"POST", "/v1/properties",
         R"({"name":"A First","kind":"hotel","currency":"EUR","timeZone":"Europe/Lisbon"})"});
    ASSERT_EQ(added.status, 201) << added.body;
    EXPECT_EQ(member(get(all).body, "properties/0/propertyName"), "A First");
    const HttpAnswer renamed = server_.send(
        {"PATCH", "/v1/properties/{hotel}", R"({"name":"Hotel Zenith"})", "If-Match: \"1\"\r\n"});
    ASSERT_EQ(renamed.status, 200) << renamed.body;
    EXPECT_EQ(member(get(all).body, "properties/2/propertyName"), "Hotel Zenith");
    EXPECT_EQ(member(get(daily_).body, "propertyName"), "Hotel Zenith");
}

TEST_P(ApiCache, ServesTheOperatorToo) {
    http::Request request;
    request.target = server_.fill_in(daily_);
    request.from_operator = true;
    request.headers.push_back({"daybook-org", server_.names().at("org")});
    EXPECT_EQ(server_.operator_call(request).status, 200);
    EXPECT_EQ(outcome(daily_), "hit");
    request.headers.back().value = server_.names().at("hotel");
    EXPECT_EQ(server_.operator_call(request).status, 404);
}

DAYBOOK_TEST_ALL_STORES(ApiCache);

}  // namespace
}  // namespace daybook::test
