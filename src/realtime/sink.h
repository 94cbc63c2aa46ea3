// The way out of a stream: a socket, a waiting poll, or in tests a string.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace daybook::realtime {

// Closed when it is destroyed.
class Sink {
 public:
    virtual ~Sink() = default;
    // Takes what it can of the pieces, at once: how many bytes; fewer than all means that it is
    // full, and its owner calls Hub::resume when it has room. nullopt: the client is gone.
    virtual std::optional<std::size_t> write(std::span<const std::string_view> pieces) = 0;
};

}  // namespace daybook::realtime
