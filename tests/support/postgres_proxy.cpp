// Two sockets and what goes from one to the other.
#include "support/postgres_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <utility>

#include "support/postgres_server.h"

namespace daybook::test {
namespace {

using namespace std::string_view_literals;

sockaddr_un socket_in(const std::string& directory) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = directory + "/.s.PGSQL.5432";
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error(path + " is too long");
    std::memcpy(static_cast<char*>(address.sun_path), path.c_str(), path.size() + 1);
    return address;
}

Descriptor open_socket() {
    return Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

bool send_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

PostgresProxy::PostgresProxy(std::string server)
    : server_(server.empty() ? postgres_directory() : std::move(server)), listener_(open_socket()) {
    const sockaddr_un address = socket_in(directory_.path().string());
    const bool listens = ::bind(listener_.number(), reinterpret_cast<const sockaddr*>(&address),
                                sizeof address) == 0 &&
                         ::listen(listener_.number(), 16) == 0;
    if (!listens) throw std::runtime_error("the proxy cannot listen");
    acceptor_ = std::thread([this] { accept_all(); });
}

PostgresProxy::~PostgresProxy() {
    ending_ = true;
    ::shutdown(listener_.number(), SHUT_RDWR);
    acceptor_.join();
    for (std::thread& each : connections_) each.join();
}

std::string PostgresProxy::address(const std::string& database) const {
    return postgres_address(database, directory_.path().string());
}

void PostgresProxy::accept_all() {
    while (!ending_) {
        Descriptor client(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
        if (client.number() < 0) return;
        connections_.emplace_back([this, accepted = std::move(client)] { pass_on(accepted); });
    }
}

void PostgresProxy::pass_on(const Descriptor& client) {
    const Descriptor server = open_socket();
    const sockaddr_un address = socket_in(server_);
    if (::connect(server.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
        0) {
        return;
    }
    std::array<pollfd, 2> ends{pollfd{client.number(), POLLIN, 0},
                               pollfd{server.number(), POLLIN, 0}};
    while (::poll(ends.data(), ends.size(), -1) > 0) {
        while (holds_ && !ending_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (ends[0].revents != 0 &&
            !pass(client.number(), server.number(), "commit\0"sv, Cut::before_commit)) {
            return;
        }
        if (ends[1].revents != 0 &&
            !pass(server.number(), client.number(), "COMMIT\0"sv, Cut::after_commit)) {
            return;
        }
    }
}

bool PostgresProxy::pass(int from, int to, std::string_view sign, Cut cut) {
    std::array<char, 65'536> buffer;
    const ssize_t count = ::read(from, buffer.data(), buffer.size());
    if (count <= 0) return false;
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(count));
    if (bytes.find(sign) != std::string_view::npos) {
        Cut expected = cut;
        if (cut_.compare_exchange_strong(expected, Cut::nothing)) return false;
    }
    return send_all(to, bytes);
}

}  // namespace daybook::test
