// Compares what a client of a stream received with the log, read naively: every event decoded,
// every filter asked of every event.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/queries.h"
#include "realtime/subscription.h"
#include "support/sse.h"

namespace daybook::test {

struct LoggedEvent {
    Position position = 0;
    realtime::EventFacts facts;
    std::string bytes;
};
std::vector<LoggedEvent> whole_log(app::Snapshot& snapshot);

// The frames from one ready or reset to the next.
struct StreamSegment {
    bool begins_with_reset = false;
    Position start = 0;
    Position end = 0;              // the last id; ids that go back are counted as mistakes
    std::vector<SseFrame> events;  // without heartbeats
};
struct ReceivedStream {
    std::vector<StreamSegment> segments;
    std::vector<std::string> mistakes;  // against the form of a stream
};
ReceivedStream segments_of(std::string received);

// Whether the segment is the log from its start to its end, filtered for the subscription, with
// the stored bytes of each event.
bool is_log_of(const StreamSegment& segment, const realtime::Subscription& subscription,
               const std::vector<LoggedEvent>& log);

}  // namespace daybook::test
