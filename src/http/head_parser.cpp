// Request line, fields, framing: in this order, each refusing what is not exactly RFC 9112.
#include "http/head_parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "base/limits.h"

namespace daybook::http {
namespace {

using Outcome = std::expected<void, Refusal>;

std::unexpected<Refusal> refuse(std::string detail) {
    return std::unexpected(malformed(std::move(detail)));
}

// RFC 9110, 5.6.2: tchar.
constexpr bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), to_lower);
    return lower;
}

std::string_view trim(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

// The place after the empty line; nullopt while it is not there.
std::expected<std::optional<std::size_t>, Refusal> find_end(std::string_view bytes,
                                                            HeadSearch& search) {
    const std::string_view window = bytes.substr(0, limits::kHttpHeadBytesMax);
    while (search.searched < window.size()) {
        const std::size_t feed = window.find('\n', search.searched);
        if (feed == std::string_view::npos) {
            search.searched = window.size();
            break;
        }
        if (feed == search.line_begin || window[feed - 1] != '\r') {
            return refuse("Lines of the head must end with CR LF.");
        }
        const bool is_empty_line = feed == search.line_begin + 1;
        if (is_empty_line && search.line_begin == 0) {
            return refuse("The request begins with an empty line.");
        }
        search.line_begin = search.searched = feed + 1;
        if (is_empty_line) return feed + 1;
    }
    if (search.line_begin == 0 && window.size() > limits::kHttpTargetBytesMax + 32) {
        return std::unexpected(refusal(414, ErrorCode::too_large, "The URL is longer than 8 KiB."));
    }
    if (window.size() == limits::kHttpHeadBytesMax) {
        return std::unexpected(
            refusal(431, ErrorCode::too_large, "The request head is larger than 16 KiB."));
    }
    return std::nullopt;
}

Outcome read_version(std::string_view text, Head& head) {
    if (text == "HTTP/1.1") {
        head.version = Version::http_1_1;
    } else if (text == "HTTP/1.0") {
        head.version = Version::http_1_0;
        head.keep_alive = false;
    } else if (text.starts_with("HTTP/") && text.size() == 8) {
        return std::unexpected(refusal(505, ErrorCode::malformed, "Use HTTP/1.1."));
    } else {
        return refuse("The request line does not end with an HTTP version.");
    }
    return {};
}

Outcome read_method(std::string_view text, Head& head) {
    if (!is_token(text)) return refuse("The request line does not begin with a method.");
    const auto method = method_of(text);
    if (!method) {
        Refusal refused =
            refusal(405, ErrorCode::method_not_allowed, "This method is not supported.");
        refused.error.facts.emplace_back("allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        return std::unexpected(std::move(refused));
    }
    head.method = *method;
    return {};
}

Outcome read_request_line(std::string_view line, Head& head) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == last) return refuse("The request line must be: method, target, version.");
    const std::string_view target = line.substr(first + 1, last - first - 1);
    if (target.size() > limits::kHttpTargetBytesMax) {
        return std::unexpected(refusal(414, ErrorCode::too_large, "The URL is longer than 8 KiB."));
    }
    const auto is_visible = [](char c) { return c > ' ' && c < 0x7F && c != '#'; };
    if (target.empty() || !std::ranges::all_of(target, is_visible)) {
        return refuse(
            "The URL has a space, a '#', a control character or a byte that is not ASCII.");
    }
    if (auto read = read_method(line.substr(0, first), head); !read) return read;
    head.target = target;
    return read_version(line.substr(last + 1), head);
}

Outcome read_field(std::string_view line, Head& head) {
    if (line.starts_with(' ') || line.starts_with('\t'))
        return refuse("Header lines are not folded.");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return refuse("A header line is not a name, a colon and a value.");
    }
    const std::string_view value = trim(line.substr(colon + 1));
    const auto is_control = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    };
    if (std::ranges::any_of(value, is_control)) return refuse("A header has a control character.");
    if (head.headers.size() == limits::kHttpHeadersMax) {
        return std::unexpected(
            refusal(431, ErrorCode::too_large, "The request has more than 100 header lines."));
    }
    head.headers.push_back({lower_case(line.substr(0, colon)), std::string(value)});
    return {};
}

Outcome read_fields(std::string_view lines, Head& head) {
    while (!lines.empty()) {
        const std::size_t end = lines.find("\r\n");
        if (auto read = read_field(lines.substr(0, end), head); !read) return read;
        lines.remove_prefix(end + 2);
    }
    return {};
}

// A field that means one thing: two lines of it could be read in two ways.
std::expected<std::optional<std::string_view>, Refusal> single(const Head& head,
                                                               std::string_view name) {
    std::optional<std::string_view> found;
    for (const Header& each : head.headers) {
        if (each.name != name) continue;
        if (found) return refuse("The header " + std::string(name) + " is given twice.");
        found = each.value;
    }
    return found;
}

Outcome check_singles(const Head& head) {
    constexpr std::array<std::string_view, 6> kSingles{
        "authorization", "content-type", "idempotency-key", "if-match", "origin", "x-request-id"};
    for (const std::string_view name : kSingles) {
        if (const auto found = single(head, name); !found) return std::unexpected(found.error());
    }
    return {};
}

Outcome check_host(const Head& head) {
    const auto host = single(head, "host");
    if (!host) return std::unexpected(host.error());
    if (!*host && head.version == Version::http_1_0) return {};
    if (!*host) return refuse("The header Host is missing.");
    const auto fits = [](char c) {
        const char lower = to_lower(c);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view("-._:[]").contains(c);
    };
    if ((*host)->empty() || !std::ranges::all_of(**host, fits)) {
        return refuse("The header Host is not a host name with an optional port.");
    }
    return {};
}

Outcome read_content_length(std::string_view text, Head& head) {
    const bool is_canonical = !text.empty() && std::ranges::all_of(text, [](char c) {
        return c >= '0' && c <= '9';
    }) && (text.size() == 1 || text.front() != '0');
    if (!is_canonical) return refuse("The header Content-Length is not a decimal number.");
    std::size_t length = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), length);
    if (parsed.ec != std::errc{} || length > limits::kHttpBodyBytesMax) {
        return std::unexpected(
            refusal(413, ErrorCode::too_large, "The body is larger than 2 MiB; send it in parts."));
    }
    head.framing = length == 0 ? Framing::none : Framing::length;
    head.content_length = length;
    return {};
}

Outcome read_framing(Head& head) {
    const auto coding = single(head, "transfer-encoding");
    if (!coding) return std::unexpected(coding.error());
    const auto length = single(head, "content-length");
    if (!length) return std::unexpected(length.error());
    if (!*coding) return *length ? read_content_length(**length, head) : Outcome{};
    if (*length) return refuse("Transfer-Encoding and Content-Length exclude each other.");
    if (head.version == Version::http_1_0) return refuse("HTTP/1.0 has no Transfer-Encoding.");
    if (lower_case(**coding) != "chunked") return refuse("The only Transfer-Encoding is chunked.");
    head.framing = Framing::chunked;
    return {};
}

// RFC 9112, 9.3: HTTP/1.1 stays open unless told, HTTP/1.0 closes unless told.
void read_connection(Head& head) {
    for (const Header& each : head.headers) {
        if (each.name != "connection") continue;
        const std::string options = lower_case(each.value);
        std::string_view rest = options;
        while (!rest.empty()) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            const std::string_view option = trim(rest.substr(0, comma));
            if (option == "close") {
                head.keep_alive = false;
                return;
            }
            if (option == "keep-alive") head.keep_alive = true;
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
}

Outcome read_expect(Head& head) {
    const auto expect = single(head, "expect");
    if (!expect) return std::unexpected(expect.error());
    if (!*expect || head.version == Version::http_1_0) return {};
    if (lower_case(**expect) != "100-continue") {
        return std::unexpected(
            refusal(417, ErrorCode::malformed, "The only Expect that is met is 100-continue."));
    }
    head.expects_continue = true;
    return {};
}

}  // namespace

std::expected<std::optional<Head>, Refusal> parse_head(std::string_view bytes, HeadSearch& search) {
    const auto end = find_end(bytes, search);
    if (!end) return std::unexpected(end.error());
    if (!*end) return std::nullopt;
    Head head;
    head.bytes = **end;
    const std::string_view lines = bytes.substr(0, head.bytes - 2);
    const std::size_t first_end = lines.find("\r\n");
    Outcome read = read_request_line(lines.substr(0, first_end), head);
    if (read) read = read_fields(lines.substr(first_end + 2), head);
    if (read) read = check_host(head);
    if (read) read = check_singles(head);
    if (read) read = read_framing(head);
    if (read) read = read_expect(head);
    if (!read) return std::unexpected(std::move(read).error());
    read_connection(head);
    return head;
}

}  // namespace daybook::http
