// Need: nothing but time. Goal: where nodes share a database, each of them, while it writes itself
// and is asked by many, tells its listeners everything once and in the order of each log; and
// whoever asks knows afterwards what was committed before. Also under ThreadSanitizer.
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <semaphore>
#include <thread>

#include "base/mutex.h"
#include "storage/memory/backend.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

using storage::Backend;
using storage::Writer;
using storage::memory::MemoryBackend;

constexpr std::size_t kNodes = 2;
constexpr int kWritesEach = 150;

// The database: one transaction at a time.
struct Database {
    MemoryBackend kept;
    std::binary_semaphore is_free{1};
};

// A node's connection to it.
class Connection final : public Backend {
 public:
    explicit Connection(Database& database) : database_(database) {}
    Result<app::WriteTransaction*> begin() override {
        database_.is_free.acquire();
        return database_.kept.begin();
    }
    Status commit() override { return end(database_.kept.commit()); }
    Status rollback() override { return end(database_.kept.rollback()); }
    Status after_batch() override { return {}; }
    Status idle() override { return {}; }
    Result<app::Changes> kept_of(OrgId org) override { return database_.kept.kept_of(org); }

 private:
    Status end(Status status) {
        database_.is_free.release();
        return status;
    }
    Database& database_;
};

// What a node's listeners are told.
class Listener final : public app::CommitListener {
 public:
    void committed(const app::Changes& changes) override {
        const Lock lock(mutex_);
        for (const app::EventRow& event : changes.events) {
            Position& told = told_[event.org];
            is_in_order_ = is_in_order_ && event.position == told + 1;
            told = event.position;
        }
        for (const auto& [org, found] : changes.found) {
            is_in_order_ = is_in_order_ && !found.skipped;
        }
    }
    Position told(OrgId org) {
        const Lock lock(mutex_);
        return told_[org];
    }
    bool is_in_order() {
        const Lock lock(mutex_);
        return is_in_order_;
    }

 private:
    Mutex mutex_;
    std::map<OrgId, Position> told_ GUARDED_BY(mutex_);
    bool is_in_order_ GUARDED_BY(mutex_) = true;
};

class Node final : public app::Store {
 public:
    Node(Database& database, const Clock& clock, std::uint64_t seed)
        : database_(database),
          random_(seed),
          connection_(database),
          writer_(connection_, {clock, random_}, Writer::Mode::own_thread,
                  {&database.kept, &database.kept}) {
        EXPECT_TRUE(writer_.note_heads());
        writer_.listen(listener);
        writer_.follow();
    }
    void submit(app::Command command, app::Done done) override {
        writer_.submit(std::move(command), std::move(done));
    }
    Result<std::unique_ptr<app::Snapshot>> snapshot(OrgId org) override {
        return database_.kept.snapshot(org);
    }
    Result<std::vector<domain::Org>> orgs() override { return database_.kept.orgs(); }
    Result<std::vector<app::Credential>> credentials() override { return {}; }
    Result<std::string> webhook_secret(const app::WebhookKey&) override { return {}; }
    Result<std::vector<std::pair<OrgId, domain::User>>> users() override { return {}; }
    Result<app::SignInState> sign_in_state() override { return {}; }
    void listen(app::CommitListener& other) override { writer_.listen(other); }
    void load(OrgId org, std::move_only_function<void(Status)> done) override {
        writer_.load(org, std::move(done));
    }
    void forget(std::vector<OrgId> orgs) override { writer_.forget(std::move(orgs)); }
    void heard(OrgId org, Position position) override { writer_.heard(org, position); }
    void drain() override { writer_.drain(); }
    Health health() override { return writer_.health(); }

    void wait_until_caught_up(std::optional<OrgId> org = std::nullopt) {
        std::promise<void> done;
        writer_.catch_up(org, [&] { done.set_value(); });
        done.get_future().wait();
    }

    Listener listener;

 private:
    Database& database_;
    SeededRandom random_;
    Connection connection_;
    Writer writer_;
};

class NodesThreads : public testing::Test {
 protected:
    NodesThreads() {
        for (std::size_t i = 0; i < kNodes; ++i) {
            nodes_.push_back(std::make_unique<Node>(database_, clock_, i + 1));
        }
    }
    // Writes at the node, and asks the others what they know of it.
    void write_and_ask(std::size_t at, TestOrg& org, PropertyId hotel, int seed) {
        for (int i = 0; i < kWritesEach; ++i) {
            const auto outcome = run(*nodes_[at], org.command(single(org.expense(hotel, 1))));
            ASSERT_TRUE(outcome) << outcome.error().detail;
            Node& other = *nodes_[(at + 1) % kNodes];
            if ((i + seed) % 3 == 0) other.heard(org.id(), outcome->position);
            if ((i + seed) % 5 != 0) continue;
            other.wait_until_caught_up(i % 2 == 0 ? std::optional(org.id()) : std::nullopt);
            ASSERT_GE(other.listener.told(org.id()), outcome->position);
        }
    }

    ManualClock clock_{kTestStart};
    Database database_;
    std::vector<std::unique_ptr<Node>> nodes_;
};

TEST_F(NodesThreads, TellEverythingOnceAndInOrder) {
    std::vector<std::unique_ptr<TestOrg>> orgs;
    std::vector<PropertyId> hotels;
    for (std::uint64_t seed = 1; seed <= 2 * kNodes; ++seed) {
        orgs.push_back(std::make_unique<TestOrg>(*nodes_.front(), seed));
        hotels.push_back(orgs.back()->add_property("Hotel"));
    }
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < orgs.size(); ++i) {
        threads.emplace_back(
            [&, i] { write_and_ask(i % kNodes, *orgs[i], hotels[i], static_cast<int>(i)); });
    }
    for (std::thread& each : threads) each.join();
    for (const auto& node : nodes_) {
        node->wait_until_caught_up();
        EXPECT_TRUE(node->listener.is_in_order());
        for (const auto& org : orgs) {
            EXPECT_EQ(node->listener.told(org->id()), org->snapshot()->head().value());
        }
    }
    for (const auto& node : nodes_) node->drain();
}

// Whoever still waits is answered, and nobody waits for ever.
TEST_F(NodesThreads, AnswerWhoeverAskedWhenTheyAreDrained) {
    for (int round = 0; round < 20; ++round) {
        Node node(database_, clock_, 100);
        std::vector<std::thread> asking;
        for (int i = 0; i < 3; ++i) {
            asking.emplace_back([&] {
                for (int k = 0; k < 5; ++k) node.wait_until_caught_up();
            });
        }
        node.drain();
        for (std::thread& each : asking) each.join();
    }
}

}  // namespace
}  // namespace daybook::test
