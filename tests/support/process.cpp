// fork, exec, pipes.
#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace daybook::test {
namespace {

struct Pipe {
    int read_end = -1;
    int write_end = -1;

    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
        read_end = ends[0];
        write_end = ends[1];
    }
};

struct Streams {
    int input = -1;
    int output = -1;
    int errors = -1;
};

// In the child: streams, then the program. -1 is /dev/null.
[[noreturn]] void become(const std::vector<std::string>& arguments, const Streams& streams) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const auto put = [](int descriptor, int place, int flags) {
        ::dup2(descriptor >= 0 ? descriptor : ::open("/dev/null", flags), place);
    };
    put(streams.input, STDIN_FILENO, O_RDONLY);
    put(streams.output, STDOUT_FILENO, O_WRONLY);
    put(streams.errors, STDERR_FILENO, O_WRONLY);
    std::vector<char*> words;
    for (const std::string& each : arguments) words.push_back(const_cast<char*>(each.c_str()));
    words.push_back(nullptr);
    ::execvp(words[0], words.data());
    ::_exit(127);
}

pid_t start(const std::vector<std::string>& arguments, const Streams& streams) {
    const pid_t pid = ::fork();
    if (pid < 0) throw std::runtime_error("fork failed");
    if (pid == 0) become(arguments, streams);
    return pid;
}

int exit_code_of(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// Appends what there is; false at the end of the stream.
bool read_into(int descriptor, std::string& text) {
    std::array<char, 65536> buffer;
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && errno == EINTR);
}

void write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

// The port in "http://127.0.0.1:8080", or 0 while the line is not complete.
std::uint16_t port_in(std::string_view said) {
    constexpr std::string_view kBefore = "http://127.0.0.1:";
    const std::size_t at = said.find(kBefore);
    if (at == std::string_view::npos || said.find('\n', at) == std::string_view::npos) return 0;
    std::uint16_t port = 0;
    std::from_chars(said.data() + at + kBefore.size(), said.data() + said.size(), port);
    return port;
}

}  // namespace

std::filesystem::path daybook_binary() {
    const char* path = std::getenv("DAYBOOK_BINARY");
    if (path == nullptr) throw std::runtime_error("DAYBOOK_BINARY is not set");
    return path;
}

Finished run_program(const std::vector<std::string>& arguments, std::string_view input) {
    std::signal(SIGPIPE, SIG_IGN);
    const Pipe in;
    const Pipe out;
    const Pipe err;
    const pid_t pid = start(arguments, {in.read_end, out.write_end, err.write_end});
    for (const int mine_no_more : {in.read_end, out.write_end, err.write_end})
        ::close(mine_no_more);
    std::thread feed([&] {
        write_all(in.write_end, input);
        ::close(in.write_end);
    });
    Finished finished;
    std::thread errors([&] {
        while (read_into(err.read_end, finished.errors)) {
        }
    });
    while (read_into(out.read_end, finished.output)) {
    }
    errors.join();
    feed.join();
    ::close(out.read_end);
    ::close(err.read_end);
    finished.exit_code = exit_code_of(pid);
    return finished;
}

Finished run_daybook(std::vector<std::string> arguments, std::string_view input) {
    arguments.insert(arguments.begin(), daybook_binary().string());
    return run_program(arguments, input);
}

Serving::Serving(const std::filesystem::path& data, std::vector<std::string> more_arguments) {
    std::vector<std::string> arguments{daybook_binary().string(), "serve", "--data", data.string()};
    if (std::ranges::find(more_arguments, "--port") == more_arguments.end()) {
        arguments.insert(arguments.end(), {"--port", "0"});
    }
    arguments.insert(arguments.end(), more_arguments.begin(), more_arguments.end());
    const Pipe err;
    pid_ = start(arguments, {-1, -1, err.write_end});
    ::close(err.write_end);
    errors_ = err.read_end;
    read_errors();
    drain_ = std::thread([this] {
        while (read_into(errors_, said_)) {
        }
    });
}

void Serving::read_errors() {
    constexpr int kPatienceMs = 30'000;
    while (port_ == 0) {
        pollfd ready{errors_, POLLIN, 0};
        if (::poll(&ready, 1, kPatienceMs) <= 0 || !read_into(errors_, said_)) {
            kill_now();
            ::close(errors_);
            throw std::runtime_error("daybook serve did not come up: " + said_);
        }
        port_ = port_in(said_);
    }
}

Serving::~Serving() {
    kill_now();
    if (drain_.joinable()) drain_.join();
    ::close(errors_);
}

int Serving::wait_for_end() {
    if (pid_ < 0) return -1;
    const int code = exit_code_of(pid_);
    pid_ = -1;
    return code;
}

int Serving::stop() {
    if (pid_ > 0) ::kill(pid_, SIGTERM);
    return wait_for_end();
}

std::string Serving::stop_and_read() {
    (void)stop();
    drain_.join();
    return said_;
}

void Serving::kill_now() {
    if (pid_ > 0) ::kill(pid_, SIGKILL);
    (void)wait_for_end();
}

}  // namespace daybook::test
