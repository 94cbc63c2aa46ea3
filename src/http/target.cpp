// Splits first and decodes after, so that an encoded separator never separates (RFC 3986, 2.4).
#include "http/target.h"

#include <algorithm>
#include <utility>

#include "base/hex.h"
#include "base/utf8.h"

namespace daybook::http {
namespace {

enum class Plus { literal, space };

bool has_control_character(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

Result<std::string> decode(std::string_view text, Plus plus) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus == Plus::space) {
            decoded += ' ';
        } else if (text[i] != '%') {
            decoded += text[i];
        } else {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return fail(
                    ErrorCode::malformed,
                    "The URL has a '%' without two hexadecimal digits after it; write %25.");
            }
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    if (!is_valid_utf8(decoded) || has_control_character(decoded)) {
        return fail(ErrorCode::malformed,
                    "The URL decodes to control characters or to bytes that are not UTF-8.");
    }
    return decoded;
}

Status append_segment(std::vector<std::string>& segments, std::string_view text) {
    std::string segment = TRY(decode(text, Plus::literal));
    if (segment.contains('/') || segment == "." || segment == "..") {
        return fail(ErrorCode::malformed, "The path has an encoded '/' or a dot segment.");
    }
    segments.push_back(std::move(segment));
    return {};
}

Status split_path(std::string_view path, std::vector<std::string>& segments) {
    std::string_view rest = path.substr(1);
    if (rest.empty()) return {};
    for (;;) {
        const std::size_t slash = rest.find('/');
        TRY(append_segment(segments, rest.substr(0, slash)));
        if (slash == std::string_view::npos) return {};
        rest.remove_prefix(slash + 1);
    }
}

Status split_query(std::string_view query, std::vector<Parameter>& parameters) {
    for (;;) {
        const std::size_t ampersand = query.find('&');
        const std::string_view pair = query.substr(0, ampersand);
        const std::size_t equals = pair.find('=');
        std::string name = TRY(decode(pair.substr(0, equals), Plus::space));
        if (name.empty()) {
            return fail(ErrorCode::malformed, "The query has a parameter without a name.");
        }
        std::string value;
        if (equals != std::string_view::npos) {
            value = TRY(decode(pair.substr(equals + 1), Plus::space));
        }
        parameters.push_back({std::move(name), std::move(value)});
        if (ampersand == std::string_view::npos) return {};
        query.remove_prefix(ampersand + 1);
    }
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
    if (!text.starts_with('/')) {
        return fail(ErrorCode::malformed,
                    "The request target must be a path that begins with '/'.");
    }
    Target target;
    const std::size_t mark = text.find('?');
    target.path = text.substr(0, mark);
    TRY(split_path(target.path, target.segments));
    if (mark == std::string_view::npos || mark + 1 == text.size()) return target;
    TRY(split_query(text.substr(mark + 1), target.query));
    return target;
}

}  // namespace daybook::http
