// Reading them strictly.
#include "http/request_headers.h"

#include <algorithm>

#include "base/limits.h"
#include "http/router.h"
#include "http/routes_query.h"

namespace daybook::http {

Result<Position> position_wanted(const Request& request) {
    const auto header = request.header(kMinPositionHeader);
    if (!header) return 0;
    const auto position = parse_integer(*header);
    if (position && *position >= 0) return *position;
    return fail_field(ErrorCode::invalid_value, "/Daybook-Min-Position",
                      "Use a position, such as an answer's Daybook-Position.");
}

Result<std::optional<std::string>> idempotency_key(const Request& request) {
    const auto header = request.header("idempotency-key");
    if (!header) return std::nullopt;
    const auto is_printable = [](char c) { return c > ' ' && c <= '~'; };
    if (!header->empty() && header->size() <= limits::kIdempotencyKeyBytesMax &&
        std::ranges::all_of(*header, is_printable)) {
        return std::string(*header);
    }
    return fail_field(ErrorCode::invalid_value, "/Idempotency-Key",
                      "Use 1 to 255 printable ASCII characters without spaces, such as a UUID.");
}

std::string route_key(const Request& request) {
    std::string key = request.route->operation_id;
    for (const Parameter& each : request.path_captures) key += "/" + each.value;
    return key;
}

bool is_unchanged(std::optional<std::string_view> wanted, const Response& response) {
    const auto etag = std::ranges::find(response.headers, "ETag", &Header::name);
    if (!wanted || response.status != 200 || etag == response.headers.end()) return false;
    std::string_view rest = *wanted;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        std::string_view tag = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        while (tag.starts_with(' ')) tag.remove_prefix(1);
        while (tag.ends_with(' ')) tag.remove_suffix(1);
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        if (tag == "*" || tag == etag->value) return true;
    }
    return false;
}

Response without_body(Response response) {
    response.status = 304;
    response.content_type.clear();
    response.body.clear();
    response.shared_body.reset();
    return response;
}

}  // namespace daybook::http
