// kill -9 under load: every acknowledged entry is there exactly once, and the books are whole.
//
// Needs the real program. Each round loads the server from four connections, kills it after a
// seeded number of acknowledgements, restarts it and checks. DAYBOOK_FAULT_ROUNDS says how many
// rounds (default 6); all of them work on the same data, so that damage would add up. The seed is
// printed; DAYBOOK_FAULT_SEED repeats it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "support/http_client.h"
#include "support/process.h"

namespace daybook::test {
namespace {

constexpr int kThreads = 4;
constexpr int kRoundsDefault = 6;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::string trimmed(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

// Which externalIds were acknowledged, by whichever thread.
class Acknowledged {
 public:
    void add(const std::vector<std::string>& ids) {
        const std::lock_guard<std::mutex> lock(mutex_);
        ids_.insert(ids.begin(), ids.end());
        count_.fetch_add(1);
    }
    [[nodiscard]] std::uint64_t requests() const { return count_.load(); }
    [[nodiscard]] const std::set<std::string>& ids() const { return ids_; }

 private:
    std::mutex mutex_;
    std::set<std::string> ids_;
    std::atomic<std::uint64_t> count_{0};
};

class KillTest : public ::testing::Test {
 protected:
    void SetUp() override {
        const std::string data = data_.path().string();
        expect_ok({"org", "create", "--data", data, "--name", "Kill"});
        expect_ok({"property", "add", "--data", data, "--name", "House", "--currency", "EUR",
                   "--time-zone", "Europe/Lisbon", "--books-start-on", "2020-01-01"});
        token_ = trimmed(
            expect_ok({"token", "create", "--data", data, "--role", "owner", "--name", "load"}));
        const Serving serving(data_.path());
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
            R"({{"propertyId":"{}","amountMinor":1234,"category":"supplies","paymentMode":"cash",)"
            R"("businessDate":"2026-03-{:02}","externalId":"{}","description":"under load"}})",
            property_, day % 28 + 1, external_id);
    }

    // One request: a single entry, or now and then an atomic bulk of 20. False when the server is
    // gone.
    bool write_once(HttpClient& client, const std::string& name, std::mt19937_64& random,
                    Acknowledged& acknowledged) {
        std::vector<std::string> ids;
        std::string target = "/v1/finance/expenses";
        std::string body;
        const int day = static_cast<int>(random() % 28);
        if (random() % 8 == 0) {
            target = "/v1/finance/entries:batch";
            for (int i = 0; i < 20; ++i) {
                ids.push_back(fmt::format("{}-{}", name, i));
                body += body.empty() ? R"({"mode":"atomic","entries":[)" : ",";
                body += R"({"kind":"expense",)" + entry_json(ids.back(), day).substr(1);
            }
            body += "]}";
        } else {
            ids.push_back(name);
            body = entry_json(name, day);
        }
        const auto answer =
            client.request("POST", target, headers() + "Content-Type: application/json\r\n", body);
        if (!answer || !answer->is_complete) return false;
        EXPECT_TRUE(answer->status == 201 || answer->status == 200) << answer->body;
        acknowledged.add(ids);
        return true;
    }

    void load_and_kill(int round, std::uint64_t seed, Acknowledged& acknowledged) {
        Serving serving(data_.path());
        std::mt19937_64 random(seed);
        const std::uint64_t kill_after = acknowledged.requests() + 20 + random() % 300;
        std::vector<std::thread> threads;
        for (int thread = 0; thread < kThreads; ++thread) {
            threads.emplace_back([&, thread] {
                std::mt19937_64 mine(seed * kThreads + static_cast<std::uint64_t>(thread));
                HttpClient client = HttpClient::connect_tcp(serving.port());
                for (int n = 0; write_once(client, fmt::format("r{}t{}n{}", round, thread, n), mine,
                                           acknowledged);
                     ++n) {
                }
            });
        }
        while (acknowledged.requests() < kill_after) std::this_thread::yield();
        serving.kill_now();
        for (std::thread& each : threads) each.join();
    }

    // How often each externalId stands in the export.
    std::map<std::string, int> exported() {
        std::istringstream lines(
            expect_ok({"export", "--data", data_.path().string(), "--format", "entries"}));
        std::map<std::string, int> found;
        for (std::string line; std::getline(lines, line);) {
            const std::size_t at = line.find(",r");
            if (at == std::string::npos) continue;
            const std::size_t end = line.find(',', at + 1);
            ++found[line.substr(at + 1, end - at - 1)];
        }
        return found;
    }

    TemporaryDirectory data_;
    std::string token_;
    std::string property_;
};

TEST_F(KillTest, AcknowledgedEntriesSurviveExactlyOnce) {
    const auto rounds = static_cast<int>(number_from("DAYBOOK_FAULT_ROUNDS", kRoundsDefault));
    const std::uint64_t seed = number_from("DAYBOOK_FAULT_SEED", std::random_device{}());
    std::printf("seed %llu, %d rounds\n", static_cast<unsigned long long>(seed), rounds);
    Acknowledged acknowledged;
    const std::string data = data_.path().string();
    for (int round = 0; round < rounds; ++round) {
        load_and_kill(round, seed + static_cast<std::uint64_t>(round), acknowledged);
        // A server recovers the log when it starts; only then does anybody read.
        EXPECT_EQ(Serving(data_.path()).stop(), 0);
        const auto found = exported();
        for (const std::string& id : acknowledged.ids()) {
            const auto entry = found.find(id);
            ASSERT_TRUE(entry != found.end()) << "lost: " << id << " in round " << round;
        }
        for (const auto& [id, times] : found) ASSERT_EQ(times, 1) << "doubled: " << id;
        expect_ok({"verify", "--data", data});
        expect_ok({"rebuild", "--check", "--data", data});
        if (HasFailure()) break;
    }
    std::printf("%zu entries acknowledged, lost 0, doubled 0\n", acknowledged.ids().size());
}

}  // namespace
}  // namespace daybook::test
