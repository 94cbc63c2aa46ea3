// Other addresses in the file, forking, and waiting until it takes connections.
#include "support/balancer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "support/loopback_port.h"

namespace daybook::test {
namespace {

constexpr auto kProgram = "/usr/sbin/haproxy";
constexpr auto kFile = DAYBOOK_SOURCE_DIR "/deploy/haproxy.cfg";
constexpr int kTries = 500;
constexpr std::chrono::milliseconds kBetweenTries{10};

std::string content(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

Balancer::Balancer(const std::vector<std::uint16_t>& nodes)
    : port_(static_cast<std::uint16_t>(lasting_port())) {
    const std::string file = directory_.path() / "haproxy.cfg";
    std::ofstream(file) << settings(nodes);
    start(file);
}

Balancer::~Balancer() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

std::string Balancer::settings(const std::vector<std::uint16_t>& nodes) const {
    const std::string socket = directory_.path() / "haproxy.sock";
    std::istringstream lines(content(kFile));
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("    server ")) continue;
        if (line.starts_with("    bind ")) line = fmt::format("    bind 127.0.0.1:{}", port_);
        if (line.starts_with("    maxconn ")) line = "    maxconn 1000";
        line = std::regex_replace(line, std::regex("/run/haproxy/admin.sock"), socket);
        text += line + '\n';
    }
    // They are the last of the file's last section.
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        text += fmt::format("    server node-{} 127.0.0.1:{}\n", i, nodes[i]);
    }
    return text;
}

void Balancer::start(const std::string& file) {
    const std::string log = directory_.path() / "haproxy.log";
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(output, STDOUT_FILENO);
        ::dup2(output, STDERR_FILENO);
        ::execl(kProgram, kProgram, "-db", "-f", file.c_str(), nullptr);
        ::_exit(127);
    }
    for (int i = 0; i < kTries; ++i) {
        if (is_listening(port_)) return;
        if (::waitpid(pid_, nullptr, WNOHANG) != 0) break;
        std::this_thread::sleep_for(kBetweenTries);
    }
    throw std::runtime_error("haproxy does not come up: " + content(log));
}

}  // namespace daybook::test
