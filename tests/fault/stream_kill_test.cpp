// Streams across kill -9: three kinds of clients follow the real program while it is written to,
// killed and started again, and each gets the log filtered for it, in order, once.
//
// The clients: our own, and the two that docs/realtime.md gives away, word for word: JavaScript
// with the package eventsource, and curl.
// DAYBOOK_FAULT_ROUNDS says how often it is killed (default 3).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <sstream>
#include <thread>

#include "support/api_server.h"
#include "support/http_client.h"
#include "support/process.h"
#include "support/stream_client.h"

namespace daybook::test {
namespace {

constexpr int kRoundsDefault = 3;
constexpr auto kPatience = std::chrono::seconds(30);
constexpr std::string_view kStream = "/v1/reports/realtime/stream";

std::string trimmed(std::string text) {
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

std::string content(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    // The last line may not be complete yet.
    for (std::string line; std::getline(stream, line) && !stream.eof();) lines.push_back(line);
    return lines;
}

// The code between ```kind and ``` in docs/realtime.md.
std::string code_in_docs(std::string_view kind) {
    const std::string page =
        content(std::filesystem::path(DAYBOOK_SOURCE_DIR) / "docs/realtime.md");
    const std::string fence = "```" + std::string(kind) + "\n";
    const std::size_t begin = page.find(fence);
    if (begin == std::string::npos) throw std::runtime_error("docs/realtime.md has no such code");
    return page.substr(begin + fence.size(), page.find("```\n", begin + 3) - begin - fence.size());
}

// The server that is up now, for clients that lost the one before.
class Place {
 public:
    explicit Place(const std::filesystem::path& data) : data_(data) { start(0); }

    void kill_and_restart() {
        const std::uint16_t port = serving_->port();
        serving_->kill_now();
        start(port);
    }
    [[nodiscard]] std::uint16_t port() const { return serving_->port(); }
    int stop() { return serving_->stop(); }
    [[nodiscard]] int starts() {
        const std::lock_guard<std::mutex> lock(mutex_);
        return starts_;
    }
    // Until it has been started more often, or nothing is to be followed any more.
    bool wait_for_start_after(int seen) {
        std::unique_lock<std::mutex> lock(mutex_);
        changed_.wait(lock, [&] { return starts_ > seen || is_over_; });
        return !is_over_;
    }
    void be_over() {
        const std::lock_guard<std::mutex> lock(mutex_);
        is_over_ = true;
        changed_.notify_all();
    }

 private:
    void start(std::uint16_t port) {
        serving_.reset();
        serving_ = std::make_unique<Serving>(
            data_, std::vector<std::string>{"--port", std::to_string(port)});
        const std::lock_guard<std::mutex> lock(mutex_);
        ++starts_;
        changed_.notify_all();
    }

    std::filesystem::path data_;
    std::unique_ptr<Serving> serving_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int starts_ = 0;
    bool is_over_ = false;
};

// Follows in a thread, resuming by Last-Event-ID, until it has seen the marker.
class Follower {
 public:
    Follower(Place& place, std::string token, std::string query)
        : place_(place), token_(std::move(token)), query_(std::move(query)) {
        thread_ = std::thread([this] { follow(); });
    }
    void join() { thread_.join(); }

    std::vector<std::string> envelopes;
    std::string received;
    int resets = 0;

 private:
    void follow() {
        for (;;) {
            const int seen = place_.starts();
            if (follow_once()) return;
            if (!place_.wait_for_start_after(seen)) return;
        }
    }

    bool follow_once() {
        try {
            std::string headers = "Authorization: Bearer " + token_ + "\r\n";
            if (!last_.empty()) headers += "Last-Event-ID: " + last_ + "\r\n";
            StreamClient client(place_.port(), std::string(kStream) + query_, headers);
            const bool is_done = take_all(client);
            received += client.received();
            return is_done;
        } catch (const std::runtime_error&) {
            return false;  // killed before it could be asked
        }
    }

    bool take_all(StreamClient& client) {
        while (const auto frame = client.next()) {
            if (!frame->id.empty()) last_ = frame->id;
            if (frame->event == "reset") ++resets;
            if (!frame->event.empty()) continue;
            envelopes.push_back(frame->data);
            if (frame->data.find("the last of all") != std::string::npos) return true;
        }
        return false;
    }

    Place& place_;
    const std::string token_;
    const std::string query_;
    std::string last_;
    std::thread thread_;
};

// A script as a child process, whose standard output goes to a file.
class Script {
 public:
    Script(const std::vector<std::string>& arguments, const std::filesystem::path& output,
           const std::vector<std::string>& environment)
        : output_(output) {
        std::vector<char*> argv;
        for (const std::string& each : arguments) argv.push_back(const_cast<char*>(each.c_str()));
        argv.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ != 0) return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::setpgid(0, 0);
        for (const std::string& each : environment) ::putenv(const_cast<char*>(each.c_str()));
        if (std::freopen(output.c_str(), "w", stdout) == nullptr) ::_exit(126);
        ::execvp(argv[0], argv.data());
        ::_exit(127);
    }
    ~Script() {
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    Script(const Script&) = delete;
    Script& operator=(const Script&) = delete;

    [[nodiscard]] std::vector<std::string> lines() const { return lines_of(content(output_)); }

 private:
    std::filesystem::path output_;
    pid_t pid_ = -1;
};

class StreamKill : public testing::Test {
 protected:
    void SetUp() override {
        org_ = make_org("Kill");
        hotel_ = add_property("Hotel", org_);
        hostel_ = add_property("Hostel", org_);
        owner_ = token({"--role", "owner"}, org_);
        limited_ = token({"--role", "manager", "--property", "Hotel"}, org_);
        const std::string other = make_org("Other");
        foreign_ = add_property("Foreign", other);
        other_ = token({"--role", "owner"}, other);
    }

    std::string ok(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--data", data_.path().string()});
        const Finished finished = run_daybook(arguments);
        EXPECT_EQ(finished.exit_code, 0) << arguments.front() << ": " << finished.errors;
        return trimmed(finished.output);
    }
    std::string make_org(const std::string& name) {
        const std::string said = ok({"org", "create", "--name", name});
        return said.substr(said.find_last_of(" \n") + 1);
    }
    std::string add_property(const std::string& name, const std::string& org) {
        const std::string said =
            ok({"property", "add", "--org", org, "--name", name, "--currency", "EUR", "--time-zone",
                "Europe/Lisbon", "--books-start-on", "2020-01-01"});
        return said.substr(said.find_last_of(" \n") + 1);
    }
    std::string token(std::vector<std::string> more, const std::string& org) {
        more.insert(more.begin(), {"token", "create", "--org", org, "--name", "t"});
        return ok(std::move(more));
    }

    // False if the server was killed meanwhile.
    static bool write(HttpClient& client, const std::string& token, const std::string& property,
                      const std::string& text) {
        const auto answer = client.request(
            "POST", "/v1/finance/expenses",
            "Authorization: Bearer " + token + "\r\nContent-Type: application/json\r\n",
            R"({"propertyId":")" + property +
                R"(","amountMinor":100,"paymentMode":"cash","category":"supplies",)" +
                R"("currency":"EUR","businessDate":"2026-03-15","description":")" + text + R"("})");
        if (!answer || !answer->is_complete) return false;
        EXPECT_EQ(answer->status, 201) << answer->body;
        return true;
    }

    // Into the hotel, the hostel and the other org, in turn, until it is killed.
    void write_and_kill(Place& place, int round) {
        std::atomic<int> written = 0;
        std::vector<std::thread> writers;
        for (int writer = 0; writer < 3; ++writer) {
            writers.emplace_back([&, writer] {
                HttpClient client = HttpClient::connect_tcp(place.port());
                const std::string& property = writer == 0   ? hotel_
                                              : writer == 1 ? hostel_
                                                            : foreign_;
                const std::string text = writer == 0   ? "of the hotel"
                                         : writer == 1 ? "PLANTED in the hostel"
                                                       : "PLANTED elsewhere";
                while (write(client, writer == 2 ? other_ : owner_, property, text)) ++written;
            });
        }
        while (written < 60 + round % 5 * 20) std::this_thread::yield();
        place.kill_and_restart();
        for (std::thread& each : writers) each.join();
    }

    // The bytes of the events that somebody may see, from the log itself.
    std::vector<std::string> logged(const std::string& token, std::uint16_t port) {
        HttpClient client = HttpClient::connect_tcp(port);
        const auto answer =
            client.request("GET", "/v1/exports/events", "Authorization: Bearer " + token + "\r\n");
        std::vector<std::string> events;
        for (const std::string& line : lines_of(answer->body)) events.push_back(event_in(line));
        return events;
    }
    // "event":{…},"text": the stored bytes in a line of the export, or in an envelope.
    static std::string event_in(const std::string& text) {
        constexpr std::string_view kBefore = "\"event\":";
        const std::size_t begin = text.find(kBefore) + kBefore.size();
        return text.substr(begin, text.rfind(",\"text\":") - begin);
    }
    static std::vector<std::string> events_in(const std::vector<std::string>& envelopes) {
        std::vector<std::string> events;
        for (const std::string& each : envelopes) events.push_back(event_in(each));
        return events;
    }

    static void wait_until(const std::function<bool()>& is_so, const char* what) {
        const auto end = std::chrono::steady_clock::now() + kPatience;
        while (!is_so()) {
            ASSERT_LT(std::chrono::steady_clock::now(), end) << "in vain: " << what;
            std::this_thread::yield();
        }
    }

    std::vector<std::string> environment(const Place& place, const std::string& cursor) {
        return {"DAYBOOK_URL=http://127.0.0.1:" + std::to_string(place.port()),
                "DAYBOOK_TOKEN=" + limited_, "DAYBOOK_CURSOR=" + (work_.path() / cursor).string()};
    }

    TemporaryDirectory data_;
    TemporaryDirectory work_;
    std::string org_;
    std::string hotel_;
    std::string hostel_;
    std::string foreign_;
    std::string owner_;
    std::string limited_;
    std::string other_;
};

TEST_F(StreamKill, EveryClientGetsItsLogOnceAndNothingElse) {
    const char* rounds = std::getenv("DAYBOOK_FAULT_ROUNDS");
    Place place(data_.path());
    Follower owner(place, owner_, "?after=0");
    Follower limited(place, limited_, "?after=0");
    Follower of_hostel(place, owner_, "?after=0&type=expense_added&propertyId=" + hostel_);
    // From the beginning, like a client that has kept such a cursor.
    for (const char* cursor : {"node", "curl"}) std::ofstream(work_.path() / cursor) << "0";
    const auto clients = std::filesystem::path(DAYBOOK_SOURCE_DIR) / "tests/clients";
    const auto module = clients / fmt::format("follow-{}.mjs", ::getpid());
    std::ofstream(module) << code_in_docs("js");
    std::ofstream(work_.path() / "follow.sh") << code_in_docs("bash");
    {
        const Script node({"node", module.string()}, work_.path() / "node.out",
                          environment(place, "node"));
        const Script curl({"bash", (work_.path() / "follow.sh").string()},
                          work_.path() / "curl.out", environment(place, "curl"));
        for (int round = 0; round < (rounds ? std::atoi(rounds) : kRoundsDefault); ++round) {
            write_and_kill(place, round);
        }
        HttpClient client = HttpClient::connect_tcp(place.port());
        ASSERT_TRUE(write(client, owner_, hostel_, "PLANTED, the last of all"));
        ASSERT_TRUE(write(client, owner_, hotel_, "the last of all"));
        const auto has_last = [](const Script& script) {
            const auto lines = script.lines();
            return !lines.empty() && lines.back().find("the last of all") != std::string::npos;
        };
        wait_until([&] { return has_last(node); }, "node");
        wait_until([&] { return has_last(curl); }, "curl");
        const auto seen = logged(limited_, place.port());
        EXPECT_EQ(events_in(node.lines()), seen);
        EXPECT_EQ(events_in(curl.lines()), seen);
    }
    std::filesystem::remove(module);
    place.be_over();
    for (Follower* each : {&owner, &limited, &of_hostel}) each->join();

    const auto all = logged(owner_, place.port());
    std::vector<std::string> hostel;
    std::ranges::copy_if(all, std::back_inserter(hostel), [&](const std::string& event) {
        return event.find("\"eventType\":\"expense_added\"") != std::string::npos &&
               event.find("\"propertyId\":\"" + hostel_) != std::string::npos;
    });
    EXPECT_EQ(events_in(of_hostel.envelopes), hostel);
    EXPECT_EQ(events_in(limited.envelopes), logged(limited_, place.port()));
    // Everything of the owner's log up to the marker in the hostel, which comes first.
    ASSERT_FALSE(owner.envelopes.empty());
    EXPECT_EQ(events_in(owner.envelopes), std::vector(all.begin(), all.end() - 1));
    for (const Follower* each : {&owner, &limited, &of_hostel}) {
        EXPECT_EQ(each->resets, 0);
        EXPECT_THAT(each->received, testing::Not(testing::HasSubstr("PLANTED elsewhere")));
    }
    EXPECT_THAT(limited.received, testing::Not(testing::HasSubstr("PLANTED")));
    EXPECT_EQ(place.stop(), 0);
}

}  // namespace
}  // namespace daybook::test
