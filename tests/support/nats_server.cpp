// Forking and waiting until it answers.
#include "support/nats_server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

#include "support/loopback_port.h"

namespace daybook::test {
namespace {

constexpr auto kProgram = "/usr/sbin/nats-server";
constexpr int kTries = 500;
constexpr std::chrono::milliseconds kBetweenTries{10};

}  // namespace

NatsServer::NatsServer() : port_(lasting_port()) {
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
        if (is_listening(port_)) return;
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
