// One epoll loop; the end of an answer is known by its Content-Length or its last chunk.
#include "http_load.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <stdexcept>

namespace daybook::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kReadBytes = 4'096;

struct Connection {
    int fd = -1;
    std::string received;     // of the answer, up to kReadBytes or a little more
    std::size_t missing = 0;  // of it, while the end is thrown away
    Clock::time_point sent_at;
};

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
    (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

void send_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) throw std::runtime_error(fmt::format("send: {}", std::strerror(errno)));
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

// The length of the whole answer that `bytes` begin, or 0 if its head is not complete, or neither
// are its chunks.
std::size_t answer_length(std::string_view bytes) {
    const std::size_t head = bytes.find("\r\n\r\n");
    if (head == std::string_view::npos) return 0;
    if (bytes.substr(0, head).contains("\r\nTransfer-Encoding: chunked")) {
        return bytes.ends_with("\r\n0\r\n\r\n") ? bytes.size() : 0;
    }
    constexpr std::string_view kName = "\r\nContent-Length: ";
    const std::size_t at = bytes.substr(0, head).find(kName);
    std::size_t body = 0;
    if (at != std::string_view::npos) {
        const char* first = bytes.data() + at + kName.size();
        std::from_chars(first, bytes.data() + head, body);
    }
    return head + 4 + body;
}

class Load {
 public:
    Load(std::int64_t count, const std::function<std::string(std::int64_t)>& make)
        : count_(count), make_(make), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        result_.latencies_ms.reserve(static_cast<std::size_t>(count));
    }
    ~Load() {
        for (const Connection& each : connections_) ::close(each.fd);
        ::close(epoll_);
    }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    LoadResult run(int port, int connections) {
        connections_.resize(static_cast<std::size_t>(connections));
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            connections_[i].fd = connect_to(port);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = i;
            ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[i].fd, &event);
        }
        const auto start = Clock::now();
        for (Connection& each : connections_) send_next(each);
        while (result_.answers < count_) wait();
        result_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
        std::ranges::sort(result_.latencies_ms);
        return std::move(result_);
    }

 private:
    void send_next(Connection& connection) {
        if (next_ == count_) return;
        const std::string text = make_(next_++);
        connection.sent_at = Clock::now();
        send_all(connection.fd, text);
    }

    void wait() {
        std::array<epoll_event, 64> events{};
        const int ready =
            ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 30'000);
        if (ready <= 0) throw std::runtime_error("no answer within 30 s");
        for (int i = 0; i < ready; ++i) {
            receive(connections_[events.at(static_cast<std::size_t>(i)).data.u64]);
        }
    }

    // Of a long body the end is thrown away unseen: copying it is not what is measured.
    void receive(Connection& connection) {
        if (connection.missing > 0) return drop_rest(connection);
        std::array<char, kReadBytes> buffer;
        const ssize_t got = ::recv(connection.fd, buffer.data(), buffer.size(), 0);
        if (got <= 0) throw std::runtime_error("the server closed a connection");
        connection.received.append(buffer.data(), static_cast<std::size_t>(got));
        const std::size_t length = answer_length(connection.received);
        if (length == 0) return;
        connection.missing = length - connection.received.size();
        if (connection.missing > 0) return drop_rest(connection);
        take_answer(connection);
    }

    void drop_rest(Connection& connection) {
        while (connection.missing > 0) {
            const ssize_t got =
                ::recv(connection.fd, nullptr, connection.missing, MSG_TRUNC | MSG_DONTWAIT);
            if (got < 0 && errno == EAGAIN) return;
            if (got <= 0) throw std::runtime_error("the server closed a connection");
            connection.missing -= static_cast<std::size_t>(got);
        }
        take_answer(connection);
    }

    void take_answer(Connection& connection) {
        const std::chrono::duration<double, std::milli> took = Clock::now() - connection.sent_at;
        result_.latencies_ms.push_back(took.count());
        ++result_.answers;
        const bool is_2xx = connection.received.compare(9, 1, "2") == 0;
        if (!is_2xx && result_.not_2xx++ == 0) result_.first_refusal = connection.received;
        connection.received.clear();
        send_next(connection);
    }

    std::int64_t count_;
    const std::function<std::string(std::int64_t)>& make_;
    int epoll_;
    std::int64_t next_ = 0;
    std::vector<Connection> connections_;
    LoadResult result_;
};

}  // namespace

double LoadResult::percentile_ms(double share) const {
    if (latencies_ms.empty()) return 0;
    const auto last = static_cast<double>(latencies_ms.size() - 1);
    return latencies_ms[static_cast<std::size_t>(last * share)];
}

LoadResult run_load(int port, int connections, std::int64_t count,
                    const std::function<std::string(std::int64_t)>& make) {
    return Load(count, make).run(port, connections);
}

LoadResult run_clean_load(int port, int connections, std::int64_t count,
                          const std::function<std::string(std::int64_t)>& make) {
    LoadResult result = run_load(port, connections, count, make);
    if (result.not_2xx == 0) return result;
    throw std::runtime_error(fmt::format("{} answers were not 2xx; the first: {}", result.not_2xx,
                                         result.first_refusal));
}

std::string request_text(std::string_view method, std::string_view target, std::string_view token,
                         std::string_view body, std::string_view extra_headers) {
    std::string text =
        fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n{}", method,
                    target, token, extra_headers);
    if (!body.empty()) {
        text +=
            fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
    }
    text += "\r\n";
    text += body;
    return text;
}

}  // namespace daybook::bench
