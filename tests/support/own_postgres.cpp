// Starting by the script that ctest uses, and ending by signals.
#include "support/own_postgres.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>
#include <tuple>

#include "support/postgres_server.h"

namespace daybook::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr auto kScript = DAYBOOK_SOURCE_DIR "/tests/support/postgres.sh";

}  // namespace

OwnPostgres::OwnPostgres() {
    if (::mkdtemp(directory_.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    start();
}

OwnPostgres::~OwnPostgres() {
    ::kill(pid_, SIGINT);
    ::waitpid(pid_, nullptr, 0);
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

std::string OwnPostgres::address() const {
    return postgres_address("postgres", directory_);
}

std::string OwnPostgres::run(const std::string& sql) const {
    return run_postgres("postgres", sql, directory_);
}

void OwnPostgres::crash_and_start() {
    ::kill(pid_, SIGQUIT);
    ::waitpid(pid_, nullptr, 0);
    start();
}

void OwnPostgres::cut_connections() const {
    std::ignore =
        run("select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where pid <> pg_backend_pid() and backend_type = 'client backend'");
}

void OwnPostgres::start() {
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGINT);
        ::execl(kScript, kScript, "run", directory_.c_str(), nullptr);
        ::_exit(127);
    }
    const auto until = steady_clock::now() + std::chrono::seconds(60);
    while (PQping(address().c_str()) != PQPING_OK) {
        const bool has_ended = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
        if (has_ended || steady_clock::now() >= until)
            throw std::runtime_error("PostgreSQL does not start in " + directory_);
        std::this_thread::sleep_for(milliseconds(20));
    }
}

}  // namespace daybook::test
