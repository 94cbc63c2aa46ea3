// Epoll loops, each around a hub.
#include "http/stream_shard.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include "base/check.h"
#include "base/descriptor.h"
#include "base/limits.h"
#include "base/thread_name.h"
#include "http/mailbox.h"
#include "realtime/feed.h"
#include "realtime/hub.h"

namespace daybook::http {
namespace {

using realtime::StreamId;

// What epoll knows of a descriptor: the number of its stream, and itself; 0 is the wake-up.
constexpr unsigned kDescriptorBits = 20;
constexpr std::uint64_t kWake = 0;

std::int64_t steady_ms() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

void set_option(int socket, int level, int name, int value) {
    // On a Unix socket those of TCP are not known; none of them is needed to be right.
    (void)::setsockopt(socket, level, name, &value, sizeof value);
}

// A slow client must not fill the kernel's memory either, and one that is gone without a word is
// found out.
void prepare(int socket) {
    set_option(socket, SOL_SOCKET, SO_SNDBUF, limits::kStreamSendBufferBytes);
    set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, limits::kHttpWriteSecondsMax * 1'000);
}

enum class Input : std::uint8_t { none, closed };

// All rings of the node have a limit together.
realtime::RingLimits share_of_rings(const ShardParts& parts) {
    realtime::RingLimits most;
    most.bytes_of_all /= parts.shards;
    return most;
}

// Throws away what a client sends, which has no business to send anything.
Input discard_input(int socket) {
    std::array<char, 4'096> buffer;
    for (std::size_t thrown_away = 0; thrown_away < limits::kStreamInputBytesMax;) {
        const ssize_t got = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (got > 0) {
            thrown_away += static_cast<std::size_t>(got);
        } else {
            const bool is_open = got < 0 && (errno == EAGAIN || errno == EINTR);
            return is_open ? Input::none : Input::closed;
        }
    }
    return Input::closed;
}

class SocketSink final : public realtime::Sink {
 public:
    SocketSink(Descriptor socket, Metrics& metrics)
        : socket_(std::move(socket)), metrics_(metrics) {
        metrics_.streams_open.fetch_add(1, std::memory_order_relaxed);
    }
    // What was sent should arrive: closing while input is unread would reset the connection.
    ~SocketSink() override {
        ::shutdown(socket_.number(), SHUT_WR);
        (void)discard_input(socket_.number());
        metrics_.streams_open.fetch_sub(1, std::memory_order_relaxed);
    }

    std::optional<std::size_t> write(std::span<const std::string_view> pieces) override {
        std::array<iovec, limits::kStreamSendFrames + 1> parts;
        CHECK(pieces.size() <= parts.size());
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            parts[i] = {const_cast<char*>(pieces[i].data()), pieces[i].size()};
        }
        msghdr message{};
        message.msg_iov = parts.data();
        message.msg_iovlen = pieces.size();
        const ssize_t sent = ::sendmsg(socket_.number(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0) return errno == EAGAIN || errno == EINTR ? std::optional(0) : std::nullopt;
        metrics_.bytes_sent.fetch_add(static_cast<std::uint64_t>(sent), std::memory_order_relaxed);
        metrics_.stream_frames_sent.fetch_add(pieces.size(), std::memory_order_relaxed);
        return static_cast<std::size_t>(sent);
    }

    [[nodiscard]] int number() const { return socket_.number(); }

 private:
    Descriptor socket_;
    Metrics& metrics_;
};

// Whatever happens to it, a poll answers, and once.
class PollSink final : public realtime::Sink {
 public:
    PollSink(std::move_only_function<void()> done, Metrics& metrics)
        : done_(std::move(done)), metrics_(metrics) {
        metrics_.polls_waiting.fetch_add(1, std::memory_order_relaxed);
    }
    ~PollSink() override {
        metrics_.polls_waiting.fetch_sub(1, std::memory_order_relaxed);
        done_();
    }
    // The first event is reason enough; the answer is read from the log.
    std::optional<std::size_t> write(std::span<const std::string_view>) override {
        return std::nullopt;
    }

 private:
    std::move_only_function<void()> done_;
    Metrics& metrics_;
};

}  // namespace

class StreamShards::Shard {
 public:
    explicit Shard(const ShardParts& parts)
        : parts_(parts),
          epoll_(::epoll_create1(EPOLL_CLOEXEC)),
          wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          mailbox_(std::make_shared<Mailbox>([this] { wake(); })),
          feed_([this] { wake(); }),
          hub_({.feed = feed_,
                .principal_now = principal_now(),
                .read_page = [this](auto request) { read_page(std::move(request)); },
                .ring_limits = share_of_rings(parts)},
               steady_ms()) {
        if (epoll_.number() < 0 || wake_.number() < 0 || !watch(wake_.number(), kWake, EPOLLIN)) {
            throw std::runtime_error("cannot make an epoll descriptor for streams");
        }
        thread_ = std::thread([this] { run(); });
    }

    ~Shard() { stop(); }

    realtime::Feed& feed() { return feed_; }

    [[nodiscard]] PrincipalNow principal_now() const {
        return [&authenticator = parts_.authenticator, &clock = parts_.clock](const auto& who) {
            return authenticator.current(who, clock.now());
        };
    }

    void open_stream(realtime::Opening opening, DetachedSocket socket) {
        auto sink = std::make_unique<SocketSink>(Descriptor(socket.descriptor), parts_.metrics);
        mailbox_->post([this, opening = std::move(opening), sink = std::move(sink)]() mutable {
            prepare(sink->number());
            const StreamId id = hub_.new_id();
            const auto known_as =
                id << kDescriptorBits | static_cast<std::uint64_t>(sink->number());
            if (!watch(sink->number(), known_as, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET)) return;
            hub_.open(id, std::move(opening), std::move(sink), steady_ms());
        });
    }

    void open_poll(realtime::Opening opening, std::int64_t wait_ms,
                   std::move_only_function<void()> done) {
        auto sink = std::make_unique<PollSink>(std::move(done), parts_.metrics);
        opening.ends_at_ms = steady_ms() + wait_ms;
        mailbox_->post([this, opening = std::move(opening), sink = std::move(sink)]() mutable {
            if (takes_no_polls_) return;
            hub_.open(hub_.new_id(), std::move(opening), std::move(sink), steady_ms());
        });
    }

    void close_polls() {
        mailbox_->post([this] {
            takes_no_polls_ = true;
            hub_.close_polls();
        });
    }

    void stop() {
        if (!thread_.joinable()) return;
        mailbox_->post([this] { is_stopping_ = true; });
        thread_.join();
        mailbox_->close();
    }

 private:
    void wake() {
        const std::uint64_t one = 1;
        (void)!::write(wake_.number(), &one, sizeof one);
    }

    bool watch(int descriptor, std::uint64_t known_as, std::uint32_t events) {
        epoll_event event{};
        event.events = events;
        event.data.u64 = known_as;
        return ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor, &event) == 0;
    }

    // On the shard's thread; answered through the mailbox.
    void read_page(realtime::PageRequest request) {
        // The task may come to its end after this shard has; its letter is thrown away then.
        parts_.workers.resume([this, &store = parts_.store, mailbox = mailbox_,
                               request = std::move(request)]() mutable {
            auto page = realtime::read_page(store, request);
            mailbox->post([this, request = std::move(request), page = std::move(page)]() mutable {
                hub_.take_page(request, std::move(page), steady_ms());
            });
        });
    }

    void run() {
        name_this_thread("daybook-streams");
        std::array<epoll_event, 256> events;
        while (!is_stopping_) {
            const std::int64_t wait_ms =
                std::max<std::int64_t>(hub_.next_due_ms() - steady_ms(), 0);
            const int ready =
                ::epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()),
                             static_cast<int>(wait_ms));
            for (int i = 0; i < ready; ++i) handle(events[static_cast<std::size_t>(i)]);
            hub_.tick(steady_ms());
            count_cut_off();
        }
        hub_.collect(steady_ms());
        hub_.close_all();
    }

    void count_cut_off() {
        const std::uint64_t now = hub_.cut_off();
        parts_.metrics.streams_cut_off.fetch_add(now - std::exchange(cut_off_, now),
                                                 std::memory_order_relaxed);
    }

    void handle(const epoll_event& event) {
        if (event.data.u64 == kWake) {
            std::uint64_t count = 0;
            (void)!::read(wake_.number(), &count, sizeof count);
            mailbox_->open();
            hub_.collect(steady_ms());
            return;
        }
        const StreamId id = event.data.u64 >> kDescriptorBits;
        // What was closed since is not looked at: its descriptor may be another's by now.
        if (!hub_.has(id)) return;
        const auto socket = static_cast<int>(event.data.u64 & ((1U << kDescriptorBits) - 1));
        const bool is_over = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
        const bool has_input = (event.events & (EPOLLIN | EPOLLRDHUP)) != 0;
        if (is_over || (has_input && discard_input(socket) == Input::closed)) {
            hub_.close(id);
        } else if ((event.events & EPOLLOUT) != 0) {
            hub_.resume(id, steady_ms());
        }
    }

    const ShardParts parts_;
    Descriptor epoll_;
    Descriptor wake_;
    const std::shared_ptr<Mailbox> mailbox_;
    realtime::Feed feed_;
    realtime::Hub hub_;
    std::uint64_t cut_off_ = 0;  // of the hub's, counted already
    bool takes_no_polls_ = false;
    bool is_stopping_ = false;
    std::thread thread_;
};

StreamShards::StreamShards(const ShardParts& parts) : seats_(parts.seats) {
    for (std::size_t i = 0; i < parts.shards; ++i) {
        shards_.push_back(std::make_unique<Shard>(parts));
    }
}
StreamShards::~StreamShards() = default;

void StreamShards::committed(const app::Changes& changes) {
    for (const auto& shard : shards_) shard->feed().committed(changes);
}
StreamShards::Shard& StreamShards::next() {
    return *shards_[next_.fetch_add(1, std::memory_order_relaxed) % shards_.size()];
}
StreamShards::PrincipalNow StreamShards::principal_now() const {
    return shards_.front()->principal_now();
}
void StreamShards::open_stream(realtime::Opening opening, DetachedSocket socket) {
    next().open_stream(std::move(opening), std::move(socket));
}
void StreamShards::open_poll(realtime::Opening opening, std::int64_t wait_ms,
                             std::move_only_function<void()> done) {
    next().open_poll(std::move(opening), wait_ms, std::move(done));
}
void StreamShards::close_polls() {
    for (const auto& shard : shards_) shard->close_polls();
}
void StreamShards::stop() {
    for (const auto& shard : shards_) shard->stop();
}

}  // namespace daybook::http
