// Folds the events of each entity up to the one that the first request wrote.
#include "app/replay.h"

#include "app/event_codec.h"
#include "base/check.h"
#include "domain/apply.h"

namespace daybook::app {
namespace {

using namespace domain;

std::optional<PropertyId> property_of(const Entity& entity) {
    struct Visit {
        std::optional<PropertyId> operator()(const Entry& entry) { return entry.property; }
        std::optional<PropertyId> operator()(const Count& count) { return count.property; }
        std::optional<PropertyId> operator()(const Adjustment& adjustment) {
            return adjustment.property;
        }
        std::optional<PropertyId> operator()(const Property& property) { return property.id; }
        std::optional<PropertyId> operator()(const Category&) { return std::nullopt; }
        std::optional<PropertyId> operator()(const Token&) { return std::nullopt; }
        std::optional<PropertyId> operator()(const User&) { return std::nullopt; }
        std::optional<PropertyId> operator()(const Org&) { return std::nullopt; }
        std::optional<PropertyId> operator()(const ImportCommitted&) { return std::nullopt; }
        std::optional<PropertyId> operator()(const Webhook&) { return std::nullopt; }
        std::optional<PropertyId> operator()(const DeliveryChanged&) { return std::nullopt; }
        std::optional<PropertyId> operator()(const Closing& closing) { return closing.property; }
        std::optional<PropertyId> operator()(const PeriodLock& lock) { return lock.property; }
        std::optional<PropertyId> operator()(const LockException& exception) {
            return exception.property;
        }
        std::optional<PropertyId> operator()(const DailyApproval& approval) {
            return approval.property;
        }
        std::optional<PropertyId> operator()(const ChangeRequest& change) {
            return change.property;
        }
    };
    return std::visit(Visit{}, entity);
}

// The entity after one more of its events.
Entity fold_entity(std::optional<Entity> before, const RecordedEvent& event) {
    struct Fold {
        const std::optional<Entity>& before;
        const RecordedEvent& event;

        Entity operator()(const EntryChanged& change) {
            return apply(before ? &std::get<Entry>(*before) : nullptr, change, event);
        }
        Entity operator()(const CountRecorded& recorded) { return apply(recorded, event); }
        Entity operator()(const AdjustmentPosted& posted) { return apply(posted, event); }
        Entity operator()(const OpeningDeclared& declared) {
            CHECK(before.has_value());
            return apply(std::get<Property>(*before), declared);
        }
        Entity operator()(const OrgCreated& created) { return created.org; }
        Entity operator()(const SettingChanged& changed) { return changed.after; }
        Entity operator()(const PropertyChanged& changed) { return changed.after; }
        Entity operator()(const CategoryChanged& changed) { return changed.after; }
        Entity operator()(const TokenChanged& changed) { return changed.after; }
        Entity operator()(const UserChanged& changed) { return changed.after; }
        Entity operator()(const CredentialChanged&) { return *before; }
        Entity operator()(const ImportCommitted& import) { return import; }
        Entity operator()(const WebhookChanged& changed) { return changed.after; }
        Entity operator()(const DeliveryChanged& changed) { return changed; }
        Entity operator()(const TextErased& erased) {
            CHECK(before.has_value());
            return apply(std::get<Entry>(*before), erased);
        }
        Entity operator()(const DayClosed& closed) { return apply(closed, event); }
        Entity operator()(const DayReopened& reopened) {
            return apply(before ? &std::get<Closing>(*before) : nullptr, reopened, event);
        }
        Entity operator()(const VarianceAcknowledged&) {
            CHECK(before.has_value());
            return apply_acknowledgement(std::get<Closing>(*before), event);
        }
        Entity operator()(const LockChanged& changed) { return apply(changed, event); }
        Entity operator()(const LockExceptionChanged& changed) { return apply(changed, event); }
        Entity operator()(const DailyApprovalChanged& changed) { return apply(changed, event); }
    };
    return std::visit(Fold{before, event}, event.event.payload);
}

// What a request that only asked for a change was answered with.
std::optional<Entity> asked_for(const Entity& before, const RecordedEvent& event) {
    const auto type = as_entry_event(event.event.type);
    if (!type || type->verb != EntryVerb::change_requested) return std::nullopt;
    return requested_change(std::get<Entry>(before), std::get<EntryChanged>(event.event.payload),
                            event);
}

Result<Entity> entity_at(UnitOfWork& work, OrgId org, const StoredEvent& stored) {
    const RecordedEvent last = TRY(decode(stored.bytes, stored.private_json));
    std::optional<Entity> entity;
    std::optional<Entity> asked;
    for (const StoredEvent& each : TRY(work.events_of(org, last.event.entity, stored.position))) {
        const RecordedEvent event = TRY(decode(each.bytes, each.private_json));
        asked = entity ? asked_for(*entity, event) : std::nullopt;
        entity = fold_entity(std::move(entity), event);
    }
    if (asked) return *std::move(asked);
    if (!entity) return fail(ErrorCode::corrupt, "An event of the log is not found by its entity.");
    return *std::move(entity);
}

// What belongs to the org was and is for those who administer it.
Status check_visible(const Principal& principal, const Entity& entity) {
    const auto property = property_of(entity);
    const auto* change = std::get_if<ChangeRequest>(&entity);
    const bool leads_away =
        change != nullptr && change->to_property && !principal.scope.covers(*change->to_property);
    const bool is_visible = property ? principal.scope.covers(*property) : principal.administers();
    if (is_visible && !leads_away) return {};
    return fail(ErrorCode::not_found, "What this request made is not there any more.");
}

// An entry that was passed over because it was there already: as it is now, for the first request
// made no event of it.
Result<Entity> skipped_entry(UnitOfWork& work, OrgId org, const Command& command,
                             std::size_t index) {
    const auto* add = std::get_if<AddEntries>(&command.body);
    if (add == nullptr || index >= add->entries.size()) {
        return fail(ErrorCode::corrupt, "The record of this request does not fit it.");
    }
    const AddEntry& asked = add->entries[index];
    const auto id = TRY(
        work.entry_by_external_id({org, asked.property, asked.kind, asked.content.external_id}));
    const Entry* entry = id ? TRY(work.entry({org, *id})) : nullptr;
    if (entry == nullptr) return fail(ErrorCode::corrupt, "An entry that was there is not.");
    return *entry;
}

bool shows_a_secret(const CommandBody& body) {
    return std::holds_alternative<CreateTokenWithSecret>(body) ||
           std::holds_alternative<InviteUserWithLink>(body) ||
           std::holds_alternative<MakeLink>(body);
}

}  // namespace

Result<Outcome> replay(UnitOfWork& work, const Principal& principal, const Command& command,
                       const IdempotencyRecord& record) {
    CHECK(command.idempotency.has_value());
    if (record.request != command.idempotency->request) {
        return fail(
            ErrorCode::idempotency_mismatch,
            "This Idempotency-Key was used for another request. Use a new key for a new request.");
    }
    if (shows_a_secret(command.body)) {
        return fail(ErrorCode::already_created, "It was created; its secret is shown only once.");
    }
    if (std::holds_alternative<AddWebhookWithSecret>(command.body)) {
        return fail(ErrorCode::already_created,
                    "The webhook was created; its secret is shown only once.");
    }
    const auto events = TRY(work.stored_events(principal.org, record.first, record.count));
    if (std::ssize(events) != record.count) {
        return fail(ErrorCode::corrupt, "Events that this request made are not in the log.");
    }
    Outcome outcome{record.first + record.count - 1, true, {}};
    for (std::size_t i = 0; i < record.items.size(); ++i) {
        const std::int32_t item = record.items[i];
        if (item == IdempotencyRecord::kItemSkipped) {
            Entity entity = TRY(skipped_entry(work, principal.org, command, i));
            TRY(check_visible(principal, entity));
            outcome.items.push_back(Item{std::move(entity), std::nullopt});
            continue;
        }
        if (item < 0) {
            const auto code = static_cast<ErrorCode>(-1 - item);
            outcome.items.push_back(
                Item{fail(code, "Refused when the request was first made."), std::nullopt});
            continue;
        }
        const StoredEvent& stored = events.at(static_cast<std::size_t>(item));
        Entity entity = TRY(entity_at(work, principal.org, stored));
        TRY(check_visible(principal, entity));
        outcome.items.push_back(Item{std::move(entity), stored.position});
    }
    return outcome;
}

}  // namespace daybook::app
