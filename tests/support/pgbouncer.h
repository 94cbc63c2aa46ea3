// pgbouncer in transaction mode, before the server of the test run.
//
// It has fewer connections to the server than a node has to it, so that a transaction often meets
// another server process than the one before it.
#pragma once

#include <sys/types.h>

#include <string>

namespace daybook::test {

class Pgbouncer {
 public:
    // Throws std::runtime_error.
    Pgbouncer();
    ~Pgbouncer();
    Pgbouncer(const Pgbouncer&) = delete;
    Pgbouncer& operator=(const Pgbouncer&) = delete;

    [[nodiscard]] std::string address(const std::string& database) const;
    // Ends it at once, with the connections through it, and starts it again.
    void restart();

 private:
    void start();
    void stop();

    std::string directory_ = "/tmp/daybook-pgbouncer-XXXXXX";
    pid_t pid_ = -1;
};

}  // namespace daybook::test
