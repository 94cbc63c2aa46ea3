// The fields of each kind of frame.
#include "realtime/frame.h"

#include <string>

#include "app/cloud_event.h"
#include "base/json_writer.h"
#include "base/limits.h"

namespace daybook::realtime {
namespace {

std::string named(std::string_view name, const Cursor& cursor, std::string_view data) {
    std::string text = "event: ";
    text += name;
    text += "\nid: ";
    text += cursor.to_string();
    text += "\ndata: ";
    text += data;
    text += "\n\n";
    return text;
}

std::string retry_line(std::int64_t retry_ms) {
    return "retry: " + std::to_string(retry_ms) + "\n";
}

Frame shared(std::string text) {
    text.shrink_to_fit();
    return std::make_shared<const std::string>(std::move(text));
}

}  // namespace

std::string_view reset_reason_name(ResetReason reason) {
    return reason == ResetReason::unknown_position ? "unknown_position" : "access_changed";
}

Cursor cursor_of(const domain::StoredEvent& event) {
    return {event.position, mark_of(event.hash)};
}

Result<Frame> event_frame(const domain::StoredEvent& event) {
    const std::string envelope = TRY(app::cloud_event(event));
    std::string text;
    text.reserve(envelope.size() + 64);
    text += "id: ";
    text += cursor_of(event).to_string();
    text += "\ndata: ";
    text += envelope;
    text += "\n\n";
    return shared(std::move(text));
}

Frame ready_frame(const Cursor& start, std::int64_t retry_ms) {
    std::string data;
    JsonWriter(data).begin_object().key("position").integer(start.position).end_object();
    return shared(retry_line(retry_ms) + named("ready", start, data));
}

Frame reset_frame(const Cursor& head, ResetReason reason) {
    std::string data;
    JsonWriter json(data);
    json.begin_object();
    json.key("position").integer(head.position);
    json.key("reason").string(reset_reason_name(reason));
    json.end_object();
    return shared(named("reset", head, data));
}

Frame heartbeat_frame(const Cursor& served) {
    return shared(named("heartbeat", served, "{}"));
}

std::string refused_text(std::string_view detail) {
    std::string data;
    JsonWriter(data).begin_object().key("detail").string(detail).end_object();
    return retry_line(limits::kStreamRefusedRetryMs) + "event: refused\ndata: " + data + "\n\n";
}

}  // namespace daybook::realtime
