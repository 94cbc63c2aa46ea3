// A running delivery over a store, on virtual time: one thread, no sleeping, a repeatable
// order.
//
// A handler does with each event what the test says, and the desk checks on the way what must hold
// for every delivery: of one entity, one attempt that counts at a time, and no event before one
// that came earlier.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "delivery/delivery.h"
#include "support/store_kinds.h"
#include "support/synchronous_store.h"
#include "support/test_org.h"

namespace daybook::test {

// What a test does with an attempt. `hold` keeps it for later.
class ScriptedHandler final : public delivery::Handler {
 public:
    struct Call {
        Position position = 0;
        Uuid entity;
        EventId event;
        int number = 1;
    };
    using Script = std::function<void(const Call& call, delivery::Attempt&& attempt)>;

    // Acknowledges everything.
    ScriptedHandler() : script_([](const Call&, delivery::Attempt&& a) { a.acknowledge(); }) {}
    void play(Script script) { script_ = std::move(script); }
    void handle(const delivery::Message& message, delivery::Attempt&& attempt) override;

    // For scripts.
    void hold(delivery::Attempt&& attempt) { held.push_back(std::move(attempt)); }

    std::vector<Call> calls;
    std::deque<delivery::Attempt> held;

 private:
    Script script_;
};

class DeliveryDesk {
 public:
    static constexpr auto kName = "test";

    // Over a memory store, unless another kind is named.
    DeliveryDesk();
    explicit DeliveryDesk(const StoreKind& kind);
    ~DeliveryDesk();
    DeliveryDesk(const DeliveryDesk&) = delete;
    DeliveryDesk& operator=(const DeliveryDesk&) = delete;

    // Everything from the org's first event on, unless told otherwise.
    [[nodiscard]] delivery::Subscription subscription() const;
    void start() { start(subscription()); }
    void start(delivery::Subscription subscription);
    // As if the process had been killed: nothing that was not saved is known any more.
    void kill();
    // Another node delivers, until this one does again.
    void halt();
    void go_on();

    // Both clocks.
    void advance_ms(std::int64_t ms);
    void run() { executor.run_ready(); }

    // The position of the event that it made.
    Position add_entry();
    Position change_entry(EntryId id);
    EntryId new_entry();

    void act(domain::DeliveryAct act, Position to = 0);
    Result<app::Outcome> act_on(DeadLetterId letter, domain::DeliveryAct act);

    [[nodiscard]] app::SubscriptionStatus status();
    [[nodiscard]] std::vector<app::DeadLetter> dead_letters();
    // As the tables have it.
    [[nodiscard]] app::DeliveryRow saved();
    [[nodiscard]] Position head() { return org.snapshot()->head().value(); }
    // Positions of the calls, in order, of one entity or all.
    [[nodiscard]] std::vector<Position> handled(std::optional<EntryId> entity = std::nullopt) const;

    ManualClock clock{kTestStart};
    SeededRandom random{1};
    SeededRandom jitter{2};
    app::Environment environment{clock, random};
    TemporaryDirectory directory;
    std::unique_ptr<app::Store> asynchronous_store;
    SynchronousStore store{*asynchronous_store};
    TestOrg org{store, 1};
    PropertyId property = org.add_property("Casa Azul");
    ManualExecutor executor;
    std::shared_ptr<ScriptedHandler> handler = std::make_shared<ScriptedHandler>();

 private:
    // Listens for whichever delivery runs, as a store has its listeners for ever.
    class Relay final : public app::CommitListener {
     public:
        void committed(const app::Changes& changes) override {
            if (to != nullptr) to->committed(changes);
        }
        delivery::Delivery* to = nullptr;
    };
    Relay relay_;
    std::unique_ptr<delivery::Delivery> delivery_;

 public:
    [[nodiscard]] delivery::Delivery& delivery() { return *delivery_; }
};

}  // namespace daybook::test
