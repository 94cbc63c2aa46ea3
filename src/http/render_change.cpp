// Member by member, in the order of the API document.
#include "http/render_change.h"

#include "base/json_optional.h"
#include "http/render_entity.h"
#include "http/routes_call.h"
#include "reports/render_entry.h"

namespace daybook::http {

void write_change(JsonWriter& json, const domain::ChangeRequest& request) {
    json.begin_object();
    json.key("entryId").string(request.entry.to_string());
    json.key("propertyId").string(request.property.to_string());
    json.key("kind").string(domain::entry_kind_name(request.kind));
    json.key("change").string(domain::change_kind_name(request.change));
    write_optional(json, "toPropertyId", request.to_property);
    json.key("version").integer(request.version);
    json.key("reason").string(request.reason.shown());
    json.key("requestedBy").string(request.by.to_string());
    json.key("requestedAt").string(request.at.to_string());
    json.key("after");
    if (request.change == domain::ChangeKind::update) {
        json.begin_object();
        reports::write_entry_content(json, request.kind, request.content);
        json.end_object();
    } else {
        json.null();
    }
    json.end_object();
}

Response change_requested(const domain::ChangeRequest& request) {
    return versioned(json_response(202, json_of(write_change, request)), request.version);
}

domain::ChangeRequest as_seen_by(const domain::Principal& principal,
                                 domain::ChangeRequest request) {
    const bool is_seen = request.to_property && principal.scope.covers(*request.to_property);
    if (!is_seen) request.to_property.reset();
    return request;
}

}  // namespace daybook::http
