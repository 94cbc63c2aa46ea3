// Where a stream is in an org's log, as clients hold it: "<position>-<mark>", the mark being the
// first 12 hexadecimal digits of that event's hash.
//
// Why the mark: after a restored backup the same position may hold another event. A client that
// comes back with a mark that is not the log's is told so, instead of being fed another history.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/ids.h"

namespace daybook::realtime {

using Mark = std::array<std::uint8_t, 6>;
Mark mark_of(const Hash& hash);

// Position 0 is before the first event; its mark is that of the chain's start.
struct Cursor {
    Position position = 0;
    Mark mark{};

    [[nodiscard]] std::string to_string() const;
    bool operator==(const Cursor&) const = default;
};

// What a client sent. Without a mark, as in an answer's Daybook-Position, it is taken on trust.
struct GivenCursor {
    Position position = 0;
    std::optional<Mark> mark;
};
// Exactly what to_string() gives, or its position alone; nullopt otherwise.
std::optional<GivenCursor> parse_cursor(std::string_view text);

}  // namespace daybook::realtime
