// Column by column.
#include "reports/render_entry_csv.h"

#include "domain/money.h"
#include "reports/csv.h"

namespace daybook::reports {
namespace {

using domain::EntryKind;

void append_cell(std::string& csv, std::string_view text) {
    append_csv_text(csv, text);
    csv += ',';
}

// Numbers, ids, dates and names of enums need no quoting.
void append_plain(std::string& csv, std::string_view text) {
    csv += text;
    csv += ',';
}

void append_ends(std::string& csv, const domain::Entry& entry) {
    const bool is_transfer = entry.kind == EntryKind::transfer;
    const domain::EntryContent& content = entry.content;
    append_plain(csv, is_transfer ? "" : domain::account_name(content.payment_mode));
    append_cell(csv, entry.kind == EntryKind::expense ? content.key : "");
    append_cell(csv, entry.kind == EntryKind::revenue ? content.key : "");
    append_plain(csv, is_transfer ? domain::transfer_end_name(content.from) : "");
    append_plain(csv, is_transfer ? domain::transfer_end_name(content.to) : "");
}

}  // namespace

std::string_view entries_csv_header() {
    return "id,propertyId,property,kind,number,businessDate,status,amount,currency,paymentMode,"
           "category,source,from,to,method,party,tax,description,reference,occurredOn,externalId,"
           "reversal,reversesId,version,createdBy,createdAt,updatedBy,updatedAt\n";
}

void append_entry_csv(std::string& csv, const domain::Entry& entry,
                      std::string_view property_name) {
    const domain::EntryContent& content = entry.content;
    const domain::Currency currency = content.amount.currency;
    append_plain(csv, entry.id.to_string());
    append_plain(csv, entry.property.to_string());
    append_cell(csv, property_name);
    append_plain(csv, domain::entry_kind_name(entry.kind));
    append_plain(csv, std::to_string(entry.number));
    append_plain(csv, content.business_date.to_string());
    append_plain(csv, domain::status_name(entry.status));
    append_plain(csv, domain::decimal_text(content.amount.minor, currency));
    append_plain(csv, currency.code());
    append_ends(csv, entry);
    append_cell(csv, content.method);
    append_cell(csv, content.party.shown());
    append_plain(csv, domain::decimal_text(content.tax_minor, currency));
    append_cell(csv, content.description.shown());
    append_cell(csv, content.reference.shown());
    append_plain(csv, content.occurred_on ? content.occurred_on->to_string() : "");
    append_cell(csv, content.external_id);
    append_plain(csv, content.reversal ? "true" : "false");
    append_plain(csv, content.reverses ? content.reverses->to_string() : "");
    append_plain(csv, std::to_string(entry.version));
    append_plain(csv, entry.created_by.to_string());
    append_plain(csv, entry.created_at.to_string());
    append_plain(csv, entry.updated_by.to_string());
    csv += entry.updated_at.to_string();
    csv += '\n';
}

}  // namespace daybook::reports
