// Writes the configuration, starts the program, and waits until it listens.
#include "nginx.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace daybook::bench {
namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const bool bound = ::bind(fd, generic, size) == 0 && ::getsockname(fd, generic, &size) == 0;
    ::close(fd);
    if (!bound) throw std::runtime_error("there is no free port");
    return ntohs(address.sin_port);
}

bool is_listening(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    const bool connected =
        ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return connected;
}

}  // namespace

Nginx::Nginx(const std::filesystem::path& folder, int workers, std::string_view server,
             std::string_view modules)
    : port_(free_port()),
      configuration_(fmt::format(R"({}user root;
daemon off;
worker_processes {};
worker_rlimit_nofile 20000;
pid {}/nginx.pid;
error_log {}/error.log crit;
events {{ worker_connections 16000; multi_accept on; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_timeout 300s;
    keepalive_requests 100000000;
    open_file_cache max=100 inactive=1h;
    open_file_cache_valid 1h;
    types {{ application/json json; }}
    server {{
        listen 127.0.0.1:{} backlog=4096;
        {}
    }}
}}
)",
                                 modules, workers, folder.string(), folder.string(), port_,
                                 server)) {
    const auto file = folder / fmt::format("nginx-{}.conf", port_);
    std::ofstream(file) << configuration_;
    start(file);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (!is_listening(port_)) {
        if (std::chrono::steady_clock::now() > end) {
            throw std::runtime_error("nginx did not come up; install nginx-light");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

void Nginx::start(const std::filesystem::path& file) {
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int nowhere = ::open("/dev/null", O_RDWR);
    ::dup2(nowhere, STDOUT_FILENO);
    ::execlp("nginx", "nginx", "-c", file.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
}

Nginx::~Nginx() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

}  // namespace daybook::bench
