// A PostgreSQL server that ends with this object, in a directory of its own.
#pragma once

#include <sys/types.h>

#include <string>

namespace daybook::test {

class OwnPostgres {
 public:
    // Throws std::runtime_error if it does not come up.
    OwnPostgres();
    ~OwnPostgres();
    OwnPostgres(const OwnPostgres&) = delete;
    OwnPostgres& operator=(const OwnPostgres&) = delete;

    // The folder of its socket.
    [[nodiscard]] const std::string& directory() const { return directory_; }
    // Of the database `postgres`, through the socket.
    [[nodiscard]] std::string address() const;
    // As run_postgres(), there.
    [[nodiscard]] std::string run(const std::string& sql) const;

    // Ends it in the middle of whatever it does; it recovers as after a crash.
    void crash_and_start();
    // Ends every connection but the one that says so.
    void cut_connections() const;

 private:
    void start();

    std::string directory_ = "/tmp/daybook-postgres-XXXXXX";
    pid_t pid_ = -1;
};

}  // namespace daybook::test
