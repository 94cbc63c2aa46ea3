// The inbox is one list of three kinds of things, the oldest first: entries from when they were
// added, changes from when they were asked for, variances from when their day was closed.
#include "http/routes_approvals.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>
#include <variant>

#include "base/json_optional.h"
#include "base/limits.h"
#include "domain/decide.h"
#include "http/body_entry.h"
#include "http/render_change.h"
#include "http/render_days.h"
#include "http/render_entity.h"
#include "http/render_entries.h"
#include "http/routes_cursor.h"
#include "reports/int128.h"
#include "reports/render_entry.h"

namespace daybook::http {
namespace {

using namespace domain;

constexpr std::string_view kNoSuchChange = "No change of such an entry waits for a decision.";

struct WaitingItem {
    app::EntryCursor at;  // since when, and whose: of a variance, the day's id
    std::variant<Entry, ChangeRequest, Closing> what;
};

// One more than the page, which tells whether there is a next one.
Result<std::vector<WaitingItem>> items_of(const ReadCall& call, app::EntryFilter filter,
                                          const std::vector<Closing>& unacknowledged) {
    std::vector<WaitingItem> items;
    ++filter.limit;
    for (Entry& each : TRY(call.snapshot.entries(filter)).entries) {
        items.push_back({{each.created_at.ms, each.id}, std::move(each)});
    }
    const app::ChangeFilter changes{filter.properties, filter.after, filter.limit};
    for (ChangeRequest& each : TRY(call.snapshot.change_requests(changes))) {
        items.push_back({{each.at.ms, each.entry}, std::move(each)});
    }
    const auto order = [](const app::EntryCursor& at) { return std::tuple(at.value, at.id); };
    for (const Closing& each : unacknowledged) {
        const app::EntryCursor at{each.at.ms, EntryId{day_entity(each.property, each.date)}};
        const bool is_asked_for =
            std::ranges::find(filter.properties, each.property) != filter.properties.end();
        if (!is_asked_for || (filter.after && order(at) <= order(*filter.after))) continue;
        items.push_back({at, each});
    }
    std::ranges::sort(items, {}, [&](const WaitingItem& each) { return order(each.at); });
    if (items.size() > filter.limit) items.resize(filter.limit);
    return items;
}

// Everything that waits, of one property or of all in one currency.
struct Waiting {
    std::int64_t count = 0;  // of entries, whose amounts follow
    std::int64_t changes = 0;
    std::int64_t variances = 0;
    std::array<reports::Int128, 3> amounts{};  // by EntryKind

    void add(const Waiting& other) {
        count += other.count;
        changes += other.changes;
        variances += other.variances;
        for (std::size_t kind = 0; kind < amounts.size(); ++kind) {
            amounts.at(kind) += other.amounts.at(kind);
        }
    }
};

Result<Waiting> waiting_at(app::Snapshot& snapshot, PropertyId property,
                           const std::vector<Closing>& unacknowledged) {
    Waiting waiting;
    // Years, which together hold everything (design, section 5).
    for (const auto& row :
         TRY(snapshot.pending_rows(property, {limits::kYearMin, limits::kYearMax}))) {
        waiting.count += row.totals.count;
        waiting.amounts.at(static_cast<std::size_t>(row.kind)) += row.totals.amount;
    }
    waiting.changes = TRY(snapshot.count_change_requests(property));
    waiting.variances = std::ranges::count(unacknowledged, property, &Closing::property);
    return waiting;
}

// A sum that JavaScript does not read exactly is null: the others, and the inbox, are as good.
void write_waiting(JsonWriter& json, Currency currency, const Waiting& waiting) {
    json.key("currency").string(currency.code());
    json.key("count").integer(waiting.count);
    json.key("changes").integer(waiting.changes);
    json.key("variances").integer(waiting.variances);
    constexpr std::array<std::string_view, 3> kNames{"expenseMinor", "revenueMinor",
                                                     "transferMinor"};
    for (std::size_t kind = 0; kind < kNames.size(); ++kind) {
        write_optional(json, kNames.at(kind),
                       reports::exact_in_javascript(waiting.amounts.at(kind)));
    }
}

// {"properties": [counts…], "totals": [sums per currency…]}: members of the inbox.
Status write_sums(JsonWriter& json, app::Snapshot& snapshot,
                  const std::vector<Property>& properties,
                  const std::vector<Closing>& unacknowledged) {
    std::map<std::string_view, std::pair<Currency, Waiting>> by_currency;
    json.key("properties").begin_array();
    for (const Property& property : properties) {
        const Waiting waiting = TRY(waiting_at(snapshot, property.id, unacknowledged));
        if (waiting.count + waiting.changes + waiting.variances == 0) continue;
        json.begin_object();
        json.key("propertyId").string(property.id.to_string());
        json.key("propertyName").string(property.name);
        write_waiting(json, property.currency, waiting);
        json.end_object();
        auto& [currency, sum] = by_currency[property.currency.code()];
        currency = property.currency;
        sum.add(waiting);
    }
    json.end_array();
    json.key("totals").begin_array();
    for (const auto& [code, total] : by_currency) {
        json.begin_object();
        write_waiting(json, total.first, total.second);
        json.end_object();
    }
    json.end_array();
    return {};
}

// Writes what differs between the three kinds of items.
struct WriteWhat {
    JsonWriter& json;
    const ReadCall& call;
    const Context& context;
    const std::vector<Property>& properties;

    void begin(std::string_view type, Instant since, bool may_decide) {
        json.begin_object();
        json.key("type").string(type);
        json.key("since").string(since.to_string());
        const std::int64_t age_ms = std::max<std::int64_t>(0, call.now.ms - since.ms);
        json.key("ageSeconds").integer(age_ms / 1'000);
        json.key("mayDecide").boolean(may_decide);
    }
    void null(std::string_view name) { json.key(name).null(); }

    Status operator()(const Entry& entry) {
        begin("entry", entry.created_at, may_decide(entry, context));
        json.key("entry");
        reports::write_entry(json, entry);
        null("change");
        null("variance");
        json.end_object();
        return {};
    }
    Status operator()(const ChangeRequest& request) {
        const auto entry = TRY(call.snapshot.entry(request.entry));
        if (!entry) return fail(ErrorCode::corrupt, "A change of no entry waits.");
        begin("change", request.at, may_decide(request, *entry, context));
        json.key("entry");
        reports::write_entry(json, *entry);
        json.key("change");
        write_change(json, as_seen_by(call.principal, request));
        null("variance");
        json.end_object();
        return {};
    }
    Status operator()(const Closing& closing) {
        const auto property = std::ranges::find(properties, closing.property, &Property::id);
        begin("variance", closing.at, may_decide(closing, context));
        null("entry");
        null("change");
        json.key("variance");
        write_closing(json, closing, property->currency);
        json.end_object();
        return {};
    }
};

Result<EntryId> known_change(app::Snapshot& snapshot, const Principal& principal,
                             const Request& request) {
    const EntryId id = TRY(path_id<EntryId>(request, kNoSuchChange));
    const auto entry = TRY(snapshot.entry(id));
    if (entry && principal.scope.covers(entry->property)) return id;
    return fail(ErrorCode::not_found, std::string(kNoSuchChange));
}

}  // namespace

Result<Response> list_approvals(const ReadCall& call) {
    constexpr auto kSort = app::EntrySort::recorded_at;
    constexpr auto kOrder = app::SortOrder::ascending;
    QueryReader query(call.request);
    app::EntryFilter filter;
    filter.statuses = {EntryStatus::pending};
    filter.sort = kSort;
    filter.order = kOrder;
    const auto asked = read_property_ids(query);
    filter.limit = query.limit();
    if (const auto cursor = query.text("cursor")) {
        filter.after = parse_entry_cursor(kSort, kOrder, *cursor);
        if (!filter.after) query.wrong("cursor", "the nextCursor of a page of this list");
    }
    TRY(query.finish());
    const auto properties = TRY(properties_asked(call, asked));
    filter.properties = ids_of(properties);
    const std::vector<Closing> unacknowledged = TRY(call.snapshot.unacknowledged());
    std::vector<WaitingItem> items = TRY(items_of(call, filter, unacknowledged));
    const bool goes_on = items.size() > filter.limit;
    if (goes_on) items.resize(filter.limit);

    const Org org = TRY(call.snapshot.org());
    const Context context{call.principal, org, call.now};
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("data").begin_array();
    for (const WaitingItem& each : items) {
        TRY(std::visit(WriteWhat{json, call, context, properties}, each.what));
    }
    json.end_array();
    json.key("nextCursor");
    if (goes_on) {
        json.string(entry_cursor_text(kSort, kOrder, items.back().at));
    } else {
        json.null();
    }
    TRY(write_sums(json, call.snapshot, properties, unacknowledged));
    json.end_object();
    return json_response(200, std::move(body));
}

Result<Write> decide_many(const WriteCall& call) {
    app::DecideMany decide = TRY(read_body(call.request, BodyNeed::required, read_decisions));
    if (decide.decisions.empty()) {
        return fail_field(ErrorCode::invalid_value, "/decisions", "Send at least one decision.");
    }
    for (app::InboxDecision& each : decide.decisions) {
        auto* change = std::get_if<DecideChange>(&each);
        if (change != nullptr) change->new_id = new_id<EntryId>(call.now, call.random);
    }
    return Write{std::move(decide), [](const app::Outcome& outcome) {
                     return json_response(200, results_json(outcome, 200));
                 }};
}

Result<Response> get_change(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    const EntryId id = TRY(known_change(call.snapshot, call.principal, call.request));
    const auto request = TRY(call.snapshot.change_request(id));
    if (!request) return fail(ErrorCode::not_found, std::string(kNoSuchChange));
    const ChangeRequest seen = as_seen_by(call.principal, *request);
    return versioned(json_response(200, json_of(write_change, seen)), seen.version);
}

MakeWrite decide_change(ChangeDecision decision) {
    return [decision](const WriteCall& call) -> Result<Write> {
        DecideChange decide;
        decide.decision = decision;
        decide.reason = TRY(read_body(call.request, BodyNeed::optional, read_reason));
        decide.id = TRY(known_change(*call.snapshot, call.principal, call.request));
        decide.version = TRY(if_match(call.request));
        decide.new_id = new_id<EntryId>(call.now, call.random);
        return Write{std::move(decide), [](const app::Outcome& outcome) {
                         const auto& entry = std::get<Entry>(outcome.items.at(0).result.value());
                         return versioned(json_response(200, json_of(reports::write_entry, entry)),
                                          entry.version);
                     }};
    };
}

}  // namespace daybook::http
