// Need: sockets, files. Goal: every route, by every role, in an org and a property that is granted,
// not granted, or another org's, and without a valid token, has the status that it should; and no
// body has a word of what its reader must not see (I8). A route that is not in route_samples.cpp
// fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/api_server.h"
#include "support/browser.h"
#include "support/route_samples.h"

namespace daybook::test {
namespace {

using http::Caller;

struct Who {
    std::string name;
    std::string role;  // empty: nobody, with or without a token that was good once
    bool is_limited = false;
};

const std::vector<Who> kEverybody{
    {"owner", "owner"},
    {"admin", "admin"},
    {"manager", "manager"},
    {"auditor", "auditor"},
    {"limited", "manager", true},
    {"limitedAdmin", "admin", true},
    {"other", "owner"},
    {"nobody", ""},
    {"revoked", ""},
    {"expired", ""},
};

bool has_role(const std::string& role, Caller caller) {
    switch (caller) {
        case Caller::anyone: return true;
        case Caller::signed_in: return !role.empty();
        case Caller::manager: return role == "owner" || role == "admin" || role == "manager";
        case Caller::admin: return role == "owner" || role == "admin";
        case Caller::owner: return role == "owner";
        case Caller::operator_socket: return false;
    }
    return false;
}

class ApiMatrix : public testing::TestWithParam<StoreKind> {
 protected:
    ApiMatrix() {
        plant("hotel", "owner", "SEEN");
        plant("hostel", "owner", "HIDDEN");
        plant("foreign", "other", "FOREIGN");
        make_token("revoked", R"("role":"owner")");
        server_.send({"DELETE", "/v1/tokens/{revokedId}"});
        make_token("expired", R"("role":"owner","expiresAt":"2026-03-15T12:00:01Z")");
        make_token("doomed", R"("role":"manager")");
        server_.note("token", server_.names().at("doomedId"));
        server_.clock().advance_ms(1'000);
        const auto categories = server_.send({"GET", "/v1/finance/categories"});
        server_.note("category", member(categories.body, "data/0/id"));
        join_as("user", "keeper@example.com");
        join_as("doomed", "doomed@example.com");
        plant_webhook();
    }

    void plant_webhook() {
        const auto webhook =
            server_.send({"POST", "/v1/webhooks", R"({"url":"https://example.net/HIDDEN"})"});
        server_.note("webhook", member(webhook.body, "id"));
        app::DeadLetter letter;
        letter.id = DeadLetterId{numbered_uuid(101)};
        letter.subscription = member(webhook.body, "subscription");
        letter.position = 1;
        letter.event_type = "org_created";
        letter.entity_type = "org";
        letter.attempts = 10;
        letter.first_at = kTestStart;
        letter.last_at = kTestStart;
        letter.last_error = "HIDDEN";
        app::SaveDelivery save;
        save.subscription = letter.subscription;
        save.watermark = server_.head();
        save.letters = {letter};
        app::Command command{
            {server_.org(), {}, domain::Role::owner, {}, {}, {}}, "test", std::nullopt, save};
        EXPECT_TRUE(run(server_.store(), std::move(command)).has_value());
        server_.note("letter", letter.id.to_string());
    }

    void plant(const std::string& place, const std::string& who, const std::string& word) {
        const std::string begin = R"({"propertyId":"{)" + place + R"(}","amountMinor":)" +
                                  "777001" + R"(,"currency":"EUR","description":")" + word +
                                  R"( 1","party":")" + word + R"( 2","externalId":")" + word +
                                  R"( 3",)";
        const auto add = [&](const std::string& plural, const std::string& ends) {
            const auto made =
                server_.send({"POST", "/v1/finance/" + plural, begin + ends, "", who});
            EXPECT_EQ(made.status, 201) << made.body;
            return member(made.body, "id");
        };
        server_.note("expense@" + place,
                     add("expenses", R"("paymentMode":"cash","category":"supplies"})"));
        server_.note("revenue@" + place,
                     add("revenues", R"("paymentMode":"cash","source":"room"})"));
        server_.note("transfer@" + place, add("transfers", R"("from":"cash","to":"owner"})"));
        server_.send({"PATCH", "/v1/properties/{" + place + "}", R"({"group":")" + word + R"( 4"})",
                      "If-Match: 1\r\n", who});
        server_.send({"POST", "/v1/users",
                      R"({"name":")" + word + R"( 5","email":")" + word +
                          R"(@example.com","role":"manager","scope":{"properties":["{)" + place +
                          R"(}"]}})",
                      "", who});
    }

    void make_token(const std::string& name, const std::string& more) {
        const auto made =
            server_.send({"POST", "/v1/tokens", R"({"name":")" + name + R"(",)" + more + "}"});
        secrets_[name] = member(made.body, "secret");
        server_.note(name + "Id", member(made.body, "id"));
    }

    void join_as(const std::string& name, const std::string& email) {
        Browser browser(server_);
        server_.note(name, join(server_, browser, email, "manager").id);
    }

    HttpAnswer ask(const http::Route& route, const RouteSample& sample, const Who& who,
                   const std::string& place) {
        server_.note("p", server_.names().at(place));
        for (const char* kind : {"expense", "revenue", "transfer"}) {
            server_.note(kind, server_.names().at(std::string(kind) + "@" + place));
        }
        server_.note("n", std::to_string(++number_));
        std::string headers = "If-Match: 99\r\n";
        std::string as = who.name;
        if (secrets_.contains(who.name)) {
            headers += "Authorization: Bearer " + secrets_.at(who.name) + "\r\n";
            as = "nobody";
        }
        const std::string method =
            sample.method.empty() ? std::string(http::method_name(route.method)) : sample.method;
        return server_.send({method, sample_target(route, sample), sample.body, headers, as});
    }

    static std::set<int> expected(const http::Route& route, const RouteSample& sample,
                                  const Who& who, const std::string& place) {
        if (route.caller == Caller::anyone) return sample.allowed;
        if (who.role.empty()) return {401};
        if (!has_role(who.role, route.caller)) return {403};
        const bool is_other = who.name == "other";
        const bool is_theirs = sample.about == RouteSample::About::org && is_other;
        if (is_theirs) return {404};
        using Needs = RouteSample::Needs;
        const bool sees_org = !who.is_limited && who.role != "manager";
        if (sample.needs != Needs::role && !sees_org) return {403};
        if (sample.needs == Needs::administers && who.role == "auditor") return {403};
        const bool is_hidden = is_other || (who.is_limited && place == "hostel");
        if (sample.about == RouteSample::About::property && is_hidden) return {404};
        return sample.allowed;
    }

    void expect_no_leak(const HttpAnswer& answer, const Who& who, const std::string& cell) {
        const auto has = [&](const char* word) {
            return answer.body.find(word) != std::string::npos;
        };
        EXPECT_FALSE(who.name != "other" && has("FOREIGN")) << cell << answer.body;
        const bool sees_none = who.name == "other" || who.role.empty();
        EXPECT_FALSE(sees_none && (has("SEEN") || has("HIDDEN"))) << cell << answer.body;
        EXPECT_FALSE(who.is_limited && has("HIDDEN")) << cell << answer.body;
    }

    ApiServer server_{GetParam()};
    std::map<std::string, std::string> secrets_;
    int number_ = 0;
};

TEST_P(ApiMatrix, HasTheStatusThatItShouldEverywhere) {
    std::set<std::string> routes;
    for (const http::Route& route : server_.api().routes()) {
        if (route.caller == Caller::operator_socket) continue;  // not there over TCP at all
        routes.insert(route.operation_id);
        const auto sample = route_samples().find(route.operation_id);
        if (sample == route_samples().end()) {
            ADD_FAILURE() << route.operation_id << " is not in route_samples.cpp";
            continue;
        }
        for (const Who& who : kEverybody) {
            for (const std::string place : {"hotel", "hostel"}) {
                const std::string cell =
                    route.operation_id + " by " + who.name + " in the " + place + ": ";
                const HttpAnswer answer = ask(route, sample->second, who, place);
                const auto wanted = expected(route, sample->second, who, place);
                EXPECT_TRUE(wanted.contains(answer.status))
                    << cell << answer.status << " instead of " << *wanted.begin() << answer.body;
                expect_no_leak(answer, who, cell);
            }
        }
    }
    for (const auto& [operation, sample] : route_samples()) {
        EXPECT_TRUE(routes.contains(operation)) << operation << " is no route";
    }
}

// What is above the orgs is not there for anybody who comes over the network.
TEST_P(ApiMatrix, HidesTheOperatorsRoutes) {
    for (const http::Route& route : server_.api().routes()) {
        if (route.caller != Caller::operator_socket) continue;
        for (const Who& who : kEverybody) {
            const std::string as = secrets_.contains(who.name) ? "nobody" : who.name;
            const std::string method(http::method_name(route.method));
            const auto answer = server_.send({method, route.pattern, "", "", as});
            EXPECT_EQ(answer.status, 404) << route.pattern << who.name;
            const std::string with = "Daybook-Org: {org}\r\n";
            EXPECT_EQ(server_.send({method, route.pattern, "", with, as}).status, 400);
        }
    }
}

// Without a filter, too: lists, sums, histories and exports have only what is granted.
TEST_P(ApiMatrix, LeaksNothingWhereNothingIsAskedFor) {
    const std::map<std::string, std::string> queries{
        {"getRangeReport", "?from=2026-03-01&to=2026-03-15"},
        {"getMonthlyReport", "?year=2026&month=3"},
        {"getYearlyReport", "?year=2026"},
        {"pollRealtimeUpdates", "?after=0"},
    };
    for (const http::Route& route : server_.api().routes()) {
        const bool is_list = route.method == http::Method::get &&
                             route.pattern.find('{') == std::string::npos &&
                             route.caller != Caller::operator_socket &&
                             route.operation_id != "streamRealtimeUpdates";
        if (!is_list) continue;
        const auto query = queries.find(route.operation_id);
        const std::string target =
            route.pattern + (query == queries.end() ? std::string() : query->second);
        for (const Who& who : kEverybody) {
            if (secrets_.contains(who.name)) continue;
            const auto answer = server_.send({"GET", target, "", "", who.name});
            expect_no_leak(answer, who, route.operation_id + " by " + who.name + ": ");
        }
    }
}

DAYBOOK_TEST_ALL_STORES(ApiMatrix);

}  // namespace
}  // namespace daybook::test
