// The script's calls, and commands by their short names.
#include "support/delivery_desk.h"

#include <algorithm>

namespace daybook::test {

void ScriptedHandler::handle(const delivery::Message& message, delivery::Attempt&& attempt) {
    calls.push_back(
        {message.facts.position, message.facts.entity, message.facts.id, attempt.number()});
    script_(calls.back(), std::move(attempt));
}

DeliveryDesk::DeliveryDesk() : DeliveryDesk(store_kinds().front()) {}

DeliveryDesk::DeliveryDesk(const StoreKind& kind)
    : asynchronous_store(kind.open(environment, directory)) {
    store.listen(relay_);
}

DeliveryDesk::~DeliveryDesk() {
    kill();
}

delivery::Subscription DeliveryDesk::subscription() const {
    delivery::Subscription subscription;
    subscription.name = kName;
    subscription.handler = handler;
    return subscription;
}

void DeliveryDesk::start(delivery::Subscription subscription) {
    delivery_ = std::make_unique<delivery::Delivery>(store, clock, jitter, executor);
    relay_.to = delivery_.get();
    delivery_->subscribe(std::move(subscription));
    delivery_->start().value();
    run();
}

void DeliveryDesk::kill() {
    relay_.to = nullptr;
    delivery_.reset();
    handler->held.clear();
    run();
}

void DeliveryDesk::halt() {
    delivery_->halt();
    run();
}

void DeliveryDesk::go_on() {
    delivery_->start().value();
    run();
}

void DeliveryDesk::advance_ms(std::int64_t ms) {
    clock.advance_ms(ms);
    executor.advance_ms(ms);
}

Position DeliveryDesk::add_entry() {
    new_entry();
    return head();
}

EntryId DeliveryDesk::new_entry() {
    return org.add(org.expense(property, 100)).id;
}

Position DeliveryDesk::change_entry(EntryId id) {
    domain::UpdateEntry update;
    update.id = id;
    update.version = org.entry(id).version;
    update.patch.amount_minor = org.entry(id).content.amount.minor + 1;
    org.run(std::move(update)).value();
    return head();
}

void DeliveryDesk::act(domain::DeliveryAct act, Position to) {
    app::ChangeDelivery change;
    change.subscription = kName;
    change.act = act;
    change.to = to;
    org.run(std::move(change)).value();
}

Result<app::Outcome> DeliveryDesk::act_on(DeadLetterId letter, domain::DeliveryAct act) {
    app::ChangeDelivery change;
    change.act = act;
    change.dead_letter = letter;
    change.reason = "A reason.";
    return org.run(std::move(change));
}

app::SubscriptionStatus DeliveryDesk::status() {
    return delivery_->subscriptions(org.id()).value().at(0);
}

std::vector<app::DeadLetter> DeliveryDesk::dead_letters() {
    return org.snapshot()->dead_letters({}).value().letters;
}

app::DeliveryRow DeliveryDesk::saved() {
    for (const app::DeliveryEntry& each : org.snapshot()->deliveries().value())
        if (each.key.subscription == kName) return each.row;
    return {};
}

std::vector<Position> DeliveryDesk::handled(std::optional<EntryId> entity) const {
    std::vector<Position> positions;
    for (const ScriptedHandler::Call& call : handler->calls) {
        if (!entity || entity->value == call.entity) positions.push_back(call.position);
    }
    return positions;
}

}  // namespace daybook::test
