// A mapping: how the columns of somebody's CSV become entries, as a small JSON file.
//
//   {
//     "name": "bank-statement",
//     "delimiter": ";",
//     "fields": {
//       "externalId":   {"template": "bank:{Transaction}"},
//       "property":     {"constant": "Beach House"},
//       "kind":         {"column": "Type", "values": {"in": "revenue", "out": "expense"}},
//       "businessDate": {"column": "Date", "format": "DD.MM.YYYY"},
//       "amount":       {"column": "Amount", "currency": "EUR", "decimalMark": ","},
//       "paymentMode":  {"constant": "bank"},
//       "category":     {"column": "Account", "default": "other"},
//       "source":       {"constant": "other"}
//     }
//   }
//
// Each field is a "column", a "constant" or a "template" ("{Column}" is replaced by the cell,
// "{:line}" by the row's number). "values" translates what is found ("" stands for an empty cell),
// "default" stands in where nothing is. Fields: externalId, property, kind, businessDate, amount
// (these five must be there), paymentMode, category, source, from, to, method, tax, occurredOn,
// party, description, reference. A kind takes the fields that it has, and leaves the others alone.
// "skip": {"column": "Status", "values": ["void"]} passes over rows with one of the values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/money.h"

namespace daybook::cli {

enum class MappedField : std::uint8_t {
    external_id,
    property,
    kind,
    business_date,
    amount,
    payment_mode,
    category,
    source,
    from,
    to,
    method,
    tax,
    occurred_on,
    party,
    description,
    reference,
};
inline constexpr std::size_t kMappedFields = 16;
inline constexpr std::array<std::string_view, kMappedFields> kMappedFieldNames{
    "externalId", "property", "kind",        "businessDate", "amount", "paymentMode",
    "category",   "source",   "from",        "to",           "method", "tax",
    "occurredOn", "party",    "description", "reference"};

constexpr std::string_view field_name(MappedField field) {
    return kMappedFieldNames.at(static_cast<std::size_t>(field));
}

// One part of a template: a text, a column, or the line.
struct TemplatePart {
    enum class What : std::uint8_t { text, column, line };
    What what = What::text;
    std::string text;        // the text, or the column's name
    std::size_t column = 0;  // its number, once the header of a file was read
};

struct FieldRule {
    std::string column;               // the only column, for messages; empty where there is none
    std::vector<TemplatePart> parts;  // a constant is one text, a column one column
    std::map<std::string, std::string, std::less<>> values;
    std::optional<std::string> fallback;
};

struct ImportMapping {
    std::string name;
    char delimiter = ',';
    std::array<std::optional<FieldRule>, kMappedFields> fields;
    std::string date_format = "YYYY-MM-DD";
    std::string occurred_on_format = "YYYY-MM-DD";
    domain::Currency currency;
    char decimal_mark = '.';
    char group_mark = '\0';  // none
    std::string skip_column;
    std::vector<std::string> skip_values;

    [[nodiscard]] const std::optional<FieldRule>& rule(MappedField field) const {
        return fields.at(static_cast<std::size_t>(field));
    }
};

// `file` is named in the errors: malformed_json, unknown_field, missing_field, invalid_value.
Result<ImportMapping> parse_mapping(std::string_view file, std::string_view json);

}  // namespace daybook::cli
