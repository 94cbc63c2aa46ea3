// Loads, recording, and the end of a command.
#include "app/unit_of_work.h"

#include <algorithm>
#include <ranges>

#include "app/event_codec.h"
#include "app/unit_source.h"
#include "base/check.h"

namespace daybook::app {
namespace {

using namespace domain;

std::optional<DateRange> span_of(const std::vector<BusinessDate>& sorted_dates) {
    if (sorted_dates.empty()) return std::nullopt;
    return DateRange{sorted_dates.front(), sorted_dates.back()};
}

}  // namespace

UnitOfWork::UnitOfWork(WriteTransaction& transaction, const Environment& environment)
    : transaction_(transaction), environment_(environment) {}

Result<const Org*> UnitOfWork::org(OrgId org) {
    return orgs_.get(org, [this](OrgId id) { return transaction_.org(id); });
}

Result<const Property*> UnitOfWork::property(const PropertyKey& key) {
    return properties_.get(key,
                           [this](const PropertyKey& at) { return transaction_.property(at); });
}

Result<std::optional<PropertyId>> UnitOfWork::property_by_name(const PropertyNameKey& key) {
    const PropertyId* found = TRY(property_names_.get(
        key, [this](const PropertyNameKey& at) { return transaction_.property_by_name(at); }));
    if (found == nullptr) return std::nullopt;
    // The name may have been given up since.
    const Property* property = TRY(this->property({key.org, *found}));
    if (property == nullptr || property->name != key.name) return std::nullopt;
    return property->id;
}

Result<Counters> UnitOfWork::counters(const PropertyKey& key) {
    const Counters* found = TRY(
        counters_.get(key, [this](const PropertyKey& at) { return transaction_.counters(at); }));
    return found == nullptr ? Counters{} : *found;
}

Result<const Category*> UnitOfWork::category(const CategoryIdKey& key) {
    return categories_.get(key,
                           [this](const CategoryIdKey& at) { return transaction_.category(at); });
}

Result<const Category*> UnitOfWork::category_by_key(const CategoryKey& key) {
    const CategoryId* found = TRY(category_keys_.get(
        key, [this](const CategoryKey& at) { return transaction_.category_by_key(at); }));
    if (found == nullptr) return nullptr;
    return category({key.org, *found});
}

Result<const Token*> UnitOfWork::token(const TokenKey& key) {
    return tokens_.get(key, [this](const TokenKey& at) { return transaction_.token(at); });
}

Result<const Webhook*> UnitOfWork::webhook(const WebhookKey& key) {
    return webhooks_.get(key, [this](const WebhookKey& at) { return transaction_.webhook(at); });
}

Result<std::int64_t> UnitOfWork::webhooks_alive(OrgId org) {
    const auto load = [this](OrgId of) -> Result<std::optional<std::int64_t>> {
        return TRY(transaction_.webhooks_alive(of));
    };
    return *TRY(webhooks_alive_.get(org, load));
}

Result<const DeliveryRow*> UnitOfWork::delivery(const DeliveryKey& key) {
    return deliveries_.get(key,
                           [this](const DeliveryKey& at) { return transaction_.delivery(at); });
}

Result<const DeadLetter*> UnitOfWork::dead_letter(const DeadLetterKey& key) {
    const DeadLetter* found = TRY(dead_letters_.get(
        key, [this](const DeadLetterKey& at) { return transaction_.dead_letter(at); }));
    const bool is_there = found != nullptr && found->state != DeadLetterState::removed;
    return is_there ? found : nullptr;
}

Result<const Entry*> UnitOfWork::entry(const EntryKey& key) {
    return entries_.get(key, [this](const EntryKey& at) { return transaction_.entry(at); });
}

Result<std::optional<EntryId>> UnitOfWork::entry_by_external_id(const ExternalIdKey& key) {
    const EntryId* found = TRY(external_ids_.get(
        key, [this](const ExternalIdKey& at) { return transaction_.entry_by_external_id(at); }));
    if (found == nullptr) return std::nullopt;
    return *found;
}

Result<std::int64_t> UnitOfWork::reversed_minor(const EntryKey& original) {
    const std::int64_t* found = TRY(reversed_minor_.get(
        original, [this](const EntryKey& at) { return transaction_.reversed_minor(at); }));
    return found == nullptr ? 0 : *found;
}

Result<const ChangeRequest*> UnitOfWork::change_request(const EntryKey& key) {
    const ChangeRequest* found = TRY(change_requests_.get(
        key, [this](const EntryKey& at) { return transaction_.change_request(at); }));
    return found != nullptr && !found->closed ? found : nullptr;
}

Result<Head> UnitOfWork::head(OrgId org) {
    const Head* found = TRY(heads_.get(org, [this](OrgId id) { return transaction_.head(id); }));
    return found == nullptr ? Head{0, chain_start(org)} : *found;
}

Result<const Closing*> UnitOfWork::closing(const PropertyKey& property, BusinessDate date) {
    return latest_closings_.get({property.org, property.id, date, 0}, [&](const ClosingKey&) {
        return transaction_.latest_closing(property, date);
    });
}

Result<const PeriodLock*> UnitOfWork::lock(const LockKey& key) {
    return locks_.get(key, [this](const LockKey& at) { return transaction_.lock(at); });
}

Result<const LockException*> UnitOfWork::lock_exception(const LockExceptionKey& key) {
    return lock_exceptions_.get(
        key, [this](const LockExceptionKey& at) { return transaction_.lock_exception(at); });
}

Result<Position> UnitOfWork::newest_event(const PropertyKey& property) {
    for (const EventRow& event : std::views::reverse(events_)) {
        if (event.org == property.org && event.property == property.id) return event.position;
    }
    return transaction_.newest_event(property);
}

Result<std::unique_ptr<reports::Source>> UnitOfWork::source(OrgId org) {
    return std::make_unique<UnitSource>(*this, org, TRY(transaction_.source(org)));
}

Result<std::optional<IdempotencyRecord>> UnitOfWork::idempotency(const IdempotencyKey& key,
                                                                 Instant now) {
    const IdempotencyRecord* found = TRY(idempotency_.get(
        key, [&](const IdempotencyKey& at) { return transaction_.idempotency(at, now); }));
    if (found == nullptr) return std::nullopt;
    return *found;
}

Result<std::vector<StoredEvent>> UnitOfWork::stored_events(OrgId org, Position first,
                                                           std::int64_t count) {
    std::vector<StoredEvent> events = TRY(transaction_.events(org, first, count));
    for (const EventRow& row : events_) {
        if (row.org == org && row.position >= first && row.position < first + count) {
            events.push_back(row.stored);
        }
    }
    return events;
}

Result<std::vector<StoredEvent>> UnitOfWork::events_of(OrgId org, EntityRef entity,
                                                       Position up_to) {
    std::vector<StoredEvent> events = TRY(transaction_.events_of(org, entity, up_to));
    for (const EventRow& row : events_) {
        if (row.org == org && row.entity == entity && row.position <= up_to)
            events.push_back(row.stored);
    }
    return events;
}

Result<Position> UnitOfWork::append(const Authorship& by, Event event) {
    const Head before = TRY(head(by.org));
    RecordedEvent recorded{new_id<EventId>(by.at, environment_.random),
                           by.org,
                           before.position + 1,
                           by.at,
                           by.user,
                           by.via,
                           Text{by.address, false},
                           by.correlation,
                           std::move(event)};
    TRY(fold(recorded));
    TRY(note_external_id(recorded));
    EncodedEvent encoded = encode(recorded, environment_.random);
    const Hash hash = chain_hash(before.hash, encoded.bytes);
    heads_.put(by.org, Head{recorded.position, hash});
    const Event& what = recorded.event;
    events_.push_back(EventRow{by.org, recorded.id, recorded.position, what.type, what.property,
                               what.entity, by.user, by.at, span_of(what.affected_report_dates),
                               StoredEvent{recorded.position, std::move(encoded.bytes),
                                           std::move(encoded.private_json), before.hash, hash}});
    return recorded.position;
}

// So that the rest of the batch finds the new entry by it; a rebuild never asks.
Status UnitOfWork::note_external_id(const RecordedEvent& event) {
    const auto* change = std::get_if<EntryChanged>(&event.event.payload);
    const bool is_named = change != nullptr && !change->content.external_id.empty();
    if (!is_named || change->status_before) return {};
    const Entry* added = TRY(entry({event.org, change->id}));
    external_ids_.put({event.org, added->property, added->kind, added->content.external_id},
                      added->id);
    return {};
}

// Which rows each kind of event changes.
void UnitOfWork::remember(const IdempotencyKey& key, IdempotencyRecord record) {
    idempotency_.put(key, std::move(record));
}

void UnitOfWork::put_delivery(const DeliveryKey& key, DeliveryRow row) {
    deliveries_.put(key, std::move(row));
}

void UnitOfWork::put_dead_letter(OrgId org, DeadLetter letter) {
    const DeadLetterKey key{org, letter.id};
    dead_letters_.put(key, std::move(letter));
}

template <class Visit>
void UnitOfWork::for_each_cache(Visit&& visit) {
    visit(heads_);
    visit(orgs_);
    visit(properties_);
    visit(property_names_);
    visit(counters_);
    visit(categories_);
    visit(category_keys_);
    visit(tokens_);
    visit(webhooks_);
    visit(webhooks_alive_);
    visit(deliveries_);
    visit(dead_letters_);
    visit(users_);
    visit(passwords_);
    visit(sessions_);
    visit(links_);
    visit(read_marks_);
    visit(last_uses_);
    visit(failed_sign_ins_);
    visit(accesses_);
    visit(entries_);
    visit(external_ids_);
    visit(reversed_minor_);
    visit(change_requests_);
    visit(counts_);
    visit(adjustments_);
    visit(closings_);
    visit(latest_closings_);
    visit(locks_);
    visit(lock_exceptions_);
    visit(undecided_);
    visit(daily_approvals_);
    visit(notifications_);
    visit(account_totals_);
    visit(category_totals_);
    visit(pending_totals_);
    visit(idempotency_);
}

template <class Visit>
void UnitOfWork::for_each_list(Visit&& visit) {
    visit(credentials_);
    visit(webhook_secrets_);
    visit(webhook_attempts_);
    visit(forgotten_);
    visit(frozen_reports_);
}

void UnitOfWork::accept() {
    for_each_cache([](auto& cache) { cache.accept(); });
    events_accepted_ = events_.size();
    for_each_list([](auto& list) { list.accept(); });
    erasures_accepted_ = erasures_.size();
}

void UnitOfWork::roll_back() {
    for_each_cache([](auto& cache) { cache.roll_back(); });
    events_.erase(events_.begin() + static_cast<std::ptrdiff_t>(events_accepted_), events_.end());
    for_each_list([](auto& list) { list.roll_back(); });
    erasures_.resize(erasures_accepted_);
}

Changes UnitOfWork::take_changes() {
    Changes changes;
    changes.events = std::move(events_);
    changes.heads = heads_.take_changes();
    changes.orgs = orgs_.take_changes();
    changes.properties = properties_.take_changes();
    changes.counters = counters_.take_changes();
    changes.categories = categories_.take_changes();
    changes.tokens = tokens_.take_changes();
    changes.users = users_.take_changes();
    changes.passwords = passwords_.take_changes();
    changes.sessions = sessions_.take_changes();
    changes.links = links_.take_changes();
    changes.read_marks = read_marks_.take_changes();
    changes.last_uses = last_uses_.take_changes();
    changes.failed_sign_ins = failed_sign_ins_.take_changes();
    changes.accesses = accesses_.take_changes();
    changes.entries = entries_.take_changes();
    changes.reversed_minor = reversed_minor_.take_changes();
    changes.change_requests = change_requests_.take_changes();
    changes.counts = counts_.take_changes();
    changes.adjustments = adjustments_.take_changes();
    changes.closings = closings_.take_changes();
    changes.locks = locks_.take_changes();
    changes.lock_exceptions = lock_exceptions_.take_changes();
    changes.undecided = undecided_.take_changes();
    changes.daily_approvals = daily_approvals_.take_changes();
    changes.notifications = notifications_.take_changes();
    changes.account_totals = account_totals_.take_changes();
    changes.category_totals = category_totals_.take_changes();
    changes.pending_totals = pending_totals_.take_changes();
    changes.idempotency = idempotency_.take_changes();
    changes.credentials = credentials_.take();
    changes.webhooks = webhooks_.take_changes();
    changes.webhook_secrets = webhook_secrets_.take();
    changes.deliveries = deliveries_.take_changes();
    changes.dead_letters = dead_letters_.take_changes();
    changes.webhook_attempts = webhook_attempts_.take();
    changes.forgotten = forgotten_.take();
    changes.frozen_reports = frozen_reports_.take();
    changes.erasures = std::move(erasures_);
    return changes;
}

}  // namespace daybook::app
