// Need: sockets. Goal: webhooks, subscriptions, dead letters, metrics of events and alerts over
// HTTP: what they answer, which events fire, who may call, and that the answers are as described.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "support/api_delivery_operations.h"
#include "support/api_server.h"
#include "support/openapi_check.h"

namespace daybook::test {
namespace {

using app::DeadLetter;
using Types = std::vector<std::string>;

class ApiDelivery : public testing::TestWithParam<StoreKind> {
 protected:
    HttpAnswer take(const std::string& operation, const ApiRequest& request, int status,
                    const Types& events = {}) {
        SCOPED_TRACE(operation);
        const Position before = server_.head();
        const HttpAnswer answer = server_.send(request);
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_EQ(server_.events_after(before), events);
        EXPECT_EQ(check_.answer_problem(operation, answer.status, answer.body), "") << answer.body;
        if (!request.body.empty() && status < 300) {
            const std::string body = server_.fill_in(request.body);
            EXPECT_EQ(check_.request_problem(operation, body), "");
        }
        shown_.insert(operation);
        return answer;
    }
    HttpAnswer add_webhook(const std::string& more = {}) {
        return take("addWebhook",
                    {"POST", "/v1/webhooks", R"({"url":"https://example.net/in")" + more + "}"},
                    201, {"webhook_added"});
    }
    app::Command by_delivery(app::CommandBody body) {
        return {{server_.org(), {}, domain::Role::owner, {}, {}, {}},
                "test",
                std::nullopt,
                std::move(body)};
    }
    DeadLetter plant_letter(const std::string& subscription, std::uint8_t number) {
        app::SaveDelivery save;
        save.subscription = subscription;
        save.watermark = server_.head();
        DeadLetter letter;
        letter.id = DeadLetterId{numbered_uuid(number)};
        letter.subscription = subscription;
        letter.position = 1;
        letter.event_type = "org_created";
        letter.entity_type = "org";
        letter.attempts = 10;
        letter.first_at = kTestStart;
        letter.last_at = kTestStart;
        letter.last_error = "The receiver answered 500.";
        save.letters = {letter};
        EXPECT_TRUE(run(server_.store(), by_delivery(save)).has_value());
        return letter;
    }

    ApiServer server_{GetParam()};
    OpenApiCheck check_;
    std::set<std::string> shown_;
};

TEST_P(ApiDelivery, GoesAsItShould) {
    const HttpAnswer made = add_webhook(
        R"(,"types":["expense_added"],"properties":["{hotel}"],"alerts":true,"startAt":0)");
    EXPECT_EQ(made.header("etag"), "\"1\"");
    EXPECT_EQ(member(made.body, "types/0"), "expense_added");
    EXPECT_TRUE(member(made.body, "secret").starts_with("whsec_"));
    const std::string id = member(made.body, "id");
    EXPECT_EQ(made.header("location"), "/v1/webhooks/" + id);
    const std::string one = "/v1/webhooks/" + id;
    const std::string name = member(made.body, "subscription");
    EXPECT_EQ(name, "webhook:" + id);
    EXPECT_EQ(member(take("getWebhook", {"GET", one}, 200).body, "secret"), "missing");
    EXPECT_EQ(member(take("listWebhooks", {"GET", "/v1/webhooks"}, 200).body, "data/0/id"), id);
    const HttpAnswer changed = take(
        "updateWebhook", {"PATCH", one, R"({"active":false,"types":null})", "If-Match: \"1\"\r\n"},
        200, {"webhook_updated"});
    EXPECT_EQ(member(changed.body, "active"), "false");
    EXPECT_EQ(member(changed.body, "types"), "null");

    const std::string subscription = "/v1/finance/subscriptions/" + name;
    const HttpAnswer listed = take("listSubscriptions", {"GET", "/v1/finance/subscriptions"}, 200);
    EXPECT_EQ(member(listed.body, "data/0/name"), name);
    EXPECT_EQ(member(listed.body, "data/0/state"), "stopped");
    EXPECT_EQ(member(listed.body, "data/0/position"), "0");
    take("pauseSubscription", {"POST", subscription + "/pause", R"({"reason":"Moving"})"}, 200,
         {"subscription_changed"});
    const HttpAnswer paused = server_.send({"GET", "/v1/finance/subscriptions"});
    EXPECT_EQ(member(paused.body, "data/0/state"), "paused");
    EXPECT_EQ(member(paused.body, "data/0/reason"), "Moving");
    EXPECT_EQ(server_.send({"POST", subscription + "/pause"}).status, 422);
    take("resumeSubscription", {"POST", subscription + "/resume"}, 200, {"subscription_changed"});
    const HttpAnswer reset =
        take("resetSubscription", {"POST", subscription + "/reset", R"({"position":1})"}, 200,
             {"subscription_changed"});
    EXPECT_EQ(member(reset.body, "position"), "1");

    for (const char* position : {"-1", "0", "99999"}) {
        const HttpAnswer none = server_.send(
            {"POST", one + "/replay", R"({"position":)" + std::string(position) + "}"});
        EXPECT_TRUE(none.status == 404 || none.status == 400) << none.body;
    }
    const HttpAnswer replayed =
        take("replayWebhook", {"POST", one + "/replay", R"({"position":1})"}, 202,
             {"subscription_changed"});
    EXPECT_EQ(member(replayed.body, "change"), "replayed");
    app::LogWebhookAttempts log;
    log.attempts.push_back({WebhookId::parse(id).value(), EventId{numbered_uuid(9)}, 1, 1,
                            kTestStart, 12, 500, "The receiver answered 500."});
    log.attempts.push_back({WebhookId::parse(id).value(), EventId{numbered_uuid(9)}, 1, 2,
                            kTestStart, 12, 0, "There was no answer."});
    run(server_.store(), by_delivery(log)).value();
    const HttpAnswer tried = take("listWebhookDeliveries", {"GET", one + "/deliveries"}, 200);
    EXPECT_EQ(member(tried.body, "data/0/status"), "null");
    EXPECT_EQ(member(tried.body, "data/1/status"), "500");
    take("deleteWebhook", {"DELETE", one, "", "If-Match: \"2\"\r\n"}, 200, {"webhook_deleted"});
    EXPECT_EQ(server_.send({"GET", one}).status, 404);

    const DeadLetter first = plant_letter("notifications", 101);
    const DeadLetter second = plant_letter("notifications", 102);
    const std::string letters = "/v1/finance/dead-letters";
    const HttpAnswer page = take("listDeadLetters", {"GET", letters + "?limit=1"}, 200);
    EXPECT_EQ(member(page.body, "data/0/id"), first.id.to_string());
    const HttpAnswer rest =
        server_.send({"GET", letters + "?limit=1&cursor=" + member(page.body, "nextCursor")});
    EXPECT_EQ(member(rest.body, "data/0/id"), second.id.to_string());
    EXPECT_EQ(member(rest.body, "nextCursor"), "null");
    EXPECT_EQ(member(server_.send({"GET", letters + "?subscription=others"}).body, "data"), "[0]");
    const std::string letter = letters + "/" + first.id.to_string();
    const HttpAnswer shown = take("getDeadLetter", {"GET", letter}, 200);
    EXPECT_EQ(member(shown.body, "lastError"), "The receiver answered 500.");
    EXPECT_EQ(member(shown.body, "delivered/event/eventType"), "org_created");
    take("redriveDeadLetter", {"POST", letter + "/redrive"}, 200, {"subscription_changed"});
    EXPECT_EQ(server_.send({"POST", letter + "/redrive"}).status, 409);
    EXPECT_EQ(server_.send({"POST", letters + "/" + second.id.to_string() + "/discard"}).status,
              422);
    take("discardDeadLetter",
         {"POST", letters + "/" + second.id.to_string() + "/discard", R"({"reason":"Gone"})"}, 200,
         {"dead_letter_discarded"});

    const HttpAnswer metrics = take("getEventMetrics", {"GET", "/v1/finance/events/metrics"}, 200);
    EXPECT_EQ(member(metrics.body, "lastHour"), std::to_string(server_.head()));
    EXPECT_EQ(member(metrics.body, "subscriptions/0/name"), "notifications");
    server_.alerts().list[server_.org()] = {{"low_disk", kTestStart, "Make room."}};
    const HttpAnswer alerts = take("listAlerts", {"GET", "/v1/alerts"}, 200);
    EXPECT_EQ(member(alerts.body, "data/0/detail"), "Make room.");

    EXPECT_EQ(shown_, delivery_operations());
}

TEST_P(ApiDelivery, IsForAdminsOfAllPropertiesOfTheirOwnOrg) {
    const std::string id = member(add_webhook().body, "id");
    const DeadLetter letter = plant_letter("webhook:" + id, 101);
    const std::string one = "/v1/webhooks/" + id;
    const std::string of_letter = "/v1/finance/dead-letters/" + letter.id.to_string();
    const std::string subscription = "/v1/finance/subscriptions/webhook:" + id;
    const std::string seen = "If-Match: \"1\"\r\n";
    const std::vector<ApiRequest> requests{
        {"GET", one},
        {"PATCH", one, R"({"active":false})", seen},
        {"DELETE", one, "", seen},
        {"GET", one + "/deliveries"},
        {"POST", one + "/replay", R"({"position":1})"},
        {"GET", of_letter},
        {"POST", of_letter + "/redrive"},
        {"POST", of_letter + "/discard", R"({"reason":"x"})"},
        {"POST", subscription + "/pause"},
        {"POST", subscription + "/reset", R"({"position":1})"},
    };
    const Position before = server_.head();
    for (ApiRequest request : requests) {
        for (const char* who : {"manager", "auditor", "limited", "limitedAdmin"}) {
            request.as = who;
            EXPECT_EQ(server_.send(request).status, 403) << who << " " << request.target;
        }
        request.as = "other";
        EXPECT_EQ(server_.send(request).status, 404) << request.target;
        request.as = "nobody";
        EXPECT_EQ(server_.send(request).status, 401) << request.target;
    }
    for (const char* list : {"/v1/webhooks", "/v1/finance/dead-letters",
                             "/v1/finance/subscriptions", "/v1/finance/events/metrics"}) {
        const HttpAnswer answer = server_.send({"GET", list, "", "", "other"});
        EXPECT_EQ(answer.status, 200) << list;
        EXPECT_EQ(answer.body.find(id), std::string::npos) << list;
        for (const char* who : {"manager", "auditor", "limited", "limitedAdmin"})
            EXPECT_EQ(server_.send({"GET", list, "", "", who}).status, 403) << who << list;
    }
    EXPECT_EQ(server_.send({"GET", "/v1/alerts", "", "", "limitedAdmin"}).status, 403);
    EXPECT_EQ(server_.head(), before);
}

TEST_P(ApiDelivery, RefusesWhatIsWrongByItsPointer) {
    const auto pointer = [&](const std::string& body) {
        const HttpAnswer answer = server_.send({"POST", "/v1/webhooks", body});
        EXPECT_EQ(check_.answer_problem("addWebhook", answer.status, answer.body), "");
        return member(answer.body, "code") + " " + member(answer.body, "errors/0/pointer");
    };
    EXPECT_EQ(pointer(R"({})"), "missing_field /url");
    EXPECT_EQ(pointer(R"({"url":"ftp://x"})"), "invalid_value /url");
    EXPECT_EQ(pointer(R"({"url":"https://x.net","types":["nothing"]})"), "invalid_value /types/0");
    EXPECT_EQ(pointer(R"({"url":"https://x.net","properties":["{foreign}"]})"),
              "not_found /propertyId");
    EXPECT_EQ(pointer(R"({"url":"https://x.net","startAt":-1})"), "invalid_value /startAt");
    EXPECT_EQ(pointer(R"({"url":"https://x.net","startAt":99999})"), "invalid_value /startAt");
    EXPECT_EQ(pointer(R"({"url":"https://x.net","secret":"x"})"), "unknown_field /secret");
}

TEST_P(ApiDelivery, TheAlertRulesAskForMetricsThatThereAre) {
    (void)add_webhook();
    const std::string metrics = server_.send({"GET", "/metrics", "", "", "nobody"}).body;
    std::ifstream file(std::string(DAYBOOK_SOURCE_DIR) + "/docs/operations/alerts.rules.yml");
    const std::string rules{std::istreambuf_iterator<char>(file), {}};
    const std::regex name("daybook_[a-z_]+");
    int found = 0;
    for (std::sregex_iterator at(rules.begin(), rules.end(), name), end; at != end; ++at) {
        ++found;
        EXPECT_NE(metrics.find("# TYPE " + at->str() + ' '), std::string::npos) << at->str();
    }
    EXPECT_GE(found, 7);
}

TEST_P(ApiDelivery, PrometheusNamesNoOrgAndNoId) {
    (void)add_webhook();
    const HttpAnswer metrics = server_.send({"GET", "/metrics", "", "", "nobody"});
    EXPECT_NE(metrics.body.find("# TYPE daybook_delivery_lag_events gauge"), std::string::npos);
    EXPECT_EQ(metrics.body.find(server_.names().at("org")), std::string::npos);
    EXPECT_EQ(metrics.body.find("webhook:"), std::string::npos);
}

DAYBOOK_TEST_ALL_STORES(ApiDelivery);

}  // namespace
}  // namespace daybook::test
