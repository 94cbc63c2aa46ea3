// Status lines, default headers, chunks and dates.
#include "http/response_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/calendar.h"

namespace daybook::http {
namespace {

struct Reason {
    int status;
    std::string_view text;
};

constexpr std::array kReasons{
    Reason{200, "OK"},
    Reason{201, "Created"},
    Reason{202, "Accepted"},
    Reason{204, "No Content"},
    Reason{206, "Partial Content"},
    Reason{207, "Multi-Status"},
    Reason{301, "Moved Permanently"},
    Reason{302, "Found"},
    Reason{303, "See Other"},
    Reason{304, "Not Modified"},
    Reason{307, "Temporary Redirect"},
    Reason{308, "Permanent Redirect"},
    Reason{400, "Bad Request"},
    Reason{401, "Unauthorized"},
    Reason{403, "Forbidden"},
    Reason{404, "Not Found"},
    Reason{405, "Method Not Allowed"},
    Reason{406, "Not Acceptable"},
    Reason{408, "Request Timeout"},
    Reason{409, "Conflict"},
    Reason{410, "Gone"},
    Reason{412, "Precondition Failed"},
    Reason{413, "Content Too Large"},
    Reason{414, "URI Too Long"},
    Reason{415, "Unsupported Media Type"},
    Reason{417, "Expectation Failed"},
    Reason{422, "Unprocessable Content"},
    Reason{428, "Precondition Required"},
    Reason{429, "Too Many Requests"},
    Reason{431, "Request Header Fields Too Large"},
    Reason{500, "Internal Server Error"},
    Reason{503, "Service Unavailable"},
    Reason{505, "HTTP Version Not Supported"},
};

// RFC 9112, 4: the reason may be empty.
std::string_view reason_of(int status) {
    const auto found = std::ranges::find(kReasons, status, &Reason::status);
    return found == kReasons.end() ? std::string_view{} : found->text;
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(left, right, {}, lower, lower);
}

bool has_header(const Response& response, std::string_view name) {
    return std::ranges::any_of(response.headers, [name](const Header& each) {
        return equals_ignoring_case(each.name, name);
    });
}

void append_framing(std::string& out, const Response& response, const ResponseContext& context) {
    if (response.take_socket || !status_allows_body(response.status)) return;
    if (!response.stream) {
        fmt::format_to(std::back_inserter(out), "Content-Length: {}\r\n",
                       response.body_bytes().size());
    } else if (context.version == Version::http_1_1) {
        out += "Transfer-Encoding: chunked\r\n";
    }
}

void append_connection(std::string& out, const ResponseContext& context) {
    if (context.persistence == Persistence::close) {
        out += "Connection: close\r\n";
    } else if (context.version == Version::http_1_0) {
        out += "Connection: keep-alive\r\n";
    }
}

}  // namespace

bool has_clean_headers(const Response& response) {
    const auto is_clean = [](std::string_view text) {
        return std::ranges::none_of(text, [](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return (byte < 0x20 && c != '\t') || byte == 0x7F;
        });
    };
    return is_clean(response.content_type) &&
           std::ranges::all_of(response.headers, [is_clean](const Header& each) {
               return is_clean(each.name) && is_clean(each.value);
           });
}

void append_response_head(std::string& out, const Response& response,
                          const ResponseContext& context) {
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", response.status,
                   reason_of(response.status));
    append_line(out, "Date", context.date);
    append_line(out, "X-Request-Id", context.request_id);
    append_line(out, "X-Content-Type-Options", "nosniff");
    if (!has_header(response, "cache-control")) append_line(out, "Cache-Control", "no-store");
    if (!response.content_type.empty()) append_line(out, "Content-Type", response.content_type);
    append_framing(out, response, context);
    append_connection(out, context);
    for (const Header& each : response.headers) append_line(out, each.name, each.value);
    out += "\r\n";
}

bool status_allows_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

void append_chunk(std::string& out, std::string_view data) {
    if (data.empty()) return;
    fmt::format_to(std::back_inserter(out), "{:x}\r\n", data.size());
    out += data;
    out += "\r\n";
}

std::string http_date(std::int64_t seconds_since_1970) {
    constexpr std::array<std::string_view, 7> kWeekdays{"Thu", "Fri", "Sat", "Sun",
                                                        "Mon", "Tue", "Wed"};
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::int64_t kSecondsPerDay = 86'400;
    const std::int64_t days = seconds_since_1970 / kSecondsPerDay;
    const std::int64_t seconds = seconds_since_1970 % kSecondsPerDay;
    const CivilDate date = civil_from_days(static_cast<std::int32_t>(days));
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       kWeekdays.at(static_cast<std::size_t>(days % 7)), date.day,
                       kMonths.at(static_cast<std::size_t>(date.month - 1)), date.year,
                       seconds / 3'600, seconds / 60 % 60, seconds % 60);
}

}  // namespace daybook::http
