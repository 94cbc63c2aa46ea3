// One thread receives, the caller's publishes.
#include "stream_load.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <span>
#include <stdexcept>

namespace daybook::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kMarker = "seq-";
constexpr std::size_t kMarkerDigits = 8;
constexpr auto kPatience = std::chrono::seconds(30);

// By the clock of the kernel's receive timestamps.
std::int64_t now_ns() {
    return std::chrono::nanoseconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

// What has arrived, and when it did: the kernel notes when the bytes reach the client's socket.
// When the one thread that plays all clients comes to read them says nothing about the server.
struct Arrival {
    ssize_t bytes = 0;
    std::int64_t at_ns = 0;
};
Arrival receive_from(int fd, std::span<char> buffer) {
    alignas(cmsghdr) std::array<char, 256> control;
    iovec part{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    Arrival arrival{::recvmsg(fd, &message, MSG_DONTWAIT), 0};
    for (cmsghdr* each = CMSG_FIRSTHDR(&message); arrival.bytes > 0 && each != nullptr;
         each = CMSG_NXTHDR(&message, each)) {
        if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec at{};
        std::memcpy(&at, CMSG_DATA(each), sizeof at);
        arrival.at_ns = at.tv_sec * 1'000'000'000 + at.tv_nsec;
    }
    return arrival;
}

int connect_to(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        throw std::runtime_error(fmt::format("connect: {}", std::strerror(errno)));
    }
    const int on = 1;
    (void)::setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    return fd;
}

void wait_until(const std::function<bool()>& is_so, const char* what) {
    const auto end = Clock::now() + kPatience;
    while (!is_so()) {
        if (Clock::now() > end) throw std::runtime_error(fmt::format("in vain: {}", what));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

}  // namespace

std::string marker(std::int64_t number) {
    return fmt::format("{}{:08}", kMarker, number);
}

StreamLoad::StreamLoad(int port, const std::string& request, int clients)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      clients_(static_cast<std::size_t>(clients)),
      sent_ns_(kEventsMax),
      last_ns_(kEventsMax) {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        clients_[i].fd = connect_to(port);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_[i].fd, &event);
        if (::send(clients_[i].fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) {
            throw std::runtime_error(fmt::format("send: {}", std::strerror(errno)));
        }
    }
    thread_ = std::thread([this] { receive_all(); });
}

StreamLoad::~StreamLoad() {
    is_over_ = true;
    thread_.join();
    for (const Client& each : clients_) ::close(each.fd);
    ::close(epoll_);
}

void StreamLoad::receive_all() {
    std::array<epoll_event, 256> events{};
    while (!is_over_) {
        const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 10);
        for (int i = 0; i < ready; ++i) {
            receive(clients_[events.at(static_cast<std::size_t>(i)).data.u64]);
        }
    }
}

void StreamLoad::receive(Client& client) {
    static thread_local std::array<char, 65536> buffer;
    const auto [got, at_ns] = receive_from(client.fd, buffer);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN) has_failed_ = true;
        if (got == 0) ::epoll_ctl(epoll_, EPOLL_CTL_DEL, client.fd, nullptr);
        return;
    }
    std::string_view text(buffer.data(), static_cast<std::size_t>(got));
    if (!client.unfinished.empty()) {
        client.unfinished += text;
        text = client.unfinished;
    }
    std::size_t begin = 0;
    for (;;) {
        // The head of the answer ends with an empty line, too.
        const std::size_t lf = text.find("\n\n", begin);
        const std::size_t crlf = text.substr(begin).starts_with("HTTP/")
                                     ? text.find("\r\n\r\n", begin)
                                     : std::string_view::npos;
        const std::size_t end = std::min(lf == std::string_view::npos ? lf : lf + 2,
                                         crlf == std::string_view::npos ? crlf : crlf + 4);
        if (end == std::string_view::npos) break;
        take_frame(text.substr(begin, end - begin), at_ns);
        begin = end;
    }
    client.unfinished = std::string(text.substr(begin));
}

void StreamLoad::take_frame(std::string_view frame, std::int64_t now) {
    if (frame.starts_with("HTTP/")) {
        if (frame.substr(8).starts_with(" 200")) {
            ++served_;
        } else {
            has_failed_ = true;
        }
        return;
    }
    const std::size_t at = frame.find(kMarker);
    if (at == std::string_view::npos) return;
    std::size_t number = 0;
    const char* digits = frame.data() + at + kMarker.size();
    std::from_chars(digits, digits + kMarkerDigits, number);
    // The kernel needs a moment to begin with stamps; by now it has.
    if (now == 0) has_failed_ = true;
    const std::int64_t sent = sent_ns_.at(number).load(std::memory_order_acquire);
    latencies_ms_.push_back(static_cast<double>(now - sent) / 1e6);
    last_ns_[number] = now;
    deliveries_.fetch_add(1, std::memory_order_release);
}

void StreamLoad::wait_until_served() {
    wait_until([&] { return served_ == clients_.size() || has_failed_; }, "all clients served");
    if (has_failed_) throw std::runtime_error("a stream was not answered 200");
}

StreamLoad::Result StreamLoad::measure(int events, double per_second,
                                       const std::function<void(std::int64_t)>& publish) {
    const std::int64_t first = next_;
    const std::int64_t expected = deliveries_ + events * static_cast<std::int64_t>(clients_.size());
    latencies_ms_.clear();
    latencies_ms_.reserve(static_cast<std::size_t>(expected));
    const auto start = Clock::now();
    for (int i = 0; i < events; ++i) {
        std::this_thread::sleep_until(start + std::chrono::duration<double>(i / per_second));
        const std::int64_t number = next_++;
        sent_ns_.at(static_cast<std::size_t>(number)).store(now_ns(), std::memory_order_release);
        publish(number);
    }
    wait_until([&] { return deliveries_ == expected || has_failed_; }, "all events delivered");
    if (has_failed_) throw std::runtime_error("a stream was closed");
    Result result;
    result.latencies_ms = latencies_ms_;
    std::ranges::sort(result.latencies_ms);
    for (auto number = static_cast<std::size_t>(first); number < static_cast<std::size_t>(next_);
         ++number) {
        result.last_ms.push_back(static_cast<double>(last_ns_[number] - sent_ns_[number]) / 1e6);
    }
    return result;
}

double StreamLoad::Result::percentile_ms(double share) const {
    if (latencies_ms.empty()) return 0;
    const auto last = static_cast<double>(latencies_ms.size() - 1);
    return latencies_ms[static_cast<std::size_t>(last * share)];
}

}  // namespace daybook::bench
