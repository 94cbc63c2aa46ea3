// The handlers of days and locks: counting, closing, reopening; and what reports say meanwhile.
#include <algorithm>
#include <ranges>
#include <utility>

#include "app/execution.h"
#include "base/limits.h"
#include "reports/daily.h"
#include "reports/numbers.h"
#include "reports/render_json.h"
#include "reports/steps.h"

namespace daybook::app {

using namespace domain;

namespace {

constexpr std::size_t kCash = static_cast<std::size_t>(Account::cash);

// The numbers of one day as they stand in the transaction.
Result<reports::Numbers> numbers_of(UnitOfWork& work, OrgId org, const Property& property,
                                    BusinessDate date) {
    const auto source = TRY(work.source(org));
    const reports::Catalogue catalogue(TRY(source->categories()));
    return TRY(reports::numbers(*source, property, catalogue, {date, date}, PeriodLevel::day))
        .whole;
}

// What should be there without what closing posted, and what everything undecided would change.
struct DayNumbers {
    std::array<std::int64_t, 2> expected_minor{};
    std::array<std::int64_t, 2> pending_minor{};
    std::int64_t undecided = 0;
};

DayNumbers day_numbers(const reports::Numbers& numbers) {
    const reports::Pending& pending = numbers.pending;
    return {{numbers.cash.expected_minor, numbers.bank.expected_minor},
            {pending.cash_net_minor + pending.carried_cash_net_minor,
             pending.bank_net_minor + pending.carried_bank_net_minor},
            pending.count};
}

}  // namespace

Result<std::optional<BusinessDate>> Execution::lock_date(const LockKey& key) {
    const PeriodLock* lock = TRY(work_.lock(key));
    if (lock == nullptr || lock->lifted) return std::nullopt;
    const BusinessDate through = lock->through;
    const auto* exception = TRY(work_.lock_exception({key.org, key.property, principal_.user}));
    if (exception != nullptr && exception->holds(now_)) return std::nullopt;
    return through;
}

Result<std::optional<BusinessDate>> Execution::locked_through(PropertyId id) {
    const auto org = TRY(lock_date({principal_.org, std::nullopt}));
    const auto property = TRY(lock_date({principal_.org, id}));
    return std::max(org, property);
}

Result<std::int64_t> Execution::count_basis(const Property& property, BusinessDate date) {
    const auto source = TRY(work_.source(principal_.org));
    std::int64_t basis = property.opening(Account::cash);
    for (const reports::PeriodRange& run : reports::runs_before(date.plus(1))) {
        for (const auto& row : TRY(source->account_rows(property.id, run))) {
            if (row.account == Account::cash) basis += row.totals.net() - row.totals.over_short;
        }
        for (const auto& row : TRY(source->pending_rows(property.id, run))) {
            basis += row.totals.cash_net;
        }
    }
    return basis;
}

Result<Item> Execution::close_one(const CloseDay& command, BusinessDate date,
                                  const Count* counted) {
    const Context context = TRY(this->context());
    const AtProperty place = TRY(at(command.property));
    const DayNumbers numbers =
        day_numbers(TRY(numbers_of(work_, principal_.org, place.property, date)));
    std::vector<Count> counts;
    {
        const auto source = TRY(work_.source(principal_.org));
        counts = TRY(source->last_counts(command.property, {date, date}));
    }
    const std::int64_t basis = TRY(count_basis(place.property, date));
    OpenDay day{place.state(),
                date,
                numbers.expected_minor,
                numbers.pending_minor,
                basis,
                numbers.undecided,
                {},
                nullptr};
    for (const Count& each : counts) day.counts.at(static_cast<std::size_t>(each.account)) = &each;
    if (counted != nullptr) day.counts.at(kCash) = counted;
    std::optional<Closing> last;
    if (const Closing* found = TRY(work_.closing({principal_.org, command.property}, date))) {
        last = *found;
        day.last = &*last;
    }
    Closing closing = TRY(decide(day, command, context));
    auto posted = over_short_event(place.property, closing, closing.over_short_minor(),
                                   new_id<AdjustmentId>(now_, work_.environment().random), context);
    if (posted) TRY(append(*std::move(posted)));

    std::string frozen;
    {
        const auto source = TRY(work_.source(principal_.org));
        const reports::Catalogue catalogue(TRY(source->categories()));
        reports::DailyReport report = TRY(reports::daily_report(*source, place.property, catalogue,
                                                                date, limits::kReportEntriesMax));
        report.status = reports::DayStatus::closed;
        report.closing = reports::closing_of(closing);
        reports::keep(report.numbers, closing);
        frozen = reports::frozen_json(std::move(report));
    }
    closing.report = sha256({as_bytes(frozen)});
    work_.keep_frozen_report({principal_.org, closing.report, std::move(frozen)});
    const Position position = TRY(append(closed_event(place.state(), closing, command)));
    return Item{Entity(*TRY(work_.closing({principal_.org, command.property}, date))), position};
}

Result<Count> Execution::count_for(const CloseDay& command) {
    const AtProperty place = TRY(at(command.property));
    RecordCount count{command.count_id,      command.property,      Account::cash, command.date,
                      command.counted_minor, command.denominations, command.note,  std::nullopt};
    count.basis_minor = TRY(count_basis(place.property, command.date));
    Event event = TRY(counted_event(place.state(), count, TRY(context())));
    Count counted = std::get<CountRecorded>(event.payload).count;
    TRY(append(std::move(event)));
    return counted;
}

Result<std::vector<Item>> Execution::operator()(const CloseDay& command) {
    const AtProperty place = TRY(at(command.property));
    const DateRange days = TRY(days_to_close(place.state(), command));
    std::vector<Item> items;
    for (BusinessDate date = days.from; date < days.to; date = date.plus(1)) {
        items.push_back(TRY(close_one(command, date, nullptr)));
    }
    std::optional<Count> counted;
    if (command.counts()) counted = TRY(count_for(command));
    items.push_back(TRY(close_one(command, days.to, counted ? &*counted : nullptr)));
    return items;
}

Result<Item> Execution::reopen_one(const ReopenDay& command, BusinessDate date) {
    const PropertyKey key{principal_.org, command.property};
    const Property property = *TRY(work_.property(key));
    std::optional<Closing> closing;
    if (const Closing* found = TRY(work_.closing(key, date))) closing = *found;
    if (closing) {
        auto back = over_short_event(property, *closing, -closing->over_short_minor(),
                                     new_id<AdjustmentId>(now_, work_.environment().random),
                                     TRY(context()));
        if (back) TRY(append(*std::move(back)));
    }
    const Closing* before = closing ? &*closing : nullptr;
    Event event = reopened_event(property, date, before, command.reason);
    const Position position = TRY(append(std::move(event)));
    Closing after;
    if (closing) {
        after = *TRY(work_.closing(key, date));
    } else {
        after.property = command.property;
        after.date = date;
        after.revision = 0;
        after.reopened_by = principal_.user;
        after.reopened_at = now_;
    }
    return Item{Entity(std::move(after)), position};
}

Result<std::vector<Item>> Execution::operator()(const ReopenDay& command) {
    const AtProperty place = TRY(at(command.property));
    std::vector<Closing> closings;
    if (const auto through = place.counters.closed_through; through && command.date <= *through) {
        const DateRange asked{std::max(command.date, through->plus(1 - limits::kCloseDaysMax)),
                              *through};
        const auto source = TRY(work_.source(principal_.org));
        closings = TRY(source->closings(command.property, asked));
    }
    std::erase_if(closings, [](const Closing& each) { return !each.stands(); });
    const Position newest = TRY(work_.newest_event({principal_.org, command.property}));
    const DateRange days =
        TRY(days_to_reopen({place.state(), closings, newest}, command, TRY(context())));
    // The last day first, so that no open day ever stands before a closed one.
    std::vector<Item> items;
    for (BusinessDate date = days.to; date >= days.from; date = date.plus(-1)) {
        items.push_back(TRY(reopen_one(command, date)));
    }
    return items;
}

Result<Item> Execution::decide_one(const AcknowledgeVariance& command) {
    const AtProperty place = TRY(at(command.property));
    const PropertyKey key{principal_.org, command.property};
    std::optional<Closing> closing;
    if (const Closing* found = TRY(work_.closing(key, command.date))) closing = *found;
    Event event =
        TRY(decide(place.state(), closing ? &*closing : nullptr, command, TRY(context())));
    const Position position = TRY(append(std::move(event)));
    return Item{Entity(*TRY(work_.closing(key, command.date))), position};
}

Result<std::vector<Item>> Execution::operator()(const AcknowledgeVariance& command) {
    std::vector<Item> items;
    items.push_back(TRY(decide_one(command)));
    return items;
}

Result<std::vector<Item>> Execution::operator()(const SetLock& command) {
    if (command.property) TRY(visible_property(work_, principal_, *command.property));
    const LockKey key{principal_.org, command.property};
    std::optional<PeriodLock> before;
    if (const PeriodLock* found = TRY(work_.lock(key))) before = *found;
    Event event = TRY(decide(before ? &*before : nullptr, command, TRY(context())));
    const Position position = TRY(append(std::move(event)));
    std::vector<Item> items;
    items.push_back(Item{Entity(*TRY(work_.lock(key))), position});
    return items;
}

Result<std::vector<Item>> Execution::operator()(const ExceptFromLock& command) {
    if (command.property) TRY(visible_property(work_, principal_, *command.property));
    const LockExceptionKey key{principal_.org, command.property, command.user};
    std::optional<PeriodLock> lock;
    if (const PeriodLock* found = TRY(work_.lock({principal_.org, command.property})))
        lock = *found;
    std::optional<LockException> before;
    if (const LockException* found = TRY(work_.lock_exception(key))) before = *found;
    Event event =
        TRY(decide(LockExceptionState{lock ? &*lock : nullptr, before ? &*before : nullptr},
                   command, TRY(context())));
    const Position position = TRY(append(std::move(event)));
    std::vector<Item> items;
    items.push_back(Item{Entity(*TRY(work_.lock_exception(key))), position});
    return items;
}

}  // namespace daybook::app
