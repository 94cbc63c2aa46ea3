// Three nodes on one PostgreSQL with NATS between them, under load, while one thing after another
// breaks: every acknowledged entry is there exactly once, a report that is read with a position is
// never stale, and a stream that goes on at another node has no gap.
//
// Needs the real program, PostgreSQL and NATS. Each round breaks one thing in the middle of its
// load: a node is killed, stopped, or cut off from the database for a while, perhaps in the middle
// of a commit; PostgreSQL crashes, or cuts every connection; NATS is killed. Clients go to any
// node, and elsewhere with the same Idempotency-Key where they get no answer. DAYBOOK_FAULT_ROUNDS
// says how many rounds (default 6), all on the same books; the seed is printed, DAYBOOK_FAULT_SEED
// repeats it.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "support/cli_books.h"
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
constexpr int kRoundsDefault = 6;
constexpr int kWritesEach = 60;  // of each client and round
constexpr seconds kPatience{60};

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// The nodes, any of which may be gone at any time.
class Cluster {
 public:
    Cluster() {
        for (std::size_t i = 0; i < kNodes; ++i) start(i);
    }
    [[nodiscard]] std::string data(std::size_t node) const {
        return (directory_.path() / fmt::format("node{}", node)).string();
    }
    // 0: it is gone.
    std::uint16_t port(std::size_t node) {
        const Lock lock(mutex_);
        return ports_.at(node);
    }
    void start(std::size_t node) {
        const std::string database =
            node == 0 ? proxy.address("postgres") : postgres.address("postgres");
        auto serving = std::make_unique<Serving>(
            data(node), std::vector<std::string>{"--store", database, "--bus", nats.address()});
        const Lock lock(mutex_);
        ports_.at(node) = serving->port();
        nodes_.at(node) = std::move(serving);
    }
    void kill(std::size_t node) {
        std::unique_ptr<Serving> gone;
        {
            const Lock lock(mutex_);
            ports_.at(node) = 0;
            gone = std::move(nodes_.at(node));
        }
        gone->kill_now();
    }
    void signal(std::size_t node, int number) {
        const Lock lock(mutex_);
        ::kill(nodes_.at(node)->pid(), number);
    }
    int stop(std::size_t node) { return nodes_.at(node)->stop(); }

    PostgresServer postgres;
    PostgresProxy proxy{postgres.directory()};  // before the first node
    NatsServer nats;

 private:
    TemporaryDirectory directory_;
    Mutex mutex_;
    std::array<std::unique_ptr<Serving>, kNodes> nodes_;
    std::array<std::uint16_t, kNodes> ports_ GUARDED_BY(mutex_){};
};

// One request to a node; nullopt where there is no answer, or none that says anything.
std::optional<HttpAnswer> ask(Cluster& cluster, std::size_t node, const std::string& method,
                              const std::string& target, const std::string& headers,
                              const std::string& body = {}) {
    const std::uint16_t port = cluster.port(node);
    if (port == 0) return std::nullopt;
    try {
        HttpClient client = HttpClient::connect_tcp(port);
        auto answer = client.request(method, target, headers, body);
        if (!answer || !answer->is_complete || answer->status >= 500) return std::nullopt;
        return answer;
    } catch (const std::runtime_error&) {
        return std::nullopt;  // nobody listens
    }
}

// Somebody with a property of their own, which nobody else writes to.
class Client {
 public:
    Client(Cluster& cluster, std::string token, std::string property, std::uint64_t seed)
        : cluster_(cluster),
          headers_("Authorization: Bearer " + token + "\r\n"),
          property_(std::move(property)),
          random_(seed) {}

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

 private:
    std::optional<HttpAnswer> insist(const std::string& method, const std::string& target,
                                     const std::string& headers, const std::string& body = {}) {
        const auto until = steady_clock::now() + kPatience;
        while (steady_clock::now() < until) {
            auto answer = ask(cluster_, random_() % kNodes, method, target, headers, body);
            if (answer) return answer;
            std::this_thread::sleep_for(milliseconds(20));
        }
        return std::nullopt;
    }
    void note(const HttpAnswer& answer) {
        const std::string position = answer.header("daybook-position");
        ASSERT_FALSE(position.empty());
        seen_ = std::max<std::int64_t>(seen_, std::stoll(position));
    }

    Cluster& cluster_;
    const std::string headers_;
    const std::string property_;
    std::mt19937_64 random_;
    std::int64_t seen_ = 0;
    int spent_ = 0;
};

// Follows everything, at whichever node there is, from where it was.
class Follower {
 public:
    Follower(Cluster& cluster, std::string token, std::uint64_t seed)
        : cluster_(cluster), token_(std::move(token)), random_(seed), thread_([this] { run(); }) {}
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
            const std::uint16_t port = cluster_.port(random_() % kNodes);
            try {
                if (port != 0) follow(port);
            } catch (const std::runtime_error&) {
            }
            std::this_thread::sleep_for(milliseconds(20));
        }
    }
    // Until the stream ends, or nothing has come for a while.
    void follow(std::uint16_t port) {
        std::string headers = "Authorization: Bearer " + token_ + "\r\n";
        if (!cursor_.empty()) headers += "Last-Event-ID: " + cursor_ + "\r\n";
        StreamClient stream(
            port,
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

    Cluster& cluster_;
    const std::string token_;
    std::mt19937_64 random_;
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
        for (std::size_t i = 0; i < kClients; ++i) {
            const auto made =
                ask(cluster_, 0, "POST", "/v1/properties",
                    "Authorization: Bearer " + token_ + "\r\nContent-Type: application/json\r\n",
                    fmt::format(R"({{"name":"House {}","kind":"hotel",)"
                                R"("currency":"EUR","timeZone":"Europe/Lisbon"}})",
                                i));
            EXPECT_TRUE(made && made->status == 201);
            clients_.push_back(std::make_unique<Client>(cluster_, token_,
                                                        json_member(made->body, "id"), seed_ + i));
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
            default:
                cluster_.nats.stop();
                std::this_thread::sleep_for(milliseconds(500));
                return cluster_.nats.start();
        }
    }
    void play(int round, std::mt19937_64& random) {
        std::vector<std::thread> threads;
        for (const auto& client : clients_) {
            threads.emplace_back([&client, round] { client->write_and_read(round); });
        }
        std::this_thread::sleep_for(milliseconds(50 + random() % 200));
        break_something(round % 6, random() % kNodes);
        for (std::thread& each : threads) each.join();
        for (const auto& client : clients_) client->read();
    }

    const std::uint64_t seed_ = number_from("DAYBOOK_FAULT_SEED", std::random_device{}());
    Cluster cluster_;
    std::string token_;
    std::vector<std::unique_ptr<Client>> clients_;
};

TEST_F(NodesTest, LoseNothingWhateverBreaks) {
    const auto rounds = static_cast<int>(number_from("DAYBOOK_FAULT_ROUNDS", kRoundsDefault));
    std::printf("seed %llu, %d rounds\n", static_cast<unsigned long long>(seed_), rounds);
    std::mt19937_64 random(seed_);
    Follower follower(cluster_, token_, seed_ + kClients);
    std::int64_t head = 0;
    int entries = 0;
    for (int round = 0; round < rounds && !HasFailure(); ++round) {
        SCOPED_TRACE(fmt::format("round {}", round));
        play(round, random);
        for (const auto& client : clients_) head = std::max(head, client->seen());
        EXPECT_TRUE(follower.reaches(head));
    }
    for (const auto& client : clients_) entries += client->entries();
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
