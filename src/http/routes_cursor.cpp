// base64url and the two kinds of cursors.
#include "http/routes_cursor.h"

#include <fmt/format.h>

#include <cstdint>
#include <vector>

#include "http/routes_query.h"

namespace daybook::http {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

// "e<sort><order>": the list that a cursor belongs to.
std::string list_name(app::EntrySort sort, app::SortOrder order) {
    return fmt::format("e{}{}", static_cast<int>(sort), static_cast<int>(order));
}

}  // namespace

std::string to_base64url(std::string_view bytes) {
    std::string text;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = bits << 8U | static_cast<std::uint8_t>(c);
        count += 8;
        while (count >= 6) {
            count -= 6;
            text += kAlphabet[bits >> static_cast<unsigned>(count) & 63U];
        }
    }
    if (count > 0) text += kAlphabet[bits << static_cast<unsigned>(6 - count) & 63U];
    return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::size_t digit = kAlphabet.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 255U);
    }
    if (to_base64url(bytes) != text) return std::nullopt;
    return bytes;
}

std::string entry_cursor_text(app::EntrySort sort, app::SortOrder order,
                              const app::EntryCursor& cursor) {
    return to_base64url(
        fmt::format("{}|{}|{}", list_name(sort, order), cursor.value, cursor.id.to_string()));
}

std::optional<app::EntryCursor> parse_entry_cursor(app::EntrySort sort, app::SortOrder order,
                                                   std::string_view text) {
    const auto bytes = from_base64url(text);
    if (!bytes) return std::nullopt;
    const auto parts = split(*bytes, '|');
    if (parts.size() != 3 || parts[0] != list_name(sort, order)) return std::nullopt;
    const auto value = parse_integer(parts[1]);
    const auto id = EntryId::parse(parts[2]);
    if (!value || !id) return std::nullopt;
    return app::EntryCursor{*value, *id};
}

std::string position_cursor_text(Position position) {
    return to_base64url(fmt::format("p|{}", position));
}

std::optional<Position> parse_position_cursor(std::string_view text) {
    const auto bytes = from_base64url(text);
    if (!bytes || !bytes->starts_with("p|")) return std::nullopt;
    const auto position = parse_integer(std::string_view(*bytes).substr(2));
    if (!position || *position < 0) return std::nullopt;
    return position;
}

}  // namespace daybook::http
