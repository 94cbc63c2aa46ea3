// The rules of counts, corrections, openings and properties.
#include <algorithm>
#include <numeric>

#include "base/limits.h"
#include "domain/decide.h"
#include "domain/rules.h"

namespace daybook::domain {
namespace {

constexpr int kCutoffMinutesMax = 12 * 60;

// The sum that was counted: given, or added up from the denominations.
Result<std::int64_t> counted_sum(const RecordCount& command) {
    if (command.counted_minor.has_value() == !command.denominations.empty()) {
        return fail_field(ErrorCode::invalid_value, "/countedMinor",
                          "Give either countedMinor or denominations, not both.");
    }
    if (command.counted_minor) {
        TRY(check_balance(*command.counted_minor, "/countedMinor"));
        return *command.counted_minor;
    }
    if (command.denominations.size() > limits::kDenominationsMax) {
        return fail_field(ErrorCode::invalid_value, "/denominations", "At most 50 denominations.");
    }
    std::int64_t sum = 0;
    for (const Denomination& each : command.denominations) {
        std::int64_t part = 0;
        const bool out_of_range = each.value_minor <= 0 || each.pieces < 0 ||
                                  __builtin_mul_overflow(each.value_minor, each.pieces, &part) ||
                                  __builtin_add_overflow(sum, part, &sum);
        if (out_of_range) {
            return fail_field(ErrorCode::amount_out_of_range, "/denominations",
                              "A denomination has a value above 0 and 0 or more pieces.");
        }
    }
    TRY(check_balance(sum, "/denominations"));
    return sum;
}

Status check_count(const RecordCount& command, const PropertyState& state, std::int64_t sum) {
    if (command.account == Account::cash && sum < 0) {
        return fail_field(ErrorCode::amount_out_of_range, "/countedMinor",
                          "Counted cash is 0 or more.");
    }
    if (command.account == Account::bank && !command.denominations.empty()) {
        return fail_field(ErrorCode::invalid_value, "/denominations",
                          "A bank balance has no denominations; give countedMinor.");
    }
    // The take-over balance is counted on the day before the books start.
    if (command.date < state.property.books_start_on.plus(-1)) {
        return fail_field(ErrorCode::before_books_start, "/date",
                          "The books of this property start on " +
                              state.property.books_start_on.to_string() + ".");
    }
    if (command.date > state.today) {
        return fail_field(ErrorCode::future_date, "/date",
                          "The business date at this property is " + state.today.to_string() +
                              "; count on that day or an earlier one.");
    }
    return check_text(command.note, limits::kTextBytesMax, "/note");
}

Status check_month(int month, std::string_view pointer) {
    if (month >= 1 && month <= 12) return {};
    return fail_field(ErrorCode::invalid_value, std::string(pointer), "A month is 1 to 12.");
}

Status check_clock(std::string_view zone, int cutoff_minutes, bool zone_exists) {
    if (!zone_exists) {
        return fail_field(ErrorCode::invalid_value, "/timeZone",
                          "There is no time zone '" + std::string(zone.substr(0, 60)) +
                              "'. Use an IANA name such as Europe/Lisbon.");
    }
    if (cutoff_minutes < 0 || cutoff_minutes > kCutoffMinutesMax) {
        return fail_field(ErrorCode::invalid_value, "/dayCutoff",
                          "The day's cutoff is 00:00 to 12:00.");
    }
    return {};
}

bool same_clock(const ClockRule& one, const ClockRule& other) {
    return one.zone == other.zone && one.cutoff_minutes == other.cutoff_minutes;
}

// A new zone or cutoff holds from the next business date on. It changes a rule that still waits for
// its date; asking for the one in force takes that back.
Status change_clock(Property& property, const UpdateProperty& command,
                    const PropertyUpdateState& state) {
    const ClockRule coming = property.next_clock.value_or(property.clock);
    ClockRule asked{command.zone.value_or(coming.zone),
                    command.cutoff_minutes.value_or(coming.cutoff_minutes), state.at.today.plus(1)};
    TRY(check_clock(asked.zone, asked.cutoff_minutes, state.zone_exists));
    if (same_clock(asked, property.clock)) {
        property.next_clock.reset();
    } else if (!same_clock(asked, coming)) {
        property.next_clock = std::move(asked);
    }
    return {};
}

Status check_unique_name(std::optional<PropertyId> same_name, std::string_view name) {
    if (!same_name) return {};
    return fail_field(ErrorCode::already_exists, "/name",
                      "A property named '" + std::string(name) + "' exists. Choose another name.");
}

Event property_event(EventType type, Property after, std::optional<Property> before) {
    const PropertyId id = after.id;
    return Event{type,
                 id,
                 EntityRef{EntityType::property, id.value},
                 PropertyChanged{std::move(after), std::move(before)},
                 {}};
}

}  // namespace

Result<Event> counted_event(const PropertyState& state, const RecordCount& command,
                            const Context& context) {
    const std::int64_t sum = TRY(counted_sum(command));
    TRY(check_count(command, state, sum));
    TRY(check_open(command.date, state, "/date"));
    Count count{
        command.id,  state.property.id,     command.account,           command.date,
        sum,         command.denominations, Text{command.note, false}, context.principal.user,
        context.now, command.basis_minor};
    return Event{EventType::cash_balance_updated,
                 state.property.id,
                 EntityRef{EntityType::count, command.id.value},
                 CountRecorded{std::move(count), state.property.currency},
                 {command.date}};
}

Result<Event> decide(const PropertyState& state, const RecordCount& command,
                     const Context& context) {
    TRY(check_active(state.property));
    return counted_event(state, command, context);
}

Result<Event> decide(const PropertyState& state, const PostCorrection& command,
                     const Context& context) {
    if (!context.principal.approves(state.property.id)) {
        return fail(ErrorCode::forbidden,
                    "Only an owner or admin of the property posts corrections.");
    }
    TRY(check_active(state.property));
    const std::int64_t amount = command.amount_minor;
    if (amount == 0 || amount < -limits::kAmountMinorMax || amount > limits::kAmountMinorMax) {
        return fail_field(ErrorCode::amount_out_of_range, "/amountMinor",
                          "A correction is a signed amount, not 0, of at most 10^12 minor units.");
    }
    if (context.org.approvals.needs_four_eyes(std::abs(amount))) {
        return fail_field(ErrorCode::four_eyes, "/amountMinor",
                          "One person posts no correction above the amount that wants four eyes. "
                          "Add a transfer from or to 'other' instead: another person approves it.");
    }
    const BusinessDate date = state.date_or_first_open(command.date);
    TRY(check_open(date, state, "/date"));
    TRY(check_date(date, state, context, "/date"));
    TRY(check_reason(command.reason, Need::required));
    Adjustment adjustment{command.id,
                          state.property.id,
                          command.account,
                          date,
                          AdjustmentKind::correction,
                          amount,
                          Text{command.reason, false},
                          context.principal.user,
                          context.now};
    return Event{EventType::cash_balance_updated,
                 state.property.id,
                 EntityRef{EntityType::adjustment, command.id.value},
                 AdjustmentPosted{std::move(adjustment), state.property.currency},
                 {date}};
}

Result<Event> decide(const PropertyState& state, const DeclareOpening& command,
                     const Context& context) {
    const Property& property = state.property;
    if (!context.principal.approves(property.id)) {
        return fail(ErrorCode::forbidden,
                    "Only an owner or admin of the property declares openings.");
    }
    TRY(check_balance(command.opening_minor, "/openingMinor"));
    if (state.counters.closings > 0) {
        return fail_field(ErrorCode::opening_fixed, "/openingMinor",
                          "A day of this property was closed, so its opening is fixed. Post a "
                          "correction on an open day.");
    }
    TRY(check_open(std::min(command.books_start_on, property.books_start_on), state, "/date"));
    if (command.books_start_on > state.today.plus(limits::kDaysAheadMax)) {
        return fail_field(ErrorCode::future_date, "/date",
                          "The business date at this property is " + state.today.to_string() +
                              "; the books start on that day or an earlier one.");
    }
    const auto first_on = state.counters.first_on;
    if (first_on && *first_on < command.books_start_on) {
        return fail_field(ErrorCode::before_books_start, "/date",
                          "The books already have entries on " + first_on->to_string() +
                              ", so they cannot start later than that.");
    }
    OpeningDeclared declared{command.books_start_on,  property.opening_minor,
                             property.books_start_on, property.opening_minor,
                             property.currency,       property.version + 1};
    declared.opening_minor.at(static_cast<std::size_t>(command.account)) = command.opening_minor;
    if (declared.books_start_on == property.books_start_on &&
        declared.opening_minor == property.opening_minor) {
        return fail(ErrorCode::nothing_to_change, "The opening already reads like this.");
    }
    // Every date before the start opens with the declared balance too: the first one there is
    // stands for them.
    std::vector<BusinessDate> dates{kFirstBusinessDate, command.books_start_on,
                                    property.books_start_on};
    std::ranges::sort(dates);
    const auto repeated = std::ranges::unique(dates);
    dates.erase(repeated.begin(), repeated.end());
    return Event{EventType::cash_balance_updated, property.id,
                 EntityRef{EntityType::property, property.id.value}, declared, std::move(dates)};
}

Result<Event> decide(const NewPropertyState& state, const AddProperty& command,
                     const Context& context) {
    TRY(check_name(command.name, "/name"));
    TRY(check_unique_name(state.same_name, command.name));
    TRY(check_text(command.group, limits::kNameBytesMax, "/group"));
    TRY(check_clock(command.zone, command.cutoff_minutes, state.zone_exists));
    TRY(check_month(command.fiscal_start_month, "/fiscalStartMonth"));
    for (const std::int64_t opening : command.opening_minor) {
        TRY(check_balance(opening, "/openingMinor"));
    }
    const BusinessDate start = command.books_start_on.value_or(state.today_there);
    if (start > state.today_there.plus(limits::kDaysAheadMax)) {
        return fail_field(
            ErrorCode::future_date, "/booksStartOn",
            "The books start today (" + state.today_there.to_string() + ") or earlier.");
    }
    Property property;
    property.id = command.id;
    property.name = command.name;
    property.kind = command.kind;
    property.group = command.group;
    property.currency = command.currency;
    property.clock =
        ClockRule{command.zone, command.cutoff_minutes, std::min(start, state.today_there)};
    property.fiscal_start_month = command.fiscal_start_month;
    property.books_start_on = start;
    property.opening_minor = command.opening_minor;
    property.created_at = context.now;
    return property_event(EventType::property_added, std::move(property), std::nullopt);
}

Result<Event> decide(const PropertyUpdateState& state, const UpdateProperty& command,
                     const Context& context) {
    const Property& before = state.at.property;
    TRY(check_version(command.version, before.version));
    Property after = before;
    if (after.next_clock && after.next_clock->from <= state.at.today) {
        after.clock = *after.next_clock;
        after.next_clock.reset();
    }
    if (command.name && *command.name != before.name) {
        // Names are unique in the org: a refusal would tell of properties that are not granted.
        if (!context.principal.administers()) {
            return fail_field(ErrorCode::forbidden, "/name",
                              "Only an owner or an admin of all properties renames one.");
        }
        TRY(check_name(*command.name, "/name"));
        TRY(check_unique_name(state.same_name, *command.name));
        after.name = *command.name;
    }
    after.kind = command.kind.value_or(before.kind);
    if (command.group) {
        TRY(check_text(*command.group, limits::kNameBytesMax, "/group"));
        after.group = *command.group;
    }
    if (command.currency && *command.currency != before.currency) {
        const Counters& used = state.at.counters;
        if (used.next_number > 1 || used.turnover_minor != 0 || used.closings > 0) {
            return fail_field(
                ErrorCode::currency_fixed, "/currency",
                "The currency is fixed at the first entry. Add another property for other books.");
        }
        after.currency = *command.currency;
    }
    if (command.zone || command.cutoff_minutes) TRY(change_clock(after, command, state));
    after.fiscal_start_month = command.fiscal_start_month.value_or(before.fiscal_start_month);
    TRY(check_month(after.fiscal_start_month, "/fiscalStartMonth"));
    after.active = command.active.value_or(before.active);
    if (after == before)
        return fail(ErrorCode::nothing_to_change, "The property already reads like this.");
    after.version = before.version + 1;
    return property_event(EventType::property_updated, std::move(after), before);
}

}  // namespace daybook::domain
