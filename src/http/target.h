// The request target, taken apart: path segments and query parameters, strictly decoded.
//
// A pure function over bytes. Only origin-form ("/path?query") is accepted: we are no proxy, and
// "*" and absolute targets only give two readers of one request something to disagree about.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/message.h"

namespace daybook::http {

struct Target {
    std::string path;                   // up to '?', as it was sent
    std::vector<std::string> segments;  // "/" has none, "/a/" has "a" and ""
    std::vector<Parameter> query;
};

// malformed for: another form, a broken %-escape, bytes that are not UTF-8 or control characters
// after decoding, an encoded '/' or a dot segment in the path, an empty query parameter
// ("a=1&&b=2").
// '+' means a space in the query, as forms and URLSearchParams write it.
Result<Target> parse_target(std::string_view target);

}  // namespace daybook::http
