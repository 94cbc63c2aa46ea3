// Listeners in the order of main.cpp.
#include "simulation/node.h"

namespace daybook::simulation {

Node::Node(const Surroundings& around)
    : disk(around.kept, around.on_kept),
      store(around.kept, disk, {around.clock, around.random}),
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
    authenticator.load(store).value();
    reports.load().value();
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
    delivery.start().value();
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

}  // namespace daybook::simulation
