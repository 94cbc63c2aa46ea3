// The server over real sockets: requests and answers, keep-alive, threads, streams, hand-over.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/limits.h"
#include "http/problem.h"
#include "http/server.h"
#include "support/http_client.h"
#include "support/http_server_fixture.h"
#include "support/temporary_directory.h"

namespace daybook::http {
namespace {

using test::HttpAnswer;
using test::HttpClient;
using test::RunningServer;

// "POST /a?b=c body", so that a test sees what the handler saw.
void echo(Request request, Respond respond) {
    Response response;
    response.content_type = "text/plain";
    response.body =
        std::string(method_name(request.method)) + " " + request.target + " " + request.body;
    respond(std::move(response));
}

RunningServer::Behaviour answer_with(std::function<Response()> make) {
    return [make = std::move(make)](Request, Respond respond) { respond(make()); };
}

// Every part of it is another, so that one in the wrong place is noticed.
std::string numbered_text(std::size_t bytes) {
    std::string text;
    for (int i = 0; text.size() < bytes; ++i) text += std::to_string(i) + " ";
    return text;
}

TEST(HttpServer, AnswersWithTheHeadersOfEveryAnswer) {
    RunningServer server(echo);
    HttpClient client = server.connect();
    const auto answer = client.request("POST", "/a?b=c", "X-Request-Id: my-id 1\r\n", "hello");
    ASSERT_TRUE(answer && answer->is_complete);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "POST /a?b=c hello");
    EXPECT_EQ(answer->header("x-request-id"), "my-id 1");
    EXPECT_EQ(answer->header("cache-control"), "no-store");
    EXPECT_EQ(answer->header("x-content-type-options"), "nosniff");
    EXPECT_TRUE(answer->header("date").ends_with(" GMT"));
    EXPECT_FALSE(answer->has_header("server"));
    EXPECT_FALSE(answer->has_header("connection"));
}

TEST(HttpServer, MakesARequestIdWhereThereIsNoGoodOne) {
    RunningServer server(echo);
    HttpClient client = server.connect();
    const std::string too_long = "X-Request-Id: " + std::string(101, 'a') + "\r\n";
    for (const std::string& line :
         {std::string(), too_long, std::string("X-Request-Id: \xC3\xA4\r\n")}) {
        const auto answer = client.request("GET", "/", line);
        ASSERT_TRUE(answer);
        const auto id = Uuid::parse(answer->header("x-request-id"));
        ASSERT_TRUE(id) << answer->header("x-request-id");
        EXPECT_EQ(id->bytes[6] >> 4U, 7);
    }
}

TEST(HttpServer, HandsOverWhatTheHandlerNeeds) {
    std::promise<Request> seen;
    RunningServer server([&](Request request, Respond respond) {
        seen.set_value(std::move(request));
        respond({});
    });
    HttpClient client = server.connect();
    ASSERT_TRUE(
        client.request("GET", "/a%20b/c?d=e+f", "AUTHORIZATION: bearer  abc.def\r\nX-A: 1\r\n"));
    const Request request = seen.get_future().get();
    EXPECT_EQ(request.path, "/a%20b/c");
    EXPECT_EQ(request.segments, (std::vector<std::string>{"a b", "c"}));
    ASSERT_EQ(request.query.size(), 1U);
    EXPECT_EQ(request.query[0].value, "e f");
    EXPECT_EQ(request.header("x-a"), "1");
    EXPECT_EQ(request.bearer, " abc.def");
    EXPECT_EQ(request.peer_address, "127.0.0.1");
    EXPECT_FALSE(request.from_operator);
}

TEST(HttpServer, ReadsARequestSplitAtEveryByte) {
    RunningServer server(echo);
    HttpClient client = server.connect();
    const std::string requests[] = {"PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
                                    "PUT /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                                    "chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"};
    for (const std::string& bytes : requests) {
        for (std::size_t split = 1; split < bytes.size(); ++split) {
            ASSERT_TRUE(client.send(bytes.substr(0, split)));
            std::this_thread::yield();
            ASSERT_TRUE(client.send(bytes.substr(split)));
            const auto answer = client.read_answer();
            ASSERT_TRUE(answer) << split;
            ASSERT_EQ(answer->body, "PUT /a hello") << split;
        }
    }
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
    std::vector<std::thread> threads;
    RunningServer server([&](Request request, Respond respond) {
        threads.emplace_back(
            [request = std::move(request), respond = std::move(respond)]() mutable {
                echo(std::move(request), std::move(respond));
            });
    });
    HttpClient client = server.connect();
    std::string bytes;
    for (int i = 0; i < 50; ++i) {
        bytes +=
            "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
    }
    ASSERT_TRUE(client.send(bytes));
    for (int i = 0; i < 50; ++i) {
        const auto answer = client.read_answer();
        ASSERT_TRUE(answer) << i;
        EXPECT_EQ(answer->body, "POST /" + std::to_string(i) + " hi");
    }
    server.stop();
    for (std::thread& thread : threads) thread.join();
}

TEST(HttpServer, SendsHeadWithoutBodyAndGoesOn) {
    RunningServer server(echo);
    HttpClient client = server.connect();
    const auto head = client.request("HEAD", "/a");
    ASSERT_TRUE(head);
    EXPECT_EQ(head->header("content-length"), "8");
    const auto next = client.request("GET", "/b");
    ASSERT_TRUE(next);
    EXPECT_EQ(next->body, "GET /b ");
}

TEST(HttpServer, ClosesWhenToldAndServesHttp10) {
    RunningServer server(echo);
    HttpClient closing = server.connect();
    const auto answer = closing.request("GET", "/", "Connection: close\r\n");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->header("connection"), "close");
    EXPECT_TRUE(closing.is_closed_by_peer());

    HttpClient old = server.connect();
    ASSERT_TRUE(old.send("GET /old HTTP/1.0\r\n\r\n"));
    EXPECT_TRUE(old.read_to_end().ends_with("\r\n\r\nGET /old "));
}

TEST(HttpServer, AnswersAClientThatHasFinishedSending) {
    RunningServer server(echo);
    HttpClient client = server.connect();
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    client.finish_sending();
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_TRUE(client.is_closed_by_peer());
}

TEST(HttpServer, AsksForTheBodyThatWaits) {
    RunningServer server(echo);
    HttpClient client = server.connect();
    ASSERT_TRUE(
        client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
                    "Expect: 100-continue\r\n\r\n"));
    const auto interim = client.read_answer();
    ASSERT_TRUE(interim);
    EXPECT_EQ(interim->status, 100);
    ASSERT_TRUE(client.send("hi"));
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "POST /a hi");
}

TEST(HttpServer, TakesAndGivesLargeBodies) {
    RunningServer server(echo);
    HttpClient client = server.connect();
    const std::string body(limits::kHttpBodyBytesMax, 'x');
    for (int i = 0; i < 2; ++i) {
        const auto answer = client.request("POST", "/", {}, body);
        ASSERT_TRUE(answer && answer->is_complete);
        EXPECT_EQ(answer->body.size(), body.size() + 7);
    }
}

// Where a server keeps its large bodies.
class BodyFiles {
 public:
    [[nodiscard]] ServerOptions options() const {
        ServerOptions options;
        options.body_files_directory = directory_.path();
        return options;
    }
    // How many of this process's descriptors are such files: they have no name in the directory.
    [[nodiscard]] std::size_t count_open() const {
        const std::string unnamed = directory_.path().string() + "/#";
        std::size_t count = 0;
        for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd")) {
            std::error_code gone;
            const std::string to = std::filesystem::read_symlink(each.path(), gone).string();
            count += to.starts_with(unnamed) ? 1 : 0;
        }
        return count;
    }

 private:
    test::TemporaryDirectory directory_;
};

TEST(HttpServer, SendsALargeCachedBodyFromAFileOnceItIsAskedForAgain) {
    const BodyFiles files;
    std::mutex mutex;
    auto cached = std::make_shared<const std::string>(numbered_text(std::size_t{8} << 20));
    const auto answer_cached = answer_with([&] {
        const std::scoped_lock lock(mutex);
        Response response;
        response.shared_body = cached;
        return response;
    });
    RunningServer server(answer_cached, files.options());
    HttpClient client = server.connect();
    for (std::size_t count : {0U, 1U, 1U}) {
        const auto answer = client.request("GET", "/");
        ASSERT_TRUE(answer && answer->is_complete);
        EXPECT_TRUE(answer->body == *cached);
        EXPECT_EQ(files.count_open(), count);
    }
    // Three at once: they fill the socket before the client reads anything.
    const std::string one = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    ASSERT_TRUE(client.send(one + one + one));
    for (int i = 0; i < 3; ++i) {
        const auto answer = client.read_answer();
        ASSERT_TRUE(answer && answer->is_complete);
        EXPECT_TRUE(answer->body == *cached);
    }
    const auto head = client.request("HEAD", "/");
    ASSERT_TRUE(head && head->is_complete);
    EXPECT_EQ(head->header("content-length"), std::to_string(cached->size()));

    // The file goes with the body; another one is not taken for it.
    const auto next = std::make_shared<const std::string>(std::string(200'000, 'n'));
    {
        const std::scoped_lock lock(mutex);
        cached = next;
    }
    for (std::size_t count : {0U, 1U}) {
        const auto answer = client.request("GET", "/");
        ASSERT_TRUE(answer && answer->is_complete);
        EXPECT_TRUE(answer->body == *next);
        EXPECT_EQ(files.count_open(), count);
    }
}

TEST(HttpServer, KeepsFewBodiesInFiles) {
    const BodyFiles files;
    std::vector<std::shared_ptr<const std::string>> cached;
    for (std::size_t i = 0; i < limits::kBodyFilesMax + 10; ++i) {
        cached.push_back(std::make_shared<const std::string>(limits::kBodyFileBytesMin,
                                                             static_cast<char>('0' + i)));
    }
    const auto answer_cached = [&](const Request& request, Respond respond) {
        Response response;
        response.shared_body = cached.at(std::stoul(request.target.substr(1)));
        respond(std::move(response));
    };
    RunningServer server(answer_cached, files.options());
    HttpClient client = server.connect();
    for (std::size_t i = 0; i < cached.size(); ++i) {
        for (int times = 0; times < 2; ++times) {
            const auto answer = client.request("GET", "/" + std::to_string(i));
            ASSERT_TRUE(answer && answer->is_complete);
            EXPECT_TRUE(answer->body == *cached[i]);
        }
    }
    EXPECT_LE(files.count_open(), limits::kBodyFilesMax);
    EXPECT_GT(files.count_open(), 0U);
}

TEST(HttpServer, SendsALargeBodyFromMemoryWhereNoFileCanBeMade) {
    const auto cached = std::make_shared<const std::string>(numbered_text(std::size_t{1} << 20));
    ServerOptions options;
    options.body_files_directory = "/proc/self";
    const auto answer_cached = answer_with([&] {
        Response response;
        response.shared_body = cached;
        return response;
    });
    RunningServer server(answer_cached, options);
    HttpClient client = server.connect();
    for (int times = 0; times < 3; ++times) {
        const auto answer = client.request("GET", "/");
        ASSERT_TRUE(answer && answer->is_complete);
        EXPECT_TRUE(answer->body == *cached);
    }
}

TEST(HttpServer, SurvivesAClientThatGoesInTheMiddleOfAFile) {
    const auto cached = std::make_shared<const std::string>(std::size_t{8} << 20, 'x');
    const BodyFiles files;
    const auto answer_cached = answer_with([&] {
        Response response;
        response.shared_body = cached;
        return response;
    });
    RunningServer server(answer_cached, files.options());
    ASSERT_TRUE(server.connect().request("GET", "/"));
    for (int i = 0; i < 3; ++i) {
        HttpClient gone = server.connect();
        ASSERT_TRUE(gone.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    const auto answer = server.connect().request("GET", "/");
    ASSERT_TRUE(answer && answer->is_complete);
    EXPECT_TRUE(answer->body == *cached);
}

TEST(HttpServer, TakesAnswersFromOtherThreads) {
    Mutex mutex;
    std::vector<Respond> waiting;
    RunningServer server([&](Request, Respond respond) {
        const Lock lock(mutex);
        waiting.push_back(std::move(respond));
    });
    std::vector<HttpClient> clients;
    for (int i = 0; i < 40; ++i) {
        clients.push_back(server.connect());
        ASSERT_TRUE(clients.back().send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    std::vector<Respond> taken;
    while (taken.size() < 40) {
        const Lock lock(mutex);
        for (Respond& respond : waiting) taken.push_back(std::move(respond));
        waiting.clear();
    }
    for (Respond& respond : taken) respond({.status = 201});
    for (HttpClient& client : clients) {
        const auto answer = client.read_answer();
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 201);
    }
}

TEST(HttpServer, Answers500WhereAHandlerFails) {
    RunningServer server([](Request request, Respond respond) {
        if (request.path == "/throw") throw std::runtime_error("on purpose");
        if (request.path == "/drop") return;
        std::thread([late = std::move(respond)] {}).join();
    });
    HttpClient client = server.connect();
    for (const char* path : {"/throw", "/drop", "/drop-elsewhere"}) {
        const auto answer = client.request("GET", path, "X-Request-Id: r-9\r\n");
        ASSERT_TRUE(answer) << path;
        EXPECT_EQ(answer->status, 500);
        EXPECT_TRUE(answer->body.contains(R"("code":"internal","requestId":"r-9")"))
            << answer->body;
        EXPECT_TRUE(answer->body.contains(std::string(R"("instance":")") + path + "\""))
            << answer->body;
        EXPECT_FALSE(answer->body.contains("on purpose"));
    }
}

TEST(HttpServer, NeverSplitsItsAnswer) {
    RunningServer server(
        answer_with([] { return Response{.headers = {{"Location", "/a\r\nSet-Cookie: b=c"}}}; }));
    HttpClient client = server.connect();
    const auto answer = client.request("GET", "/");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 500);
    EXPECT_FALSE(answer->has_header("set-cookie"));
}

// Three pieces, an error in place of the one numbered `fails_at`.
BodySource pieces(int fails_at) {
    return [fails_at, next = 0]() mutable -> Result<std::optional<std::string>> {
        if (next == fails_at) return fail(ErrorCode::busy, "The source ran dry.");
        if (next == 3) return std::nullopt;
        return std::string(100'000, static_cast<char>('a' + next++));
    };
}

TEST(HttpServer, StreamsABody) {
    RunningServer server(answer_with([] { return Response{.stream = pieces(-1)}; }));
    HttpClient client = server.connect();
    for (int i = 0; i < 2; ++i) {
        const auto answer = client.request("GET", "/");
        ASSERT_TRUE(answer && answer->is_complete);
        EXPECT_EQ(answer->header("transfer-encoding"), "chunked");
        ASSERT_EQ(answer->body.size(), 300'000U);
        EXPECT_EQ(answer->body[299'999], 'c');
    }
    const auto head = client.request("HEAD", "/");
    ASSERT_TRUE(head);
    EXPECT_EQ(head->status, 200);
    HttpClient old = server.connect();
    ASSERT_TRUE(old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    const auto plain = old.read_answer();
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->body.size(), 300'000U);
}

TEST(HttpServer, TellsAStreamsErrorByStatusOrByABrokenBody) {
    RunningServer server([](Request request, Respond respond) {
        respond(Response{.stream = pieces(request.path == "/early" ? 0 : 2)});
    });
    HttpClient client = server.connect();
    const auto early = client.request("GET", "/early");
    ASSERT_TRUE(early);
    EXPECT_EQ(early->status, 503);
    EXPECT_EQ(early->header("retry-after"), "1");
    const auto late = client.request("GET", "/late");
    ASSERT_TRUE(late);
    EXPECT_EQ(late->status, 200);
    EXPECT_FALSE(late->is_complete);
}

TEST(HttpServer, GivesTheSocketAwayWithWhatWasNotRead) {
    std::promise<DetachedSocket> taken;
    RunningServer server(answer_with([&] {
        Response response{.content_type = "text/event-stream"};
        response.take_socket = [&](DetachedSocket socket) { taken.set_value(std::move(socket)); };
        return response;
    }));
    HttpClient client = server.connect();
    ASSERT_TRUE(client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\nbeyond"));
    const DetachedSocket socket = taken.get_future().get();
    EXPECT_EQ(socket.unread, "beyond");
    ASSERT_EQ(::send(socket.descriptor, "id: 1\n\n", 7, MSG_NOSIGNAL), 7);
    ::close(socket.descriptor);
    const std::string received = client.read_to_end();
    EXPECT_TRUE(received.contains("Content-Type: text/event-stream\r\n"));
    EXPECT_FALSE(received.contains("Content-Length"));
    EXPECT_TRUE(received.ends_with("\r\n\r\nid: 1\n\n"));
}

TEST(HttpServer, ServesTheOperatorOnAPrivateSocket) {
    const std::string path = (std::filesystem::temp_directory_path() /
                              ("daybook_http_test_" + std::to_string(::getpid()) + ".sock"))
                                 .string();
    const auto tell_origin = [](Request request, Respond respond) {
        respond({.body = request.from_operator ? "operator" : "network"});
    };
    ServerOptions options;
    options.unix_socket_path = path;
    for (int start = 0; start < 2; ++start) {
        RunningServer server(tell_origin, options);
        struct stat file{};
        ASSERT_EQ(::stat(path.c_str(), &file), 0);
        EXPECT_EQ(file.st_mode & 0777U, 0600U);
        HttpClient local = HttpClient::connect_unix(path);
        EXPECT_EQ(local.request("GET", "/").value().body, "operator");
        HttpClient remote = server.connect();
        EXPECT_EQ(remote.request("GET", "/").value().body, "network");
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(HttpServer, SaysWhyItCannotListen) {
    RunningServer first(echo);
    ServerOptions options;
    options.port = first.server().port();
    EXPECT_THROW(RunningServer(echo, options), std::runtime_error);
    options.address = "localhost";
    EXPECT_THROW(RunningServer(echo, options), std::runtime_error);
}

TEST(HttpServer, CountsWhatItDoes) {
    RunningServer server(echo);
    HttpClient client = server.connect();
    ASSERT_TRUE(client.request("GET", "/"));
    ASSERT_TRUE(client.request("GET", "/"));
    ASSERT_TRUE(client.request("TRACE", "/"));
    server.stop();
    std::string text;
    append_metrics(text, server.metrics());
    EXPECT_TRUE(text.contains("daybook_http_requests_total{method=\"GET\",status=\"2xx\"} 2\n"))
        << text;
    EXPECT_TRUE(text.contains("daybook_http_requests_total{method=\"none\",status=\"4xx\"} 1\n"))
        << text;
    EXPECT_TRUE(text.contains("daybook_http_connections_accepted_total 1\n")) << text;
    EXPECT_FALSE(text.contains("received_bytes_total 0\n")) << text;
}

}  // namespace
}  // namespace daybook::http
