// Loads, the fold of events into rows, and the end of a command.
#include "app/unit_of_work.h"

#include <array>
#include <cstdlib>

#include "app/event_codec.h"
#include "base/check.h"
#include "base/limits.h"
#include "domain/apply.h"

namespace daybook::app {
namespace {

using namespace domain;

constexpr std::array kLevels{PeriodLevel::day, PeriodLevel::month, PeriodLevel::year};

std::optional<DateRange> span_of(const std::vector<BusinessDate>& sorted_dates) {
    if (sorted_dates.empty()) return std::nullopt;
    return DateRange{sorted_dates.front(), sorted_dates.back()};
}

template <class Totals>
Totals signed_sum(Totals totals, const Totals& change, std::int64_t sign) {
    if (sign > 0) return totals += change;
    return totals -= change;
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

Result<Head> UnitOfWork::head(OrgId org) {
    const Head* found = TRY(heads_.get(org, [this](OrgId id) { return transaction_.head(id); }));
    return found == nullptr ? Head{0, chain_start(org)} : *found;
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

// Which rows each kind of event changes.
struct UnitOfWork::Fold {
    UnitOfWork& work;
    const RecordedEvent& event;

    Status operator()(const EntryChanged& change) { return work.fold_entry(event, change); }
    Status operator()(const CountRecorded& recorded) {
        const Count count = apply(recorded, event);
        work.counts_.put({event.org, count.id}, count);
        return {};
    }
    Status operator()(const AdjustmentPosted& posted) {
        const Adjustment adjustment = apply(posted, event);
        const PropertyKey at{event.org, adjustment.property};
        TRY(work.use_turnover(at, std::abs(adjustment.amount_minor), adjustment.date));
        TRY(work.add_account(
            {event.org, adjustment.property, adjustment.account, adjustment.date.key()},
            totals_of(adjustment), 1));
        work.adjustments_.put({event.org, adjustment.id}, adjustment);
        return {};
    }
    Status operator()(const OpeningDeclared& declared) {
        const PropertyKey at{event.org, event.event.property.value()};
        const Property* before = TRY(work.property(at));
        if (before == nullptr) return fail(ErrorCode::corrupt, "An opening of no property.");
        const auto size = [](const std::array<std::int64_t, 2>& minor) {
            return std::abs(minor[0]) + std::abs(minor[1]);
        };
        TRY(work.use_turnover(at, size(declared.opening_minor) - size(before->opening_minor),
                              std::nullopt));
        work.properties_.put(at, apply(*before, declared));
        return {};
    }
    Status operator()(const OrgCreated& created) {
        work.orgs_.put(event.org, created.org);
        return {};
    }
    Status operator()(const SettingChanged& changed) {
        work.orgs_.put(event.org, changed.after);
        return {};
    }
    Status operator()(const PropertyChanged& changed) {
        const Property& after = changed.after;
        const PropertyKey at{event.org, after.id};
        if (event.event.type == EventType::property_added) {
            const std::int64_t opening =
                std::abs(after.opening(Account::cash)) + std::abs(after.opening(Account::bank));
            TRY(work.use_turnover(at, opening, std::nullopt));
        }
        work.property_names_.put({event.org, after.name}, after.id);
        work.properties_.put(at, after);
        return {};
    }
    Status operator()(const CategoryChanged& changed) {
        const Category& after = changed.after;
        work.category_keys_.put({event.org, after.kind, after.key}, after.id);
        work.categories_.put({event.org, after.id}, after);
        return {};
    }
    Status operator()(const TokenChanged& changed) {
        work.tokens_.put({event.org, changed.after.id}, changed.after);
        return {};
    }
    Status operator()(const UserChanged& changed) {
        work.users_.put({event.org, changed.after.id}, changed.after);
        return {};
    }
    Status operator()(const CredentialChanged&) { return {}; }
    Status operator()(const ImportCommitted&) { return {}; }
    Status operator()(const WebhookChanged& changed) {
        const std::int64_t alive = TRY(work.webhooks_alive(event.org));
        const bool was_alive = changed.before && !changed.before->deleted;
        const std::int64_t change = (changed.after.deleted ? 0 : 1) - (was_alive ? 1 : 0);
        work.webhooks_alive_.put(event.org, alive + change);
        work.webhooks_.put({event.org, changed.after.id}, changed.after);
        return {};
    }
    Status operator()(const DeliveryChanged&) { return {}; }
    Status operator()(const TextErased& erased) {
        const EntryKey key{event.org, EntryId{event.event.entity.id}};
        const Entry* before = TRY(work.entry(key));
        if (before == nullptr) return fail(ErrorCode::corrupt, "Texts of no entry were erased.");
        work.entries_.put(key, apply(*before, erased));
        work.erasures_.push_back({event.org, event.event.entity, event.position - 1});
        return {};
    }
};

Status UnitOfWork::fold(const RecordedEvent& event) {
    return std::visit(Fold{*this, event}, event.event.payload);
}

Status UnitOfWork::fold_entry(const RecordedEvent& event, const EntryChanged& change) {
    const EntryKey key{event.org, change.id};
    const bool is_new = !change.status_before.has_value();
    const Entry* before = is_new ? nullptr : TRY(entry(key));
    if (!is_new && before == nullptr) return fail(ErrorCode::corrupt, "A change of no entry.");
    Entry after = domain::apply(before, change, event);
    const PropertyKey at{event.org, after.property};
    const EntryEffect effect_after = effect_of(after);
    std::optional<EntryEffect> effect_before;
    if (before != nullptr) effect_before = effect_of(*before);
    // First what may be refused, so that a refusal leaves nothing behind.
    const std::int64_t turnover_before = effect_before ? effect_before->turnover_minor : 0;
    TRY(use_turnover(at, effect_after.turnover_minor - turnover_before,
                     after.content.business_date));
    if (effect_before) TRY(add_effect(at, *effect_before, -1));
    TRY(add_effect(at, effect_after, 1));
    const std::int64_t reversed_before = before == nullptr ? 0 : domain::reversed_minor(*before);
    const std::int64_t reversed = domain::reversed_minor(after) - reversed_before;
    if (after.content.reverses && reversed != 0) {
        const EntryKey original{event.org, *after.content.reverses};
        const std::int64_t taken = TRY(reversed_minor(original));
        reversed_minor_.put(original, taken + reversed);
    }
    if (is_new) {
        Counters counters = TRY(this->counters(at));
        counters.next_number = after.number + 1;
        counters_.put(at, counters);
        if (!after.content.external_id.empty()) {
            external_ids_.put({event.org, after.property, after.kind, after.content.external_id},
                              after.id);
        }
    }
    entries_.put(key, std::move(after));
    return {};
}

Status UnitOfWork::add_effect(const PropertyKey& at, const EntryEffect& effect, std::int64_t sign) {
    const std::int32_t day = effect.date.key();
    for (const Account account : kAccounts) {
        const AccountTotals& totals = effect.accounts.at(static_cast<std::size_t>(account));
        if (totals.is_zero()) continue;
        TRY(add_account({at.org, at.id, account, day}, totals, sign));
    }
    if (!effect.category.is_zero()) {
        TRY(add_category({at.org, at.id, day, effect.kind, effect.key}, effect.category, sign));
    }
    if (!effect.pending.is_zero()) {
        TRY(add_pending({at.org, at.id, day, effect.kind}, effect.pending, sign));
    }
    return {};
}

Status UnitOfWork::add_account(const AccountTotalsKey& day, const AccountTotals& totals,
                               std::int64_t sign) {
    const BusinessDate date = BusinessDate::from_key(day.period).value();
    for (const PeriodLevel level : kLevels) {
        AccountTotalsKey key = day;
        key.period = period_key(date, level);
        const AccountTotals* found =
            TRY(account_totals_.get(key, [this](const AccountTotalsKey& each) {
                return transaction_.account_totals(each);
            }));
        account_totals_.put(key,
                            signed_sum(found == nullptr ? AccountTotals{} : *found, totals, sign));
    }
    return {};
}

Status UnitOfWork::add_category(const CategoryTotalsKey& day, const CategoryTotals& totals,
                                std::int64_t sign) {
    const BusinessDate date = BusinessDate::from_key(day.period).value();
    for (const PeriodLevel level : kLevels) {
        CategoryTotalsKey key = day;
        key.period = period_key(date, level);
        const CategoryTotals* found =
            TRY(category_totals_.get(key, [this](const CategoryTotalsKey& each) {
                return transaction_.category_totals(each);
            }));
        category_totals_.put(
            key, signed_sum(found == nullptr ? CategoryTotals{} : *found, totals, sign));
    }
    return {};
}

Status UnitOfWork::add_pending(const PendingTotalsKey& day, const PendingTotals& totals,
                               std::int64_t sign) {
    const BusinessDate date = BusinessDate::from_key(day.period).value();
    for (const PeriodLevel level : kLevels) {
        PendingTotalsKey key = day;
        key.period = period_key(date, level);
        const PendingTotals* found =
            TRY(pending_totals_.get(key, [this](const PendingTotalsKey& each) {
                return transaction_.pending_totals(each);
            }));
        pending_totals_.put(key,
                            signed_sum(found == nullptr ? PendingTotals{} : *found, totals, sign));
    }
    return {};
}

// The bound on turnover bounds every sum of a property, so no other addition can overflow (I9).
Status UnitOfWork::use_turnover(const PropertyKey& at, std::int64_t minor,
                                std::optional<BusinessDate> date) {
    Counters counters = TRY(this->counters(at));
    const Counters before = counters;
    counters.turnover_minor += minor;
    if (minor > 0 && counters.turnover_minor > limits::kTurnoverMinorMax) {
        return fail(ErrorCode::total_too_large,
                    "With this amount the sums of the property would no longer fit: all its "
                    "amounts together are at "
                    "most 9007199254740991 minor units.");
    }
    if (date && (!counters.first_on || *date < *counters.first_on)) counters.first_on = date;
    if (counters != before) counters_.put(at, counters);
    return {};
}

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
    visit(last_uses_);
    visit(failed_sign_ins_);
    visit(accesses_);
    visit(entries_);
    visit(external_ids_);
    visit(reversed_minor_);
    visit(counts_);
    visit(adjustments_);
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
    changes.last_uses = last_uses_.take_changes();
    changes.failed_sign_ins = failed_sign_ins_.take_changes();
    changes.accesses = accesses_.take_changes();
    changes.entries = entries_.take_changes();
    changes.reversed_minor = reversed_minor_.take_changes();
    changes.counts = counts_.take_changes();
    changes.adjustments = adjustments_.take_changes();
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
    changes.erasures = std::move(erasures_);
    return changes;
}

}  // namespace daybook::app
