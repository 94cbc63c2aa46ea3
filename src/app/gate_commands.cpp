// The daily gate inside the transaction: who may add, and the handler of those who lift it.
#include <algorithm>
#include <utility>

#include "app/execution.h"

namespace daybook::app {

using namespace domain;

// Whatever cannot be read here is an error, and nothing is added: the gate fails closed.
Result<Gate> Execution::gate_of(UserId user, const AtProperty& place) {
    const Context context = TRY(this->context());
    if (!context.org.daily_gate || !is_gated(principal_)) return Gate{};
    const PropertyId property = place.property.id;
    Gate gate = TRY(work_.undecided_before({principal_.org, property, user, place.today}));
    if (gate.undecided == 0) return gate;
    const DailyApproval* approval =
        TRY(work_.daily_approval({principal_.org, property, place.today, user}));
    gate.approved = approval != nullptr && !approval->revoked;
    if (!gate.is_closed()) return gate;
    gate.can_lift = TRY(work_.users(principal_.org));
    std::erase_if(gate.can_lift,
                  [&](const User& each) { return !could_approve(each, property, now_); });
    return gate;
}

Result<Gate> Execution::gate(const AtProperty& place) {
    const auto known = gates_.find(place.property.id);
    if (known != gates_.end()) return known->second;
    Gate gate = TRY(gate_of(principal_.user, place));
    return gates_.emplace(place.property.id, std::move(gate)).first->second;
}

Result<Gate> Execution::gate_kept_by(const Entry& entry, const AtProperty& place) {
    const bool is_held = entry.status == EntryStatus::pending && is_gated(principal_) &&
                         entry.content.business_date < place.today;
    if (!is_held) return Gate{};
    if (entry.created_by != principal_.user) {
        const User* author = TRY(work_.user({principal_.org, entry.created_by}));
        if (author == nullptr || author->grant.role != Role::manager) return Gate{};
    }
    return gate_of(entry.created_by, place);
}

Result<std::vector<Item>> Execution::operator()(const SetDailyApproval& command) {
    const AtProperty place = TRY(at(command.property));
    const Context context = TRY(this->context());
    // Who is not at this property does not exist for those who look after it (I8).
    const User* found = TRY(work_.user({principal_.org, command.user}));
    const bool is_there = found != nullptr && found->status != UserStatus::removed &&
                          found->grant.scope.covers(command.property);
    if (!is_there && command.user != context.org.operator_user) {
        return fail_field(ErrorCode::not_found, "/userId",
                          "There is no such person at this property.");
    }
    const DailyApprovalKey key{principal_.org, command.property, command.date.value_or(place.today),
                               command.user};
    std::optional<DailyApproval> before;
    if (const DailyApproval* row = TRY(work_.daily_approval(key))) before = *row;
    Event event = TRY(
        decide(DailyApprovalState{place.state(), before ? &*before : nullptr}, command, context));
    return append_one(std::move(event),
                      [&]() -> Result<Entity> { return *TRY(work_.daily_approval(key)); });
}

}  // namespace daybook::app
