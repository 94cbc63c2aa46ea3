// Answers, versions, and what a caller may see.
#include "http/routes_call.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "http/body_words.h"
#include "http/problem.h"

namespace daybook::http {

Response problem_of(Error failure, std::string_view request_id) {
    if (failure.kind() == ErrorKind::internal) {
        log(LogLevel::error, "request " + std::string(request_id) + ": " +
                                 std::string(code_name(failure.code)) + ": " + failure.detail);
        failure = error(failure.code,
                        "The node failed to answer this. Whoever operates it finds the reason in "
                        "its log, under this requestId.");
    }
    return problem(std::move(failure));
}

Response json_response(int status, std::string body) {
    Response response;
    response.status = status;
    response.content_type = "application/json";
    response.body = std::move(body);
    return response;
}

Response versioned(Response response, std::int64_t version) {
    response.headers.push_back({"ETag", '"' + std::to_string(version) + '"'});
    return response;
}

Response created(Response response, std::string location) {
    response.status = 201;
    response.headers.push_back({"Location", std::move(location)});
    return response;
}

std::string list_json(const std::function<void(JsonWriter&)>& write_items,
                      const std::optional<std::string>& next_cursor) {
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("data").begin_array();
    write_items(json);
    json.end_array();
    json.key("nextCursor");
    if (next_cursor) {
        json.string(*next_cursor);
    } else {
        json.null();
    }
    json.end_object();
    return body;
}

Result<std::int64_t> if_match(const Request& request) {
    const auto header = request.header("if-match");
    if (!header) {
        return fail(ErrorCode::if_match_required,
                    "Send If-Match with the version that you saw; the ETag of a GET is it.");
    }
    std::string_view text = *header;
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
    }
    const auto version = parse_integer(text);
    if (version && *version > 0) return *version;
    return fail_field(ErrorCode::invalid_value, "/If-Match",
                      "Use one version, such as \"3\"; the ETag of a GET is it.");
}

Result<domain::Property> visible_property(app::Snapshot& snapshot,
                                          const domain::Principal& principal, PropertyId id) {
    auto property = TRY(snapshot.property(id));
    if (property && principal.scope.covers(id)) return *std::move(property);
    return fail_field(ErrorCode::not_found, "/propertyId",
                      "There is no such property. GET /v1/properties lists yours.");
}

Result<std::vector<domain::Property>> visible_properties(const ReadCall& call) {
    auto properties = TRY(call.snapshot.properties());
    std::erase_if(properties, [&](const domain::Property& each) {
        return !call.principal.scope.covers(each.id);
    });
    return properties;
}

Result<std::vector<domain::Property>> properties_asked(const ReadCall& call,
                                                       const std::vector<PropertyId>& asked) {
    if (asked.empty()) return visible_properties(call);
    const std::set<PropertyId> distinct(asked.begin(), asked.end());
    std::vector<domain::Property> properties;
    for (const PropertyId id : distinct) {
        properties.push_back(TRY(visible_property(call.snapshot, call.principal, id)));
    }
    std::ranges::sort(properties, {}, &domain::Property::name);
    return properties;
}

std::vector<PropertyId> read_property_ids(QueryReader& query) {
    return query.parsed_all("propertyId", PropertyId::parse, kPropertyForm);
}

std::vector<PropertyId> ids_of(const std::vector<domain::Property>& properties) {
    std::vector<PropertyId> ids;
    ids.reserve(properties.size());
    for (const domain::Property& each : properties) ids.push_back(each.id);
    return ids;
}

}  // namespace daybook::http
