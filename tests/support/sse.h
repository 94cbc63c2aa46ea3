// Reads text/event-stream as a client does (WHATWG HTML, 9.2.6), for tests; written from the
// standard and not from the server.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace daybook::test {

struct SseFrame {
    std::string event;  // empty: a message
    std::string id;     // empty: none given
    std::string data;
    std::string retry;

    // The number before the '-' of the id; -1 if there is none.
    [[nodiscard]] long position() const;
};

// The frames that are complete; what follows them stays in `text`.
std::vector<SseFrame> take_sse_frames(std::string& text);

}  // namespace daybook::test
