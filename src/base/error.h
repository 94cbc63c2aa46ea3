// Errors are values: one closed list of codes, each with its kind; the kind decides the HTTP
// status.
//
// A function that can fail returns Result<T>; the error names the rule that refused (`code`), says
// in `detail` what to do next, and may point at the input that is wrong (`pointer`, RFC 6901).
// Return an error or log it, never both.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace daybook {

// What sort of failure it is. http/ maps each kind to one status; cli/ to an exit code.
enum class ErrorKind : std::uint8_t {
    malformed,              // 400
    unauthenticated,        // 401
    forbidden,              // 403
    not_found,              // 404
    method_not_allowed,     // 405
    conflict,               // 409
    stale,                  // 412
    too_large,              // 413
    unsupported,            // 415
    rule,                   // 422
    precondition_required,  // 428
    rate_limited,           // 429
    unavailable,            // 503
    internal,               // 500
};

// The closed list of codes, as they appear in `code` of a problem document. Idempotency records
// keep their numbers for 72 hours: a released version adds before `internal` and never reorders.
enum class ErrorCode : std::uint8_t {
    malformed,
    malformed_json,
    unknown_field,
    unknown_parameter,
    missing_field,
    wrong_type,
    invalid_value,
    unauthenticated,
    forbidden,
    not_found,
    method_not_allowed,
    duplicate,
    not_pending,
    invalid_transition,
    already_created,
    already_exists,
    stale_version,
    position_unknown,
    too_large,
    unsupported_media_type,
    currency_mismatch,
    unknown_category,
    inactive_category,
    future_date,
    too_far_back,
    before_books_start,
    books_not_started,
    amount_out_of_range,
    total_too_large,
    tax_exceeds_amount,
    same_account,
    reversal_exceeds_original,
    not_reversible,
    property_inactive,
    property_fixed,
    currency_fixed,
    opening_fixed,
    reason_required,
    nothing_to_change,
    range_too_long,
    day_closed,
    earlier_days_open,
    too_many_days,
    count_stale,
    period_locked,
    gate_closed,
    change_open,
    last_owner,
    four_eyes,
    too_few_approvers,
    weak_password,
    address_refused,
    limit_reached,
    batch_refused,
    idempotency_mismatch,
    if_match_required,
    rate_limited,
    queue_full,
    draining,
    read_only,
    disk_full,
    commit_unknown,
    busy,
    newer_schema,
    corrupt,
    io_failed,
    undecided_entries,
    internal,
};

std::string_view code_name(ErrorCode code);
ErrorKind code_kind(ErrorCode code);

// All codes in order, for the API document and its test.
std::vector<ErrorCode> all_error_codes();

struct FieldError {
    std::string pointer;  // RFC 6901, e.g. "/amountMinor"
    ErrorCode code;
    std::string detail;
};

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string
        detail;  // one sentence or two: what is wrong and what to do next; never SQL or a stack
    std::vector<FieldError> fields;
    // Facts that a caller can act on, shown as members of the problem document
    // (name, text): e.g. {"currentVersion", "3"} or {"entryId", "0190…"}.
    std::vector<std::pair<std::string, std::string>> facts;

    [[nodiscard]] ErrorKind kind() const { return code_kind(code); }
};

// An error about one input field. The detail of the error repeats the field's.
Error field_error(ErrorCode code, std::string pointer, std::string detail);

inline Error error(ErrorCode code, std::string detail) {
    return Error{code, std::move(detail), {}, {}};
}

}  // namespace daybook
