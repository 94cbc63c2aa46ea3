// Binding, and connecting.
#include "support/loopback_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <random>
#include <stdexcept>

#include "base/descriptor.h"

namespace daybook::test {
namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

// The port if it is free, any if it is 0; 0 if it is not to be had.
int free_port_at(int port) {
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = loopback(port);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    const bool is_bound = ::bind(socket.number(), generic, size) == 0 &&
                          ::getsockname(socket.number(), generic, &size) == 0;
    return is_bound ? ntohs(address.sin_port) : 0;
}

}  // namespace

int free_port() {
    const int port = free_port_at(0);
    if (port == 0) throw std::runtime_error("there is no free port");
    return port;
}

int lasting_port() {
    constexpr int kFirst = 20'000;
    constexpr int kLast = 29'999;
    constexpr int kTries = 1'000;
    std::random_device random;
    std::uniform_int_distribution<int> any(kFirst, kLast);
    for (int i = 0; i < kTries; ++i) {
        if (const int port = free_port_at(any(random)); port != 0) return port;
    }
    throw std::runtime_error("there is no free port");
}

bool is_listening(int port) {
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    return ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address),
                     sizeof address) == 0;
}

}  // namespace daybook::test
