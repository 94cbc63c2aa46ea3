// Forking and waiting until it answers.
#include "support/nats_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "base/descriptor.h"

namespace daybook::test {
namespace {

constexpr auto kProgram = "/usr/sbin/nats-server";
constexpr int kTries = 500;
constexpr std::chrono::milliseconds kBetweenTries{10};

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

std::uint16_t free_port() {
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.number(), any, size) != 0 ||
        ::getsockname(socket.number(), any, &size) != 0) {
        throw std::runtime_error("no port is free");
    }
    return ntohs(address.sin_port);
}

bool listens(std::uint16_t port) {
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    return ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&address),
                     sizeof address) == 0;
}

}  // namespace

NatsServer::NatsServer() : port_(free_port()) {
    start();
}

NatsServer::~NatsServer() {
    stop();
}

std::string NatsServer::address() const {
    return "nats://127.0.0.1:" + std::to_string(port_);
}

void NatsServer::start() {
    const std::string port = std::to_string(port_);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int nowhere = ::open("/dev/null", O_WRONLY);
        ::dup2(nowhere, STDERR_FILENO);
        ::execl(kProgram, kProgram, "-a", "127.0.0.1", "-p", port.c_str(), nullptr);
        ::_exit(127);
    }
    for (int i = 0; i < kTries; ++i) {
        if (listens(port_)) return;
        std::this_thread::sleep_for(kBetweenTries);
    }
    throw std::runtime_error("nats-server does not come up");
}

void NatsServer::stop() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

}  // namespace daybook::test
