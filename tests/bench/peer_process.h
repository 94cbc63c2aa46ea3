// A server of somebody else's to compare with, as a child process for as long as the object lives.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "support/loopback_port.h"

namespace daybook::bench {

using test::free_port;

class PeerProcess {
 public:
    // Starts the program and waits until it listens on the loopback port; what it prints goes
    // nowhere. Throws std::runtime_error with `advice` if it does not come up.
    PeerProcess(const std::vector<std::string>& arguments, int port, std::string_view advice);
    ~PeerProcess();
    PeerProcess(const PeerProcess&) = delete;
    PeerProcess& operator=(const PeerProcess&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }

 private:
    void start(const std::vector<std::string>& arguments);
    void wait(int port, const std::string& program, std::string_view advice);

    pid_t pid_ = -1;
};

}  // namespace daybook::bench
