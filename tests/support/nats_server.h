// A NATS server of a test's own, on a free loopback port, that ends with it.
#pragma once

#include <sys/types.h>

#include <string>

namespace daybook::test {

class NatsServer {
 public:
    // Throws std::runtime_error if it does not come up.
    NatsServer();
    ~NatsServer();
    NatsServer(const NatsServer&) = delete;
    NatsServer& operator=(const NatsServer&) = delete;

    [[nodiscard]] std::string address() const;
    // SIGKILL; and up again on the same port.
    void stop();
    void start();

 private:
    int port_;
    pid_t pid_ = -1;
};

}  // namespace daybook::test
