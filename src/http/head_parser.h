// The head of an HTTP/1.1 request, read strictly (RFC 9112): one meaning or a refusal.
//
// Why not Beast's parser: version 1.81 accepts "Transfer-Encoding: gzip", chunked in HTTP/1.0, a
// missing or second Host, folded lines and 100 KB chunk extensions, and merges trailers into the
// headers; each lets a proxy and us disagree about where a request ends (request smuggling).
// Checking all of it after Beast would be longer than reading it ourselves. Asio does the I/O; this
// is a pure function over bytes, fuzzed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"
#include "http/refusal.h"

namespace daybook::http {

enum class Framing : std::uint8_t { none, length, chunked };
enum class Version : std::uint8_t { http_1_0, http_1_1 };

struct Head {
    std::size_t bytes = 0;  // how much of the input the head took
    Method method = Method::get;
    Version version = Version::http_1_1;
    std::string target;  // visible ASCII; see parse_target
    std::vector<Header> headers;
    Framing framing = Framing::none;
    std::size_t content_length = 0;  // with Framing::length
    bool keep_alive = true;
    bool expects_continue = false;
};

// How far the end of a head was searched for; starts anew with each request.
struct HeadSearch {
    std::size_t line_begin = 0;
    std::size_t searched = 0;
};

// Reads the head at the front of `bytes`; nullopt while its end is not there. When called again,
// `bytes` must begin with what it was before. Refusals: 400 malformed, 405 another method, 413
// Content-Length above the limit, 414 target above the limit, 417 unknown Expect, 431 head above
// the limit, 505 another version.
std::expected<std::optional<Head>, Refusal> parse_head(std::string_view bytes, HeadSearch& search);

}  // namespace daybook::http
