// fork, exec, and connections until one is taken.
#include "peer_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace daybook::bench {

PeerProcess::PeerProcess(const std::vector<std::string>& arguments, int port,
                         std::string_view advice) {
    start(arguments);
    wait(port, arguments.front(), advice);
}

void PeerProcess::start(const std::vector<std::string>& arguments) {
    std::vector<char*> words;
    for (const std::string& each : arguments) words.push_back(const_cast<char*>(each.c_str()));
    words.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ > 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    const int nowhere = ::open("/dev/null", O_RDWR);
    ::dup2(nowhere, STDOUT_FILENO);
    ::execvp(words.front(), words.data());
    ::_exit(127);
}

void PeerProcess::wait(int port, const std::string& program, std::string_view advice) {
    constexpr auto kPatience = std::chrono::seconds(20);
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!test::is_listening(port)) {
        if (std::chrono::steady_clock::now() > end) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
            throw std::runtime_error(fmt::format("{} did not come up; {}", program, advice));
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

PeerProcess::~PeerProcess() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
}

}  // namespace daybook::bench
