// Need: nothing but time. Goal: while several orgs write, handlers on many threads fail, throw and
// let go, and delivery is stopped and started again in the middle, every event is acknowledged,
// those of one entity in order (I5). Seed: fixed. Also under ThreadSanitizer.
#include "delivery/delivery.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>

#include "app/event_facts.h"
#include "base/executor.h"
#include "base/mutex.h"
#include "storage/memory/store.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

constexpr std::size_t kOrgs = 3;
constexpr int kEntriesEach = 60;
constexpr int kPatienceSeconds = 30;

using Key = std::pair<OrgId, Position>;

// Fails now and then, and remembers when each event was first acknowledged.
class Flaky final : public delivery::Handler {
 public:
    void handle(const delivery::Message& message, delivery::Attempt&& attempt) override {
        const auto luck = calls_.fetch_add(1) * 7 % 16;
        if (luck == 3) return;
        if (luck == 5) throw std::runtime_error("Thrown.");
        if (luck == 8) {
            attempt.fail("No luck.");
            return;
        }
        // Under the lock, so that the next event of the entity cannot be noted before this one.
        const Lock lock(mutex_);
        if (!attempt.acknowledge()) return;
        order_.try_emplace({message.org, message.facts.position}, order_.size());
        came_.notify_all();
    }

    // The order of the first acknowledgements, once there are so many.
    std::map<Key, std::size_t> wait_for(std::size_t count) EXCLUDES(mutex_) {
        const auto until =
            std::chrono::steady_clock::now() + std::chrono::seconds(kPatienceSeconds);
        const Lock lock(mutex_);
        while (order_.size() < count && std::chrono::steady_clock::now() < until)
            came_.wait_for(mutex_, 100);
        return order_;
    }

 private:
    std::atomic<std::uint64_t> calls_ = 0;
    Mutex mutex_;
    Condition came_;
    std::map<Key, std::size_t> order_ GUARDED_BY(mutex_);
};

// Hears for whichever delivery runs.
class Relay final : public app::CommitListener {
 public:
    void committed(const app::Changes& changes) override {
        const Lock lock(mutex_);
        if (to_ != nullptr) to_->committed(changes);
    }
    void set(app::CommitListener* to) EXCLUDES(mutex_) {
        const Lock lock(mutex_);
        to_ = to;
    }

 private:
    Mutex mutex_;
    app::CommitListener* to_ GUARDED_BY(mutex_) = nullptr;
};

// A process's worth of delivery.
struct Process {
    Process(app::Store& store, const Clock& clock, std::shared_ptr<Flaky> handler, Relay& relay)
        : relay(relay), delivery(store, clock, random, executor) {
        relay.set(&delivery);
        delivery::Subscription subscription;
        subscription.name = "threads";
        subscription.handler = std::move(handler);
        subscription.runs_on = &handlers;
        subscription.policy.backoff = {1, 4, 2};
        subscription.workers = delivery::Workers{4, 3};
        delivery.subscribe(std::move(subscription));
        delivery.start().value();
    }
    ~Process() {
        relay.set(nullptr);
        handlers.stop();
        executor.stop();
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    Relay& relay;
    SystemRandom random;
    ThreadExecutor executor{2};
    ThreadExecutor handlers{4};
    delivery::Delivery delivery;
};

void write_entries(TestOrg& org) {
    const PropertyId property = org.add_property("House");
    for (int i = 0; i < kEntriesEach; ++i) {
        const domain::Entry entry = org.add(org.expense(property, 100 + i));
        domain::UpdateEntry update;
        update.id = entry.id;
        update.version = entry.version;
        update.patch.amount_minor = 50;
        if (i % 3 == 0) org.run(std::move(update)).value();
    }
}

TEST(DeliveryThreads, EveryEventArrivesInTheOrderOfItsEntity) {
    ManualClock clock(kTestStart);
    SeededRandom random(1);
    storage::memory::MemoryStore store({clock, random}, storage::Writer::Mode::own_thread);
    Relay relay;
    store.listen(relay);
    std::vector<std::unique_ptr<TestOrg>> orgs;
    for (std::size_t i = 0; i < kOrgs; ++i) orgs.push_back(std::make_unique<TestOrg>(store, i + 1));
    const auto handler = std::make_shared<Flaky>();
    auto process = std::make_unique<Process>(store, clock, handler, relay);
    std::vector<std::thread> writers;
    for (const auto& org : orgs) writers.emplace_back([&org] { write_entries(*org); });
    // In the middle of it: what was not saved is delivered again.
    (void)handler->wait_for(100);
    process.reset();
    process = std::make_unique<Process>(store, clock, handler, relay);
    for (std::thread& each : writers) each.join();

    std::size_t events = 0;
    for (const auto& org : orgs)
        events += static_cast<std::size_t>(org->snapshot()->head().value());
    const auto order = handler->wait_for(events);
    EXPECT_EQ(order.size(), events);
    for (const auto& org : orgs) {
        std::map<Uuid, std::size_t> last;
        for (const auto& each : org->snapshot()->log(0, 10'000).value()) {
            const app::EventFacts facts = app::facts_of(each).value();
            const auto found = order.find({org->id(), each.position});
            ASSERT_NE(found, order.end()) << each.position;
            const auto [before, is_first] = last.try_emplace(facts.entity, found->second);
            if (is_first) continue;
            EXPECT_GT(found->second, before->second) << each.position;
            before->second = found->second;
        }
    }
    std::promise<void> drained;
    process->delivery.drain([&drained] { drained.set_value(); });
    ASSERT_EQ(drained.get_future().wait_for(std::chrono::seconds(kPatienceSeconds)),
              std::future_status::ready);
    for (const auto& org : orgs) {
        const auto saved = org->snapshot()->deliveries().value();
        ASSERT_EQ(saved.size(), 1U);
        EXPECT_EQ(saved[0].row.watermark, org->snapshot()->head().value());
    }
}

}  // namespace
}  // namespace daybook::test
