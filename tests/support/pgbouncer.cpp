// Its settings, and the process. It refuses root: then it runs as the user postgres.
#include "support/pgbouncer.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "support/postgres_server.h"
#include "support/process.h"

namespace daybook::test {
namespace {

using std::chrono::steady_clock;

constexpr auto kSettings = R"([databases]
* = host={server}

[pgbouncer]
listen_addr =
listen_port = 5432
unix_socket_dir = {directory}
auth_type = trust
auth_file = {directory}/users
pool_mode = transaction
default_pool_size = 3
logfile = {directory}/log
)";

}  // namespace

Pgbouncer::Pgbouncer() {
    if (::mkdtemp(directory_.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    std::ofstream(directory_ + "/settings")
        << fmt::format(fmt::runtime(kSettings), fmt::arg("server", postgres_directory()),
                       fmt::arg("directory", directory_));
    std::ofstream(directory_ + "/users") << "\"daybook\" \"\"\n";
    ::chmod(directory_.c_str(), 0755);
    if (::geteuid() == 0) run_program({"chown", "postgres", directory_});
    start();
}

Pgbouncer::~Pgbouncer() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

std::string Pgbouncer::address(const std::string& database) const {
    return postgres_address(database, directory_);
}

void Pgbouncer::restart() {
    stop();
    start();
}

void Pgbouncer::start() {
    const std::string settings = directory_ + "/settings";
    std::vector<const char*> words{"setpriv",       "--reuid=postgres", "--regid=postgres",
                                   "--init-groups", "--pdeathsig",      "TERM"};
    if (::geteuid() != 0) words.clear();
    words.insert(words.end(), {"pgbouncer", "--quiet", settings.c_str(), nullptr});
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        ::setenv("PATH", "/usr/sbin:/usr/bin:/bin", 1);
        ::execvp(words.front(), const_cast<char* const*>(words.data()));
        ::_exit(127);
    }
    const auto until = steady_clock::now() + std::chrono::seconds(20);
    while (PQping(address("postgres").c_str()) != PQPING_OK) {
        const bool has_ended = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
        if (has_ended || steady_clock::now() >= until)
            throw std::runtime_error("pgbouncer does not start in " + directory_);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

// SIGTERM waits for nobody.
void Pgbouncer::stop() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

}  // namespace daybook::test
