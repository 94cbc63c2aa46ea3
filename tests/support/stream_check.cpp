// Segments, and the comparison.
#include "support/stream_check.h"

#include <limits>

#include "app/event_codec.h"

namespace daybook::test {

std::vector<LoggedEvent> whole_log(app::Snapshot& snapshot) {
    std::vector<LoggedEvent> log;
    for (const auto& stored : snapshot.log(0, std::numeric_limits<int>::max()).value()) {
        const auto event = app::decode(stored.bytes, stored.private_json).value();
        const domain::Event& what = event.event;
        log.push_back({stored.position, {what.type, what.property, what.entity}, stored.bytes});
    }
    return log;
}

ReceivedStream segments_of(std::string received) {
    ReceivedStream stream;
    for (SseFrame& frame : take_sse_frames(received)) {
        if (frame.event == "ready" || frame.event == "reset") {
            if (frame.event == "ready" && !stream.segments.empty()) {
                stream.mistakes.emplace_back("ready in the middle of a stream");
            }
            stream.segments.push_back(
                {frame.event == "reset", frame.position(), frame.position(), {}});
            continue;
        }
        if (stream.segments.empty()) {
            stream.mistakes.push_back("the first frame is '" + frame.event + "'");
            return stream;
        }
        StreamSegment& segment = stream.segments.back();
        if (frame.position() < segment.end) stream.mistakes.emplace_back("an id goes back");
        segment.end = frame.position();
        if (frame.event.empty()) {
            segment.events.push_back(std::move(frame));
        } else if (frame.event != "heartbeat") {
            stream.mistakes.push_back("a frame of the unknown kind '" + frame.event + "'");
        }
    }
    return stream;
}

bool is_log_of(const StreamSegment& segment, const realtime::Subscription& subscription,
               const std::vector<LoggedEvent>& log) {
    std::size_t next = 0;
    for (const LoggedEvent& event : log) {
        if (event.position <= segment.start || event.position > segment.end) continue;
        if (!subscription.wants(event.facts)) continue;
        if (next == segment.events.size()) return false;
        const SseFrame& frame = segment.events[next++];
        if (frame.position() != event.position) return false;
        const std::string data = "\"event\":" + event.bytes + ",\"text\":";
        if (frame.data.find(data) == std::string::npos) return false;
    }
    return next == segment.events.size();
}

}  // namespace daybook::test
