// haproxy before the nodes of a test, on deploy/haproxy.cfg with other addresses; it ends with the
// test.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "support/temporary_directory.h"

namespace daybook::test {

class Balancer {
 public:
    // Before nodes on these ports of this machine, which need not listen yet: node-0, node-1… in
    // X-Served-By. Throws std::runtime_error if it does not come up.
    explicit Balancer(const std::vector<std::uint16_t>& nodes);
    // By its process id.
    ~Balancer();
    Balancer(const Balancer&) = delete;
    Balancer& operator=(const Balancer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
    [[nodiscard]] std::string settings(const std::vector<std::uint16_t>& nodes) const;
    void start(const std::string& file);

    TemporaryDirectory directory_;
    std::uint16_t port_;
    pid_t pid_ = -1;
};

}  // namespace daybook::test
