// Walks the steps from an event's version to the present one.
#include "app/upcast.h"

#include <algorithm>
#include <boost/json/value.hpp>
#include <string>

namespace daybook::app {

std::span<const Upcast> upcasts() {
    return {};
}

Status upcast(boost::json::object& event, std::string_view present, std::span<const Upcast> steps) {
    for (std::size_t taken = 0; taken <= steps.size(); ++taken) {
        const auto* version = event.if_contains("eventVersion");
        if (version == nullptr || !version->is_string()) {
            return fail(ErrorCode::corrupt, "The event has no version.");
        }
        const std::string current(version->get_string().data(), version->get_string().size());
        if (current == present) return {};
        const auto step = std::ranges::find(steps, current, &Upcast::from);
        if (step == steps.end()) {
            return fail(ErrorCode::newer_schema, "The event has version " + current +
                                                     ", which this program does not know. "
                                                     "Install a newer Daybook.");
        }
        step->step(event);
        event["eventVersion"] = step->to;
    }
    return fail(ErrorCode::corrupt, "The steps between event versions lead in a circle.");
}

}  // namespace daybook::app
