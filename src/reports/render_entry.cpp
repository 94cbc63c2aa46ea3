// Member by member, in the order of the API document.
#include "reports/render_entry.h"

#include <optional>
#include <string_view>

#include "base/json_optional.h"

namespace daybook::reports {
namespace {

using domain::EntryKind;

// What only some kinds have.
void write_kind_members(JsonWriter& json, EntryKind kind, const domain::EntryContent& content) {
    const bool is_transfer = kind == EntryKind::transfer;
    const auto only_if = [](bool applies, std::string_view value) {
        return applies ? value : std::string_view();
    };
    write_text_or_null(json, "paymentMode",
                       only_if(!is_transfer, domain::account_name(content.payment_mode)));
    write_text_or_null(json, "category", only_if(kind == EntryKind::expense, content.key));
    write_text_or_null(json, "source", only_if(kind == EntryKind::revenue, content.key));
    write_text_or_null(json, "from", only_if(is_transfer, domain::transfer_end_name(content.from)));
    write_text_or_null(json, "to", only_if(is_transfer, domain::transfer_end_name(content.to)));
}

void write_history(JsonWriter& json, const domain::Entry& entry) {
    json.key("status").string(domain::status_name(entry.status));
    json.key("version").integer(entry.version);
    json.key("createdBy").string(entry.created_by.to_string());
    json.key("createdAt").string(entry.created_at.to_string());
    json.key("updatedBy").string(entry.updated_by.to_string());
    json.key("updatedAt").string(entry.updated_at.to_string());
    write_optional(json, "decidedBy", entry.decided_by);
    write_optional(json, "decidedAt", entry.decided_at);
    write_text_or_null(json, "reason", entry.reason.shown());
    json.key("fourEyes").boolean(entry.four_eyes);
    json.key("changeRequested").boolean(entry.change_requested);
}

}  // namespace

void write_entry_content(JsonWriter& json, EntryKind kind, const domain::EntryContent& content) {
    json.key("businessDate").string(content.business_date.to_string());
    json.key("amountMinor").integer(content.amount.minor);
    json.key("currency").string(content.amount.currency.code());
    write_kind_members(json, kind, content);
    write_text_or_null(json, "method", content.method);
    write_text_or_null(json, "party", content.party.shown());
    json.key("taxMinor").integer(content.tax_minor);
    write_text_or_null(json, "description", content.description.shown());
    write_text_or_null(json, "reference", content.reference.shown());
    write_optional(json, "occurredOn", content.occurred_on);
}

void write_entry(JsonWriter& json, const domain::Entry& entry) {
    const domain::EntryContent& content = entry.content;
    json.begin_object();
    json.key("id").string(entry.id.to_string());
    json.key("propertyId").string(entry.property.to_string());
    json.key("kind").string(domain::entry_kind_name(entry.kind));
    json.key("number").integer(entry.number);
    write_entry_content(json, entry.kind, content);
    write_text_or_null(json, "externalId", content.external_id);
    json.key("reversal").boolean(content.reversal);
    write_optional(json, "reversesId", content.reverses);
    write_history(json, entry);
    json.end_object();
}

}  // namespace daybook::reports
