// A client of the stream, for tests: sends the request, then hands out frame by frame.
//
// Every wait ends after kPatienceSeconds, so that a test that would hang fails instead.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "support/sse.h"

namespace daybook::test {

class StreamClient {
 public:
    static constexpr int kPatienceSeconds = 5;

    // `header_lines` each end with CR LF. Throws std::runtime_error if nobody listens.
    StreamClient(std::uint16_t port, std::string_view target, std::string_view header_lines);
    ~StreamClient();
    StreamClient(const StreamClient&) = delete;
    StreamClient& operator=(const StreamClient&) = delete;

    // Of the answer, with its status line; empty if there was none.
    const std::string& head();
    // nullopt: the stream has ended, or patience.
    std::optional<SseFrame> next();
    // The next frame that is no heartbeat.
    std::optional<SseFrame> next_news();
    // True if the server ends the stream within patience; frames before that are thrown away.
    bool ends();
    // Everything that came after the head, as it came.
    [[nodiscard]] const std::string& received() const { return received_; }

 private:
    bool read_some();

    int descriptor_;
    bool has_head_ = false;
    std::string head_;
    std::string text_;  // not yet taken apart
    std::string received_;
    std::deque<SseFrame> frames_;
};

}  // namespace daybook::test
