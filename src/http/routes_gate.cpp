// What the writer would find, from a snapshot.
#include "http/routes_gate.h"

#include <algorithm>
#include <map>

#include "app/business_day.h"
#include "base/json_optional.h"
#include "http/body_days.h"
#include "http/render_days.h"
#include "http/render_entity.h"

namespace daybook::http {
namespace {

using namespace domain;

// Those who may be kept from adding: managers, and whoever has a manager's token.
bool is_gated_person(UserId id, const std::vector<User>& users, const std::vector<Token>& tokens) {
    const auto user = std::ranges::find(users, id, &User::id);
    if (user != users.end() && user->grant.role == Role::manager) return true;
    return std::ranges::any_of(tokens, [&](const Token& each) {
        return each.user == id && each.role == Role::manager && !each.trusted && !each.revoked;
    });
}

struct People {
    std::vector<User> users;
    std::vector<Token> tokens;
    bool is_enabled = false;
};

// What is undecided at one property, by person.
std::map<UserId, Gate> gates_at(const std::vector<app::Undecided>& undecided,
                                const std::vector<DailyApproval>& approvals, BusinessDate today) {
    std::map<UserId, Gate> gates;
    for (const app::Undecided& each : undecided) {
        if (each.date >= today) continue;
        Gate& gate = gates[each.user];
        if (!gate.oldest) gate.oldest = each.date;
        gate.undecided += each.count;
    }
    for (const DailyApproval& each : approvals) {
        if (!each.revoked) gates[each.user].approved = true;
    }
    return gates;
}

void write_numbers(JsonWriter& json, const Gate& gate) {
    json.key("undecided").integer(gate.undecided);
    write_optional(json, "oldestDate", gate.oldest);
    json.key("approved").boolean(gate.approved);
}

void write_who_can_lift(JsonWriter& json, const People& people, PropertyId property, Instant now) {
    for (const User& each : people.users) {
        if (!could_approve(each, property, now)) continue;
        json.begin_object();
        json.key("userId").string(each.id.to_string());
        json.key("name").string(each.name.shown());
        json.end_object();
    }
}

void write_people(JsonWriter& json, const std::map<UserId, Gate>& gates, const People& people) {
    for (const auto& [id, gate] : gates) {
        if (gate.undecided == 0 || !is_gated_person(id, people.users, people.tokens)) continue;
        const auto user = std::ranges::find(people.users, id, &User::id);
        json.begin_object();
        json.key("userId").string(id.to_string());
        json.key("name");
        if (user != people.users.end()) {
            json.string(user->name.shown());
        } else {
            json.null();
        }
        write_numbers(json, gate);
        json.end_object();
    }
}

std::string_view why_not(const Principal& principal, const Property& property, const Gate& gate) {
    if (!principal.writes(property.id)) return "forbidden";
    if (!property.active) return "property_inactive";
    return gate.is_closed() ? "gate_closed" : "";
}

Status write_gate(JsonWriter& json, const ReadCall& call, const Property& property,
                  const People& people) {
    const BusinessDate today = TRY(app::business_date_now(property, call.now));
    auto gates = gates_at(TRY(call.snapshot.undecided(property.id)),
                          TRY(call.snapshot.daily_approvals(property.id, today)), today);
    const Principal& principal = call.principal;
    Gate mine;
    if (people.is_enabled && is_gated(principal)) mine = gates[principal.user];
    const std::string_view reason = why_not(principal, property, mine);
    json.begin_object();
    json.key("propertyId").string(property.id.to_string());
    json.key("propertyName").string(property.name);
    json.key("today").string(today.to_string());
    json.key("enabled").boolean(people.is_enabled);
    json.key("mayAdd").boolean(reason.empty());
    write_text_or_null(json, "reason", reason);
    write_numbers(json, mine);
    json.key("canLift").begin_array();
    if (mine.is_closed()) write_who_can_lift(json, people, property.id, call.now);
    json.end_array();
    json.key("people").begin_array();
    if (people.is_enabled && principal.approves(property.id)) write_people(json, gates, people);
    json.end_array();
    json.end_object();
    return {};
}

}  // namespace

Result<Response> get_gate(const ReadCall& call) {
    QueryReader query(call.request);
    const auto ids = read_property_ids(query);
    TRY(query.finish());
    const auto properties = TRY(properties_asked(call, ids));
    const People people{TRY(call.snapshot.users()), TRY(call.snapshot.tokens()),
                        TRY(call.snapshot.org()).daily_gate};
    Status status;
    const auto write = [&](JsonWriter& json) {
        for (const Property& property : properties) {
            if (status) status = write_gate(json, call, property, people);
        }
    };
    std::string body = list_json(write, std::nullopt);
    TRY(Status(status));
    return json_response(200, std::move(body));
}

Result<Write> set_daily_approval(const WriteCall& call) {
    return Write{TRY(read_body(call.request, BodyNeed::required, read_daily_approval)),
                 [](const app::Outcome& outcome) {
                     const auto& kept = std::get<DailyApproval>(outcome.items.at(0).result.value());
                     return json_response(200, json_of(write_daily_approval, kept));
                 }};
}

}  // namespace daybook::http
