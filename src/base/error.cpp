// The table of codes: name and kind of each, in the order of the enum.
#include "base/error.h"

#include <array>
#include <cstddef>

#include "base/check.h"

namespace daybook {
namespace {

struct CodeRow {
    ErrorCode code;
    std::string_view name;
    ErrorKind kind;
};

using enum ErrorKind;

constexpr std::array kCodes{
    CodeRow{ErrorCode::malformed, "malformed", malformed},
    CodeRow{ErrorCode::malformed_json, "malformed_json", malformed},
    CodeRow{ErrorCode::unknown_field, "unknown_field", malformed},
    CodeRow{ErrorCode::unknown_parameter, "unknown_parameter", malformed},
    CodeRow{ErrorCode::missing_field, "missing_field", malformed},
    CodeRow{ErrorCode::wrong_type, "wrong_type", malformed},
    CodeRow{ErrorCode::invalid_value, "invalid_value", malformed},
    CodeRow{ErrorCode::unauthenticated, "unauthenticated", unauthenticated},
    CodeRow{ErrorCode::forbidden, "forbidden", forbidden},
    CodeRow{ErrorCode::not_found, "not_found", not_found},
    CodeRow{ErrorCode::method_not_allowed, "method_not_allowed", method_not_allowed},
    CodeRow{ErrorCode::duplicate, "duplicate", conflict},
    CodeRow{ErrorCode::not_pending, "not_pending", conflict},
    CodeRow{ErrorCode::invalid_transition, "invalid_transition", conflict},
    CodeRow{ErrorCode::already_created, "already_created", conflict},
    CodeRow{ErrorCode::already_exists, "already_exists", conflict},
    CodeRow{ErrorCode::stale_version, "stale_version", stale},
    CodeRow{ErrorCode::position_unknown, "position_unknown", stale},
    CodeRow{ErrorCode::too_large, "too_large", too_large},
    CodeRow{ErrorCode::unsupported_media_type, "unsupported_media_type", unsupported},
    CodeRow{ErrorCode::currency_mismatch, "currency_mismatch", rule},
    CodeRow{ErrorCode::unknown_category, "unknown_category", rule},
    CodeRow{ErrorCode::inactive_category, "inactive_category", rule},
    CodeRow{ErrorCode::future_date, "future_date", rule},
    CodeRow{ErrorCode::too_far_back, "too_far_back", rule},
    CodeRow{ErrorCode::before_books_start, "before_books_start", rule},
    CodeRow{ErrorCode::books_not_started, "books_not_started", rule},
    CodeRow{ErrorCode::amount_out_of_range, "amount_out_of_range", rule},
    CodeRow{ErrorCode::total_too_large, "total_too_large", rule},
    CodeRow{ErrorCode::tax_exceeds_amount, "tax_exceeds_amount", rule},
    CodeRow{ErrorCode::same_account, "same_account", rule},
    CodeRow{ErrorCode::reversal_exceeds_original, "reversal_exceeds_original", rule},
    CodeRow{ErrorCode::not_reversible, "not_reversible", rule},
    CodeRow{ErrorCode::property_inactive, "property_inactive", rule},
    CodeRow{ErrorCode::property_fixed, "property_fixed", rule},
    CodeRow{ErrorCode::currency_fixed, "currency_fixed", rule},
    CodeRow{ErrorCode::opening_fixed, "opening_fixed", rule},
    CodeRow{ErrorCode::reason_required, "reason_required", rule},
    CodeRow{ErrorCode::nothing_to_change, "nothing_to_change", rule},
    CodeRow{ErrorCode::range_too_long, "range_too_long", rule},
    CodeRow{ErrorCode::day_closed, "day_closed", conflict},
    CodeRow{ErrorCode::earlier_days_open, "earlier_days_open", conflict},
    CodeRow{ErrorCode::too_many_days, "too_many_days", conflict},
    CodeRow{ErrorCode::count_stale, "count_stale", conflict},
    CodeRow{ErrorCode::period_locked, "period_locked", conflict},
    CodeRow{ErrorCode::gate_closed, "gate_closed", conflict},
    CodeRow{ErrorCode::change_open, "change_open", conflict},
    CodeRow{ErrorCode::last_owner, "last_owner", conflict},
    CodeRow{ErrorCode::four_eyes, "four_eyes", rule},
    CodeRow{ErrorCode::too_few_approvers, "too_few_approvers", rule},
    CodeRow{ErrorCode::weak_password, "weak_password", rule},
    CodeRow{ErrorCode::address_refused, "address_refused", rule},
    CodeRow{ErrorCode::limit_reached, "limit_reached", rule},
    CodeRow{ErrorCode::batch_refused, "batch_refused", rule},
    CodeRow{ErrorCode::idempotency_mismatch, "idempotency_mismatch", rule},
    CodeRow{ErrorCode::if_match_required, "if_match_required", precondition_required},
    CodeRow{ErrorCode::rate_limited, "rate_limited", rate_limited},
    CodeRow{ErrorCode::queue_full, "queue_full", unavailable},
    CodeRow{ErrorCode::draining, "draining", unavailable},
    CodeRow{ErrorCode::read_only, "read_only", unavailable},
    CodeRow{ErrorCode::disk_full, "disk_full", unavailable},
    CodeRow{ErrorCode::commit_unknown, "commit_unknown", unavailable},
    CodeRow{ErrorCode::busy, "busy", unavailable},
    CodeRow{ErrorCode::newer_schema, "newer_schema", internal},
    CodeRow{ErrorCode::corrupt, "corrupt", internal},
    CodeRow{ErrorCode::io_failed, "io_failed", internal},
    CodeRow{ErrorCode::undecided_entries, "undecided_entries", conflict},
    CodeRow{ErrorCode::internal, "internal", internal},
};

constexpr bool in_enum_order() {
    for (std::size_t i = 0; i < kCodes.size(); ++i) {
        if (static_cast<std::size_t>(kCodes.at(i).code) != i) return false;
    }
    return kCodes.back().code == ErrorCode::internal;
}
static_assert(in_enum_order(), "kCodes must list every ErrorCode in order");

const CodeRow& row(ErrorCode code) {
    const auto index = static_cast<std::size_t>(code);
    CHECK(index < kCodes.size());
    return kCodes.at(index);
}

}  // namespace

std::string_view code_name(ErrorCode code) {
    return row(code).name;
}

ErrorKind code_kind(ErrorCode code) {
    return row(code).kind;
}

std::vector<ErrorCode> all_error_codes() {
    std::vector<ErrorCode> codes;
    for (const CodeRow& each : kCodes) codes.push_back(each.code);
    return codes;
}

Error field_error(ErrorCode code, std::string pointer, std::string detail) {
    Error result = error(code, detail);
    result.fields.push_back({std::move(pointer), code, std::move(detail)});
    return result;
}

}  // namespace daybook
