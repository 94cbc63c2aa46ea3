// Text of cursors, both ways.
#include "realtime/cursor.h"

#include <algorithm>
#include <charconv>

#include "base/hex.h"

namespace daybook::realtime {

Mark mark_of(const Hash& hash) {
    Mark mark{};
    std::copy_n(hash.begin(), mark.size(), mark.begin());
    return mark;
}

std::string Cursor::to_string() const {
    return std::to_string(position) + "-" + to_hex(mark);
}

std::optional<GivenCursor> parse_cursor(std::string_view text) {
    GivenCursor cursor;
    const char* const end = text.data() + text.size();
    const auto [rest, code] = std::from_chars(text.data(), end, cursor.position);
    if (code != std::errc() || cursor.position < 0) return std::nullopt;
    const auto digits = static_cast<std::size_t>(rest - text.data());
    // One text for one cursor: no sign, no leading zero.
    if (text.substr(0, digits) != std::to_string(cursor.position)) return std::nullopt;
    if (rest == end) return cursor;
    if (*rest != '-') return std::nullopt;
    const std::string_view hex = text.substr(digits + 1);
    const auto bytes = from_hex(hex);
    Mark mark{};
    if (!bytes || bytes->size() != mark.size() || to_hex(*bytes) != hex) return std::nullopt;
    std::ranges::copy(*bytes, mark.begin());
    cursor.mark = mark;
    return cursor;
}

}  // namespace daybook::realtime
