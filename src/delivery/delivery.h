// Follows the event log and hands each committed event to its subscriptions (I5).
//
// Why: an event may be announced only after its transaction commits, and must be announced even if
// the process dies in between. The log is written with the state, so the log is the outbox; this is
// its reader.
//
// Operation: one Follower per (subscription, org). A commit, an answer or a timer posts a pump of
// the followers that it concerns: it reads a page, starts what is due, and saves the cursor through
// the store. Admins pause, resume, reset, redrive and discard by commands that change the tables;
// this hears of them as it hears of every commit. On the embedded store the lock of the data
// directory is the lease: one process delivers. On a shared one whoever has the lease does
// (lease_keeper.h); its fence goes with every save, so that nothing of an earlier holder is kept.
//
// Guarantee: at least once, in order per entity. After a kill, what was acknowledged since the last
// save is delivered again.
// Threads: any; the lock is held for memory only, never over a read, a write or a handler.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/delivery_monitor.h"
#include "app/store.h"
#include "base/clock.h"
#include "base/executor.h"
#include "delivery/subscription.h"

namespace daybook::delivery {

class DeliveryCore;

using app::Fence;

class Delivery final : public app::CommitListener, public app::DeliveryMonitor {
 public:
    // `executor` reads and saves, and runs handlers that name no other. It, and the executors of
    // subscriptions, are stopped before this and the store are gone.
    Delivery(app::Store& store, const Clock& clock, Random& random, Executor& executor);
    ~Delivery() override;
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;

    // Begins to deliver, under the lease of that fence where several nodes might. Subscriptions
    // come before or after it. Errors: those of Store::orgs().
    Status start(Fence fence = 0);
    // Delivers no more until start(): another node does. What is in flight is told to stop, and
    // counts no more.
    void halt();

    // A name that is there gets the new filter, handler and policy; where it is stays.
    void subscribe(Subscription subscription);
    void unsubscribe(const std::string& name);
    // As an admin would, because of something that the handler found out. In one org.
    void pause(const std::string& name, OrgId org, std::string reason);

    void committed(const app::Changes& changes) override;

    // Starts nothing more, waits at most limits::kDeliveryDrainMsMax for what is in flight, saves
    // every cursor, and then calls `done` once. Before the store drains.
    void drain(std::function<void()> done);

    Result<std::vector<app::SubscriptionStatus>> subscriptions(OrgId org) override;
    std::vector<app::SubscriptionStatus> all_subscriptions() override;
    std::vector<app::TypeCount> recorded() override;
    // Looks up the oldest event of each subscription, for all_subscriptions(), and compares the
    // heads of the log with what was heard. Reads the store.
    Status sweep();

 private:
    std::shared_ptr<DeliveryCore> core_;
};

}  // namespace daybook::delivery
