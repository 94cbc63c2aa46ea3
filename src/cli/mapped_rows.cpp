// Evaluates a mapping for one row after the other.
#include "cli/mapped_rows.h"

#include <algorithm>

#include "base/limits.h"
#include "domain/text.h"

namespace daybook::cli {

using domain::EntryKind;

CellResult<void> MappedRows::read_header(const CsvRow& header) {
    columns_ = TRY(Columns::read(header));
    for (std::optional<FieldRule>& rule : mapping_.fields) {
        if (!rule) continue;
        for (TemplatePart& part : rule->parts) {
            if (part.what != TemplatePart::What::column) continue;
            part.column = TRY(columns_->index(part.text));
        }
    }
    if (!mapping_.skip_column.empty()) skip_column_ = TRY(columns_->index(mapping_.skip_column));
    return {};
}

std::string MappedRows::evaluate(const FieldRule& rule, const CsvRow& row) const {
    std::string text;
    for (const TemplatePart& part : rule.parts) {
        switch (part.what) {
            case TemplatePart::What::text: text += part.text; break;
            case TemplatePart::What::column: text += row.cells.at(part.column).text; break;
            case TemplatePart::What::line: text += std::to_string(row.number); break;
        }
    }
    return text;
}

CellResult<MappedRows::Value> MappedRows::value(MappedField field, const CsvRow& row) const {
    Value value{{}, row.place, field_name(field)};
    const std::optional<FieldRule>& rule = mapping_.rule(field);
    if (!rule) return value;
    if (!rule->column.empty()) {
        value.place = row.cells.at(rule->parts.front().column).place;
        value.column = rule->column;
    }
    value.text = evaluate(*rule, row);
    if (const auto translated = rule->values.find(value.text); translated != rule->values.end()) {
        value.text = translated->second;
    }
    if (value.text.empty() && rule->fallback) value.text = *rule->fallback;
    return value;
}

CellResult<MappedRows::Value> MappedRows::needed(MappedField field, const CsvRow& row) const {
    Value found = TRY(value(field, row));
    if (!found.text.empty()) return found;
    const std::string name(field_name(field));
    return cell_problem(
        found.place, found.column,
        mapping_.rule(field)
            ? "This is empty, and an entry needs its " + name +
                  ". Fill it in, or give the mapping's field a default."
            : "The mapping has no field " + name + ", which an entry of this kind needs. Add it.");
}

CellResult<std::string> MappedRows::text(MappedField field, const CsvRow& row,
                                         std::size_t bytes_max) const {
    Value found = TRY(value(field, row));
    if (const Status checked = domain::check_text(found.text, bytes_max, ""); !checked)
        return cell_problem(found.place, found.column, checked.error().detail);
    return std::move(found.text);
}

template <class Parse>
auto MappedRows::parsed(MappedField field, const CsvRow& row, Parse&& parse,
                        std::string_view choices) const
    -> CellResult<typename decltype(parse(std::string_view()))::value_type> {
    const Value found = TRY(needed(field, row));
    const auto result = parse(found.text);
    if (result) return *result;
    return cell_problem(found.place, found.column,
                        "'" + found.text + "' is not one of " + std::string(choices) +
                            ". Translate it by the \"values\" of the mapping's field " +
                            std::string(field_name(field)) + ".");
}

namespace {

// The number with a point and without groups; nullopt where groups are not of three digits.
std::optional<std::string> plain_decimal(std::string_view text, char decimal_mark,
                                         char group_mark) {
    const std::size_t mark = text.find(decimal_mark);
    std::string whole;
    const std::string_view groups = text.substr(0, mark);
    for (std::size_t at = 0; at < groups.size(); ++at) {
        if (group_mark == '\0' || groups[at] != group_mark) {
            whole += groups[at];
        } else if ((groups.size() - at) % 4 != 0 || at == 0) {
            return std::nullopt;
        }
    }
    if (decimal_mark != '.' && text.contains('.') && group_mark != '.') return std::nullopt;
    if (mark == std::string_view::npos) return whole;
    return whole + "." + std::string(text.substr(mark + 1));
}

}  // namespace

CellResult<std::int64_t> MappedRows::amount(const Value& value) const {
    const auto plain = plain_decimal(value.text, mapping_.decimal_mark, mapping_.group_mark);
    if (!plain) {
        return cell_problem(value.place, value.column,
                            "'" + value.text +
                                "' is not an amount as the mapping describes it. See its "
                                "decimalMark and groupMark.");
    }
    const auto minor = domain::parse_decimal(*plain, mapping_.currency);
    if (!minor) return cell_problem(value.place, value.column, minor.error().detail);
    return *minor;
}

CellResult<void> MappedRows::read_money(const CsvRow& row, domain::EntryContent& content) const {
    const Value sum = TRY(needed(MappedField::amount, row));
    content.amount = {TRY(amount(sum)), mapping_.currency};
    if (const Status checked = domain::check_amount(content.amount.minor, ""); !checked)
        return cell_problem(sum.place, sum.column, checked.error().detail);
    const Value tax = TRY(value(MappedField::tax, row));
    if (tax.text.empty()) return {};
    content.tax_minor = TRY(amount(tax));
    if (content.tax_minor >= 0 && content.tax_minor <= content.amount.minor) return {};
    return cell_problem(tax.place, tax.column,
                        "The tax is contained in the amount: 0 to the amount.");
}

CellResult<void> MappedRows::read_dates(const CsvRow& row, ImportEntry& entry) const {
    const auto read = [](const Value& value,
                         std::string_view format) -> CellResult<domain::BusinessDate> {
        const auto date = parse_date(value.text, format);
        if (date) return *date;
        return cell_problem(value.place, value.column,
                            "'" + value.text + "' is not a date of 1970 to 2199 in the format " +
                                std::string(format) + ".");
    };
    const Value date = TRY(needed(MappedField::business_date, row));
    entry.content.business_date = TRY(read(date, mapping_.date_format));
    entry.date_place = date.place;
    entry.date_column = date.column;
    const Value paper = TRY(value(MappedField::occurred_on, row));
    if (!paper.text.empty())
        entry.content.occurred_on = TRY(read(paper, mapping_.occurred_on_format));
    return {};
}

CellResult<void> MappedRows::read_texts(const CsvRow& row, domain::EntryContent& content) const {
    content.external_id = TRY(text(MappedField::external_id, row, limits::kExternalIdBytesMax));
    if (content.external_id.empty()) TRY(needed(MappedField::external_id, row));
    content.method = TRY(text(MappedField::method, row, limits::kMethodBytesMax));
    content.party.value = TRY(text(MappedField::party, row, limits::kTextBytesMax));
    content.description.value = TRY(text(MappedField::description, row, limits::kTextBytesMax));
    content.reference.value = TRY(text(MappedField::reference, row, limits::kReferenceBytesMax));
    return {};
}

CellResult<void> MappedRows::read_books(const CsvRow& row, ImportEntry& entry) const {
    entry.kind =
        TRY(parsed(MappedField::kind, row, domain::parse_entry_kind, "expense, revenue, transfer"));
    if (entry.kind == EntryKind::transfer) {
        constexpr std::string_view kEnds = "cash, bank, owner, loan, deposit, in_transit, other";
        entry.content.from = TRY(parsed(MappedField::from, row, domain::parse_transfer_end, kEnds));
        entry.content.to = TRY(parsed(MappedField::to, row, domain::parse_transfer_end, kEnds));
        return {};
    }
    entry.content.payment_mode =
        TRY(parsed(MappedField::payment_mode, row, domain::parse_account, "cash, bank"));
    const Value key = TRY(needed(
        entry.kind == EntryKind::revenue ? MappedField::source : MappedField::category, row));
    entry.content.key = key.text;
    entry.key_place = key.place;
    entry.key_column = key.column;
    return {};
}

bool MappedRows::is_skipped(const CsvRow& row) const {
    if (mapping_.skip_column.empty()) return false;
    const std::string& found = row.cells.at(skip_column_).text;
    return std::ranges::find(mapping_.skip_values, found) != mapping_.skip_values.end();
}

CellResult<MappedRow> MappedRows::map(const CsvRow& row) {
    TRY(columns_->check(row));
    if (is_skipped(row))
        return MappedRow{{}, "the mapping skips this value of " + mapping_.skip_column};
    ImportEntry entry;
    entry.place = row.place;
    const Value property = TRY(needed(MappedField::property, row));
    entry.property = property.text;
    entry.property_place = property.place;
    entry.property_column = property.column;
    TRY(read_books(row, entry));
    TRY(read_dates(row, entry));
    TRY(read_money(row, entry.content));
    TRY(read_texts(row, entry.content));
    MappedRow mapped;
    mapped.entries.push_back(std::move(entry));
    return mapped;
}

}  // namespace daybook::cli
