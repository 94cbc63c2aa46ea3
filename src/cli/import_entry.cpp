// Members that an entry does not have are left out.
#include "cli/import_entry.h"

namespace daybook::cli {
namespace {

void optional_member(JsonWriter& json, std::string_view name, std::string_view value) {
    if (!value.empty()) json.key(name).string(value);
}

}  // namespace

void write_import_entry(JsonWriter& json, const ImportEntry& entry, PropertyId property) {
    using domain::EntryKind;
    const domain::EntryContent& content = entry.content;
    json.begin_object();
    json.key("kind").string(domain::entry_kind_name(entry.kind));
    json.key("propertyId").string(property.to_string());
    json.key("businessDate").string(content.business_date.to_string());
    json.key("amountMinor").integer(content.amount.minor);
    json.key("currency").string(content.amount.currency.code());
    if (entry.kind == EntryKind::transfer) {
        json.key("from").string(domain::transfer_end_name(content.from));
        json.key("to").string(domain::transfer_end_name(content.to));
    } else {
        json.key("paymentMode").string(domain::account_name(content.payment_mode));
        json.key(entry.kind == EntryKind::revenue ? "source" : "category").string(content.key);
    }
    if (content.tax_minor != 0) json.key("taxMinor").integer(content.tax_minor);
    if (content.occurred_on) json.key("occurredOn").string(content.occurred_on->to_string());
    optional_member(json, "method", content.method);
    optional_member(json, "externalId", content.external_id);
    optional_member(json, "party", content.party.value);
    optional_member(json, "description", content.description.value);
    optional_member(json, "reference", content.reference.value);
    json.end_object();
}

}  // namespace daybook::cli
