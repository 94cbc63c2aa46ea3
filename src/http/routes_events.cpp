// Filters of the history.
#include "http/routes_events.h"

#include <limits>

#include "http/body_words.h"
#include "http/render_event.h"
#include "http/routes_cursor.h"

namespace daybook::http {
namespace {

using namespace domain;

void read_who_and_what(QueryReader& query, app::EventFilter& filter) {
    filter.entity_type =
        query.parsed("entityType", parse_entity_type,
                     "entry, count, adjustment, property, category, org, token, import, "
                     "webhook, subscription, dead_letter, day, lock, user or daily_approval");
    filter.entity = query.parsed("entityId", Uuid::parse, "an id");
    filter.types = query.parsed_all("type", parse_event_type, "a type such as expense_added");
    filter.user = query.parsed("userId", UserId::parse, "the id of a user");
}

void read_when(QueryReader& query, app::EventFilter& filter) {
    filter.business_from = query.parsed("businessFrom", BusinessDate::parse, kDateForm);
    filter.business_to = query.parsed("businessTo", BusinessDate::parse, kDateForm);
    filter.recorded_from = query.parsed("recordedFrom", Instant::parse, kInstantForm);
    filter.recorded_to = query.parsed("recordedTo", Instant::parse, kInstantForm);
}

Status check_when(const app::EventFilter& filter) {
    if (filter.business_from && filter.business_to) {
        const auto range = date_range(*filter.business_from, *filter.business_to);
        if (!range) {
            return fail_field(range.error().code, "/businessTo", range.error().detail);
        }
    }
    const bool is_backward =
        filter.recorded_from && filter.recorded_to && *filter.recorded_to < *filter.recorded_from;
    if (!is_backward) return {};
    return fail_field(ErrorCode::invalid_value, "/recordedTo", "The range ends before it begins.");
}

}  // namespace

Result<Response> list_events(const ReadCall& call) {
    QueryReader query(call.request);
    app::EventFilter filter;
    filter.principal = call.principal;
    const auto asked = read_property_ids(query);
    read_who_and_what(query, filter);
    read_when(query, filter);
    filter.limit = query.limit();
    const auto after = query.integer("afterPosition", 0, std::numeric_limits<std::int64_t>::max());
    const auto cursor = query.parsed("cursor", parse_position_cursor, "the nextCursor of a page");
    TRY(query.finish());
    TRY(check_when(filter));
    // A cursor goes on from where afterPosition began.
    filter.after = cursor.value_or(after.value_or(0));
    if (!asked.empty()) filter.properties = ids_of(TRY(properties_asked(call, asked)));

    const app::EventPage page = TRY(call.snapshot.events(filter));
    std::optional<Error> damaged;
    const auto write = [&](JsonWriter& json) {
        for (const StoredEvent& event : page.events) {
            if (damaged) return;
            if (const Status good = write_event(json, event); !good) damaged = good.error();
        }
    };
    std::optional<std::string> next;
    if (page.next) next = position_cursor_text(*page.next);
    std::string body = list_json(write, next);
    if (damaged) return fail(*std::move(damaged));
    return json_response(200, std::move(body));
}

}  // namespace daybook::http
