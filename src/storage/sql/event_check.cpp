// Decodes the bytes and compares.
#include "storage/sql/event_check.h"

#include <string>
#include <string_view>

#include "app/event_codec.h"

namespace daybook::storage::sql {

Status check_event_columns(const app::EventRow& row) {
    const auto event = app::decode(row.stored.bytes, row.stored.private_json);
    // What a newer program wrote cannot be compared; its hash is the business of the chain.
    if (!event && event.error().code == ErrorCode::newer_schema) return {};
    const auto refuse = [&](std::string_view words) {
        return fail(ErrorCode::corrupt, "Position " + std::to_string(row.position) + " of org " +
                                            row.org.to_string() + ": " + std::string(words));
    };
    if (!event) return refuse(event.error().detail);
    const auto& dates = event->event.affected_report_dates;
    std::optional<domain::DateRange> business;
    if (!dates.empty()) business = domain::DateRange{dates.front(), dates.back()};
    const bool is_equal = event->org == row.org && event->position == row.position &&
                          event->id == row.id && event->event.type == row.type &&
                          event->event.property == row.property &&
                          event->event.entity == row.entity && event->user == row.user &&
                          event->at == row.at && business == row.business;
    if (is_equal) return {};
    return refuse(
        "a column beside the event is not what its bytes say. Go back to a backup that is "
        "whole.");
}

}  // namespace daybook::storage::sql
