// Plain sockets, one request, the answer until the server closes.
#include "cli/control_client.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

#include "base/descriptor.h"

namespace daybook::cli {
namespace {

std::unexpected<Error> failed(std::string_view what) {
    return fail(ErrorCode::io_failed, "The process that owns the data directory " +
                                          std::string(what) + ": " + std::strerror(errno));
}

// A socket's path has at most 107 bytes; through the folder's descriptor every path is short.
std::string short_path(const std::filesystem::path& socket, const Descriptor& folder) {
    if (socket.native().size() < sizeof(sockaddr_un::sun_path)) return socket.native();
    return "/proc/self/fd/" + std::to_string(folder.number()) + "/" + socket.filename().native();
}

// nullopt: nobody listens.
Result<std::optional<Descriptor>> connect_to(const std::filesystem::path& socket) {
    const Descriptor folder(::open(socket.parent_path().c_str(), O_PATH | O_CLOEXEC));
    const std::string path = short_path(socket, folder);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy_n(path.c_str(), std::min(path.size(), sizeof(address.sun_path) - 1),
                address.sun_path);
    Descriptor descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (descriptor.number() < 0) return failed("cannot be asked");
    const timeval patience{kControlSecondsMax, 0};
    ::setsockopt(descriptor.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(descriptor.number(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(descriptor.number(), generic, sizeof address) == 0)
        return std::optional<Descriptor>(std::move(descriptor));
    if (errno == ENOENT || errno == ECONNREFUSED) return std::nullopt;
    return failed("cannot be asked");
}

std::string head_of(const ApiRequest& request) {
    std::string head = request.method + " " + request.target + " HTTP/1.1\r\n";
    head += "Host: localhost\r\nConnection: close\r\n";
    if (request.org) head += "Daybook-Org: " + request.org->to_string() + "\r\n";
    if (request.user) head += "Daybook-User: " + request.user->to_string() + "\r\n";
    if (!request.if_match.empty()) head += "If-Match: \"" + request.if_match + "\"\r\n";
    if (!request.body.empty()) head += "Content-Type: application/json\r\n";
    if (!request.body.empty() || request.method != "GET")
        head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    return head + "\r\n";
}

Status send_all(const Descriptor& to, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(to.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return failed("does not listen any more");
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return {};
}

Result<std::string> receive_all(const Descriptor& from) {
    std::string bytes;
    std::array<char, 65536> piece{};
    while (true) {
        const ssize_t got = ::recv(from.number(), piece.data(), piece.size(), 0);
        if (got == 0) return bytes;
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed("does not answer");
        bytes.append(piece.data(), static_cast<std::size_t>(got));
        if (bytes.size() > kControlAnswerBytesMax)
            return fail(ErrorCode::io_failed, "The answer is longer than 64 MiB.");
    }
}

// The number at the beginning of the text, or nothing.
std::optional<std::size_t> number_of(std::string_view text, int base) {
    std::size_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (parsed.ec != std::errc()) return std::nullopt;
    return number;
}

// RFC 9112, 7.1: each chunk has its size in front.
std::optional<std::string> put_together(std::string_view chunks) {
    std::string body;
    while (true) {
        const std::size_t line_end = chunks.find("\r\n");
        const auto size = number_of(chunks, 16);
        if (line_end == std::string_view::npos || !size) return std::nullopt;
        if (*size == 0) return body;
        chunks.remove_prefix(line_end + 2);
        if (chunks.size() < *size + 2) return std::nullopt;
        body += chunks.substr(0, *size);
        chunks.remove_prefix(*size + 2);
    }
}

std::string lower(std::string_view text) {
    std::string low(text);
    for (char& c : low)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return low;
}

}  // namespace

Result<ApiAnswer> parse_response(std::string_view bytes) {
    const auto cut_short = [] {
        return fail(ErrorCode::io_failed,
                    "The process that owns the data directory went away in the middle of its "
                    "answer. What was asked may or may not be done: look, then ask again.");
    };
    const std::size_t head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string_view::npos || !bytes.starts_with("HTTP/1.1 ")) return cut_short();
    const std::string head = lower(bytes.substr(0, head_end + 2));
    const std::string_view body = bytes.substr(head_end + 4);
    const auto status = number_of(std::string_view(head).substr(9), 10);
    if (!status) return cut_short();
    ApiAnswer answer{static_cast<int>(*status), {}};
    if (head.contains("\r\ntransfer-encoding: chunked\r\n")) {
        auto whole = put_together(body);
        if (!whole) return cut_short();
        answer.body = *std::move(whole);
        return answer;
    }
    constexpr std::string_view kLength = "\r\ncontent-length: ";
    const std::size_t at = head.find(kLength);
    if (at != std::string::npos) {
        const auto length = number_of(std::string_view(head).substr(at + kLength.size()), 10);
        if (!length || body.size() < *length) return cut_short();
    }
    answer.body = body;
    return answer;
}

Result<bool> has_listener(const std::filesystem::path& socket) {
    const auto connection = TRY(connect_to(socket));
    return connection.has_value();
}

ApiCall control_client(std::filesystem::path socket) {
    return [socket = std::move(socket)](const ApiRequest& request) -> Result<ApiAnswer> {
        const auto connection = TRY(connect_to(socket));
        if (!connection) {
            return fail(ErrorCode::io_failed,
                        "The process that owned the data directory has ended. Run this again.");
        }
        TRY(send_all(*connection, head_of(request) + request.body));
        return parse_response(TRY(receive_all(*connection)));
    };
}

}  // namespace daybook::cli
