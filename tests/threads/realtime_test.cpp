// Need: nothing but time. Goal: while two orgs write, streams and polls come and go, a grant
// changes and a token is revoked, every stream gets its log once and in order, whichever thread
// does what. The real stream thread, over socket pairs. Also under ThreadSanitizer.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

#include "app/authenticator.h"
#include "http/stream_shard.h"
#include "storage/memory/store.h"
#include "support/stream_check.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

constexpr int kEntriesEach = 150;
constexpr int kPatienceSeconds = 30;
constexpr std::string_view kLast = "the last of all";

// The client's end of a stream, and the server's, which the shard takes over.
class Ends {
 public:
    Ends() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            throw std::runtime_error("no socket pair");
        }
        client_ = ends[0];
        server_ = ends[1];
        const timeval patience{.tv_sec = kPatienceSeconds, .tv_usec = 0};
        ::setsockopt(client_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~Ends() { ::close(client_); }
    Ends(const Ends&) = delete;
    Ends& operator=(const Ends&) = delete;

    [[nodiscard]] http::DetachedSocket server() const { return {server_, {}}; }
    // Until the frame with the text has come whole, or the stream has ended.
    std::string read_until(std::string_view text) {
        const auto has_come = [text](const std::string& received) {
            const auto at = received.find(text);
            return at != std::string::npos && received.find("\n\n", at) != std::string::npos;
        };
        std::string received;
        std::array<char, 4'096> bytes;
        while (!has_come(received)) {
            const ssize_t count = ::recv(client_, bytes.data(), bytes.size(), 0);
            if (count <= 0) break;
            received.append(bytes.data(), static_cast<std::size_t>(count));
        }
        return received;
    }

 private:
    int client_ = -1;
    int server_ = -1;
};

class RealtimeThreads : public testing::Test {
 protected:
    RealtimeThreads() {
        store_.listen(authenticator_);
        for (const TestOrg* org : {&one_, &two_}) EXPECT_TRUE(load_org(store_, org->id()));
        store_.listen(shard_);
        for (TestOrg* org : {&one_, &two_}) {
            hotels_.push_back(org->add_property("Hotel"));
            hostels_.push_back(org->add_property("Hostel"));
        }
    }
    ~RealtimeThreads() override {
        store_.drain();
        shard_.stop();
    }

    domain::Principal with_token(TestOrg& org, domain::Role role, domain::Scope scope) {
        app::CreateTokenWithSecret create;
        create.token = {org.new_id<TokenId>(), "t", role, scope, std::nullopt};
        domain::Principal principal = org.who(role, std::move(scope));
        principal.via = {domain::ViaKind::token, create.token.id};
        org.run(std::move(create)).value();
        return principal;
    }

    realtime::Opening opening(const realtime::Subscription& subscription, Position after) {
        const OrgId org = subscription.principal.org;
        const auto snapshot = store_.snapshot(org).value();
        const auto start =
            realtime::find_start(*snapshot, org, realtime::GivenCursor{after, {}}).value();
        return {subscription, start.cursor, realtime::ready_frame(start.cursor, 1'000),
                shard_.seats().take(subscription.principal).value()};
    }
    void open(const realtime::Subscription& subscription, Position after, const Ends& ends) {
        shard_.open_stream(opening(subscription, after), ends.server());
    }

    // Reads until the last event, and compares.
    void follow(TestOrg& org, const realtime::Subscription& subscription, Position after) {
        Ends ends;
        open(subscription, after, ends);
        const std::string received = ends.read_until(kLast);
        const auto stream = segments_of(received);
        EXPECT_TRUE(stream.mistakes.empty());
        ASSERT_EQ(stream.segments.size(), 1U) << received.size();
        EXPECT_NE(received.find(kLast), std::string::npos);
        EXPECT_TRUE(is_log_of(stream.segments[0], subscription, whole_log(*org.snapshot())));
    }

    void write(TestOrg& org, PropertyId property, std::string_view text) {
        domain::AddEntry entry;
        {
            // The builder of ids is one thread's.
            const Lock lock(building_);
            entry = org.expense(property, 100);
        }
        entry.content.description.value = text;
        EXPECT_TRUE(org.run(single(std::move(entry))).has_value());
    }

    ManualClock clock_{kTestStart};
    SystemRandom random_;
    storage::memory::MemoryStore store_{{clock_, random_}, storage::Writer::Mode::own_thread};
    app::Authenticator authenticator_;
    http::Metrics metrics_;
    http::WorkerPool workers_{2};
    http::StreamShards shard_{{.store = store_,
                               .authenticator = authenticator_,
                               .workers = workers_,
                               .clock = clock_,
                               .metrics = metrics_}};
    Mutex building_;
    TestOrg one_{store_, 1};
    TestOrg two_{store_, 2};
    std::vector<PropertyId> hotels_;
    std::vector<PropertyId> hostels_;
};

TEST_F(RealtimeThreads, EveryStreamGetsItsLogWhileEverythingHappensAtOnce) {
    const realtime::Subscription limited{one_.limited(domain::Role::manager, {hotels_[0]}), {}, {}};
    const auto revoked = with_token(one_, domain::Role::auditor, {});
    const auto moved = with_token(one_, domain::Role::manager, {false, {hotels_[0]}});
    Ends revoked_ends;
    open({revoked, {}, {}}, 0, revoked_ends);
    Ends moved_ends;
    open({moved, {}, {}}, 0, moved_ends);

    std::vector<std::thread> readers;
    for (const Position after : {0, 5, 9}) {
        readers.emplace_back([&, after] { follow(one_, {one_.owner(), {}, {}}, after); });
        readers.emplace_back([&, after] { follow(one_, limited, after); });
        readers.emplace_back([&, after] { follow(two_, {two_.owner(), {}, {}}, after); });
    }
    std::atomic<bool> is_over = false;
    std::atomic<int> polled = 0;
    std::thread comes_and_goes([&] {
        while (!is_over) {
            Ends ends;
            open({two_.owner(), {}, {}}, 1, ends);
            (void)ends.read_until("ready");
            auto poll = opening({one_.owner(), {}, {}}, one_.snapshot()->head().value());
            poll.greeting = nullptr;
            shard_.open_poll(std::move(poll), 5, [&polled] { ++polled; });
        }
    });
    std::vector<std::thread> writers;
    for (const bool is_first : {true, false}) {
        writers.emplace_back([&, is_first] {
            TestOrg& org = is_first ? one_ : two_;
            for (int i = 0; i < kEntriesEach; ++i) {
                write(org, i % 2 == 0 ? hotels_[is_first ? 0 : 1] : hostels_[is_first ? 0 : 1],
                      "x");
            }
        });
    }
    EXPECT_TRUE(one_.run(domain::ScopeToken{moved.via.token, {false, {hostels_[0]}}}).has_value());
    EXPECT_TRUE(one_.run(domain::RevokeToken{revoked.via.token}).has_value());
    EXPECT_TRUE(segments_of(moved_ends.read_until("access_changed")).mistakes.empty());
    EXPECT_EQ(revoked_ends.read_until(kLast).find(kLast), std::string::npos);
    for (std::thread& each : writers) each.join();
    write(one_, hotels_[0], kLast);
    write(two_, hotels_[1], kLast);
    for (std::thread& each : readers) each.join();
    is_over = true;
    comes_and_goes.join();
    shard_.close_polls();
    shard_.stop();
    EXPECT_GT(polled, 0);
    EXPECT_EQ(shard_.seats().taken(), 0U);
    EXPECT_EQ(metrics_.streams_open, 0);
    EXPECT_EQ(metrics_.polls_waiting, 0);
}

}  // namespace
}  // namespace daybook::test
