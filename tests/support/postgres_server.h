// The PostgreSQL server of a test run, and databases on it that are lent to one test at a time.
//
// ctest starts one server for all tests (DAYBOOK_TEST_POSTGRES is its directory); a test program
// that is run by hand starts its own when it first needs one.
#pragma once

#include <libpq-fe.h>
#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

namespace daybook::test {

// A server of one's own, durable; it ends with the object. Whoever comes through its socket is let
// in as `daybook`, its superuser.
class PostgresServer {
 public:
    // In a new directory. Settings are "name=value". Throws std::runtime_error.
    explicit PostgresServer(const std::vector<std::string>& settings = {}, int port = 5'432);
    // A standby, which follows the primary from its present state on.
    struct StandbyOf {
        const PostgresServer& primary;
    };
    explicit PostgresServer(StandbyOf of);
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    // Of its socket.
    [[nodiscard]] const std::string& directory() const { return directory_; }
    [[nodiscard]] std::string address(const std::string& database) const;
    // What it has logged.
    [[nodiscard]] std::string log() const;
    // SIGKILL, to each of its processes.
    void kill_now();
    // Ends it in the middle of whatever it does; it recovers as after a crash.
    void crash_and_start();
    // Ends every connection but the one that says so.
    void cut_connections() const;

 private:
    void start();

    std::string directory_ = "/tmp/daybook-postgres-XXXXXX";
    std::vector<std::string> arguments_;  // of the script
    int port_;
    pid_t pid_ = -1;
};

// The folder of its socket. Throws std::runtime_error if there is no server and none can be
// started.
std::string postgres_directory();
// Of a database, through the socket in that folder or in another.
std::string postgres_address(const std::string& database,
                             const std::string& directory = postgres_directory());

// A database that nobody else has meanwhile. Its tables, if it has any, are empty.
class LentDatabase {
 public:
    // Throws std::runtime_error.
    LentDatabase();

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::string address() const { return postgres_address(name_); }

 private:
    struct Close {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    std::unique_ptr<PGconn, Close> lock_;  // the connection holds it
    std::string name_;
};

// Runs a statement in the database as its superuser, and gives the first value that it answers.
// Throws std::runtime_error.
std::string run_postgres(const std::string& database, const std::string& sql);
// The same at an address.
std::string run_postgres_at(const std::string& address, const std::string& sql);

}  // namespace daybook::test
