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

// The people of the org, read once somebody is looked for.
class People {
 public:
    explicit People(app::Snapshot& snapshot) : snapshot_(snapshot) {}

    Result<const std::vector<User>*> users() {
        if (!users_) users_ = TRY(snapshot_.users());
        return &*users_;
    }
    // Whom an approver may grant a day there: whoever is at the property, or the machine's
    // operator.
    Result<bool> is_at(UserId id, PropertyId property) {
        const User* user = TRY(find(id));
        if (user == nullptr) return id == TRY(snapshot_.org()).operator_user;
        return user->status != UserStatus::removed && user->grant.scope.covers(property);
    }
    // Those who may be kept from adding: managers, and whoever has a manager's token.
    Result<bool> is_gated(UserId id) {
        const User* user = TRY(find(id));
        if (user != nullptr && user->grant.role == Role::manager) return true;
        if (!tokens_) tokens_ = TRY(snapshot_.tokens());
        return std::ranges::any_of(*tokens_, [&](const Token& each) {
            return each.user == id && each.role == Role::manager && !each.trusted && !each.revoked;
        });
    }
    Result<const User*> find(UserId id) {
        const std::vector<User>& users = *TRY(this->users());
        const auto user = std::ranges::find(users, id, &User::id);
        return user == users.end() ? nullptr : &*user;
    }

 private:
    app::Snapshot& snapshot_;
    std::optional<std::vector<User>> users_;
    std::optional<std::vector<Token>> tokens_;
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
        if (!each.revoked && gates.contains(each.user)) gates[each.user].approved = true;
    }
    return gates;
}

void write_numbers(JsonWriter& json, const Gate& gate) {
    json.key("undecided").integer(gate.undecided);
    write_optional(json, "oldestDate", gate.oldest);
    json.key("approved").boolean(gate.approved);
}

Status write_who_can_lift(JsonWriter& json, People& people, PropertyId property, Instant now) {
    for (const User& each : *TRY(people.users())) {
        if (!could_approve(each, property, now)) continue;
        json.begin_object();
        json.key("userId").string(each.id.to_string());
        json.key("name").string(each.name.shown());
        json.end_object();
    }
    return {};
}

Status write_people(JsonWriter& json, const std::map<UserId, Gate>& gates, People& people,
                    PropertyId property) {
    for (const auto& [id, gate] : gates) {
        if (!TRY(people.is_at(id, property)) || !TRY(people.is_gated(id))) continue;
        const User* user = TRY(people.find(id));
        json.begin_object();
        json.key("userId").string(id.to_string());
        json.key("name");
        if (user != nullptr) {
            json.string(user->name.shown());
        } else {
            json.null();
        }
        write_numbers(json, gate);
        json.end_object();
    }
    return {};
}

std::string_view why_not(const Principal& principal, const Property& property, const Gate& gate) {
    if (!principal.writes(property.id)) return "forbidden";
    if (!property.active) return "property_inactive";
    return gate.is_closed() ? "gate_closed" : "";
}

// As the writer finds it.
Result<Gate> gate_of_caller(const ReadCall& call, PropertyId property, BusinessDate today) {
    Gate gate;
    const UserId user = call.principal.user;
    for (const auto& [date, count] : TRY(call.snapshot.undecided_before(property, user, today))) {
        if (!gate.oldest) gate.oldest = date;
        gate.undecided += count;
    }
    if (gate.undecided == 0) return gate;
    const auto approvals = TRY(call.snapshot.daily_approvals(property, today));
    gate.approved = std::ranges::any_of(
        approvals, [&](const DailyApproval& each) { return each.user == user && !each.revoked; });
    return gate;
}

Status write_gate(JsonWriter& json, const ReadCall& call, const Property& property, bool is_enabled,
                  People& people) {
    const BusinessDate today = TRY(app::business_date_now(property, call.now));
    const Principal& principal = call.principal;
    Gate mine;
    if (is_enabled && is_gated(principal)) mine = TRY(gate_of_caller(call, property.id, today));
    const std::string_view reason = why_not(principal, property, mine);
    json.begin_object();
    json.key("propertyId").string(property.id.to_string());
    json.key("propertyName").string(property.name);
    json.key("today").string(today.to_string());
    json.key("enabled").boolean(is_enabled);
    json.key("mayAdd").boolean(reason.empty());
    write_text_or_null(json, "reason", reason);
    write_numbers(json, mine);
    json.key("canLift").begin_array();
    if (mine.is_closed()) TRY(write_who_can_lift(json, people, property.id, call.now));
    json.end_array();
    json.key("people").begin_array();
    if (is_enabled && principal.approves(property.id)) {
        const auto gates = gates_at(TRY(call.snapshot.undecided(property.id)),
                                    TRY(call.snapshot.daily_approvals(property.id, today)), today);
        TRY(write_people(json, gates, people, property.id));
    }
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
    const bool is_enabled = TRY(call.snapshot.org()).daily_gate;
    People people(call.snapshot);
    Status status;
    const auto write = [&](JsonWriter& json) {
        for (const Property& property : properties) {
            if (status) status = write_gate(json, call, property, is_enabled, people);
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
