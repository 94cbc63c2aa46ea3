// Three nodes on one PostgreSQL with NATS between them and a balancer before them, under load,
// while one thing after another breaks: every acknowledged entry is there exactly once, a report
// that is read with a position is never stale, and a stream that goes on at another node has no
// gap.
//
// Needs the real program, PostgreSQL, NATS and haproxy. Each round breaks one thing in the middle
// of its load: a node is killed, stands still, is cut off from the database for a while, perhaps
// in the middle of a commit, or is stopped and started as for an upgrade; PostgreSQL crashes, or
// cuts every connection; NATS is killed, and begins with nothing. Clients know the balancer alone,
// which sends each request to any node; where they get no answer they ask once more, with the same
// Idempotency-Key. DAYBOOK_FAULT_ROUNDS says how many rounds (default 7, at most 100: they take
// ten seconds each), all on the same books; the seed is printed, DAYBOOK_FAULT_SEED repeats it.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/balancer.h"
#include "support/cli_books.h"
#include "support/loopback_port.h"
#include "support/nats_server.h"
#include "support/postgres_proxy.h"
#include "support/postgres_server.h"
#include "support/stream_client.h"

namespace daybook::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::size_t kNodes = 3;
constexpr std::size_t kClients = 4;
constexpr std::uint64_t kKinds = 7;  // of faults
constexpr std::uint64_t kRoundsMax = 100;
constexpr int kWritesEach = 60;  // of each client and round
constexpr seconds kPatience{60};

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::vector<std::uint16_t> lasting_ports(std::size_t count) {
    std::set<std::uint16_t> ports;
    while (ports.size() < count) ports.insert(static_cast<std::uint16_t>(lasting_port()));
    return {ports.begin(), ports.end()};
}

// The nodes, any of which may be gone at any time, and what they need.
class Cluster {
 public:
    Cluster() {
        for (std::size_t i = 0; i < kNodes; ++i) start(i);
        balancer_.emplace(ports_);
    }
    // What clients know.
    [[nodiscard]] std::uint16_t port() const { return balancer_->port(); }
    [[nodiscard]] std::string data(std::size_t node) const {
        return (directory_.path() / fmt::format("node{}", node)).string();
    }
    [[nodiscard]] std::uint16_t port_of(std::size_t node) const { return ports_.at(node); }
    void start(std::size_t node) {
        const std::string database =
            node == 0 ? proxy.address("postgres") : postgres.address("postgres");
        nodes_.at(node) = std::make_unique<Serving>(
            data(node),
            std::vector<std::string>{"--port", std::to_string(port_of(node)), "--store", database,
                                     "--bus", nats.address(), "--trusted-proxy", "127.0.0.1"});
    }
    void kill(std::size_t node) { nodes_.at(node)->kill_now(); }
    void signal(std::size_t node, int number) { ::kill(nodes_.at(node)->pid(), number); }
    int stop(std::size_t node) { return nodes_.at(node)->stop(); }

    PostgresServer postgres;
    PostgresProxy proxy{postgres.directory()};  // before the first node
    NatsServer nats;

 private:
    TemporaryDirectory directory_;
    const std::vector<std::uint16_t> ports_ = lasting_ports(kNodes);
    std::array<std::unique_ptr<Serving>, kNodes> nodes_;
    std::optional<Balancer> balancer_;
};

// One connection after the other.
class Caller {
 public:
    explicit Caller(std::uint16_t port) : port_(port) {}

    // nullopt where there is no answer, or none that says anything.
    std::optional<HttpAnswer> ask(const std::string& method, const std::string& target,
                                  const std::string& headers, const std::string& body = {}) {
        try {
            if (!connection_) connection_.emplace(HttpClient::connect_tcp(port_));
            auto answer = connection_->request(method, target, headers, body);
            if (answer && answer->is_complete && answer->status < 500) return answer;
        } catch (const std::runtime_error&) {  // nobody listens
        }
        connection_.reset();
        return std::nullopt;
    }

 private:
    const std::uint16_t port_;
    std::optional<HttpClient> connection_;
};

// Somebody with a property of their own, which nobody else writes to.
class Client {
 public:
    Client(const Cluster& cluster, const std::string& token, std::string property)
        : caller_(cluster.port()),
          headers_("Authorization: Bearer " + token + "\r\n"),
          property_(std::move(property)) {}

    void write_and_read(int round) {
        for (int i = 0; i < kWritesEach && !::testing::Test::HasFailure(); ++i) {
            const auto answer = insist(
                "POST", "/v1/finance/expenses",
                headers_ + fmt::format("Content-Type: application/json\r\nIdempotency-Key: "
                                       "{}-{}-{}\r\n",
                                       property_, round, i),
                fmt::format(R"({{"propertyId":"{}","amountMinor":100,"currency":"EUR",)"
                            R"("paymentMode":"cash","category":"other","externalId":"{}-{}"}})",
                            property_, round, i));
            ASSERT_TRUE(answer) << "no answer for too long";
            ASSERT_EQ(answer->status, 201) << answer->body;
            spent_ += 100;
            note(*answer);
            if (i % 3 == 0) read();
        }
    }
    // The report is exactly what this client knows, whichever node gives it.
    void read() {
        const auto answer = insist("GET", "/v1/reports/daily?propertyId=" + property_,
                                   headers_ + fmt::format("Daybook-Min-Position: {}\r\n", seen_));
        ASSERT_TRUE(answer) << "no answer for too long";
        ASSERT_EQ(answer->status, 200) << answer->body;
        ASSERT_EQ(json_member(answer->body, "outMinor"), std::to_string(spent_));
        note(*answer);
    }
    [[nodiscard]] std::int64_t seen() const { return seen_; }
    [[nodiscard]] int entries() const { return spent_ / 100; }
    // Nodes that have answered.
    [[nodiscard]] const std::set<std::string>& served_by() const { return served_by_; }

 private:
    std::optional<HttpAnswer> insist(const std::string& method, const std::string& target,
                                     const std::string& headers, const std::string& body = {}) {
        const auto until = steady_clock::now() + kPatience;
        while (steady_clock::now() < until) {
            auto answer = caller_.ask(method, target, headers, body);
            if (answer) {
                served_by_.insert(answer->header("x-served-by"));
                return answer;
            }
            std::this_thread::sleep_for(milliseconds(20));
        }
        return std::nullopt;
    }
    void note(const HttpAnswer& answer) {
        const std::string position = answer.header("daybook-position");
        ASSERT_FALSE(position.empty());
        seen_ = std::max<std::int64_t>(seen_, std::stoll(position));
    }

    Caller caller_;
    const std::string headers_;
    const std::string property_;
    std::set<std::string> served_by_;
    std::int64_t seen_ = 0;
    int spent_ = 0;
};

// Follows everything, at whichever node the balancer takes, from where it was.
class Follower {
 public:
    Follower(const Cluster& cluster, std::string token)
        : port_(cluster.port()), token_(std::move(token)), thread_([this] { run(); }) {}
    ~Follower() {
        is_over_ = true;
        thread_.join();
    }
    Follower(const Follower&) = delete;
    Follower& operator=(const Follower&) = delete;

    bool reaches(std::int64_t position) {
        const auto until = steady_clock::now() + kPatience;
        while (position_ < position && steady_clock::now() < until) {
            std::this_thread::sleep_for(milliseconds(5));
        }
        return position_ >= position;
    }

 private:
    void run() {
        while (!is_over_) {
            try {
                follow();
            } catch (const std::runtime_error&) {
            }
            std::this_thread::sleep_for(milliseconds(20));
        }
    }
    // Until the stream ends, or nothing has come for a while.
    void follow() {
        std::string headers = "Authorization: Bearer " + token_ + "\r\n";
        if (!cursor_.empty()) headers += "Last-Event-ID: " + cursor_ + "\r\n";
        StreamClient stream(
            port_,
            cursor_.empty() ? "/v1/reports/realtime/stream?after=0" : "/v1/reports/realtime/stream",
            headers);
        if (!stream.head().starts_with("HTTP/1.1 200")) return;
        while (!is_over_) {
            const auto frame = stream.next();
            if (!frame) return;
            EXPECT_NE(frame->event, "reset") << frame->data;
            const std::int64_t position = frame->id.empty() ? 0 : std::stoll(frame->id);
            if (frame->event == "ready" || frame->data.empty()) {
                EXPECT_LE(position, position_) << "it passes over what this one has not got";
                continue;
            }
            EXPECT_EQ(position, position_ + 1) << "after " << cursor_;
            position_ = position;
            cursor_ = frame->id;
        }
    }

    const std::uint16_t port_;
    const std::string token_;
    std::string cursor_;
    std::atomic<std::int64_t> position_ = 0;
    std::atomic<bool> is_over_ = false;
    std::thread thread_;
};

class NodesTest : public ::testing::Test {
 protected:
    NodesTest() {
        run({"org", "create", "--name", "Nodes"});
        token_ = run({"token", "create", "--role", "owner", "--name", "load"});
        const std::string bearer = "Authorization: Bearer " + token_ + "\r\n";
        for (std::size_t node = 0; node < kNodes; ++node) wait_until_known(node, bearer);
        Caller caller(cluster_.port());
        for (std::size_t i = 0; i < kClients; ++i) {
            const auto made =
                caller.ask("POST", "/v1/properties", bearer + "Content-Type: application/json\r\n",
                           fmt::format(R"({{"name":"House {}","kind":"hotel",)"
                                       R"("currency":"EUR",)"
                                       R"("timeZone":"Europe/Lisbon"}})",
                                       i));
            EXPECT_TRUE(made && made->status == 201);
            clients_.push_back(
                std::make_unique<Client>(cluster_, token_, json_member(made->body, "id")));
        }
    }
    // A token that another node has made.
    void wait_until_known(std::size_t node, const std::string& bearer) {
        Caller caller(cluster_.port_of(node));
        const auto until = steady_clock::now() + seconds(5);
        while (caller.ask("GET", "/v1/me", bearer).value_or(HttpAnswer{}).status != 200) {
            ASSERT_LT(steady_clock::now(), until);
            std::this_thread::sleep_for(milliseconds(10));
        }
    }
    std::string run(std::vector<std::string> words) {
        words.insert(words.end(), {"--data", cluster_.data(0)});
        const Finished finished = run_daybook(std::move(words));
        EXPECT_EQ(finished.exit_code, 0) << finished.errors;
        return finished.output.substr(0, finished.output.find('\n'));
    }

    // One fault, and its end.
    void break_something(int kind, std::size_t node) {
        switch (kind) {
            case 0:
                cluster_.kill(node);
                std::this_thread::sleep_for(milliseconds(200));
                return cluster_.start(node);
            case 1:
                cluster_.signal(node, SIGSTOP);
                std::this_thread::sleep_for(milliseconds(1'500));
                return cluster_.signal(node, SIGCONT);
            case 2: return cluster_.postgres.crash_and_start();
            case 3: return cluster_.postgres.cut_connections();
            case 4:
                cluster_.proxy.hold(true);
                std::this_thread::sleep_for(milliseconds(1'500));
                return cluster_.proxy.hold(false);
            case 5:
                cluster_.nats.stop();
                std::this_thread::sleep_for(milliseconds(500));
                return cluster_.nats.start();
            default: EXPECT_EQ(cluster_.stop(node), 0); return cluster_.start(node);
        }
    }
    void play(int round, std::mt19937_64& random) {
        std::vector<std::thread> threads;
        for (const auto& client : clients_) {
            threads.emplace_back([&client, round] { client->write_and_read(round); });
        }
        std::this_thread::sleep_for(milliseconds(50 + random() % 200));
        break_something(round % int{kKinds}, random() % kNodes);
        for (std::thread& each : threads) each.join();
        for (const auto& client : clients_) client->read();
    }

    const std::uint64_t seed_ = number_from("DAYBOOK_FAULT_SEED", std::random_device{}());
    Cluster cluster_;
    std::string token_;
    std::vector<std::unique_ptr<Client>> clients_;
};

TEST_F(NodesTest, LoseNothingWhateverBreaks) {
    const auto rounds =
        static_cast<int>(std::min(number_from("DAYBOOK_FAULT_ROUNDS", kKinds), kRoundsMax));
    std::printf("seed %llu, %d rounds\n", static_cast<unsigned long long>(seed_), rounds);
    std::mt19937_64 random(seed_);
    Follower follower(cluster_, token_);
    std::int64_t head = 0;
    int entries = 0;
    for (int round = 0; round < rounds && !HasFailure(); ++round) {
        SCOPED_TRACE(fmt::format("round {}", round));
        play(round, random);
        for (const auto& client : clients_) head = std::max(head, client->seen());
        EXPECT_TRUE(follower.reaches(head));
    }
    for (const auto& client : clients_) {
        entries += client->entries();
        EXPECT_EQ(client->served_by().size(), kNodes) << "the balancer sends them to all nodes";
    }
    std::printf("%d entries acknowledged, head %lld\n", entries, static_cast<long long>(head));
    for (std::size_t node = 0; node < kNodes; ++node) EXPECT_EQ(cluster_.stop(node), 0);
    EXPECT_EQ(
        run_postgres_at(cluster_.postgres.address("postgres"), "select count(*) from entries"),
        std::to_string(entries));
    const Finished verified = run_daybook({"verify", "--data", cluster_.data(0)});
    EXPECT_EQ(verified.exit_code, 0) << verified.errors;
}

}  // namespace
}  // namespace daybook::test
