// Member by member, in the order of the API document.
#include "http/render_days.h"

#include <optional>
#include <string_view>

#include "base/hex.h"
#include "base/json_optional.h"

namespace daybook::http {
namespace {

void write_counted(JsonWriter& json, std::string_view sum, std::string_view variance,
                   const std::optional<domain::CountedAccount>& counted) {
    std::optional<std::int64_t> counted_minor;
    std::optional<std::int64_t> variance_minor;
    if (counted) counted_minor = counted->counted_minor;
    if (counted) variance_minor = counted->variance_minor;
    write_optional(json, sum, counted_minor);
    write_optional(json, variance, variance_minor);
}

}  // namespace

void write_closing_members(JsonWriter& json, const domain::Closing& closing,
                           domain::Currency currency) {
    json.key("propertyId").string(closing.property.to_string());
    json.key("date").string(closing.date.to_string());
    // A day that was sealed has no number, and no report.
    const bool is_sealed = closing.number == 0;
    write_optional(json, "number", is_sealed ? std::nullopt : std::optional(closing.number));
    write_optional(json, "revision", is_sealed ? std::nullopt : std::optional(closing.revision));
    json.key("status").string(closing.stands() ? "closed" : is_sealed ? "open" : "reopened");
    json.key("currency").string(currency.code());
    write_counted(json, "countedMinor", "varianceMinor", closing.counted[0]);
    write_counted(json, "bankCountedMinor", "bankVarianceMinor", closing.counted[1]);
    json.key("expectedMinor").integer(closing.expected_minor);
    json.key("pendingCashMinor").integer(closing.pending_cash_minor);
    write_optional(json, "countedBy", closing.counted_by);
    json.key("needsAcknowledgement").boolean(closing.needs_acknowledgement);
    write_optional(json, "acknowledgedBy", closing.acknowledged_by);
    write_optional(json, "acknowledgedAt", closing.acknowledged_at);
    write_text_or_null(json, "reportSha256", is_sealed ? "" : to_hex(closing.report));
    write_optional(json, "closedBy", is_sealed ? std::nullopt : std::optional(closing.by));
    write_optional(json, "closedAt", is_sealed ? std::nullopt : std::optional(closing.at));
    write_optional(json, "reopenedBy", closing.reopened_by);
    write_optional(json, "reopenedAt", closing.reopened_at);
}

void write_closing(JsonWriter& json, const domain::Closing& closing, domain::Currency currency) {
    json.begin_object();
    write_closing_members(json, closing, currency);
    json.end_object();
}

void write_lock(JsonWriter& json, const domain::PeriodLock& lock) {
    json.begin_object();
    write_optional(json, "propertyId", lock.property);
    write_optional(json, "through", lock.lifted ? std::nullopt : std::optional(lock.through));
    write_text_or_null(json, "reason", lock.reason.shown());
    json.key("by").string(lock.by.to_string());
    json.key("at").string(lock.at.to_string());
    json.key("version").integer(lock.version);
    json.end_object();
}

void write_lock_exception(JsonWriter& json, const domain::LockException& exception) {
    json.begin_object();
    write_optional(json, "propertyId", exception.property);
    json.key("userId").string(exception.user.to_string());
    json.key("until").string(exception.until.to_string());
    json.key("revoked").boolean(exception.revoked);
    write_text_or_null(json, "reason", exception.reason.shown());
    json.key("by").string(exception.by.to_string());
    json.key("at").string(exception.at.to_string());
    json.end_object();
}

void write_daily_approval(JsonWriter& json, const domain::DailyApproval& approval) {
    json.begin_object();
    json.key("propertyId").string(approval.property.to_string());
    json.key("userId").string(approval.user.to_string());
    json.key("date").string(approval.date.to_string());
    json.key("granted").boolean(!approval.revoked);
    write_text_or_null(json, "reason", approval.reason.shown());
    json.key("by").string(approval.by.to_string());
    json.key("at").string(approval.at.to_string());
    json.end_object();
}

}  // namespace daybook::http
