// Member by member, in the order of the API document.
#include "http/render_entity.h"

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/json_optional.h"

namespace daybook::http {
namespace {

std::string time_of_day(int minutes) {
    return fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
}

void write_clock(JsonWriter& json, const domain::ClockRule& rule) {
    json.key("timeZone").string(rule.zone);
    json.key("dayCutoff").string(time_of_day(rule.cutoff_minutes));
}

}  // namespace

void write_count(JsonWriter& json, const domain::Count& count, domain::Currency currency) {
    json.begin_object();
    json.key("id").string(count.id.to_string());
    json.key("propertyId").string(count.property.to_string());
    json.key("account").string(domain::account_name(count.account));
    json.key("date").string(count.date.to_string());
    json.key("countedMinor").integer(count.counted_minor);
    json.key("currency").string(currency.code());
    json.key("denominations").begin_array();
    for (const domain::Denomination& each : count.denominations) {
        json.begin_object();
        json.key("valueMinor").integer(each.value_minor);
        json.key("pieces").integer(each.pieces);
        json.end_object();
    }
    json.end_array();
    write_text_or_null(json, "note", count.note.shown());
    json.key("by").string(count.by.to_string());
    json.key("at").string(count.at.to_string());
    json.end_object();
}

void write_adjustment(JsonWriter& json, const domain::Adjustment& adjustment,
                      domain::Currency currency) {
    json.begin_object();
    json.key("id").string(adjustment.id.to_string());
    json.key("propertyId").string(adjustment.property.to_string());
    json.key("account").string(domain::account_name(adjustment.account));
    json.key("date").string(adjustment.date.to_string());
    json.key("kind").string(domain::adjustment_kind_name(adjustment.kind));
    json.key("amountMinor").integer(adjustment.amount_minor);
    json.key("currency").string(currency.code());
    write_text_or_null(json, "reason", adjustment.reason.shown());
    json.key("by").string(adjustment.by.to_string());
    json.key("at").string(adjustment.at.to_string());
    json.end_object();
}

void write_property(JsonWriter& json, const domain::Property& property) {
    json.begin_object();
    json.key("id").string(property.id.to_string());
    json.key("name").string(property.name);
    json.key("kind").string(domain::property_kind_name(property.kind));
    write_text_or_null(json, "group", property.group);
    json.key("currency").string(property.currency.code());
    write_clock(json, property.clock);
    json.key("nextClock");
    if (property.next_clock) {
        json.begin_object();
        write_clock(json, *property.next_clock);
        json.key("from").string(property.next_clock->from.to_string());
        json.end_object();
    } else {
        json.null();
    }
    json.key("fiscalStartMonth").integer(property.fiscal_start_month);
    json.key("booksStartOn").string(property.books_start_on.to_string());
    json.key("openingMinor").begin_object();
    for (const domain::Account account : domain::kAccounts) {
        json.key(domain::account_name(account)).integer(property.opening(account));
    }
    json.end_object();
    json.key("active").boolean(property.active);
    json.key("version").integer(property.version);
    json.key("createdAt").string(property.created_at.to_string());
    json.end_object();
}

void write_category(JsonWriter& json, const domain::Category& category) {
    json.begin_object();
    json.key("id").string(category.id.to_string());
    json.key("kind").string(domain::category_kind_name(category.kind));
    json.key("key").string(category.key);
    json.key("name").string(category.name);
    write_text_or_null(json, "group", category.group);
    json.key("active").boolean(category.active);
    json.key("order").integer(category.order);
    write_text_or_null(json, "mergedInto", category.merged_into);
    json.key("version").integer(category.version);
    json.end_object();
}

namespace {

void write_token_members(JsonWriter& json, const domain::Token& token) {
    json.key("id").string(token.id.to_string());
    json.key("name").string(token.name);
    json.key("userId").string(token.user.to_string());
    json.key("role").string(domain::role_name(token.role));
    json.key("properties");
    if (token.scope.all) {
        json.null();
    } else {
        json.begin_array();
        for (const PropertyId id : token.scope.properties) json.string(id.to_string());
        json.end_array();
    }
    write_optional(json, "expiresAt", token.expires_at);
    json.key("revoked").boolean(token.revoked);
    json.key("trusted").boolean(token.trusted);
    json.key("version").integer(token.version);
    json.key("createdAt").string(token.created_at.to_string());
}

}  // namespace

void write_token(JsonWriter& json, const domain::Token& token,
                 std::optional<std::string_view> secret) {
    json.begin_object();
    write_token_members(json, token);
    if (secret) json.key("secret").string(*secret);
    json.end_object();
}

void write_token(JsonWriter& json, const domain::Token& token,
                 std::optional<Instant> last_used_at) {
    json.begin_object();
    write_token_members(json, token);
    write_optional(json, "lastUsedAt", last_used_at);
    json.end_object();
}

void write_org(JsonWriter& json, const domain::Org& org) {
    json.begin_object();
    json.key("orgId").string(org.id.to_string());
    json.key("name").string(org.name);
    json.key("fiscalStartMonth").integer(org.fiscal_start_month);
    json.key("managerDaysBack").integer(org.manager_days_back);
    json.key("blindCount").boolean(org.day_rules.blind_count);
    write_optional(json, "varianceToleranceMinor", org.day_rules.variance_tolerance_minor);
    json.key("dailyGate").boolean(org.daily_gate);
    write_optional(json, "fourEyesAboveMinor", org.approvals.four_eyes_above_minor);
    json.key("version").integer(org.version);
    json.key("createdAt").string(org.created_at.to_string());
    json.end_object();
}

void write_import(JsonWriter& json, const domain::ImportCommitted& import) {
    json.begin_object();
    json.key("id").string(import.id.to_string());
    json.key("profile").string(import.profile);
    json.key("fileSha256").string(import.file_sha256);
    json.key("added").integer(import.added);
    json.key("alreadyThere").integer(import.already_there);
    json.key("skipped").integer(import.skipped);
    json.end_object();
}

}  // namespace daybook::http
