// Webhooks, and what delivery and admins do to subscriptions: the handlers of their commands.
//
// What delivery saves about itself makes no event: it says how far a reader is, and nobody did it.
#include <algorithm>

#include "app/event_facts.h"
#include "app/execution.h"
#include "domain/rules.h"

namespace daybook::app {

using namespace domain;

namespace {

std::string no_such_letter() {
    return "There is no such dead letter. GET /v1/finance/dead-letters lists them.";
}

std::string no_such_subscription() {
    return "There is no such subscription. GET /v1/finance/subscriptions lists them.";
}

}  // namespace

Result<Webhook> Execution::alive_webhook(WebhookId id) {
    const Webhook* found = TRY(work_.webhook({principal_.org, id}));
    if (found == nullptr || found->deleted)
        return fail(ErrorCode::not_found, "There is no such webhook.");
    return *found;
}

Result<std::vector<Item>> Execution::operator()(const AddWebhookWithSecret& command) {
    for (const PropertyId id : command.webhook.properties)
        TRY(visible_property(work_, principal_, id));
    const WebhookKey key{principal_.org, command.webhook.id};
    const std::int64_t alive = TRY(work_.webhooks_alive(principal_.org));
    const Position head = TRY(work_.head(principal_.org)).position;
    if (command.webhook.start_at && *command.webhook.start_at > head) {
        return fail_field(ErrorCode::invalid_value, "/startAt",
                          "The log ends at position " + std::to_string(head) +
                              "; use that or less, or leave it out.");
    }
    Event event = TRY(decide(alive, command.webhook, TRY(context())));
    work_.keep_secret({key, command.secret});
    auto items = TRY(
        append_one(std::move(event), [&]() -> Result<Entity> { return *TRY(work_.webhook(key)); }));
    DeliveryRow row;
    row.watermark = command.webhook.start_at.value_or(head + 1);  // its own event is not news
    row.saved_at = now_;
    work_.put_delivery({principal_.org, webhook_subscription(key.id)}, std::move(row));
    return items;
}

Result<std::vector<Item>> Execution::operator()(const UpdateWebhook& command) {
    const Webhook before = TRY(alive_webhook(command.id));
    for (const PropertyId id : command.properties.value_or(std::vector<PropertyId>{}))
        TRY(visible_property(work_, principal_, id));
    Event event = TRY(decide(before, command, TRY(context())));
    return append_one(std::move(event), [&]() -> Result<Entity> {
        return *TRY(work_.webhook({principal_.org, command.id}));
    });
}

Result<std::vector<Item>> Execution::operator()(const DeleteWebhook& command) {
    const Webhook before = TRY(alive_webhook(command.id));
    Event event = TRY(decide(before, command, TRY(context())));
    work_.forget_subscription({principal_.org, webhook_subscription(command.id)});
    return append_one(std::move(event), [&]() -> Result<Entity> {
        return *TRY(work_.webhook({principal_.org, command.id}));
    });
}

Result<std::vector<Item>> Execution::operator()(const SaveDelivery& command) {
    if (command.fence != TRY(work_.fence(kDeliveryLease)))
        return fail(ErrorCode::stale_version, "Another node delivers since.");
    const DeliveryKey key{principal_.org, command.subscription};
    const DeliveryRow* found = TRY(work_.delivery(key));
    DeliveryRow row = found != nullptr ? *found : DeliveryRow{};
    // A webhook's row is made with it and goes with it; others begin with their first save.
    const bool is_gone = found == nullptr && webhook_of_subscription(command.subscription);
    if (is_gone || row.generation != command.generation)
        return fail(ErrorCode::stale_version, "The subscription was reset since, or is gone.");
    row.watermark = command.watermark;
    row.ranges = command.ranges;
    row.saved_at = now_;
    if (command.pause && !row.paused) {
        row.paused = true;
        row.reason = *command.pause;
    }
    for (const DeadLetter& letter : command.letters) work_.put_dead_letter(principal_.org, letter);
    work_.put_delivery(key, std::move(row));
    return std::vector<Item>{};
}

Result<std::vector<Item>> Execution::operator()(const LogWebhookAttempts& command) {
    for (const WebhookAttempt& attempt : command.attempts) {
        const Webhook* webhook = TRY(work_.webhook({principal_.org, attempt.webhook}));
        if (webhook != nullptr && !webhook->deleted) work_.keep_attempt(principal_.org, attempt);
    }
    return std::vector<Item>{};
}

Result<std::vector<Item>> Execution::operator()(const ChangeDelivery& command) {
    // First: how it stands is not for others to find out either.
    const Context context = TRY(this->context());
    TRY(check_administers(context));
    DeliveryChanged change;
    switch (command.act) {
        case DeliveryAct::redriven:
        case DeliveryAct::discarded: change = TRY(change_letter(command)); break;
        case DeliveryAct::replayed: change = TRY(replay_event(command)); break;
        default: change = TRY(change_subscription(command));
    }
    return append_one(TRY(decide(change, context)), [&]() -> Result<Entity> { return change; });
}

Result<DeliveryChanged> Execution::change_letter(const ChangeDelivery& command) {
    const DeadLetter* found = TRY(work_.dead_letter({principal_.org, command.dead_letter}));
    if (found == nullptr) return fail(ErrorCode::not_found, no_such_letter());
    DeadLetter letter = *found;
    if (letter.state != DeadLetterState::dead) {
        return fail(ErrorCode::invalid_transition,
                    "It is being delivered again at this moment; look at it in a while.");
    }
    const bool discards = command.act == DeliveryAct::discarded;
    letter.state = discards ? DeadLetterState::removed : DeadLetterState::redriving;
    DeliveryChanged change{letter.subscription, command.act, std::nullopt, letter.id,
                           Text{command.reason, false}};
    work_.put_dead_letter(principal_.org, std::move(letter));
    return change;
}

Result<DeliveryChanged> Execution::change_subscription(const ChangeDelivery& command) {
    const DeliveryKey key{principal_.org, command.subscription};
    const DeliveryRow* found = TRY(work_.delivery(key));
    if (found == nullptr) return fail(ErrorCode::not_found, no_such_subscription());
    DeliveryRow row = *found;
    DeliveryChanged change{command.subscription, command.act, std::nullopt, std::nullopt,
                           Text{command.reason, false}};
    if (command.act == DeliveryAct::reset) {
        const Position head = TRY(work_.head(principal_.org)).position;
        if (command.to < 0 || command.to > head) {
            return fail_field(ErrorCode::invalid_value, "/position",
                              "Use a position from 0, to deliver all events again, to " +
                                  std::to_string(head) + ", the end of the log.");
        }
        ++row.generation;
        row.watermark = command.to;
        row.ranges.clear();
        change.to = command.to;
    } else {
        const bool pauses = command.act == DeliveryAct::paused;
        if (row.paused == pauses) {
            return fail(ErrorCode::nothing_to_change,
                        pauses ? "It is paused already." : "It is not paused.");
        }
        row.paused = pauses;
        row.reason = pauses ? (command.reason.empty() ? "Paused by an admin." : command.reason)
                            : std::string();
    }
    row.saved_at = now_;
    work_.put_delivery(key, std::move(row));
    return change;
}

// The event becomes a dead letter that is being redriven: it is retried, listed if it fails again,
// and survives a restart.
Result<DeliveryChanged> Execution::replay_event(const ChangeDelivery& command) {
    const DeliveryKey key{principal_.org, command.subscription};
    if (TRY(work_.delivery(key)) == nullptr)
        return fail(ErrorCode::not_found, no_such_subscription());
    // The read gives the first event from there on.
    const Position at = std::max<Position>(command.to, 1);
    const auto stored = TRY(work_.stored_events(principal_.org, at, 1));
    if (stored.empty() || stored.front().position != command.to) {
        return fail(ErrorCode::not_found,
                    "There is no event at this position; GET /v1/finance/events shows them.");
    }
    const EventFacts facts = TRY(facts_of(stored.front()));
    DeadLetter letter;
    letter.id = new_id<DeadLetterId>(now_, work_.environment().random);
    letter.subscription = command.subscription;
    letter.position = facts.position;
    letter.event = facts.id;
    letter.event_type = facts.type;
    letter.entity_type = facts.entity_type;
    letter.entity = facts.entity;
    letter.property = facts.property;
    letter.first_at = now_;
    letter.last_at = now_;
    letter.state = DeadLetterState::redriving;
    DeliveryChanged change{command.subscription, command.act, facts.position, letter.id,
                           Text{command.reason, false}};
    work_.put_dead_letter(principal_.org, std::move(letter));
    return change;
}

}  // namespace daybook::app
