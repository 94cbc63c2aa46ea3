// The server against clients that are wrong, slow, too many, or late: refusals, deadlines, drain.
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "http/server.h"
#include "support/http_client.h"
#include "support/http_server_fixture.h"

namespace daybook::http {
namespace {

using test::HttpAnswer;
using test::HttpClient;
using test::RunningServer;

void say_hello(Request, Respond respond) {
    respond({.body = "hello"});
}

struct Refused {
    const char* name;
    std::string bytes;
    int status;
    const char* code;
};

void PrintTo(const Refused& refused, std::ostream* out) {
    *out << refused.name;
}

std::string post(const std::string& lines) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
}

class HttpRefusals : public ::testing::TestWithParam<Refused> {};

// A request behind the refused one must never be seen: that is how requests are smuggled.
TEST_P(HttpRefusals, AreAnsweredOnceAndTheConnectionIsClosed) {
    std::atomic<int> handled = 0;
    RunningServer server([&](Request, Respond respond) {
        ++handled;
        respond({});
    });
    HttpClient client = server.connect();
    client.send(GetParam().bytes + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer && answer->is_complete);
    EXPECT_EQ(answer->status, GetParam().status);
    EXPECT_EQ(answer->header("content-type"), "application/problem+json");
    EXPECT_EQ(answer->header("connection"), "close");
    EXPECT_TRUE(answer->body.contains("\"code\":\"" + std::string(GetParam().code) + "\""))
        << answer->body;
    EXPECT_TRUE(answer->body.contains("\"requestId\":\"" + answer->header("x-request-id") + "\""));
    client.finish_sending();
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_EQ(handled, 0);
}

INSTANTIATE_TEST_SUITE_P(
    All, HttpRefusals,
    ::testing::Values(
        Refused{"gzip", post("Transfer-Encoding: gzip\r\n"), 400, "malformed"},
        Refused{"both", post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n") + "0\r\n\r\n",
                400, "malformed"},
        Refused{"chunked in 1.0",
                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
                "malformed"},
        Refused{"two lengths", post("Content-Length: 1\r\nContent-Length: 1\r\n") + "a", 400,
                "malformed"},
        Refused{"odd length", post("Content-Length: +1\r\n") + "a", 400, "malformed"},
        Refused{"no Host", "GET / HTTP/1.1\r\n\r\n", 400, "malformed"},
        Refused{"two Hosts", post("Host: b\r\n"), 400, "malformed"},
        Refused{"folded", post("A: b\r\n c\r\n"), 400, "malformed"},
        Refused{"NUL", post(std::string("A: b\0c\r\n", 8)), 400, "malformed"},
        Refused{"chunk extension",
                post("Transfer-Encoding: chunked\r\n") + "1;a=b\r\nx\r\n0\r\n\r\n", 400,
                "malformed"},
        Refused{"trailer",
                post("Transfer-Encoding: chunked\r\n") + "0\r\nAuthorization: Bearer a\r\n\r\n",
                400, "malformed"},
        Refused{"large chunk", post("Transfer-Encoding: chunked\r\n") + "7fffffff\r\nx", 413,
                "too_large"},
        Refused{"large body, not sent", post("Content-Length: 2097153\r\n"), 413, "too_large"},
        Refused{"large body, awaited", post("Content-Length: 2097153\r\nExpect: 100-continue\r\n"),
                413, "too_large"},
        Refused{"large head", post("A: " + std::string(20'000, 'b') + "\r\n"), 431, "too_large"},
        Refused{"long target", "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n",
                414, "too_large"},
        Refused{"asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed"},
        Refused{"absolute", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed"},
        Refused{"broken escape", "GET /?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed"},
        Refused{"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405, "method_not_allowed"},
        Refused{"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505, "malformed"},
        Refused{"Expect", post("Expect: tea\r\n"), 417, "malformed"}));

TEST(HttpLimits, RefusesALargeBodyWhoseClientKeepsSending) {
    RunningServer server(say_hello);
    HttpClient client = server.connect();
    ASSERT_TRUE(client.send(post("Content-Length: 4000000\r\n")));
    client.send(std::string(3'000'000, 'x'));
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer && answer->is_complete);
    EXPECT_EQ(answer->status, 413);
}

ServerOptions impatient() {
    ServerOptions options;
    options.head_ms_max = options.body_ms_max = options.idle_ms_max = options.write_ms_max = 200;
    options.sweep_ms = 20;
    return options;
}

TEST(HttpLimits, AnswersASlowHeadHoweverItDribbles) {
    RunningServer server(say_hello, impatient());
    HttpClient slow = server.connect();
    HttpClient metronome = server.connect();
    ASSERT_TRUE(slow.send("GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "));
    // One byte per round trip: long before 16 KiB the deadline of the whole head has passed.
    for (int sent = 0; sent < 16'000 && server.metrics().timeouts == 0; ++sent) {
        slow.send("x");
        ASSERT_TRUE(metronome.request("GET", "/"));
    }
    const auto answer = slow.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 408);
}

TEST(HttpLimits, AnswersASilentHeadAndASilentBody) {
    RunningServer server(say_hello, impatient());
    for (const std::string& bytes : {std::string("GET / HT"), post("Content-Length: 5\r\n") + "he",
                                     post("Transfer-Encoding: chunked\r\n") + "5\r\nhe"}) {
        HttpClient client = server.connect();
        ASSERT_TRUE(client.send(bytes));
        const auto answer = client.read_answer();
        ASSERT_TRUE(answer) << bytes;
        EXPECT_EQ(answer->status, 408) << bytes;
        EXPECT_EQ(answer->header("connection"), "close");
    }
    EXPECT_EQ(server.metrics().timeouts, 3U);
}

TEST(HttpLimits, ClosesIdleConnectionsWithoutAWord) {
    RunningServer server(say_hello, impatient());
    HttpClient fresh = server.connect();
    EXPECT_TRUE(fresh.is_closed_by_peer());
    HttpClient used = server.connect();
    ASSERT_TRUE(used.request("GET", "/"));
    EXPECT_TRUE(used.is_closed_by_peer());
}

TEST(HttpLimits, DoesNotHurryTheHandler) {
    std::promise<Respond> taken;
    RunningServer server([&](Request, Respond respond) { taken.set_value(std::move(respond)); },
                         impatient());
    HttpClient client = server.connect();
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    Respond respond = taken.get_future().get();
    HttpClient other = server.connect();
    // Longer than every deadline of this server.
    EXPECT_TRUE(other.is_closed_by_peer());
    respond({.body = "late"});
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "late");
}

TEST(HttpLimits, CutsOffAClientThatDoesNotRead) {
    RunningServer server(
        [](Request, Respond respond) { respond({.body = std::string(64 << 20, 'x')}); },
        impatient());
    HttpClient client = server.connect();
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    const auto start = std::chrono::steady_clock::now();
    while (server.metrics().timeouts == 0 &&
           std::chrono::steady_clock::now() - start < std::chrono::seconds(5)) {
        std::this_thread::yield();
    }
    EXPECT_EQ(server.metrics().timeouts, 1U);
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_FALSE(answer->is_complete);
}

TEST(HttpLimits, TurnsAwayConnectionsAboveTheLimit) {
    ServerOptions options;
    options.connections_max = 2;
    RunningServer server(say_hello, options);
    HttpClient first = server.connect();
    HttpClient second = server.connect();
    ASSERT_TRUE(first.request("GET", "/"));
    ASSERT_TRUE(second.request("GET", "/"));
    HttpClient third = server.connect();
    const auto answer = third.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 503);
    EXPECT_EQ(answer->header("retry-after"), "1");
    EXPECT_TRUE(first.request("GET", "/"));
    EXPECT_EQ(server.metrics().connections_refused, 1U);
}

TEST(HttpDrain, FinishesWhatBeganAndRefusesWhatComes) {
    std::promise<Respond> taken;
    RunningServer server([&](Request request, Respond respond) {
        if (request.path == "/slow") return taken.set_value(std::move(respond));
        respond({});
    });
    HttpClient idle = server.connect();
    ASSERT_TRUE(idle.request("GET", "/"));
    HttpClient half_sent = server.connect();
    ASSERT_TRUE(half_sent.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nh"));
    HttpClient busy = server.connect();
    ASSERT_TRUE(busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"));
    Respond respond = taken.get_future().get();
    std::thread stopping([&] { server.stop(); });

    // Until the drain has begun, connections are served as before.
    std::optional<HttpAnswer> refused;
    do {
        HttpClient fresh = server.connect();
        refused = fresh.request("GET", "/");
        ASSERT_TRUE(refused);
    } while (refused->status == 200);
    EXPECT_EQ(refused->status, 503);
    EXPECT_TRUE(refused->body.contains("\"code\":\"draining\"")) << refused->body;
    EXPECT_EQ(refused->header("retry-after"), "5");
    EXPECT_EQ(refused->header("connection"), "close");
    const auto kept = idle.request("GET", "/");
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->status, 503);

    ASSERT_TRUE(half_sent.send("i"));
    const auto finished = half_sent.read_answer();
    ASSERT_TRUE(finished);
    EXPECT_EQ(finished->status, 200);
    respond({.body = "done"});
    const auto answer = busy.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "done");
    EXPECT_EQ(answer->header("connection"), "close");
    stopping.join();
    EXPECT_THROW((void)server.connect(), std::runtime_error);
}

TEST(HttpDrain, EndsAlsoWhenARequestDoesNot) {
    std::promise<Respond> taken;
    ServerOptions options;
    options.drain_ms_max = 200;
    Respond late;
    {
        RunningServer server([&](Request, Respond respond) { taken.set_value(std::move(respond)); },
                             options);
        HttpClient client = server.connect();
        ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        late = taken.get_future().get();
        server.stop();
    }
    // The server is gone; the answer goes nowhere.
    late({});
}

}  // namespace
}  // namespace daybook::http
