// The head of a response, as bytes: what every answer carries, whatever its handler did.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/head_parser.h"
#include "http/message.h"

namespace daybook::http {

enum class Persistence : std::uint8_t { keep_alive, close };

struct ResponseContext {
    std::string_view date;  // IMF-fixdate, see http_date
    std::string_view request_id;
    Version version = Version::http_1_1;
    Persistence persistence = Persistence::keep_alive;
};

// False if a header would break the line it stands in: the handler put input there unchecked.
bool has_clean_headers(const Response& response);

// Appends the status line and the headers: Date, X-Request-Id, X-Content-Type-Options,
// Cache-Control: no-store unless the response has its own, Content-Type, framing (Content-Length,
// or Transfer-Encoding: chunked for a stream to HTTP/1.1) and Connection where it is not the
// version's default. No Server header.
void append_response_head(std::string& out, const Response& response,
                          const ResponseContext& context);

// 1xx, 204 and 304 never have a body (RFC 9110, 6.4.1).
bool status_allows_body(int status);

// Appends one chunk (RFC 9112, 7.1); an empty one would end the body and is left out.
void append_chunk(std::string& out, std::string_view data);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
std::string http_date(std::int64_t seconds_since_1970);

}  // namespace daybook::http
