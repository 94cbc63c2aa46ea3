// Taking inserts apart, and putting arrays in the place of values.
#include "storage/postgres/query_texts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

#include "storage/postgres/dialect.h"

namespace daybook::storage::postgres {
namespace {

using sql::ValueKind;

bool is_space(char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0;
}

// Takes a word, and the space before it, from the front of the text.
bool take(std::string_view& text, std::string_view word) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

// The names in "(a, b)", which are taken from the front of the text; none if it does not go on like
// that.
std::vector<std::string> take_names(std::string_view& text) {
    std::vector<std::string> names;
    if (!take(text, "(")) return names;
    do {
        take(text, "\"");
        const auto* const end = std::ranges::find_if_not(
            text, [](char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)); });
        names.emplace_back(text.begin(), end);
        text.remove_prefix(names.back().size());
        take(text, "\"");
    } while (take(text, ","));
    if (!take(text, ")")) return {};
    return names;
}

// Behind "$1, $2, …)" with so many of them, if the text goes on like that.
std::optional<std::string_view> behind_parameters(std::string_view text, std::size_t count) {
    for (std::size_t number = 1; number <= count; ++number) {
        if (!take(text, fmt::format("${}", number))) return std::nullopt;
        if (!take(text, number < count ? "," : ")")) return std::nullopt;
    }
    return text;
}

std::string_view array_type(ValueKind kind) {
    switch (kind) {
        case ValueKind::integer: return "bigint[]";
        case ValueKind::text: return "text[]";
        default: return "bytea[]";
    }
}

// "unnest($1::bytea[], $2::bigint[])"
std::string unnest(const ValueKinds& kinds) {
    std::string text = "unnest(";
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        text += fmt::format("{}${}::{}", i == 0 ? "" : ", ", i + 1, array_type(kinds[i]));
    }
    return text + ")";
}

// $1 is p1: the columns of what was unnested.
std::string with_columns(std::string_view text) {
    std::string columns;
    for (const char c : text) {
        if (c == '$') {
            columns += "given.p";
        } else {
            columns += c;
        }
    }
    return columns;
}

}  // namespace

QueryTexts::QueryTexts(const sql::Query& query) : name(query.name), one(text_of(query)) {
    locks = one.contains(" for share") || one.contains(" for update") ||
            one.contains(" for no key update");
    std::string_view rest = one;
    if (!take(rest, "insert") || !take(rest, "into")) return;
    take(rest, "");
    const std::string_view into = rest.substr(0, rest.find_first_of(" \n"));
    rest.remove_prefix(into.size());
    const std::string_view list = rest.substr(0, rest.find(')') + 1);
    std::vector<std::string> names = take_names(rest);
    if (names.empty() || !take(rest, "values") || !take(rest, "(")) return;
    const auto behind = behind_parameters(rest, names.size());
    if (!behind) return;
    table = into;
    columns = std::move(names);
    column_list = list;
    conflict = *behind;
}

std::string QueryTexts::ask_many(const ValueKinds& kinds) const {
    std::string names;
    for (std::size_t i = 0; i < kinds.size(); ++i) names += fmt::format("p{}, ", i + 1);
    return fmt::format(
        "select given.number, found.* from {} with ordinality given ({}number)"
        " cross join lateral ({} offset 0) found",
        unnest(kinds), names, with_columns(one));
}

std::string QueryTexts::insert_many(const ValueKinds& kinds) const {
    return fmt::format("insert into {}{} select * from {}{}", table, column_list, unnest(kinds),
                       conflict);
}

std::string one_name(const QueryTexts& query) {
    return "daybook_" + query.name;
}

std::string keys_name(const QueryTexts& query, const ValueKinds& kinds) {
    std::string name = "daybook_keys_" + query.name + "_";
    for (const ValueKind kind : kinds) name += std::to_string(static_cast<int>(kind));
    return name;
}

std::string rows_name(const QueryTexts& query) {
    return "daybook_rows_" + query.name;
}

}  // namespace daybook::storage::postgres
