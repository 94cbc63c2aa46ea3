// The real program as a child process: run to its end, or serving until it is stopped or killed.
//
// The binary is $DAYBOOK_BINARY. Children get SIGKILL when the test process dies, so none is left
// behind.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/temporary_directory.h"

namespace daybook::test {

struct Finished {
    int exit_code = -1;  // 128 + signal if it was killed
    std::string output;  // standard output
    std::string errors;  // standard error
};

std::filesystem::path daybook_binary();

// Runs a program to its end. Throws std::runtime_error if it cannot be started.
Finished run_program(const std::vector<std::string>& arguments, std::string_view input = {});
// The same with daybook in front.
Finished run_daybook(std::vector<std::string> arguments, std::string_view input = {});

// `daybook serve` on a free port, or on the --port among the arguments. Throws std::runtime_error,
// with what it said, if it does not come up.
class Serving {
 public:
    explicit Serving(const std::filesystem::path& data,
                     std::vector<std::string> more_arguments = {});
    ~Serving();
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] pid_t pid() const { return pid_; }
    // SIGTERM, and the exit code.
    int stop();
    // The same; everything that it wrote to standard error from the start on.
    std::string stop_and_read();
    // SIGKILL: nothing is finished or flushed.
    void kill_now();

 private:
    void read_errors();
    int wait_for_end();

    pid_t pid_ = -1;
    int errors_ = -1;  // its standard error
    std::uint16_t port_ = 0;
    std::string said_;  // to standard error; the thread's, while it runs
    std::thread drain_;
};

}  // namespace daybook::test
