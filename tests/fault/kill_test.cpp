// kill -9 under load: every acknowledged entry is there exactly once, and the books are whole.
//
// Needs the real program. Each round loads the server from four connections, kills it after a
// seeded number of acknowledgements, restarts it, asks again with the same Idempotency-Keys what
// was not answered, and checks. DAYBOOK_FAULT_ROUNDS says how many rounds (default 6). 50 in a row
// work on the same data, so that damage would add up; with more, each would take ever longer. The
// seed is printed; DAYBOOK_FAULT_SEED repeats it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/http_client.h"
#include "support/process.h"

namespace daybook::test {
namespace {

constexpr int kThreads = 4;
constexpr int kRoundsDefault = 6;
constexpr int kRoundsOfBooks = 50;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string trimmed(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

// A write, and the externalIds of what it adds; its name is its Idempotency-Key.
struct Write {
    std::string name;
    std::string target;
    std::string body;
    std::vector<std::string> ids;
};

// What was acknowledged and what was not, by whichever thread.
class Outcomes {
 public:
    void acknowledged(const Write& write) {
        const std::lock_guard<std::mutex> lock(mutex_);
        ids_.insert(write.ids.begin(), write.ids.end());
        count_.fetch_add(1);
        count_.notify_one();
    }
    void unanswered(Write write) {
        const std::lock_guard<std::mutex> lock(mutex_);
        unanswered_.push_back(std::move(write));
    }
    [[nodiscard]] std::uint64_t requests() const { return count_.load(); }
    void wait_for_requests(std::uint64_t requests) const {
        for (auto count = count_.load(); count < requests; count = count_.load()) {
            count_.wait(count);
        }
    }
    [[nodiscard]] const std::set<std::string>& ids() const { return ids_; }
    std::vector<Write> take_unanswered() { return std::exchange(unanswered_, {}); }

 private:
    std::mutex mutex_;
    std::set<std::string> ids_;
    std::vector<Write> unanswered_;
    std::atomic<std::uint64_t> count_{0};
};

class KillTest : public ::testing::Test {
 protected:
    void begin_books() {
        data_.emplace();
        const std::string data = data_->path().string();
        expect_ok({"org", "create", "--data", data, "--name", "Kill"});
        expect_ok({"property", "add", "--data", data, "--name", "House", "--currency", "EUR",
                   "--time-zone", "Europe/Lisbon", "--books-start-on", "2020-01-01"});
        token_ = trimmed(
            expect_ok({"token", "create", "--data", data, "--role", "owner", "--name", "load"}));
        const Serving serving(data_->path());
        HttpClient client = HttpClient::connect_tcp(serving.port());
        const auto answer = client.request("GET", "/v1/properties", headers());
        ASSERT_TRUE(answer.has_value());
        const std::size_t at = answer->body.find("\"id\":\"");
        ASSERT_NE(at, std::string::npos) << answer->body;
        property_ = answer->body.substr(at + 6, 36);
    }

    std::string headers() const { return "Authorization: Bearer " + token_ + "\r\n"; }

    std::string expect_ok(const std::vector<std::string>& arguments) {
        const Finished finished = run_daybook(arguments);
        EXPECT_EQ(finished.exit_code, 0) << arguments.front() << ": " << finished.errors;
        return finished.output;
    }

    std::string entry_json(const std::string& external_id, int day) const {
        return fmt::format(
            R"({{"propertyId":"{}","amountMinor":1234,"currency":"EUR",)"
            R"("category":"supplies","paymentMode":"cash",)"
            R"("businessDate":"2026-03-{:02}","externalId":"{}","description":"under load"}})",
            property_, day % 28 + 1, external_id);
    }

    // A single entry, or now and then an atomic bulk of 20.
    Write new_write(const std::string& name, std::mt19937_64& random) const {
        Write write{name, "/v1/finance/expenses", {}, {}};
        const int day = static_cast<int>(random() % 28);
        if (random() % 8 != 0) {
            write.ids.push_back(name);
            write.body = entry_json(name, day);
            return write;
        }
        write.target = "/v1/finance/entries:batch";
        for (int i = 0; i < 20; ++i) {
            write.ids.push_back(fmt::format("{}-{}", name, i));
            write.body += write.body.empty() ? R"({"mode":"atomic","entries":[)" : ",";
            write.body += R"({"kind":"expense",)" + entry_json(write.ids.back(), day).substr(1);
        }
        write.body += "]}";
        return write;
    }

    // nullopt when the server is gone.
    std::optional<HttpAnswer> send(HttpClient& client, const Write& write) const {
        const auto answer = client.request("POST", write.target,
                                           headers() + "Content-Type: application/json\r\n" +
                                               "Idempotency-Key: " + write.name + "\r\n",
                                           write.body);
        if (!answer || !answer->is_complete) return std::nullopt;
        EXPECT_EQ(answer->status, 201) << answer->body;
        return answer;
    }

    void load_and_kill(int round, std::uint64_t seed, Outcomes& outcomes) {
        Serving serving(data_->path());
        std::mt19937_64 random(seed);
        const std::uint64_t kill_after = outcomes.requests() + 20 + random() % 300;
        std::vector<std::thread> threads;
        for (int thread = 0; thread < kThreads; ++thread) {
            threads.emplace_back([&, thread] {
                std::mt19937_64 mine(seed * kThreads + static_cast<std::uint64_t>(thread));
                HttpClient client = HttpClient::connect_tcp(serving.port());
                for (int n = 0;; ++n) {
                    Write write = new_write(fmt::format("r{}t{}n{}", round, thread, n), mine);
                    if (!send(client, write)) return outcomes.unanswered(std::move(write));
                    outcomes.acknowledged(write);
                }
            });
        }
        outcomes.wait_for_requests(kill_after);
        serving.kill_now();
        for (std::thread& each : threads) each.join();
    }

    // A server recovers the log when it starts. What nobody answered is asked again: it is done
    // now, or was done already; how many were.
    int restart_and_ask_again(Outcomes& outcomes) const {
        Serving serving(data_->path());
        HttpClient client = HttpClient::connect_tcp(serving.port());
        int done_already = 0;
        for (const Write& write : outcomes.take_unanswered()) {
            const auto answer = send(client, write);
            EXPECT_TRUE(answer.has_value()) << write.name;
            if (!answer) continue;
            if (answer->has_header("idempotency-hit")) ++done_already;
            outcomes.acknowledged(write);
        }
        EXPECT_EQ(serving.stop(), 0);
        return done_already;
    }

    // How often each externalId stands in the export.
    std::map<std::string, int> exported() {
        std::istringstream lines(
            expect_ok({"export", "--data", data_->path().string(), "--format", "entries"}));
        std::map<std::string, int> found;
        std::string names;  // of the columns, some of which begin with an r, too
        std::getline(lines, names);
        for (std::string line; std::getline(lines, line);) {
            const std::size_t at = line.find(",r");
            if (at == std::string::npos) continue;
            const std::size_t end = line.find(',', at + 1);
            ++found[line.substr(at + 1, end - at - 1)];
        }
        return found;
    }

    // Every entry that was acknowledged is there, once, and nothing else; and the books are whole.
    void check(const Outcomes& outcomes) {
        const auto found = exported();
        for (const std::string& id : outcomes.ids()) {
            ASSERT_TRUE(found.contains(id)) << "lost: " << id;
        }
        for (const auto& [id, times] : found) ASSERT_EQ(times, 1) << "doubled: " << id;
        ASSERT_EQ(found.size(), outcomes.ids().size()) << "more than was asked for";
        const std::string data = data_->path().string();
        expect_ok({"verify", "--data", data});
        expect_ok({"rebuild", "--check", "--data", data});
    }

    std::optional<TemporaryDirectory> data_;
    std::string token_;
    std::string property_;
};

TEST_F(KillTest, AcknowledgedEntriesSurviveExactlyOnce) {
    const auto rounds = static_cast<int>(number_from("DAYBOOK_FAULT_ROUNDS", kRoundsDefault));
    const std::uint64_t seed = number_from("DAYBOOK_FAULT_SEED", std::random_device{}());
    std::printf("seed %llu, %d rounds\n", static_cast<unsigned long long>(seed), rounds);
    std::size_t acknowledged = 0;
    int done_already = 0;
    for (int first = 0; first < rounds; first += kRoundsOfBooks) {
        begin_books();
        Outcomes outcomes;
        const int end = std::min(first + kRoundsOfBooks, rounds);
        for (int round = first; round < end && !HasFailure(); ++round) {
            SCOPED_TRACE(round);
            load_and_kill(round, seed + static_cast<std::uint64_t>(round), outcomes);
            done_already += restart_and_ask_again(outcomes);
            check(outcomes);
        }
        if (HasFailure()) return;
        acknowledged += outcomes.ids().size();
    }
    std::printf("%zu entries acknowledged, each found once; %d were stored without an answer\n",
                acknowledged, done_already);
}

}  // namespace
}  // namespace daybook::test
