// Need: the binary. Goal: when the node runs out of descriptors or memory, or ten thousand clients
// hold a connection each, nothing that was acknowledged is lost, who is connected is answered, and
// the server is well again once there is room.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "support/cli_books.h"

namespace daybook::test {
namespace {

constexpr std::size_t kConnections = 10'000;
// Of a connection that sends nothing: its buffers, and its session.
constexpr std::size_t kBytesPerConnectionMax = 24 * 1024;

std::size_t memory_of(pid_t pid, const std::string& what) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(what)) return std::strtoull(line.c_str() + what.size(), nullptr, 10);
    }
    return 0;
}

class Resources : public testing::Test {
 protected:
    Resources() : token_(books_.done({"token", "create", "--role", "owner", "--name", "t"})) {}

    [[nodiscard]] std::string headers(const std::string& key = "") const {
        return "Authorization: Bearer " + token_ + "\r\nContent-Type: application/json\r\n" +
               (key.empty() ? "" : "Idempotency-Key: " + key + "\r\n");
    }
    [[nodiscard]] std::string entry(int number, const std::string& text = "") const {
        return fmt::format(
            R"({{"propertyId":"{}","amountMinor":5,"currency":"EUR","category":"supplies",)"
            R"("paymentMode":"cash","businessDate":"2026-03-15","externalId":"n{}",)"
            R"("description":"{}"}})",
            books_.property(), number, text);
    }
    static void set_limit(pid_t pid, __rlimit_resource resource, rlim_t value) {
        rlimit limit{};
        ASSERT_EQ(::prlimit(pid, resource, nullptr, &limit), 0);
        limit.rlim_cur = value;
        ASSERT_EQ(::prlimit(pid, resource, &limit, nullptr), 0);
    }
    // All entries are there once, and the books are whole.
    void expect_entries(int least, int most) {
        for (const char* command : {"verify", "rebuild"}) {
            std::vector<std::string> words{command};
            if (command == std::string_view("rebuild")) words.emplace_back("--check");
            const Finished finished = books_.run(words);
            EXPECT_EQ(finished.exit_code, 0) << finished.errors;
        }
        const std::string lines = books_.done({"export", "--format", "entries"});
        for (int i = 0; i < most; ++i) {
            const std::string id = fmt::format(",n{},", i);
            const std::size_t at = lines.find(id);
            EXPECT_TRUE(i >= least || at != std::string::npos) << id << " is lost";
            if (at == std::string::npos) continue;
            EXPECT_EQ(lines.find(id, at + 1), std::string::npos) << id << " is doubled";
        }
    }

    CliBooks books_;
    std::string token_;
};

TEST_F(Resources, WithoutDescriptorsWhoIsConnectedIsAnswered) {
    Serving server(books_.data());
    HttpClient client = HttpClient::connect_tcp(server.port());
    ASSERT_EQ(client.request("POST", "/v1/finance/expenses", headers(), entry(0))->status, 201);
    rlimit before{};
    ASSERT_EQ(::prlimit(server.pid(), RLIMIT_NOFILE, nullptr, &before), 0);
    constexpr rlim_t kDescriptors = 64;
    set_limit(server.pid(), RLIMIT_NOFILE, kDescriptors);
    std::vector<HttpClient> waiting;  // the kernel takes them; the server cannot
    for (int i = 0; i < 100; ++i) waiting.push_back(HttpClient::connect_tcp(server.port()));
    for (int i = 1; i < 20; ++i) {
        const auto answer = client.request("POST", "/v1/finance/expenses", headers(), entry(i));
        ASSERT_TRUE(answer) << i;
        EXPECT_EQ(answer->status, 201) << answer->body;
        const auto report =
            client.request("GET", fmt::format("/v1/reports/yearly?year={}", 2000 + i), headers());
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->status == 200 || report->status == 503) << report->body;
    }
    set_limit(server.pid(), RLIMIT_NOFILE, before.rlim_cur);
    waiting.clear();
    EXPECT_EQ(call(server, token_, "POST", "/v1/finance/expenses", entry(20)).status, 201);
    EXPECT_EQ(server.stop(), 0);
    expect_entries(21, 21);
}

TEST_F(Resources, TenThousandConnectionsAreHeldAndSomebodyIsAnswered) {
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    ASSERT_GT(limit.rlim_cur, kConnections + 200) << "ulimit -n";
    Serving server(books_.data());
    HttpClient client = HttpClient::connect_tcp(server.port());
    ASSERT_EQ(client.request("GET", "/v1/properties", headers())->status, 200);
    const std::size_t before = memory_of(server.pid(), "VmRSS:");
    std::vector<HttpClient> idle;
    idle.reserve(kConnections);
    while (idle.size() < kConnections) {
        idle.push_back(HttpClient::connect_tcp(server.port()));
        // Half a request: their heads are slow.
        if (idle.size() % 2 == 0) idle.back().send("GET /v1/properties HTTP/1.1\r\nHost: a\r\n");
        if (idle.size() % 500 == 0) {
            EXPECT_EQ(client.request("GET", "/v1/properties", headers())->status, 200);
        }
    }
    const auto start = std::chrono::steady_clock::now();
    const auto answer = client.request("POST", "/v1/finance/expenses", headers(), entry(0));
    const auto took = std::chrono::steady_clock::now() - start;
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 201);
    EXPECT_LT(took, std::chrono::seconds(2));
    const std::size_t grown = memory_of(server.pid(), "VmRSS:") - before;
    std::printf("%zu connections: %zu KiB more\n", idle.size(), grown);
    EXPECT_LT(grown * 1'024, kConnections * kBytesPerConnectionMax);
    idle.clear();
    EXPECT_EQ(call(server, token_, "GET", "/v1/properties").status, 200);
    EXPECT_EQ(server.stop(), 0);
    expect_entries(1, 1);
}

TEST_F(Resources, WithoutMemoryNothingThatWasAcknowledgedIsLost) {
    int acknowledged = 0;
    {
        Serving server(books_.data());
        HttpClient client = HttpClient::connect_tcp(server.port());
        ASSERT_EQ(client.request("POST", "/v1/finance/expenses", headers(), entry(0))->status, 201);
        acknowledged = 1;
        // Hardly more than it has: the next megabyte does not fit.
        const std::size_t has = memory_of(server.pid(), "VmData:") << 10;
        set_limit(server.pid(), RLIMIT_DATA, has + (std::size_t{1} << 19));
        for (; acknowledged < 2'000; ++acknowledged) {
            const auto answer = client.request("POST", "/v1/finance/expenses", headers(),
                                               entry(acknowledged, std::string(1'900, 'x')));
            if (!answer || answer->status != 201) break;
        }
        (void)client.request("GET", "/v1/exports/entries", headers());
    }
    std::printf("%d entries acknowledged under the limit\n", acknowledged);
    {
        Serving server(books_.data());
        EXPECT_EQ(call(server, token_, "GET", "/v1/properties").status, 200);
        EXPECT_EQ(server.stop(), 0);
    }
    expect_entries(acknowledged, acknowledged + 1);
}

}  // namespace
}  // namespace daybook::test
