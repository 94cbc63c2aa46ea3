// Blocking sockets with a receive timeout.
#include "support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace daybook::test {
namespace {

std::string lower_case(std::string text) {
    for (char& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

int connected(int family, const sockaddr* address, socklen_t size) {
    const int descriptor = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval patience{.tv_sec = HttpClient::kPatienceSeconds, .tv_usec = 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (descriptor < 0 || ::connect(descriptor, address, size) != 0) {
        if (descriptor >= 0) ::close(descriptor);
        throw std::runtime_error(std::string("test client cannot connect: ") +
                                 std::strerror(errno));
    }
    return descriptor;
}

std::size_t number(std::string_view text, int base) {
    std::size_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, base);
    return value;
}

void parse_head(std::string_view head, HttpAnswer& answer) {
    const std::size_t space = head.find(' ');
    answer.status = static_cast<int>(number(head.substr(space + 1, 3), 10));
    std::size_t line = head.find("\r\n") + 2;
    while (line < head.size() && head.substr(line, 2) != "\r\n") {
        const std::size_t end = head.find("\r\n", line);
        const std::size_t colon = head.find(':', line);
        std::string value(head.substr(colon + 1, end - colon - 1));
        value.erase(0, value.find_first_not_of(' '));
        answer.headers.emplace_back(lower_case(std::string(head.substr(line, colon - line))),
                                    value);
        line = end + 2;
    }
}

}  // namespace

std::string HttpAnswer::header(std::string_view name) const {
    for (const auto& [each, value] : headers) {
        if (each == name) return value;
    }
    return {};
}

bool HttpAnswer::has_header(std::string_view name) const {
    for (const auto& [each, value] : headers) {
        if (each == name) return true;
    }
    return false;
}

HttpClient::HttpClient(int descriptor) : descriptor_(descriptor) {}

HttpClient::HttpClient(HttpClient&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), received_(std::move(other.received_)) {}

HttpClient::~HttpClient() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

HttpClient HttpClient::connect_tcp(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int descriptor =
        connected(AF_INET, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return HttpClient(descriptor);
}

HttpClient HttpClient::connect_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(&address.sun_path[0], sizeof address.sun_path - 1);
    return HttpClient(
        connected(AF_UNIX, reinterpret_cast<const sockaddr*>(&address), sizeof address));
}

bool HttpClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void HttpClient::finish_sending() {
    ::shutdown(descriptor_, SHUT_WR);
}

bool HttpClient::read_some() {
    std::array<char, 16 * 1024> bytes;
    const ssize_t count = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
    if (count <= 0) return false;
    received_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
}

bool HttpClient::read_until_size(std::size_t bytes) {
    while (received_.size() < bytes) {
        if (!read_some()) return false;
    }
    return true;
}

std::optional<std::size_t> HttpClient::line_end(std::size_t from) {
    for (;;) {
        const std::size_t end = received_.find("\r\n", from);
        if (end != std::string::npos) return end + 2;
        if (!read_some()) return std::nullopt;
    }
}

std::optional<HttpAnswer> HttpClient::read_answer(std::string_view method) {
    std::size_t head_end = 0;
    for (;;) {
        const auto end = line_end(head_end);
        if (!end) return std::nullopt;
        const bool is_empty_line = *end == head_end + 2;
        head_end = *end;
        if (is_empty_line) break;
    }
    HttpAnswer answer;
    parse_head(std::string_view(received_).substr(0, head_end), answer);
    received_.erase(0, head_end);
    if (method == "HEAD" || answer.status < 200 || answer.status == 204 || answer.status == 304) {
        answer.is_complete = true;
    } else if (answer.header("transfer-encoding") == "chunked") {
        answer.is_complete = read_chunks(answer);
    } else if (answer.has_header("content-length")) {
        const std::size_t length = number(answer.header("content-length"), 10);
        answer.is_complete = read_until_size(length);
        answer.body = received_.substr(0, length);
        received_.erase(0, length);
    } else {
        answer.body = read_to_end();
        answer.is_complete = true;
    }
    return answer;
}

bool HttpClient::read_chunks(HttpAnswer& answer) {
    for (;;) {
        const auto data = line_end(0);
        if (!data) return false;
        const std::size_t size = number(received_, 16);
        if (!read_until_size(*data + size + 2)) return false;
        answer.body += received_.substr(*data, size);
        received_.erase(0, *data + size + 2);
        if (size == 0) return true;
    }
}

std::optional<HttpAnswer> HttpClient::request(std::string_view method, std::string_view target,
                                              std::string_view header_lines,
                                              std::string_view body) {
    std::string bytes = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
    bytes += "Host: localhost\r\n" + std::string(header_lines);
    if (!body.empty()) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    bytes += "\r\n" + std::string(body);
    if (!send(bytes)) return std::nullopt;
    return read_answer(method);
}

std::string HttpClient::read_to_end() {
    while (read_some()) {
    }
    return std::exchange(received_, {});
}

bool HttpClient::is_closed_by_peer() {
    char byte = 0;
    return received_.empty() && ::recv(descriptor_, &byte, 1, 0) == 0;
}

}  // namespace daybook::test
