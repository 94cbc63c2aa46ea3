// What the headers of a request ask for besides its body: positions, retries, and what the client
// has already.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "http/message.h"

namespace daybook::http {

inline constexpr std::string_view kMinPositionHeader = "daybook-min-position";

// What the client knows to be written, if it says so. Errors: invalid_value.
Result<Position> position_wanted(const Request& request);

// Errors: invalid_value.
Result<std::optional<std::string>> idempotency_key(const Request& request);

// The route as a retry must name it again: the same however the path was written.
std::string route_key(const Request& request);

// Whether the answer says what the client has (RFC 9110, 13.1.2); entity tags compare weakly.
// `wanted` is If-None-Match.
bool is_unchanged(std::optional<std::string_view> wanted, const Response& response);
// 304 in place of it.
Response without_body(Response response);

}  // namespace daybook::http
