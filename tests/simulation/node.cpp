// Listeners in the order of main.cpp.
#include "simulation/node.h"

namespace daybook::simulation {

Node::Node(const Surroundings& around)
    : disk(around.kept, around.on_kept, around.claimed),
      store(around.kept, disk, {around.clock, around.random},
            around.leases != nullptr ? NodeStore::Others::write : NodeStore::Others::none),
      reads(store),
      // Time flies, so that nobody waits for a raise that comes only after the read.
      reports({reads, around.clock, [this] { return us_ += 10'000'000; }}),
      delivery(store, around.clock, around.jitter, executor),
      hub({.feed = feed,
           .principal_now =
               [this, &clock = around.clock](const domain::Principal& who) {
                   return authenticator.current(who, clock.now());
               },
           .read_page = [this](auto request) { pages.push_back(std::move(request)); },
           .ring_limits = kRing},
          now_ms) {
    store.note_heads();
    around.meanwhile();
    authenticator.load(store).value();
    around.meanwhile();
    store.listen(authenticator);
    store.listen(reports);
    store.listen(feed);
    store.listen(delivery);
    delivery::Subscription subscription;
    subscription.name = kSubscription;
    subscription.filter.entity_types = {"entry"};
    subscription.policy.in_flight = kInFlight;
    subscription.handler = around.handler;
    delivery.subscribe(std::move(subscription));
    if (around.leases == nullptr) {
        delivery.start().value();
        return;
    }
    announcer.emplace(around.publish);
    store.listen(*announcer);
    store.follow();
    keeper.emplace(delivery::LeaseParts{
        *around.leases, app::kDeliveryLease, new_uuid(around.clock.now(), around.random), executor,
        [this] { return store.health().accepts_writes; },
        [this](app::Fence fence) { return delivery.start(fence); }, [this] { delivery.halt(); }});
    keeper->start();
}

Node::~Node() {
    hub.close_all();
}

void Node::advance_ms(std::int64_t ms) {
    now_ms += ms;
    executor.advance_ms(ms);
    hub.tick(now_ms);
}

void Node::run() {
    executor.run_ready();
    hub.collect(now_ms);
}

bool Node::catch_up(std::optional<OrgId> org) {
    disk.take_failed_to_follow();
    const auto is_done = std::make_shared<bool>(false);
    store.catch_up(org, [is_done] { *is_done = true; });
    return *is_done && !disk.take_failed_to_follow();
}

void Node::hear(const std::string& message) {
    delivery::read_news(message,
                        [this](OrgId org, Position position) { store.heard(org, position); });
}

void Node::load(OrgId org) {
    if (!authenticator.is_loaded(org)) store.load(org, [](const Status&) {});
}

void Node::drain() {
    if (keeper) keeper->stop();
    store.drain();
}

}  // namespace daybook::simulation
