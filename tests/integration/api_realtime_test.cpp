// The stream and its poll over a real socket: where they start, what they carry, what ends them,
// and how they refuse. Sequences under load, kills and slow clients: realtime_model_test.cpp and
// tests/fault/stream_kill_test.cpp.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>

#include "support/api_server.h"
#include "support/browser.h"
#include "support/openapi_check.h"
#include "support/stream_client.h"

namespace daybook::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kStream = "/v1/reports/realtime/stream";
constexpr std::string_view kPoll = "/v1/reports/realtime/poll";

class ApiRealtime : public testing::TestWithParam<StoreKind> {
 protected:
    std::unique_ptr<StreamClient> stream(const std::string& more = {}, std::string headers = {},
                                         const std::string& as = "owner") {
        headers += "Authorization: Bearer " + server_->token(as) + "\r\n";
        return std::make_unique<StreamClient>(
            server_->port(), server_->fill_in(std::string(kStream) + more), headers);
    }
    std::unique_ptr<StreamClient> stream_of(const Browser& browser) {
        return std::make_unique<StreamClient>(
            server_->port(), kStream, "Cookie: daybook_session=" + browser.cookie() + "\r\n");
    }
    HttpAnswer poll(const std::string& more, const std::string& as = "owner") {
        return server_->send({"GET", std::string(kPoll) + more, "", "", as});
    }
    // Over a connection of its own, for it may take its time.
    std::future<std::optional<HttpAnswer>> poll_later(const std::string& more,
                                                      const std::string& as = "owner") {
        return std::async(std::launch::async, [this, more, as, port = server_->port(),
                                               token = server_->token(as)] {
            HttpClient client = HttpClient::connect_tcp(port);
            return client.request("GET", server_->fill_in(std::string(kPoll) + more),
                                  "Authorization: Bearer " + token + "\r\n");
        });
    }
    // Until so many polls wait.
    void wait_for_polls(int count) {
        const std::string line = "daybook_polls_waiting " + std::to_string(count) + "\n";
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (std::chrono::steady_clock::now() < end) {
            const HttpAnswer answer = server_->send({"GET", "/metrics", "", "", "nobody"});
            if (answer.body.find(line) != std::string::npos) return;
        }
        ADD_FAILURE() << "there are not " << count << " polls";
    }
    void write(const std::string& property = "{hotel}", const std::string& text = "Soap") {
        const HttpAnswer answer = server_->send(
            {"POST", "/v1/finance/expenses",
             R"({"propertyId":")" + property +
                 R"(","amountMinor":100,"paymentMode":"cash","category":"supplies",)" +
                 R"("currency":"EUR","description":")" + text + R"("})"});
        ASSERT_EQ(answer.status, 201) << answer.body;
        server_->note("entry", member(answer.body, "id"));
    }
    // The next frame that is no heartbeat; an empty one, and a failure, if there is none.
    static SseFrame news(StreamClient& client) {
        const auto frame = client.next_news();
        EXPECT_TRUE(frame.has_value()) << "after " << client.received();
        return frame.value_or(SseFrame{});
    }
    std::string id_of(Position position) {
        const HttpAnswer answer = poll("?after=" + std::to_string(position - 1) + "&limit=1");
        return member(answer.body, "next");
    }

    std::unique_ptr<ApiServer> server_ = std::make_unique<ApiServer>(GetParam());
    OpenApiCheck check_;
};

TEST_P(ApiRealtime, AStreamStartsAtTheHeadAndCarriesWhatIsWritten) {
    const auto client = stream();
    EXPECT_TRUE(client->head().starts_with("HTTP/1.1 200 OK\r\n")) << client->head();
    for (const char* header : {"Content-Type: text/event-stream\r\n", "Cache-Control: no-store\r\n",
                               "X-Accel-Buffering: no\r\n", "Daybook-Position: "}) {
        EXPECT_THAT(client->head(), HasSubstr(header));
    }
    const auto ready = client->next();
    ASSERT_TRUE(ready.has_value());
    EXPECT_EQ(ready->event, "ready");
    EXPECT_EQ(ready->position(), server_->head());
    EXPECT_GE(std::stol(ready->retry), limits::kStreamRetryMsMin);
    EXPECT_LE(std::stol(ready->retry), limits::kStreamRetryMsMax);

    write();
    const auto event = client->next_news();
    ASSERT_TRUE(event.has_value());
    EXPECT_EQ(event->event, "");
    EXPECT_EQ(event->id, id_of(server_->head()));
    EXPECT_EQ(member(event->data, "type"), "daybook.expense_added");
    EXPECT_EQ(member(event->data, "data/text/description"), "Soap");
    EXPECT_EQ(member(event->data, "data/event/entityId"), server_->fill_in("{entry}"));
}

TEST_P(ApiRealtime, AStreamGoesOnFromWhereItsClientWas) {
    const Position before = server_->head();
    write("{hotel}", "one");
    write("{hotel}", "two");
    const std::string first = id_of(before + 1);
    for (const auto& [more, header] : std::vector<std::pair<std::string, std::string>>{
             {"", "Last-Event-ID: " + first + "\r\n"},
             {"?after=" + first, ""},
             {"?after=" + std::to_string(before + 1), ""},
             // The address is from the beginning, the header from the last event.
             {"?after=0", "Last-Event-ID: " + first + "\r\n"},
             {"?after=" + first, "Last-Event-ID:\r\n"}}) {
        const auto client = stream(more, header);
        const auto ready = client->next();
        ASSERT_TRUE(ready.has_value());
        EXPECT_EQ(ready->event, "ready");
        EXPECT_EQ(ready->id, first) << more << header;
        const auto event = client->next();
        ASSERT_TRUE(event.has_value());
        EXPECT_EQ(event->position(), before + 2);
    }
}

TEST_P(ApiRealtime, ACursorThatIsNotOfThisLogIsReset) {
    const Position head = server_->head();
    const std::string at_head = std::to_string(head);
    for (const std::string& cursor : {at_head + "-000000000000", std::to_string(head + 1),
                                      std::string("nonsense"), std::string("-1"), at_head + "-"}) {
        const auto client = stream("?after=" + cursor);
        const auto frame = client->next();
        ASSERT_TRUE(frame.has_value()) << cursor;
        EXPECT_EQ(frame->event, "reset") << cursor;
        EXPECT_EQ(frame->id, id_of(head)) << cursor;
        EXPECT_THAT(frame->data, HasSubstr("unknown_position"));
    }
    for (const std::string& cursor : {at_head + "-000000000000", std::to_string(head + 1)}) {
        const HttpAnswer answer = poll("?after=" + cursor);
        EXPECT_EQ(answer.status, 200) << cursor;
        EXPECT_EQ(member(answer.body, "reset"), "true") << cursor;
        EXPECT_EQ(member(answer.body, "next"), id_of(head)) << cursor;
    }
    for (const char* cursor : {"nonsense", "-1", "1-", "01", "1-0A1B2C3D4E5F", ""}) {
        const HttpAnswer answer = poll(std::string("?after=") + cursor);
        EXPECT_EQ(answer.status, 400) << cursor;
        EXPECT_EQ(member(answer.body, "errors/0/pointer"), "/after") << cursor;
    }
}

TEST_P(ApiRealtime, BothAreFilteredForTheirCaller) {
    const Position before = server_->head();
    write("{hostel}", "PLANTED");
    ASSERT_EQ(
        server_->send({"POST", "/v1/tokens", R"({"name":"PLANTED","role":"auditor"})"}).status,
        201);
    write("{hotel}", "seen");
    const std::string after = "?after=" + std::to_string(before);
    const auto client = stream(after, {}, "limited");
    client->next();
    EXPECT_EQ(news(*client).position(), server_->head());
    EXPECT_THAT(client->received(), Not(HasSubstr("PLANTED")));

    const auto positions = [&](const std::string& more, const std::string& as) {
        const HttpAnswer answer = poll(after + more, as);
        EXPECT_EQ(answer.status, 200) << answer.body;
        EXPECT_EQ(check_.answer_problem("pollRealtimeUpdates", 200, answer.body), "");
        std::string found;
        for (int i = 0; member(answer.body, "data/" + std::to_string(i)) != "missing"; ++i) {
            found +=
                member(answer.body, "data/" + std::to_string(i) + "/data/event/eventType") + " ";
        }
        return found;
    };
    EXPECT_EQ(positions("", "owner"), "expense_added token_created expense_added ");
    EXPECT_EQ(positions("", "limited"), "expense_added ");
    EXPECT_EQ(positions("", "other"), "");
    EXPECT_EQ(positions("&type=token_created", "owner"), "token_created ");
    EXPECT_EQ(positions("&type=token_created&type=expense_added", "limited"), "expense_added ");
    EXPECT_EQ(positions("&propertyId={hostel}", "owner"), "expense_added ");
    EXPECT_EQ(positions("&propertyId={hostel}&propertyId={hotel}", "owner"),
              "expense_added expense_added ");
}

TEST_P(ApiRealtime, WhatIsAskedWronglyIsSaidSo) {
    for (const std::string_view path : {kStream, kPoll}) {
        const auto status = [&](const std::string& more, const std::string& as) {
            return server_->send({"GET", std::string(path) + more, "", "", as}).status;
        };
        EXPECT_EQ(status("?unknown=1", "owner"), 400) << path;
        EXPECT_EQ(status("?type=nothing", "owner"), 400) << path;
        EXPECT_EQ(status("?propertyId=x", "owner"), 400) << path;
        EXPECT_EQ(status("?propertyId={hostel}", "limited"), 404) << path;
        EXPECT_EQ(status("?propertyId={foreign}", "owner"), 404) << path;
        EXPECT_EQ(status("", "nobody"), 401) << path;
    }
    EXPECT_EQ(poll("?waitSeconds=31").status, 400);
    EXPECT_EQ(poll("?waitSeconds=-1").status, 400);
    EXPECT_EQ(poll("?limit=0").status, 400);
}

TEST_P(ApiRealtime, APollAnswersAtOnceWhatThereIsAndGoesOnFromThere) {
    write("{hotel}", "one");
    const HttpAnswer start = poll("");
    EXPECT_EQ(member(start.body, "data"), "[0]");
    EXPECT_EQ(member(start.body, "nextPollSeconds"), std::to_string(limits::kPollNextSeconds));
    const std::string head = member(start.body, "next");
    EXPECT_EQ(head, id_of(server_->head()));
    write("{hotel}", "two");
    write("{hotel}", "three");
    const HttpAnswer first = poll("?waitSeconds=30&limit=1&after=" + head);
    EXPECT_EQ(member(first.body, "data/0/data/text/description"), "two");
    EXPECT_EQ(member(first.body, "nextPollSeconds"), "0");
    const HttpAnswer second = poll("?waitSeconds=30&after=" + member(first.body, "next"));
    EXPECT_EQ(member(second.body, "data/0/data/text/description"), "three");
    EXPECT_EQ(member(second.body, "data"), "[1]");
}

TEST_P(ApiRealtime, APollWaitsForAnEventOfItsOwn) {
    auto answer = poll_later("?waitSeconds=30", "limited");
    wait_for_polls(1);
    write("{hostel}", "not for it");
    write("{hotel}", "for it");
    const auto got = answer.get();
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->status, 200);
    EXPECT_EQ(member(got->body, "data"), "[1]");
    EXPECT_EQ(member(got->body, "data/0/data/text/description"), "for it");
    EXPECT_EQ(member(got->body, "nextPollSeconds"), "0");
    EXPECT_EQ(member(got->body, "next"), id_of(server_->head()));
    EXPECT_EQ(got->header("daybook-position"), std::to_string(server_->head()));
    wait_for_polls(0);
}

TEST_P(ApiRealtime, APollThatWaitsInVainSaysWhereToGoOn) {
    const auto got = poll_later("?waitSeconds=1").get();
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->status, 200);
    EXPECT_EQ(member(got->body, "data"), "[0]");
    EXPECT_EQ(member(got->body, "reset"), "false");
    EXPECT_EQ(member(got->body, "next"), id_of(server_->head()));
}

TEST_P(ApiRealtime, ARevokedTokenEndsWhatItHasOpen) {
    const auto client = stream({}, {}, "limited");
    ASSERT_EQ(news(*client).event, "ready");
    auto waiting = poll_later("?waitSeconds=30", "limited");
    wait_for_polls(1);
    ASSERT_EQ(server_->send({"DELETE", "/v1/tokens/{limitedToken}"}).status, 200);
    EXPECT_TRUE(client->ends());
    const auto got = waiting.get();
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->status, 401);
    const auto again = stream({}, {}, "limited");
    EXPECT_TRUE(again->head().starts_with("HTTP/1.1 401 ")) << again->head();
}

TEST_P(ApiRealtime, AChangedGrantIsToldInBand) {
    const auto client = stream({}, {}, "limited");
    ASSERT_EQ(news(*client).event, "ready");
    auto waiting = poll_later("?waitSeconds=30", "limited");
    wait_for_polls(1);
    const HttpAnswer scoped = server_->send({"PATCH", "/v1/tokens/{limitedToken}",
                                             R"({"properties":["{hostel}"]})", "If-Match: 1\r\n"});
    ASSERT_EQ(scoped.status, 200) << scoped.body;
    const auto reset = client->next_news();
    ASSERT_TRUE(reset.has_value());
    EXPECT_EQ(reset->event, "reset");
    EXPECT_THAT(reset->data, HasSubstr("access_changed"));
    const auto got = waiting.get();
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(member(got->body, "reset"), "true");
    write("{hotel}", "PLANTED");
    write("{hostel}", "for it now");
    EXPECT_EQ(member(news(*client).data, "data/text/description"), "for it now");
    EXPECT_THAT(client->received(), Not(HasSubstr("PLANTED")));
}

TEST_P(ApiRealtime, AnEndedSessionEndsItsStreamsAndNoOther) {
    Browser browser(*server_);
    Browser elsewhere(*server_);
    join(*server_, browser, "ana@example.com", "manager");
    ASSERT_EQ(elsewhere.sign_in("ana@example.com", std::string(kGoodPassword)).status, 200);
    const auto client = stream_of(browser);
    const auto other = stream_of(elsewhere);
    ASSERT_EQ(news(*client).event, "ready");
    ASSERT_EQ(news(*other).event, "ready");
    const std::string session = member(browser.get("/v1/me").body, "sessionId");
    ASSERT_EQ(elsewhere.send("DELETE", "/v1/auth/sessions/" + session).status, 204);
    EXPECT_TRUE(client->ends());
    EXPECT_TRUE(stream_of(browser)->head().starts_with("HTTP/1.1 401 "));
    // Their own sign-in is something that they may see; what was written comes next.
    EXPECT_EQ(member(news(*other).data, "data/event/eventType"), "user_signed_out");
    write();
    EXPECT_EQ(member(news(*other).data, "data/event/eventType"), "expense_added");
}

TEST_P(ApiRealtime, AnotherGrantOfAPersonIsToldInBandAndTheirEndEndsIt) {
    Browser browser(*server_);
    const NewPerson ana = join(*server_, browser, "ana@example.com", "manager",
                               server_->fill_in(R"({"properties":["{hotel}"]})"));
    const auto client = stream_of(browser);
    ASSERT_EQ(news(*client).event, "ready");
    // Before something has come this way, the node would end the stream instead.
    write();
    ASSERT_EQ(member(news(*client).data, "data/event/eventType"), "expense_added");
    const std::string one = "/v1/users/" + ana.id;
    const auto granted = server_->send(
        {"PATCH", one, R"({"scope":{"properties":["{hostel}"]}})", "If-Match: 2\r\n"});
    ASSERT_EQ(granted.status, 200) << granted.body;
    const SseFrame reset = news(*client);
    EXPECT_EQ(reset.event, "reset");
    EXPECT_THAT(reset.data, HasSubstr("access_changed"));
    EXPECT_EQ(member(news(*client).data, "data/event/eventType"), "grant_changed");
    write("{hotel}", "PLANTED");
    write("{hostel}", "for her now");
    EXPECT_EQ(member(news(*client).data, "data/text/description"), "for her now");
    EXPECT_THAT(client->received(), Not(HasSubstr("PLANTED")));
    ASSERT_EQ(server_->send({"DELETE", one}).status, 200);
    EXPECT_TRUE(client->ends());
}

TEST_P(ApiRealtime, ErasedTextsAreNotSentAgain) {
    const Position before = server_->head();
    write("{hotel}", "PLANTED");
    const auto client = stream();
    client->next();
    ASSERT_EQ(server_
                  ->send({"POST", "/v1/finance/expenses/{entry}/erase-text",
                          R"({"reason":"asked to"})", "If-Match: 1\r\n"})
                  .status,
              200);
    EXPECT_EQ(member(news(*client).data, "type"), "daybook.text_erased");
    const auto again = stream("?after=" + std::to_string(before));
    again->next();
    EXPECT_EQ(member(news(*again).data, "data/text/description"), "erased");
    EXPECT_THAT(again->received(), Not(HasSubstr("PLANTED")));
}

TEST_P(ApiRealtime, WhoAsksForTooMuchIsSentAwayInItsOwnWay) {
    server_ = std::make_unique<ApiServer>(GetParam(), realtime::Seats::Limits{.of_principal = 1});
    const auto first = stream();
    ASSERT_EQ(news(*first).event, "ready");
    const auto second = stream();
    EXPECT_TRUE(second->head().starts_with("HTTP/1.1 200 ")) << second->head();
    const auto refused = second->next();
    ASSERT_TRUE(refused.has_value());
    EXPECT_EQ(refused->event, "refused");
    EXPECT_EQ(refused->retry, "30000");
    EXPECT_EQ(refused->id, "");

    const HttpAnswer waiting = poll("?waitSeconds=5");
    EXPECT_EQ(waiting.status, 429);
    EXPECT_EQ(waiting.header("retry-after"), "30");
    EXPECT_EQ(member(waiting.body, "next"), id_of(server_->head()));
    EXPECT_EQ(member(waiting.body, "nextPollSeconds"), "30");
    // Without waiting it needs no place.
    EXPECT_EQ(poll("").status, 200);
    const auto other = stream({}, {}, "admin");
    EXPECT_EQ(news(*other).event, "ready");
    EXPECT_EQ(server_->send({"HEAD", std::string(kStream), "", "", "manager"}).status, 200);
    const auto manager = stream({}, {}, "manager");
    EXPECT_EQ(news(*manager).event, "ready") << "a HEAD keeps no place";
}

TEST_P(ApiRealtime, ADrainAnswersPollsAndEndsStreamsAfterWhatWasWritten) {
    const auto client = stream();
    ASSERT_EQ(news(*client).event, "ready");
    auto waiting = poll_later("?waitSeconds=30");
    wait_for_polls(1);
    write("{hotel}", "the last");
    ASSERT_EQ(waiting.get()->status, 200);
    auto idle = poll_later("?waitSeconds=30");
    wait_for_polls(1);
    server_.reset();
    const auto got = idle.get();
    ASSERT_TRUE(got.has_value());
    EXPECT_EQ(got->status, 200);
    EXPECT_EQ(member(news(*client).data, "data/text/description"), "the last");
    EXPECT_TRUE(client->ends());
}

TEST_P(ApiRealtime, AClientThatSpeaksOnItsStreamIsCutOff) {
    HttpClient client = HttpClient::connect_tcp(server_->port());
    ASSERT_TRUE(client.send("GET " + std::string(kStream) +
                            " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " +
                            server_->token("owner") + "\r\n\r\n"));
    const std::string noise(limits::kStreamInputBytesMax, 'x');
    for (int i = 0; i < 100 && client.send(noise); ++i) {
    }
    EXPECT_THAT(client.read_to_end(), Not(HasSubstr("HTTP/1.1 500")));
    const auto next = stream();
    EXPECT_EQ(news(*next).event, "ready");
}

DAYBOOK_TEST_ALL_STORES(ApiRealtime);

}  // namespace
}  // namespace daybook::test
