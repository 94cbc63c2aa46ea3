// What the tables say, with what a running delivery knows beside it.
#include "http/routes_delivery.h"

#include <algorithm>
#include <map>

#include "http/metrics.h"
#include "http/render_delivery.h"
#include "http/render_entity.h"
#include "http/render_event.h"

namespace daybook::http {
namespace {

using domain::DeliveryAct;

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kHours = 24;
constexpr std::string_view kNoSuchLetter =
    "There is no such dead letter. GET /v1/finance/dead-letters lists them.";

Status check_administers(const domain::Principal& principal) {
    if (principal.administers()) return {};
    return fail(ErrorCode::forbidden,
                "Only an owner or an admin of all properties sees how events are delivered.");
}

Response changed(const app::Outcome& outcome) {
    const auto& change = std::get<domain::DeliveryChanged>(outcome.items.at(0).result.value());
    return json_response(200, json_of(write_delivery_change, change));
}

std::int64_t count_since(app::Snapshot& snapshot, Instant from, Instant to,
                         std::optional<Error>& failed) {
    const auto counts = snapshot.event_counts(from, to);
    if (!counts) {
        failed = counts.error();
        return 0;
    }
    std::int64_t sum = 0;
    for (const app::EventCount& each : *counts) sum += each.count;
    return sum;
}

void write_types(JsonWriter& json, const std::vector<app::EventCount>& counts) {
    std::map<std::string, std::vector<const app::EventCount*>> types;
    for (const app::EventCount& each : counts) types[each.type].push_back(&each);
    json.begin_array();
    for (const auto& [type, hours] : types) {
        std::int64_t sum = 0;
        for (const auto* each : hours) sum += each->count;
        json.begin_object();
        json.key("type").string(type);
        json.key("count").integer(sum);
        json.key("hours").begin_array();
        for (const auto* each : hours) {
            json.begin_object();
            json.key("hour").string(each->hour.to_string());
            json.key("count").integer(each->count);
            json.end_object();
        }
        json.end_array().end_object();
    }
    json.end_array();
}

// What the tables know, by name, and beside it what is under way.
Result<std::string> subscriptions_json(const ReadCall& call) {
    const auto entries = TRY(call.snapshot.deliveries());
    const auto live = TRY(call.service.delivery.subscriptions(call.principal.org));
    std::map<std::string, app::DeliveryEntry> all;
    for (const app::DeliveryEntry& each : entries) all[each.key.subscription] = each;
    for (const app::SubscriptionStatus& each : live)
        all.try_emplace(each.subscription,
                        app::DeliveryEntry{{each.org, each.subscription}, app::DeliveryRow{}});
    std::string text;
    JsonWriter json(text);
    json.begin_array();
    for (const auto& [name, entry] : all) {
        const auto found = std::ranges::find(live, name, &app::SubscriptionStatus::subscription);
        write_subscription(json, entry, found == live.end() ? nullptr : &*found);
    }
    json.end_array();
    return text;
}

}  // namespace

Result<Response> list_subscriptions(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    TRY(check_administers(call.principal));
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("data").raw(TRY(subscriptions_json(call)));
    json.key("nextCursor").null();
    json.end_object();
    return json_response(200, std::move(body));
}

MakeWrite change_subscription(DeliveryAct act) {
    return [act](const WriteCall& call) -> Result<Write> {
        app::ChangeDelivery change;
        change.act = act;
        change.subscription = call.request.capture("name");
        const bool resets = act == DeliveryAct::reset;
        const auto read = [&](BodyReader& body) {
            change.reason = body.text("reason", Presence::optional).value_or("");
            if (resets) change.to = body.integer("position", Presence::required).value_or(0);
            return true;
        };
        TRY(read_body(call.request, resets ? BodyNeed::required : BodyNeed::optional, read));
        return Write{std::move(change), changed};
    };
}

Result<Response> list_dead_letters(const ReadCall& call) {
    QueryReader query(call.request);
    app::DeadLetterFilter filter;
    filter.subscription = query.text("subscription").value_or("");
    filter.limit = query.limit();
    filter.after = query.parsed("cursor", DeadLetterId::parse, "the nextCursor of a page");
    TRY(query.finish());
    TRY(check_administers(call.principal));
    const app::DeadLetterPage page = TRY(call.snapshot.dead_letters(filter));
    const auto write = [&](JsonWriter& json) {
        for (const app::DeadLetter& each : page.letters) {
            json.begin_object();
            write_dead_letter_members(json, each);
            json.end_object();
        }
    };
    std::optional<std::string> next;
    if (page.next) next = page.next->to_string();
    return json_response(200, list_json(write, next));
}

Result<Response> get_dead_letter(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    TRY(check_administers(call.principal));
    const auto id = TRY(path_id<DeadLetterId>(call.request, kNoSuchLetter));
    const auto letter = TRY(call.snapshot.dead_letter(id));
    if (!letter) return fail(ErrorCode::not_found, std::string(kNoSuchLetter));
    const auto stored = TRY(call.snapshot.log(letter->position - 1, 1));
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    write_dead_letter_members(json, *letter);
    json.key("delivered");
    if (stored.empty()) return fail(ErrorCode::corrupt, "The event of a dead letter is missing.");
    TRY(write_event(json, stored.front()));
    json.end_object();
    return json_response(200, std::move(body));
}

MakeWrite change_dead_letter(DeliveryAct act) {
    return [act](const WriteCall& call) -> Result<Write> {
        app::ChangeDelivery change;
        change.act = act;
        change.dead_letter = TRY(path_id<DeadLetterId>(call.request, kNoSuchLetter));
        const auto read = [&](BodyReader& body) {
            change.reason = body.text("reason", Presence::optional).value_or("");
            return true;
        };
        TRY(read_body(call.request, BodyNeed::optional, read));
        return Write{std::move(change), changed};
    };
}

Result<Response> get_event_metrics(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    TRY(check_administers(call.principal));
    const Instant now = call.now;
    // Whole hours: the one that is running, and 23 before it.
    const Instant from{(now.ms / kHourMs - kHours + 1) * kHourMs};
    const Instant end{now.ms + 1};
    const auto counts = TRY(call.snapshot.event_counts(from, end));
    std::optional<Error> failed;
    const std::int64_t hour = count_since(call.snapshot, {now.ms - kHourMs}, end, failed);
    const std::int64_t minute = count_since(call.snapshot, {now.ms - kMinuteMs}, end, failed);
    if (failed) return fail(*std::move(failed));
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("from").string(from.to_string());
    json.key("to").string(now.to_string());
    json.key("lastMinute").integer(minute);
    json.key("lastHour").integer(hour);
    json.key("types");
    write_types(json, counts);
    json.key("subscriptions").raw(TRY(subscriptions_json(call)));
    json.end_object();
    return json_response(200, std::move(body));
}

Result<Response> list_alerts(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    TRY(check_administers(call.principal));
    const auto alerts = call.service.alerts.alerts(call.principal.org);
    const auto write = [&](JsonWriter& json) {
        for (const app::Alert& each : alerts) write_alert(json, each);
    };
    return json_response(200, list_json(write, std::nullopt));
}

void append_delivery_metrics(std::string& out, app::DeliveryMonitor& delivery) {
    struct Totals {
        std::int64_t lag_events = 0;
        std::int64_t lag_ms = 0;
        std::int64_t in_flight = 0;
        std::int64_t overdue = 0;
        std::int64_t parked = 0;
        std::int64_t dead_letters = 0;
        std::int64_t paused = 0;
        std::int64_t stuck = 0;
        std::int64_t acknowledged = 0;
        std::int64_t retries = 0;
        std::int64_t died = 0;
        std::int64_t late = 0;
    };
    append_metric_family(out, {"daybook_events_total", "counter", "Events recorded."});
    for (const app::TypeCount& each : delivery.recorded()) {
        append_metric(out, "daybook_events_total", "type=\"" + std::string(each.type) + "\"",
                      static_cast<std::int64_t>(each.count));
    }
    // By what a subscription is for, never by its id or its org: "webhook:<id>" is a webhook.
    std::map<std::string, Totals> kinds;
    for (const app::SubscriptionStatus& each : delivery.all_subscriptions()) {
        Totals& totals = kinds[each.subscription.substr(0, each.subscription.find(':'))];
        totals.lag_events += each.lag_events;
        totals.lag_ms = std::max(totals.lag_ms, each.lag_ms);
        totals.in_flight += static_cast<std::int64_t>(each.in_flight);
        totals.overdue += static_cast<std::int64_t>(each.overdue);
        totals.parked += static_cast<std::int64_t>(each.parked);
        totals.dead_letters += static_cast<std::int64_t>(each.dead_letters);
        totals.paused += each.paused ? 1 : 0;
        totals.stuck += each.stuck ? 1 : 0;
        totals.acknowledged += static_cast<std::int64_t>(each.acknowledged);
        totals.retries += static_cast<std::int64_t>(each.retries);
        totals.died += static_cast<std::int64_t>(each.died);
        totals.late += static_cast<std::int64_t>(each.late);
    }
    const auto family = [&](const MetricFamily& about, std::int64_t Totals::* value) {
        append_metric_family(out, about);
        for (const auto& [kind, totals] : kinds)
            append_metric(out, about.name, "subscription=\"" + kind + "\"", totals.*value);
    };
    family({"daybook_delivery_lag_events", "gauge", "Events not acknowledged."},
           &Totals::lag_events);
    family({"daybook_delivery_lag_milliseconds", "gauge",
            "Age of the oldest event that is not acknowledged."},
           &Totals::lag_ms);
    family({"daybook_delivery_in_flight", "gauge", "Attempts under way."}, &Totals::in_flight);
    family({"daybook_delivery_overdue", "gauge", "Attempts past their deadline."},
           &Totals::overdue);
    family({"daybook_delivery_parked", "gauge", "Events that wait behind dead letters."},
           &Totals::parked);
    family({"daybook_delivery_dead_letters", "gauge", "Events given up on."},
           &Totals::dead_letters);
    family({"daybook_delivery_paused", "gauge", "Subscriptions that are paused."}, &Totals::paused);
    family({"daybook_delivery_stuck", "gauge", "Subscriptions with no free slot left."},
           &Totals::stuck);
    family({"daybook_delivery_acknowledged_total", "counter", "Events acknowledged."},
           &Totals::acknowledged);
    family({"daybook_delivery_retries_total", "counter", "Attempts that failed and come again."},
           &Totals::retries);
    family({"daybook_delivery_dead_letters_total", "counter", "Events given up on so far."},
           &Totals::died);
    family({"daybook_delivery_refused_answers_total", "counter", "Answers that came too late."},
           &Totals::late);
}

}  // namespace daybook::http
