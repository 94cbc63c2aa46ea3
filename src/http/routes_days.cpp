// Parse, command, render; frozen reports are in routes_closings.cpp.
#include "http/routes_days.h"

#include <algorithm>

#include "app/business_day.h"
#include "base/json_optional.h"
#include "base/limits.h"
#include "domain/decide.h"
#include "http/body_days.h"
#include "http/body_entry.h"
#include "http/body_words.h"
#include "http/render_days.h"
#include "http/render_entity.h"
#include "reports/daily.h"
#include "reports/numbers.h"
#include "reports/query.h"

namespace daybook::http {
namespace {

using namespace domain;

struct DayInPath {
    Property property;
    BusinessDate date;
};

Result<DayInPath> day_in_path(const WriteCall& call) {
    const auto date = BusinessDate::parse(call.request.capture("date"));
    if (!date) {
        return fail_field(ErrorCode::invalid_value, "/date", "Use " + std::string(kDateForm) + ".");
    }
    const auto id = PropertyId::parse(call.request.capture("propertyId")).value_or(PropertyId{});
    return DayInPath{TRY(visible_property(*call.snapshot, call.principal, id)), *date};
}

std::vector<Closing> closings_of(const app::Outcome& outcome) {
    std::vector<Closing> closings;
    for (const app::Item& item : outcome.items) {
        closings.push_back(std::get<Closing>(item.result.value()));
    }
    std::ranges::sort(closings, {}, &Closing::date);
    return closings;
}

// {"propertyId", "closedThrough", "closings": […], "warnings": […]}, by date. The warning: changes
// of entries of these days wait, which can only be rejected or withdrawn now.
Response changed_days(const std::vector<Closing>& closings, const Property& property,
                      std::optional<BusinessDate> closed_through, std::int64_t open_changes) {
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("propertyId").string(property.id.to_string());
    write_optional(json, "closedThrough", closed_through);
    json.key("closings").begin_array();
    for (const Closing& each : closings) write_closing(json, each, property.currency);
    json.end_array();
    json.key("warnings").begin_array();
    if (open_changes > 0) {
        json.begin_object();
        json.key("code").string("changes_open");
        json.key("count").integer(open_changes);
        json.end_object();
    }
    json.end_array();
    json.end_object();
    return json_response(200, std::move(body));
}

// The dates of entries that changes wait for, a page of them: what is closed before they are
// decided leaves only to reject or withdraw them.
Result<std::vector<BusinessDate>> dates_with_open_changes(app::Snapshot& snapshot,
                                                          PropertyId property) {
    std::vector<BusinessDate> dates;
    const app::ChangeFilter waiting{{property}, std::nullopt, limits::kPageMax};
    for (const ChangeRequest& each : TRY(snapshot.change_requests(waiting))) {
        const auto entry = TRY(snapshot.entry(each.entry));
        if (entry) dates.push_back(entry->content.business_date);
    }
    return dates;
}

// The greatest date of the locks that hold for the caller, as the writer finds it.
Result<std::optional<BusinessDate>> locked_through(const ReadCall& call, PropertyId property) {
    const auto exceptions = TRY(call.snapshot.lock_exceptions());
    std::optional<BusinessDate> through;
    for (const PeriodLock& lock : TRY(call.snapshot.locks())) {
        if (lock.lifted || (lock.property && *lock.property != property)) continue;
        const bool is_let_through = std::ranges::any_of(exceptions, [&](const LockException& each) {
            return each.property == lock.property && each.user == call.principal.user &&
                   each.holds(call.now);
        });
        if (!is_let_through) through = std::max(through, std::optional(lock.through));
    }
    return through;
}

// What a property's days are worked out from.
struct DaysOf {
    const Property& property;
    BusinessDate today;
    Counters counters;
    std::optional<BusinessDate> locked_through;
    bool is_blind = false;

    [[nodiscard]] BusinessDate first_open() const {
        return PropertyState{property, counters, today, std::nullopt}.first_open_date();
    }
};

void write_day(JsonWriter& json, const DaysOf& of, const reports::DailyReport& report) {
    const reports::AccountNumbers& cash = report.numbers.cash;
    const bool is_closed = report.status == reports::DayStatus::closed;
    const bool hides = of.is_blind && !is_closed;
    json.begin_object();
    json.key("date").string(report.date.to_string());
    json.key("status").string(reports::day_status_name(report.status));
    write_optional(json, "number",
                   report.closing ? std::optional(report.closing->number) : std::nullopt);
    write_optional(json, "revision",
                   report.closing ? std::optional(report.closing->revision) : std::nullopt);
    write_optional(json, "expectedMinor",
                   hides ? std::nullopt : std::optional(cash.expected_minor));
    write_optional(json, "countedMinor", cash.counted_minor);
    write_optional(json, "varianceMinor", hides ? std::nullopt : cash.variance_minor);
    json.key("undecided").integer(report.numbers.pending.count);
    json.end_object();
}

Status write_property_days(JsonWriter& json, const ReadCall& call, const DaysOf& of,
                           const reports::Catalogue& catalogue, std::optional<DateRange> asked) {
    const BusinessDate first_open = of.first_open();
    json.begin_object();
    json.key("propertyId").string(of.property.id.to_string());
    json.key("propertyName").string(of.property.name);
    json.key("currency").string(of.property.currency.code());
    json.key("today").string(of.today.to_string());
    write_optional(json, "closedThrough", of.counters.closed_through);
    json.key("firstOpenDate").string(first_open.to_string());
    write_optional(json, "lockedThrough", of.locked_through);
    json.key("openDays").integer(std::max(0, DateRange{first_open, of.today}.days()));
    // By default what is open, the last days where that is long.
    const DateRange shown = asked.value_or(
        DateRange{std::max(first_open, of.today.plus(1 - limits::kCloseDaysMax)), of.today});
    json.key("days").begin_array();
    constexpr std::size_t kNoEntries = 0;
    for (BusinessDate date = shown.from; date <= shown.to; date = date.plus(1)) {
        write_day(
            json, of,
            TRY(reports::daily_report(call.snapshot, of.property, catalogue, date, kNoEntries)));
    }
    json.end_array();
    json.end_object();
    return {};
}

Result<std::optional<DateRange>> read_days(QueryReader& query) {
    const auto from = query.parsed("from", BusinessDate::parse, kDateForm);
    const auto to = query.parsed("to", BusinessDate::parse, kDateForm);
    if (from && !to) query.wrong("to", "both from and to");
    if (to && !from) query.wrong("from", "both from and to");
    TRY(query.finish());
    if (!from || !to) return std::nullopt;
    return TRY(date_range(*from, *to));
}

}  // namespace

Result<Response> list_days(const ReadCall& call) {
    QueryReader query(call.request);
    const auto ids = read_property_ids(query);
    const auto asked = TRY(read_days(query));
    const auto properties = TRY(properties_asked(call, ids));
    const std::int64_t days = asked ? asked->days() : limits::kCloseDaysMax;
    if (std::ssize(properties) * days > std::int64_t{limits::kListedDaysMax}) {
        return fail(ErrorCode::range_too_long,
                    "One answer has at most " + std::to_string(limits::kListedDaysMax) +
                        " days over all of its properties. Ask for fewer of either.");
    }
    const reports::Catalogue catalogue(TRY(call.snapshot.categories()));
    const Org org = TRY(call.snapshot.org());
    const bool is_blind = org.day_rules.blind_count && call.principal.role == Role::manager;
    Status status;
    const auto write_one = [&](JsonWriter& json, const Property& property) -> Status {
        DaysOf of{property, TRY(app::business_date_now(property, call.now)), {}, {}, is_blind};
        of.counters.closed_through = TRY(call.snapshot.closed_through(property.id));
        of.locked_through = TRY(locked_through(call, property.id));
        return write_property_days(json, call, of, catalogue, asked);
    };
    const auto write = [&](JsonWriter& json) {
        for (const Property& property : properties) {
            if (status) status = write_one(json, property);
        }
    };
    std::string body = list_json(write, std::nullopt);
    TRY(Status(status));
    return json_response(200, std::move(body));
}

Result<Write> close_day(const WriteCall& call) {
    CloseDay close = TRY(read_body(call.request, BodyNeed::optional, read_close));
    DayInPath day = TRY(day_in_path(call));
    close.property = day.property.id;
    close.date = day.date;
    close.count_id = new_id<CountId>(call.now, call.random);
    auto waiting = TRY(dates_with_open_changes(*call.snapshot, day.property.id));
    return Write{std::move(close),
                 [day = std::move(day), waiting = std::move(waiting)](const app::Outcome& outcome) {
                     const auto closings = closings_of(outcome);
                     const std::int64_t open_changes =
                         std::ranges::count_if(waiting, [&](BusinessDate date) {
                             return date >= closings.front().date && date <= day.date;
                         });
                     return changed_days(closings, day.property, day.date, open_changes);
                 }};
}

Result<Write> reopen_day(const WriteCall& call) {
    ReopenDay reopen;
    reopen.reason = TRY(read_body(call.request, BodyNeed::optional, read_reason));
    DayInPath day = TRY(day_in_path(call));
    reopen.property = day.property.id;
    reopen.date = day.date;
    return Write{std::move(reopen), [day = std::move(day)](const app::Outcome& outcome) {
                     std::optional<BusinessDate> before;
                     if (day.date > day.property.books_start_on) before = day.date.plus(-1);
                     return changed_days(closings_of(outcome), day.property, before, 0);
                 }};
}

Result<Write> acknowledge_variance(const WriteCall& call) {
    AcknowledgeVariance seen;
    seen.reason = TRY(read_body(call.request, BodyNeed::optional, read_reason));
    const DayInPath day = TRY(day_in_path(call));
    seen.property = day.property.id;
    seen.date = day.date;
    return Write{std::move(seen), [currency = day.property.currency](const app::Outcome& outcome) {
                     const auto& closing = std::get<Closing>(outcome.items.at(0).result.value());
                     return json_response(200, json_of(write_closing, closing, currency));
                 }};
}

Result<Response> list_locks(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    const auto is_seen = [&](const std::optional<PropertyId>& property) {
        return !property || call.principal.scope.covers(*property);
    };
    const auto locks = TRY(call.snapshot.locks());
    const auto exceptions = TRY(call.snapshot.lock_exceptions());
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("locks").begin_array();
    for (const PeriodLock& each : locks) {
        if (!each.lifted && is_seen(each.property)) write_lock(json, each);
    }
    json.end_array();
    json.key("exceptions").begin_array();
    for (const LockException& each : exceptions) {
        if (each.holds(call.now) && is_seen(each.property)) write_lock_exception(json, each);
    }
    json.end_array();
    json.end_object();
    return json_response(200, std::move(body));
}

Result<Write> set_lock(const WriteCall& call) {
    return Write{TRY(read_body(call.request, BodyNeed::required, read_lock)),
                 [](const app::Outcome& outcome) {
                     const auto& lock = std::get<PeriodLock>(outcome.items.at(0).result.value());
                     return versioned(json_response(200, json_of(write_lock, lock)), lock.version);
                 }};
}

Result<Write> except_from_lock(const WriteCall& call) {
    return Write{TRY(read_body(call.request, BodyNeed::required, read_lock_exception)),
                 [](const app::Outcome& outcome) {
                     const auto& kept = std::get<LockException>(outcome.items.at(0).result.value());
                     return json_response(200, json_of(write_lock_exception, kept));
                 }};
}

}  // namespace daybook::http
