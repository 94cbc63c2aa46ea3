// Listeners, the sweep, and the drain.
#include "http/server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "http/session.h"

namespace daybook::http {
namespace {

using namespace std::chrono_literals;
using Tcp = asio::ip::tcp;
using Local = asio::local::stream_protocol;
template <class Protocol>
using Acceptor = asio::basic_socket_acceptor<Protocol, Executor>;
using SteadyClock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<SteadyClock, asio::wait_traits<SteadyClock>, Executor>;

constexpr auto kAcceptPause = 100ms;  // out of file descriptors, say
constexpr auto kDrainStep = 50ms;

std::int64_t steady_ms() {
    const auto since = SteadyClock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

std::string address_of(Socket& socket) {
    ErrorNumber failed;
    const auto endpoint = socket.remote_endpoint(failed);
    if (failed) return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    const sockaddr* address = endpoint.data();
    const void* number = nullptr;
    if (address->sa_family == AF_INET) {
        number = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
    } else if (address->sa_family == AF_INET6) {
        number = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    }
    if (number == nullptr) return {};
    if (inet_ntop(address->sa_family, number, text.data(), text.size()) == nullptr) return {};
    return text.data();
}

// The mode of the socket's file keeps others out already; this holds where the mode is not looked
// at.
bool is_operator(Socket& socket) {
    ucred credentials{};
    socklen_t size = sizeof credentials;
    const int failed =
        getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &size);
    return failed == 0 && (credentials.uid == geteuid() || credentials.uid == 0);
}

// Of this thread: a peer that is gone is an error of the call. Unlike the others, sendfile cannot
// be told so by a flag.
void block_broken_pipe() {
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

class Server::Core {
 public:
    Core(ServerOptions options, ServerParts parts)
        : context_{.options = std::move(options),
                   .parts = parts,
                   .mailbox = std::make_shared<Mailbox>([this] { wake(); }),
                   .sessions = {},
                   .date = {}},
          sweep_timer_(io_),
          drain_timer_(io_) {}

    ~Core();

    Status listen();
    std::uint16_t port() const { return port_; }
    void run();
    void drain();
    void post(std::move_only_function<void()> task) { context_.mailbox->post(std::move(task)); }

 private:
    Status listen_tcp();
    Status listen_unix();
    void wake();

    template <class Protocol>
    Task<> accept_all(Acceptor<Protocol>& acceptor, Origin origin);
    void welcome(Socket socket, Origin origin);
    void refuse(Socket& socket);
    Task<> sweep_all();
    Task<> finish_drain();
    void renew_date();

    // Destroyed after io_, whose coroutines still use it while they are destroyed.
    SessionContext context_;
    asio::io_context io_{1};
    std::optional<Acceptor<Tcp>> tcp_;
    std::optional<Acceptor<Local>> unix_;
    Timer sweep_timer_;
    Timer drain_timer_;
    std::uint16_t port_ = 0;
};

Server::Core::~Core() {
    context_.mailbox->close();
    const auto sessions = std::exchange(context_.sessions, {});
    for (const auto& session : sessions) session->abandon();
    if (unix_) ::unlink(context_.options.unix_socket_path.c_str());
}

Status Server::Core::listen() {
    TRY(listen_tcp());
    if (!context_.options.unix_socket_path.empty()) TRY(listen_unix());
    return {};
}

Status Server::Core::listen_tcp() {
    const ServerOptions& options = context_.options;
    ErrorNumber failed;
    const auto address = asio::ip::make_address(options.address, failed);
    if (failed) {
        return fail(ErrorCode::invalid_value,
                    options.address + " is not an IP address to listen on.");
    }
    const Tcp::endpoint endpoint(address, options.port);
    tcp_.emplace(io_);
    tcp_->open(endpoint.protocol(), failed);
    if (!failed) tcp_->set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed) tcp_->bind(endpoint, failed);
    if (!failed) tcp_->listen(asio::socket_base::max_listen_connections, failed);
    if (!failed) port_ = tcp_->local_endpoint(failed).port();
    if (failed) {
        return fail(ErrorCode::io_failed,
                    fmt::format("Cannot listen on {}, port {}: {}.", options.address, options.port,
                                failed.message()));
    }
    return {};
}

Status Server::Core::listen_unix() {
    const std::string& path = context_.options.unix_socket_path;
    struct stat found{};
    const bool is_left_over = ::lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode);
    if (is_left_over) ::unlink(path.c_str());
    if (path.size() >= sizeof(sockaddr_un::sun_path)) {
        return fail(ErrorCode::io_failed, "The path of the control socket is too long: " + path);
    }
    Acceptor<Local> acceptor(io_);
    ErrorNumber failed;
    acceptor.open(Local(), failed);
    // Before bind: the file is made with the mode of the socket (less the umask), never wider for a
    // moment.
    if (!failed && ::fchmod(acceptor.native_handle(), S_IRUSR | S_IWUSR) != 0) {
        failed = ErrorNumber(errno, boost::system::system_category());
    }
    if (!failed) acceptor.bind(Local::endpoint(path), failed);
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) {
        return fail(ErrorCode::io_failed,
                    fmt::format("Cannot listen on {}: {}.", path, failed.message()));
    }
    unix_ = std::move(acceptor);
    return {};
}

void Server::Core::wake() {
    asio::post(io_, [mailbox = context_.mailbox] { mailbox->open(); });
}

void Server::Core::run() {
    CHECK(tcp_.has_value());
    context_.mailbox->attach_to_this_thread();
    block_broken_pipe();
    renew_date();
    // What is thrown out of these loops is a defect, or memory is gone: it leaves run().
    const auto rethrow = [](const std::exception_ptr& thrown) {
        if (thrown) std::rethrow_exception(thrown);
    };
    asio::co_spawn(io_, accept_all(*tcp_, Origin::network), rethrow);
    if (unix_) asio::co_spawn(io_, accept_all(*unix_, Origin::operator_socket), rethrow);
    asio::co_spawn(io_, sweep_all(), rethrow);
    io_.run();
}

template <class Protocol>
Task<> Server::Core::accept_all(Acceptor<Protocol>& acceptor, Origin origin) {
    Timer pause(io_);
    bool was_failing = false;
    for (;;) {
        Socket socket(io_);
        ErrorNumber failed;
        co_await acceptor.async_accept(socket, asio::redirect_error(use_task, failed));
        if (failed == asio::error::operation_aborted) co_return;
        if (failed) {
            if (!was_failing) log(LogLevel::warning, "cannot accept: " + failed.message());
            was_failing = true;
            pause.expires_after(kAcceptPause);
            co_await pause.async_wait(asio::redirect_error(use_task, failed));
            continue;
        }
        was_failing = false;
        welcome(std::move(socket), origin);
    }
}

void Server::Core::welcome(Socket socket, Origin origin) {
    ErrorNumber failed;
    socket.non_blocking(true, failed);
    if (failed) return;
    if (origin == Origin::operator_socket && !is_operator(socket)) return;
    if (origin == Origin::network) socket.set_option(Tcp::no_delay(true), failed);
    Metrics& metrics = context_.parts.metrics;
    const auto streams =
        static_cast<std::size_t>(metrics.streams_open.load(std::memory_order_relaxed));
    if (context_.sessions.size() + streams >= context_.options.connections_max) {
        return refuse(socket);
    }

    metrics.connections_accepted.fetch_add(1, std::memory_order_relaxed);
    metrics.connections_open.fetch_add(1, std::memory_order_relaxed);
    std::string address = origin == Origin::network ? address_of(socket) : std::string{};
    auto session =
        std::make_shared<Session>(context_, std::move(socket), Peer{std::move(address), origin});
    context_.sessions.insert(session);
    asio::co_spawn(io_, Session::run(session), [this, session](const std::exception_ptr& thrown) {
        context_.parts.metrics.connections_open.fetch_sub(1, std::memory_order_relaxed);
        context_.sessions.erase(session);
        if (thrown) log(LogLevel::error, "a connection ended unexpectedly");
    });
}

// Nobody waits for this client: what does not go out at once is lost.
void Server::Core::refuse(Socket& socket) {
    constexpr std::string_view kTooMany =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n";
    context_.parts.metrics.connections_refused.fetch_add(1, std::memory_order_relaxed);
    ErrorNumber ignored;
    socket.write_some(asio::buffer(kTooMany.data(), kTooMany.size()), ignored);
    socket.shutdown(Socket::shutdown_send, ignored);
}

Task<> Server::Core::sweep_all() {
    for (;;) {
        sweep_timer_.expires_after(std::chrono::milliseconds(context_.options.sweep_ms));
        ErrorNumber failed;
        co_await sweep_timer_.async_wait(asio::redirect_error(use_task, failed));
        if (failed) co_return;
        renew_date();
        const std::int64_t now = steady_ms();
        for (const auto& session : context_.sessions) session->expire_if_due(now);
    }
}

void Server::Core::renew_date() {
    context_.date = http_date(context_.parts.clock.now().ms / 1'000);
}

void Server::Core::drain() {
    post([this] {
        if (std::exchange(context_.is_draining, true)) return;
        asio::co_spawn(io_, finish_drain(), [](const std::exception_ptr& thrown) {
            if (thrown) std::rethrow_exception(thrown);
        });
    });
}

// Quiet twice in a row: what a client had sent before it could know of the drain is answered as
// well.
Task<> Server::Core::finish_drain() {
    const std::int64_t end_ms = steady_ms() + context_.options.drain_ms_max;
    int quiet_steps = 0;
    while (quiet_steps < 2 && steady_ms() < end_ms) {
        drain_timer_.expires_after(kDrainStep);
        ErrorNumber failed;
        co_await drain_timer_.async_wait(asio::redirect_error(use_task, failed));
        quiet_steps = context_.requests_open == 0 ? quiet_steps + 1 : 0;
    }
    if (context_.requests_open > 0) {
        log(LogLevel::warning, fmt::format("{} requests were cut off by the end of the drain",
                                           context_.requests_open));
    }
    ErrorNumber ignored;
    tcp_->close(ignored);
    if (unix_) unix_->close(ignored);
    io_.stop();
}

Server::Server(ServerOptions options, ServerParts parts)
    : core_(std::make_unique<Core>(std::move(options), parts)) {}
Server::~Server() = default;

Status Server::listen() {
    return core_->listen();
}
std::uint16_t Server::port() const {
    return core_->port();
}
void Server::run() {
    core_->run();
}
void Server::drain() {
    core_->drain();
}
void Server::post(std::move_only_function<void()> task) {
    core_->post(std::move(task));
}

}  // namespace daybook::http
