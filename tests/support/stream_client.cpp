// A blocking socket with a receive timeout.
#include "support/stream_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace daybook::test {

StreamClient::StreamClient(std::uint16_t port, std::string_view target,
                           std::string_view header_lines)
    : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{.tv_sec = kPatienceSeconds, .tv_usec = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(descriptor_);
        throw std::runtime_error(std::string("stream client cannot connect: ") +
                                 std::strerror(errno));
    }
    const std::string request = "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" +
                                "Accept: text/event-stream\r\n" + std::string(header_lines) +
                                "\r\n";
    (void)::send(descriptor_, request.data(), request.size(), MSG_NOSIGNAL);
}

StreamClient::~StreamClient() {
    ::close(descriptor_);
}

bool StreamClient::read_some() {
    std::array<char, 16 * 1024> bytes;
    const ssize_t count = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
    if (count <= 0) return false;
    text_.append(bytes.data(), static_cast<std::size_t>(count));
    if (has_head_) received_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
}

const std::string& StreamClient::head() {
    while (!has_head_) {
        const std::size_t end = text_.find("\r\n\r\n");
        if (end == std::string::npos) {
            if (!read_some()) break;
            continue;
        }
        head_ = text_.substr(0, end + 2);
        text_.erase(0, end + 4);
        received_ = text_;
        has_head_ = true;
    }
    return head_;
}

std::optional<SseFrame> StreamClient::next() {
    if (head().empty()) return std::nullopt;
    while (frames_.empty()) {
        for (SseFrame& frame : take_sse_frames(text_)) frames_.push_back(std::move(frame));
        if (frames_.empty() && !read_some()) return std::nullopt;
    }
    SseFrame frame = std::move(frames_.front());
    frames_.pop_front();
    return frame;
}

std::optional<SseFrame> StreamClient::next_news() {
    for (;;) {
        auto frame = next();
        if (!frame || frame->event != "heartbeat") return frame;
    }
}

bool StreamClient::ends() {
    errno = 0;
    while (read_some()) {
    }
    return errno != EAGAIN && errno != EWOULDBLOCK;
}

}  // namespace daybook::test
