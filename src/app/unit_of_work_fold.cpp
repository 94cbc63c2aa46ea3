// The fold of events into rows: what append() and a rebuild share.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "app/unit_of_work.h"
#include "base/check.h"
#include "base/limits.h"
#include "domain/apply.h"

namespace daybook::app {
namespace {

using namespace domain;

constexpr std::array kLevels{PeriodLevel::day, PeriodLevel::month, PeriodLevel::year};

template <class Totals>
Totals signed_sum(Totals totals, const Totals& change, std::int64_t sign) {
    if (sign > 0) return totals += change;
    return totals -= change;
}

}  // namespace

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
    Status operator()(const DayClosed& closed) { return work.fold_closed(event, closed); }
    Status operator()(const DayReopened& reopened) { return work.fold_reopened(event, reopened); }
    Status operator()(const VarianceAcknowledged& seen) {
        const Closing* before =
            TRY(work.closing({event.org, event.event.property.value()}, seen.date));
        if (before == nullptr) return fail(ErrorCode::corrupt, "A variance of no closed day.");
        work.put_closing(event.org, apply_acknowledgement(*before, event));
        return {};
    }
    Status operator()(const LockChanged& changed) {
        work.locks_.put({event.org, changed.after.property}, apply(changed, event));
        return {};
    }
    Status operator()(const LockExceptionChanged& changed) {
        work.lock_exceptions_.put({event.org, changed.after.property, changed.after.user},
                                  apply(changed, event));
        return {};
    }
    Status operator()(const DailyApprovalChanged& changed) {
        const DailyApproval& after = changed.after;
        work.daily_approvals_.put({event.org, after.property, after.date, after.user},
                                  apply(changed, event));
        return {};
    }
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
    TRY(std::visit(Fold{*this, event}, event.event.payload));
    return notify(event);
}

Status UnitOfWork::fold_entry(const RecordedEvent& event, const EntryChanged& change) {
    const EntryKey key{event.org, change.id};
    const bool is_new = !change.status_before.has_value();
    const Entry* before = is_new ? nullptr : TRY(entry(key));
    if (!is_new && before == nullptr) return fail(ErrorCode::corrupt, "A change of no entry.");
    Entry after = domain::apply(before, change, event);
    if (is_about_change(as_entry_event(event.event.type)->verb)) {
        TRY(fold_change_request(event, change, before));
        entries_.put(key, std::move(after));
        return {};
    }
    const PropertyKey at{event.org, after.property};
    const EntryEffect effect_after = effect_of(after);
    std::optional<EntryEffect> effect_before;
    if (before != nullptr) effect_before = effect_of(*before);
    // First what may be refused, so that a refusal leaves nothing behind.
    const std::int64_t turnover_before = effect_before ? effect_before->turnover_minor : 0;
    TRY(use_turnover(at, effect_after.turnover_minor - turnover_before,
                     after.content.business_date));
    TRY(fold_change_request(event, change, before));
    if (effect_before) TRY(add_effect(at, *effect_before, -1));
    TRY(add_effect(at, effect_after, 1));
    TRY(count_undecided(event.org, before, after));
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
    }
    entries_.put(key, std::move(after));
    return {};
}

Status UnitOfWork::fold_change_request(const RecordedEvent& event, const EntryChanged& change,
                                       const Entry* before) {
    if (before == nullptr) return {};
    const EntryKey key{event.org, before->id};
    if (as_entry_event(event.event.type)->verb == EntryVerb::change_requested) {
        change_requests_.put(key, requested_change(*before, change, event));
    } else if (before->change_requested) {
        const ChangeRequest* open = TRY(change_request(key));
        if (open == nullptr) return fail(ErrorCode::corrupt, "A change that nobody asked for.");
        ChangeRequest closed = *open;
        closed.closed = true;
        change_requests_.put(key, std::move(closed));
    }
    return {};
}

Status UnitOfWork::fold_closed(const RecordedEvent& event, const DayClosed& closed) {
    Closing closing = apply(closed, event);
    const PropertyKey at{event.org, closing.property};
    Counters counters = TRY(this->counters(at));
    counters.closed_through = closing.date;
    counters.closings = std::max(counters.closings, closing.number);
    counters_.put(at, counters);
    put_closing(event.org, std::move(closing));
    return {};
}

Status UnitOfWork::fold_reopened(const RecordedEvent& event, const DayReopened& reopened) {
    const PropertyKey at{event.org, event.event.property.value()};
    Counters counters = TRY(this->counters(at));
    counters.closed_through = reopened.closed_through;
    counters_.put(at, counters);
    const Closing* before = TRY(closing(at, reopened.date));
    // A day that was sealed has no row.
    if (before != nullptr) put_closing(event.org, apply(before, reopened, event));
    return {};
}

void UnitOfWork::put_closing(OrgId org, Closing closing) {
    latest_closings_.put({org, closing.property, closing.date, 0}, closing);
    const ClosingKey key{org, closing.property, closing.date, closing.revision};
    closings_.put(key, std::move(closing));
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
        TRY(account_totals_.change(
            key, [this](const AccountTotalsKey& each) { return transaction_.account_totals(each); },
            [&](const AccountTotals& before) { return signed_sum(before, totals, sign); }));
    }
    return {};
}

Status UnitOfWork::add_category(const CategoryTotalsKey& day, const CategoryTotals& totals,
                                std::int64_t sign) {
    const BusinessDate date = BusinessDate::from_key(day.period).value();
    for (const PeriodLevel level : kLevels) {
        CategoryTotalsKey key = day;
        key.period = period_key(date, level);
        TRY(category_totals_.change(
            key,
            [this](const CategoryTotalsKey& each) { return transaction_.category_totals(each); },
            [&](const CategoryTotals& before) { return signed_sum(before, totals, sign); }));
    }
    return {};
}

Status UnitOfWork::add_pending(const PendingTotalsKey& day, const PendingTotals& totals,
                               std::int64_t sign) {
    const BusinessDate date = BusinessDate::from_key(day.period).value();
    for (const PeriodLevel level : kLevels) {
        PendingTotalsKey key = day;
        key.period = period_key(date, level);
        TRY(pending_totals_.change(
            key, [this](const PendingTotalsKey& each) { return transaction_.pending_totals(each); },
            [&](const PendingTotals& before) { return signed_sum(before, totals, sign); }));
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

}  // namespace daybook::app
