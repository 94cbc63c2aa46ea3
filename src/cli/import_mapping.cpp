// Reads a mapping; every mistake is named by its path in the file.
#include "cli/import_mapping.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>
#include <initializer_list>
#include <utility>

#include "domain/text.h"

namespace daybook::cli {
namespace {

namespace json = boost::json;

class MappingReader {
 public:
    explicit MappingReader(std::string_view file) : file_(file) {}

    Result<ImportMapping> read(const json::object& object) {
        TRY(known(object, "", {"name", "delimiter", "fields", "skip"}));
        ImportMapping mapping;
        mapping.name = TRY(string(object, "", "name"));
        if (const Status key = domain::check_key(mapping.name, ""); !key)
            return refuse(ErrorCode::invalid_value, "name", key.error().detail);
        mapping.delimiter = TRY(character(object, "", "delimiter", ","));
        const json::value* fields = object.if_contains("fields");
        if (fields == nullptr || !fields->is_object())
            return refuse(ErrorCode::missing_field, "fields", "This object is needed.");
        for (const auto& [name, rule] : fields->get_object()) TRY(read_field(mapping, name, rule));
        for (const MappedField field :
             {MappedField::external_id, MappedField::property, MappedField::kind,
              MappedField::business_date, MappedField::amount}) {
            if (!mapping.rule(field)) {
                return refuse(ErrorCode::missing_field, "fields." + std::string(field_name(field)),
                              "Every mapping needs this field.");
            }
        }
        if (object.contains("skip")) TRY(read_skip(mapping, object.at("skip")));
        return mapping;
    }

 private:
    std::unexpected<Error> refuse(ErrorCode code, std::string_view path, std::string words) const {
        return fail(code, std::string(file_) + " (" + std::string(path) + "): " + words);
    }

    static std::string join(std::string_view path, std::string_view name) {
        return path.empty() ? std::string(name) : std::string(path) + "." + std::string(name);
    }

    Status known(const json::object& object, std::string_view path,
                 std::initializer_list<std::string_view> names) const {
        for (const auto& [name, value] : object) {
            if (std::ranges::find(names, std::string_view(name)) != names.end()) continue;
            std::string list;
            for (const std::string_view each : names)
                list += (list.empty() ? "" : ", ") + std::string(each);
            return refuse(ErrorCode::unknown_field, join(path, name),
                          "There is no such member. It may be one of: " + list + ".");
        }
        return {};
    }

    Result<std::string> string(const json::object& object, std::string_view path,
                               std::string_view name) const {
        const json::value* value = object.if_contains(name);
        if (value == nullptr)
            return refuse(ErrorCode::missing_field, join(path, name), "This member is needed.");
        if (!value->is_string())
            return refuse(ErrorCode::wrong_type, join(path, name), "This is to be a string.");
        return std::string(value->get_string());
    }

    Result<std::string> string_or(const json::object& object, std::string_view path,
                                  std::string_view name, std::string_view other) const {
        if (!object.contains(name)) return std::string(other);
        return string(object, path, name);
    }

    Result<char> character(const json::object& object, std::string_view path, std::string_view name,
                           std::string_view other) const {
        const std::string text = TRY(string_or(object, path, name, other));
        if (text.empty()) return '\0';
        if (text.size() == 1 && text != "\"" && text != "\n") return text.front();
        return refuse(ErrorCode::invalid_value, join(path, name), "This is to be one character.");
    }

    Status read_field(ImportMapping& mapping, std::string_view name, const json::value& value) {
        const auto found = std::ranges::find(kMappedFieldNames, name);
        const std::string path = join("fields", name);
        if (found == kMappedFieldNames.end()) {
            std::string list;
            for (const std::string_view each : kMappedFieldNames)
                list += (list.empty() ? "" : ", ") + std::string(each);
            return refuse(ErrorCode::unknown_field, path,
                          "There is no such field. The fields are: " + list + ".");
        }
        if (!value.is_object())
            return refuse(ErrorCode::wrong_type, path, "This is to be an object.");
        const json::object& object = value.get_object();
        const auto field = static_cast<MappedField>(found - kMappedFieldNames.begin());
        TRY(read_extras(mapping, field, path, object));
        mapping.fields.at(static_cast<std::size_t>(field)) = TRY(read_rule(path, object));
        return {};
    }

    // What only dates and the amount have.
    Status read_extras(ImportMapping& mapping, MappedField field, std::string_view path,
                       const json::object& object) {
        if (field == MappedField::business_date || field == MappedField::occurred_on) {
            TRY(known(object, path,
                      {"column", "constant", "template", "values", "default", "format"}));
            std::string format = TRY(string_or(object, path, "format", "YYYY-MM-DD"));
            TRY(check_format(path, format));
            (field == MappedField::business_date ? mapping.date_format
                                                 : mapping.occurred_on_format) = std::move(format);
            return {};
        }
        if (field != MappedField::amount)
            return known(object, path, {"column", "constant", "template", "values", "default"});
        TRY(known(object, path,
                  {"column", "constant", "template", "values", "default", "currency", "decimalMark",
                   "groupMark"}));
        const std::string code = TRY(string(object, path, "currency"));
        const auto currency = domain::Currency::parse(code);
        if (!currency) {
            return refuse(ErrorCode::invalid_value, join(path, "currency"),
                          "'" + code + "' is not a currency of ISO 4217, such as EUR.");
        }
        mapping.currency = *currency;
        mapping.decimal_mark = TRY(character(object, path, "decimalMark", "."));
        mapping.group_mark = TRY(character(object, path, "groupMark", ""));
        if (mapping.decimal_mark == mapping.group_mark) {
            return refuse(ErrorCode::invalid_value, join(path, "groupMark"),
                          "One character cannot mark both the decimals and the groups.");
        }
        return {};
    }

    Status check_format(std::string_view path, std::string_view format) const {
        const auto count = [&](char letter) { return std::ranges::count(format, letter); };
        const bool is_format = count('Y') == 4 && format.contains("YYYY") && count('M') >= 1 &&
                               count('M') <= 2 && count('D') >= 1 && count('D') <= 2;
        if (is_format) return {};
        return refuse(ErrorCode::invalid_value, join(path, "format"),
                      "A format has YYYY, MM or M, DD or D, and what stands between them: "
                      "DD.MM.YYYY.");
    }

    Result<FieldRule> read_rule(std::string_view path, const json::object& object) {
        const auto count = static_cast<int>(object.contains("column")) +
                           static_cast<int>(object.contains("constant")) +
                           static_cast<int>(object.contains("template"));
        if (count != 1) {
            return refuse(ErrorCode::missing_field, path,
                          "A field has exactly one of column, constant and template.");
        }
        FieldRule rule;
        if (object.contains("column")) {
            rule.column = TRY(string(object, path, "column"));
            rule.parts.push_back({TemplatePart::What::column, rule.column});
        } else if (object.contains("constant")) {
            rule.parts.push_back({TemplatePart::What::text, TRY(string(object, path, "constant"))});
        } else {
            rule.parts =
                TRY(template_parts(join(path, "template"), TRY(string(object, path, "template"))));
        }
        if (object.contains("default")) rule.fallback = TRY(string(object, path, "default"));
        if (!object.contains("values")) return rule;
        const json::value& values = object.at("values");
        if (!values.is_object())
            return refuse(ErrorCode::wrong_type, join(path, "values"), "This is to be an object.");
        for (const auto& [from, to] : values.get_object()) {
            rule.values.emplace(from, TRY(string(values.get_object(), join(path, "values"), from)));
        }
        return rule;
    }

    Result<std::vector<TemplatePart>> template_parts(std::string_view path,
                                                     std::string_view text) const {
        std::vector<TemplatePart> parts;
        while (!text.empty()) {
            const std::size_t open = text.find('{');
            if (open != 0)
                parts.push_back({TemplatePart::What::text, std::string(text.substr(0, open))});
            if (open == std::string_view::npos) break;
            const std::size_t close = text.find('}', open);
            if (close == std::string_view::npos)
                return refuse(ErrorCode::invalid_value, path, "A { has no }.");
            const std::string_view name = text.substr(open + 1, close - open - 1);
            if (name == ":line") {
                parts.push_back({TemplatePart::What::line, {}});
            } else {
                parts.push_back({TemplatePart::What::column, std::string(name)});
            }
            text.remove_prefix(close + 1);
        }
        return parts;
    }

    Status read_skip(ImportMapping& mapping, const json::value& value) const {
        if (!value.is_object())
            return refuse(ErrorCode::wrong_type, "skip", "This is to be an object.");
        const json::object& object = value.get_object();
        TRY(known(object, "skip", {"column", "values"}));
        mapping.skip_column = TRY(string(object, "skip", "column"));
        const json::value* values = object.if_contains("values");
        if (values == nullptr || !values->is_array())
            return refuse(ErrorCode::wrong_type, "skip.values", "This is to be an array.");
        for (const json::value& each : values->get_array()) {
            if (!each.is_string())
                return refuse(ErrorCode::wrong_type, "skip.values", "These are to be strings.");
            mapping.skip_values.emplace_back(each.get_string());
        }
        return {};
    }

    std::string_view file_;
};

}  // namespace

Result<ImportMapping> parse_mapping(std::string_view file, std::string_view text) {
    boost::system::error_code failure;
    const json::value value = json::parse(text, failure);
    if (failure || !value.is_object()) {
        return fail(ErrorCode::malformed_json,
                    std::string(file) + " is not a JSON object" +
                        (failure ? ": " + failure.message() : std::string()) + ".");
    }
    return MappingReader(file).read(value.get_object());
}

}  // namespace daybook::cli
