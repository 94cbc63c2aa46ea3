// Need: CPU only. Goal: frames are what a reader of text/event-stream understands, and an event's
// is its cursor and its envelope.
#include <gtest/gtest.h>

#include "app/cloud_event.h"
#include "realtime/frame.h"
#include "support/event_samples.h"
#include "support/sse.h"

namespace daybook::realtime {
namespace {

using test::SseFrame;

SseFrame only_frame(std::string text) {
    const auto frames = test::take_sse_frames(text);
    EXPECT_EQ(frames.size(), 1U);
    EXPECT_EQ(text, "");
    return frames.empty() ? SseFrame{} : frames.front();
}

constexpr Cursor kCursor{12, {0x0a, 0x1b, 0x2c, 0x3d, 0x4e, 0x5f}};

TEST(StreamFrame, AnEventIsAMessageWithItsEnvelope) {
    for (const test::EventSample& sample : test::event_samples()) {
        app::EncodedEvent encoded = test::encode_sample(sample.event);
        domain::StoredEvent event{sample.event.position,
                                  std::move(encoded.bytes),
                                  std::move(encoded.private_json),
                                  {},
                                  {}};
        event.hash.fill(0xab);
        const SseFrame frame = only_frame(*event_frame(event).value());
        EXPECT_EQ(frame.event, "") << sample.name;
        EXPECT_EQ(frame.id, std::to_string(event.position) + "-abababababab");
        EXPECT_EQ(frame.data, app::cloud_event(event).value());
    }
}

TEST(StreamFrame, ADamagedEventIsNoFrame) {
    EXPECT_EQ(event_frame({1, "{", "", {}, {}}).error().code, ErrorCode::corrupt);
}

TEST(StreamFrame, ReadySaysWhereAndWhenToComeBack) {
    const SseFrame frame = only_frame(*ready_frame(kCursor, 1'500));
    EXPECT_EQ(frame.event, "ready");
    EXPECT_EQ(frame.id, "12-0a1b2c3d4e5f");
    EXPECT_EQ(frame.retry, "1500");
    EXPECT_EQ(frame.data, R"({"position":12})");
}

TEST(StreamFrame, ResetNamesItsReason) {
    const SseFrame unknown = only_frame(*reset_frame(kCursor, ResetReason::unknown_position));
    EXPECT_EQ(unknown.event, "reset");
    EXPECT_EQ(unknown.id, "12-0a1b2c3d4e5f");
    EXPECT_EQ(unknown.data, R"({"position":12,"reason":"unknown_position"})");
    const SseFrame changed = only_frame(*reset_frame(kCursor, ResetReason::access_changed));
    EXPECT_EQ(changed.data, R"({"position":12,"reason":"access_changed"})");
}

TEST(StreamFrame, AHeartbeatSaysHowFarItWasServed) {
    const SseFrame frame = only_frame(*heartbeat_frame(kCursor));
    EXPECT_EQ(frame.event, "heartbeat");
    EXPECT_EQ(frame.id, "12-0a1b2c3d4e5f");
    // A frame without data would not be dispatched.
    EXPECT_EQ(frame.data, "{}");
}

TEST(StreamFrame, ARefusalKeepsTheClientsCursorAndSendsItAwayForLong) {
    const SseFrame frame = only_frame(refused_text("Too \"many\"\nstreams."));
    EXPECT_EQ(frame.event, "refused");
    EXPECT_EQ(frame.id, "");
    EXPECT_EQ(frame.retry, "30000");
    EXPECT_EQ(frame.data, R"({"detail":"Too \"many\"\nstreams."})");
}

}  // namespace
}  // namespace daybook::realtime
