// The rules of closing a day, reopening it, and seeing its variance.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/limits.h"
#include "domain/decide.h"
#include "domain/rules.h"

namespace daybook::domain {
namespace {

constexpr std::size_t kCash = static_cast<std::size_t>(Account::cash);

std::string list_of_dates(DateRange dates) {
    std::string list;
    for (BusinessDate date = dates.from; date <= dates.to; date = date.plus(1)) {
        if (!list.empty()) list += ',';
        list += date.to_string();
    }
    return list;
}

std::unexpected<Error> too_many_days(std::int32_t days) {
    return fail(ErrorCode::too_many_days,
                "That would be " + std::to_string(days) + " days; one request acts on at most " +
                    std::to_string(limits::kCloseDaysMax) + ". Take them in several steps.");
}

// The open days before the one to close: the client shows them and asks.
std::unexpected<Error> earlier_days_open(DateRange earlier) {
    Error refused =
        error(ErrorCode::earlier_days_open,
              "Days before it are open, from " + earlier.from.to_string() + " to " +
                  earlier.to.to_string() + ". Close them first, or send closeEarlier: true.");
    refused.facts.emplace_back("firstOpenDate", earlier.from.to_string());
    const DateRange listed{std::max(earlier.from, earlier.to.plus(1 - limits::kCloseDaysMax)),
                           earlier.to};
    refused.facts.emplace_back("openDates", list_of_dates(listed));
    refused.facts.emplace_back("openDays", std::to_string(earlier.days()));
    return fail(std::move(refused));
}

Status check_closable(const PropertyState& state, const CloseDay& command) {
    const BusinessDate start = state.property.books_start_on;
    if (command.date < start) {
        return fail_field(ErrorCode::before_books_start, "/date",
                          "The books of this property start on " + start.to_string() + ".");
    }
    if (command.date > state.today) {
        return fail_field(ErrorCode::future_date, "/date",
                          "The business date at this property is " + state.today.to_string() +
                              "; a day is closed on that day or later.");
    }
    TRY(check_open(command.date, state, "/date"));
    if (command.seal_before && state.counters.closings > 0) {
        return fail_field(ErrorCode::invalid_value, "/sealBefore",
                          "Only a first close seals the days before it. Send closeEarlier: true.");
    }
    return {};
}

Error with_date(Error refused, BusinessDate date) {
    refused.facts.emplace_back("date", date.to_string());
    return refused;
}

// Above the org's tolerance (where there is none, above what wants four eyes) somebody says why,
// and somebody else sees it.
Result<bool> needs_acknowledgement(const Count& count, std::int64_t variance, BusinessDate date,
                                   const Context& context) {
    const auto& own = context.org.day_rules.variance_tolerance_minor;
    const auto& tolerance = own ? own : context.org.approvals.four_eyes_above_minor;
    if (!tolerance || std::abs(variance) <= *tolerance) return false;
    if (count.note.erased || !check_reason(count.note.value, Need::required)) {
        Error refused =
            field_error(ErrorCode::reason_required, "/note",
                        "On " + date.to_string() +
                            " the count differs from what should be there by more than the org "
                            "tolerates. Count again, or say why in the field note.");
        return fail(with_date(std::move(refused), date));
    }
    return true;
}

Status check_counted(const OpenDay& day, const CloseDay& command) {
    const Count* count = day.counts.at(kCash);
    if (count == nullptr) {
        if (day.date != command.date) return {};
        return fail_field(ErrorCode::missing_field, "/countedMinor",
                          "The cash of this day was not counted. Send countedMinor or "
                          "denominations.");
    }
    const bool is_stale = count->basis_minor && *count->basis_minor != day.basis_minor;
    if (!is_stale || command.accept_stale) return {};
    return fail(with_date(error(ErrorCode::count_stale,
                                "Cash of " + day.date.to_string() +
                                    " or an earlier day has moved since it was counted. Count "
                                    "again, or send acceptStale: true if the count still holds."),
                          day.date));
}

// Whoever closed the days may take that back for a while, so long as nothing came after it.
bool may_undo(const ClosedDays& state, DateRange days, const Context& context) {
    if (std::ssize(state.closings) != days.days()) return false;
    if (state.closings.back().position != state.newest) return false;
    return std::ranges::all_of(state.closings, [&](const Closing& each) {
        return each.by == context.principal.user &&
               context.now.ms - each.at.ms <= limits::kUndoCloseMsMax;
    });
}

bool is_by(const Closing& closing, UserId user) {
    return closing.by == user || closing.counted_by == user;
}

}  // namespace

bool may_decide(const Closing& closing, const Context& context) {
    return context.principal.approves(closing.property) && !is_by(closing, context.principal.user);
}

Result<DateRange> days_to_close(const PropertyState& state, const CloseDay& command) {
    TRY(check_closable(state, command));
    const BusinessDate first =
        state.counters.closed_through
            ? std::max(state.counters.closed_through->plus(1), state.property.books_start_on)
            : state.property.books_start_on;
    if (command.seal_before || first == command.date) return DateRange{command.date, command.date};
    if (!command.close_earlier) return earlier_days_open({first, command.date.plus(-1)});
    TRY(check_open(first, state, "/date"));
    const DateRange days{first, command.date};
    if (days.days() > limits::kCloseDaysMax) return too_many_days(days.days());
    return days;
}

Result<Closing> decide(const OpenDay& day, const CloseDay& command, const Context& context) {
    if (day.undecided > 0 && !command.accept_pending) {
        Error refused =
            error(ErrorCode::undecided_entries,
                  std::to_string(day.undecided) + " entries of " + day.date.to_string() +
                      " are undecided. Have them decided, or send acceptPending: true: "
                      "they stay undecided and do not count on that day.");
        refused.facts.emplace_back("undecided", std::to_string(day.undecided));
        return fail(with_date(std::move(refused), day.date));
    }
    TRY(check_counted(day, command));
    Closing closing;
    closing.property = day.at.property.id;
    closing.date = day.date;
    closing.number = day.last != nullptr ? day.last->number : day.at.counters.closings + 1;
    closing.revision = day.last != nullptr ? day.last->revision + 1 : 1;
    closing.expected_minor = day.expected_minor.at(kCash);
    closing.pending_cash_minor = day.pending_minor.at(kCash);
    for (std::size_t account = 0; account < day.counts.size(); ++account) {
        const Count* count = day.counts.at(account);
        if (count == nullptr) continue;
        closing.counted.at(account) = CountedAccount{
            count->counted_minor,
            count->counted_minor - day.expected_minor.at(account) - day.pending_minor.at(account)};
    }
    if (const Count* count = day.counts.at(kCash)) {
        closing.counted_by = count->by;
        closing.needs_acknowledgement =
            TRY(needs_acknowledgement(*count, closing.over_short_minor(), day.date, context));
    }
    closing.by = context.principal.user;
    closing.at = context.now;
    return closing;
}

std::optional<Event> over_short_event(const Property& property, const Closing& closing,
                                      std::int64_t minor, AdjustmentId id, const Context& context) {
    if (minor == 0) return std::nullopt;
    Adjustment adjustment{
        id,    property.id, Account::cash,          closing.date, AdjustmentKind::over_short,
        minor, {},          context.principal.user, context.now};
    return Event{EventType::cash_balance_updated,
                 property.id,
                 EntityRef{EntityType::adjustment, id.value},
                 AdjustmentPosted{std::move(adjustment), property.currency},
                 {closing.date}};
}

Event closed_event(const PropertyState& state, Closing closing, const CloseDay& command) {
    const BusinessDate date = closing.date;
    const BusinessDate start = state.property.books_start_on;
    DayClosed closed{std::move(closing), state.property.currency, std::nullopt};
    std::vector<BusinessDate> dates{date};
    // Sealed days read differently too: the first of them stands for all.
    if (command.seal_before && start < date) {
        closed.sealed_from = start;
        dates.insert(dates.begin(), start);
    }
    return Event{EventType::day_closed, state.property.id,
                 EntityRef{EntityType::day, day_entity(state.property.id, date)}, std::move(closed),
                 std::move(dates)};
}

Result<DateRange> days_to_reopen(const ClosedDays& state, const ReopenDay& command,
                                 const Context& context) {
    const Counters& counters = state.at.counters;
    const bool is_closed =
        counters.is_closed(command.date) && command.date >= state.at.property.books_start_on;
    if (!is_closed) {
        return fail(ErrorCode::invalid_transition,
                    command.date.to_string() + " is open; there is nothing to reopen.");
    }
    const DateRange days{command.date, *counters.closed_through};
    if (days.days() > limits::kCloseDaysMax) return too_many_days(days.days());
    if (state.at.locked_through && command.date <= *state.at.locked_through) {
        TRY(check_open(command.date, state.at, "/date"));
    }
    if (!context.principal.approves(state.at.property.id)) {
        if (may_undo(state, days, context)) return days;
        return fail(ErrorCode::forbidden,
                    "Only an owner or admin of the property reopens a day. Who closed it may take "
                    "that back within 15 minutes, while nothing newer is written.");
    }
    if (!may_undo(state, days, context)) TRY(check_reason(command.reason, Need::required));
    TRY(check_reason(command.reason, Need::optional));
    return days;
}

Event reopened_event(const Property& property, BusinessDate date, const Closing* closing,
                     std::string reason) {
    DayReopened reopened;
    reopened.date = date;
    if (closing != nullptr) {
        reopened.number = closing->number;
        reopened.revision = closing->revision;
    }
    if (date > property.books_start_on) reopened.closed_through = date.plus(-1);
    reopened.reason = Text{std::move(reason), false};
    return Event{EventType::day_reopened,
                 property.id,
                 EntityRef{EntityType::day, day_entity(property.id, date)},
                 std::move(reopened),
                 {date}};
}

Result<Event> decide(const PropertyState& state, const Closing* closing,
                     const AcknowledgeVariance& command, const Context& context) {
    if (!context.principal.approves(state.property.id)) {
        return fail(ErrorCode::forbidden,
                    "Only an owner or admin of the property acknowledges a variance.");
    }
    if (closing == nullptr || !closing->waits_for_acknowledgement()) {
        return fail(ErrorCode::invalid_transition,
                    "No variance of this day waits to be acknowledged.");
    }
    if (command.revision) TRY(check_version(*command.revision, closing->revision));
    if (is_by(*closing, context.principal.user)) {
        return fail(ErrorCode::four_eyes,
                    "You counted or closed this day; another person acknowledges its variance.");
    }
    TRY(check_reason(command.reason, Need::optional));
    VarianceAcknowledged seen{closing->date,           closing->number,
                              closing->revision,       closing->over_short_minor(),
                              state.property.currency, Text{command.reason, false}};
    return Event{EventType::variance_acknowledged,
                 state.property.id,
                 EntityRef{EntityType::day, day_entity(state.property.id, closing->date)},
                 std::move(seen),
                 {closing->date}};
}

}  // namespace daybook::domain
