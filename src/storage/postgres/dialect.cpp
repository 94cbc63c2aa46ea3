// One pass over the words of a text.
#include "storage/postgres/dialect.h"

#include <algorithm>
#include <cstddef>

namespace daybook::storage::postgres {
namespace {

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t end_of_word(std::string_view sql, std::size_t at) {
    while (at < sql.size() && is_word(sql[at])) ++at;
    return at;
}

std::size_t end_of_quoted(std::string_view sql, std::size_t at) {
    const std::size_t end = sql.find(sql[at], at + 1);
    return end == std::string_view::npos ? sql.size() : end + 1;
}

std::size_t end_of_space(std::string_view sql, std::size_t at) {
    return std::min(sql.find_first_not_of(" \n", at), sql.size());
}

}  // namespace

std::string translated(std::string_view sql) {
    constexpr std::string_view kIndexedBy = "indexed by";
    std::string text;
    std::size_t at = 0;
    while (at < sql.size()) {
        const char c = sql[at];
        std::size_t end = at + 1;
        if (c == '\'' || c == '"') end = end_of_quoted(sql, at);
        if (is_word(c)) end = end_of_word(sql, at);
        const std::string_view part = sql.substr(at, end - at);
        if (c == '?') {
            text += '$';
        } else if (part == "user") {
            text += "\"user\"";
        } else if (sql.substr(at).starts_with(kIndexedBy)) {
            end = end_of_word(sql, end_of_space(sql, at + kIndexedBy.size()));
        } else {
            text += part;
        }
        at = end;
    }
    return text;
}

std::string text_of(const sql::Query& query) {
    const std::string_view rest = query.postgres_rest.empty() ? query.rest : query.postgres_rest;
    return translated(std::string(query.select).append(rest));
}

}  // namespace daybook::storage::postgres
