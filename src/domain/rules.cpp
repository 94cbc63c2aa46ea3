// Dates, names, reasons and versions.
#include "domain/rules.h"

#include <algorithm>

#include "base/limits.h"

namespace daybook::domain {

Status check_date(BusinessDate date, const PropertyState& at, const Context& context,
                  std::string_view pointer) {
    const Property& property = at.property;
    if (date < property.books_start_on) {
        return fail_field(ErrorCode::before_books_start, std::string(pointer),
                          "The books of this property start on " +
                              property.books_start_on.to_string() +
                              ". Use that date or a later one, or declare an earlier opening.");
    }
    if (date > at.today.plus(limits::kDaysAheadMax)) {
        return fail_field(ErrorCode::future_date, std::string(pointer),
                          "The business date at this property is " + at.today.to_string() +
                              "; an entry may be dated at most one day ahead.");
    }
    const int days_back = context.org.manager_days_back;
    if (context.principal.role == Role::manager && date < at.today.plus(-days_back)) {
        return fail_field(ErrorCode::too_far_back, std::string(pointer),
                          "A manager may date entries at most " + std::to_string(days_back) +
                              " days back. Ask an admin to add it.");
    }
    return {};
}

Status check_open(BusinessDate date, const PropertyState& at, std::string_view pointer) {
    const bool is_locked = at.locked_through && date <= *at.locked_through;
    if (!is_locked && !at.counters.is_closed(date)) return {};
    const std::string first_open = at.first_open_date().to_string();
    Error refused =
        is_locked ? field_error(ErrorCode::period_locked, std::string(pointer),
                                "An owner has locked the books through " +
                                    at.locked_through->to_string() +
                                    ". Use a later date, or ask an owner for an exception.")
                  : field_error(ErrorCode::day_closed, std::string(pointer),
                                date.to_string() + " is closed. Book it on " + first_open +
                                    ", the first open day, or ask an admin to reopen the day.");
    refused.facts.emplace_back("firstOpenDate", first_open);
    return fail(std::move(refused));
}

Status check_active(const Property& property) {
    if (property.active) return {};
    return fail(ErrorCode::property_inactive,
                "This property is inactive and takes no new entries. Activate it first.");
}

Status check_name(std::string_view name, std::string_view pointer) {
    TRY(check_text(name, limits::kNameBytesMax, pointer));
    if (name.empty() || name.front() == ' ' || name.back() == ' ' ||
        name.find_first_of("\t\n") != std::string_view::npos) {
        return fail_field(
            ErrorCode::invalid_value, std::string(pointer),
            "A name has at least one character, no line breaks, and no spaces at its ends.");
    }
    return {};
}

Status check_administers(const Context& context) {
    if (context.principal.administers()) return {};
    return fail(ErrorCode::forbidden, "Only an owner or an admin of all properties may do that.");
}

Status check_scope(Role role, const Scope& scope, std::string_view pointer) {
    if (role == Role::owner && !scope.all) {
        return fail_field(ErrorCode::invalid_value, "/role",
                          "An owner cannot be limited to properties.");
    }
    if (!scope.all && scope.properties.empty()) {
        return fail_field(ErrorCode::invalid_value, std::string(pointer),
                          "Name at least one property.");
    }
    return {};
}

Scope in_order(Scope scope) {
    if (scope.all) scope.properties.clear();
    std::ranges::sort(scope.properties);
    const auto repeated = std::ranges::unique(scope.properties);
    scope.properties.erase(repeated.begin(), repeated.end());
    return scope;
}

Status check_reason(std::string_view reason, Need need) {
    if (need == Need::required && reason.find_first_not_of(" \t\n") == std::string_view::npos) {
        return fail_field(ErrorCode::reason_required, "/reason", "Say why, in the field reason.");
    }
    return check_text(reason, limits::kTextBytesMax, "/reason");
}

Status check_version(std::int64_t seen, std::int64_t current) {
    if (seen == current) return {};
    Error stale = error(ErrorCode::stale_version,
                        "It was changed since you saw it: you sent version " +
                            std::to_string(seen) + ", it is now version " +
                            std::to_string(current) + ". Read it again and decide anew.");
    stale.facts.emplace_back("currentVersion", std::to_string(current));
    return fail(std::move(stale));
}

Status check_balance(std::int64_t minor, std::string_view pointer) {
    if (minor >= -limits::kBalanceMinorMax && minor <= limits::kBalanceMinorMax) return {};
    return fail_field(ErrorCode::amount_out_of_range, std::string(pointer),
                      "A balance is at most 10^15 minor units, of either sign.");
}

}  // namespace daybook::domain
