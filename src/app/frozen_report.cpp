// Looks at the type before it reads the event.
#include "app/frozen_report.h"

#include "app/event_codec.h"

namespace daybook::app {

Result<std::optional<std::string>> frozen_report_of(Snapshot& snapshot,
                                                    const domain::StoredEvent& event) {
    if (!event.bytes.contains(R"("eventType":"day_closed")")) return std::nullopt;
    const domain::RecordedEvent decoded = TRY(decode(event.bytes, event.private_json));
    const auto* closed = std::get_if<domain::DayClosed>(&decoded.event.payload);
    if (closed == nullptr) return std::nullopt;
    auto report = TRY(snapshot.frozen_report(closed->closing.report));
    if (report) return report;
    return fail(ErrorCode::corrupt, "The frozen report of position " +
                                        std::to_string(event.position) +
                                        " is missing. Run daybook verify.");
}

}  // namespace daybook::app
