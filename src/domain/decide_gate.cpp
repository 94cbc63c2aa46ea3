// The rules of the daily gate, and of those who lift it.
#include <algorithm>

#include "base/digest.h"
#include "base/limits.h"
#include "domain/decide.h"
#include "domain/gate.h"
#include "domain/rules.h"

namespace daybook::domain {
namespace {

// In words: "Ana Dias, Rui or Eva", of at most so many.
std::string names_of(const std::vector<User>& people) {
    constexpr std::size_t kNamedMax = 5;
    const std::size_t named = std::min(people.size(), kNamedMax);
    std::string names;
    for (std::size_t i = 0; i < named; ++i) {
        if (i > 0) names += i + 1 == named ? " or " : ", ";
        names += people[i].name.shown();
    }
    return names.empty() ? "an owner or admin of the property" : names;
}

}  // namespace

Uuid daily_approval_entity(PropertyId property, UserId user, BusinessDate date) {
    const Hash hash = sha256({property.value.bytes, user.value.bytes, as_bytes(date.to_string())});
    Uuid uuid;
    std::copy_n(hash.begin(), uuid.bytes.size(), uuid.bytes.begin());
    // RFC 9562, 5.8: version 8 and the variant.
    uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0F) | 0x80);
    uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3F) | 0x80);
    return uuid;
}

bool is_gated(const Principal& principal) {
    return principal.role == Role::manager && !principal.trusted;
}

Status check_gate(const Gate& gate) {
    if (!gate.is_closed()) return {};
    const std::string count = std::to_string(gate.undecided);
    const std::string oldest = gate.oldest->to_string();
    Error refused = error(ErrorCode::gate_closed,
                          "Entries of yours of earlier days are undecided here: " + count +
                              ", the oldest of " + oldest + ". Ask " + names_of(gate.can_lift) +
                              " to decide them or to grant you today; or withdraw them.");
    std::string ids;
    for (const User& each : gate.can_lift) ids += (ids.empty() ? "" : ",") + each.id.to_string();
    refused.facts.emplace_back("undecided", count);
    refused.facts.emplace_back("oldestDate", oldest);
    refused.facts.emplace_back("canLift", ids);
    return fail(std::move(refused));
}

Result<Event> decide(const DailyApprovalState& state, const SetDailyApproval& command,
                     const Context& context) {
    const PropertyId property = state.at.property.id;
    if (!context.principal.approves(property)) {
        return fail(ErrorCode::forbidden,
                    "Only an owner or admin of the property grants a day there.");
    }
    TRY(check_reason(command.reason, Need::optional));
    const BusinessDate today = state.at.today;
    const BusinessDate date = command.date.value_or(today);
    const bool is_granted = state.before != nullptr && !state.before->revoked;
    if (is_granted == (command.grant == DailyGrant::given)) {
        return fail(ErrorCode::nothing_to_change,
                    is_granted ? "The person has this day's approval already."
                               : "There is no such approval to take back.");
    }
    if (!is_granted && (date < today || date > today.plus(limits::kDailyApprovalDaysMax))) {
        return fail_field(ErrorCode::invalid_value, "/date",
                          "Grant today, " + today.to_string() + ", or one of the " +
                              std::to_string(limits::kDailyApprovalDaysMax) + " days after.");
    }
    DailyApproval after{property,
                        command.user,
                        date,
                        Text{command.reason, false},
                        context.principal.user,
                        context.now,
                        command.grant == DailyGrant::taken};
    return Event{
        after.revoked ? EventType::daily_approval_revoked : EventType::daily_approval_granted,
        property,
        EntityRef{EntityType::daily_approval, daily_approval_entity(property, command.user, date)},
        DailyApprovalChanged{std::move(after)},
        {}};
}

}  // namespace daybook::domain
