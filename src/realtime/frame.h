// What goes over a stream, as bytes of text/event-stream (WHATWG HTML, 9.2.6).
//
// Events have no `event:` field, so that one onmessage gets them all, also types to come; `id:` is
// the cursor from which a client resumes. Everything else has a name: ready, reset, heartbeat,
// refused. A frame is encoded once and shared by all who are sent it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/events.h"
#include "realtime/cursor.h"

namespace daybook::realtime {

using Frame = std::shared_ptr<const std::string>;

enum class ResetReason : std::uint8_t {
    unknown_position,  // the log has no such position, or another event there
    access_changed,    // what the caller may see is not what it was
};
std::string_view reset_reason_name(ResetReason reason);

Cursor cursor_of(const domain::StoredEvent& event);

// The CloudEvents envelope (app/cloud_event.h). Errors: corrupt.
Result<Frame> event_frame(const domain::StoredEvent& event);
// The first frame: where the stream starts, and how long to wait before coming back.
Frame ready_frame(const Cursor& start, std::int64_t retry_ms);
// Fetch again what is on screen, then go on from here.
Frame reset_frame(const Cursor& head, ResetReason reason);
// Nothing happened; this connection has been served up to here.
Frame heartbeat_frame(const Cursor& served);
// Not now: in place of 429, from which EventSource never recovers. Without an id, so that a client
// keeps the one it has.
std::string refused_text(std::string_view detail);

}  // namespace daybook::realtime
