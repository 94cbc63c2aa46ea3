// The PostgreSQL server of a test run, and databases on it that are lent to one test at a time.
//
// ctest starts one server for all tests (DAYBOOK_TEST_POSTGRES is its directory); a test program
// that is run by hand starts its own when it first needs one.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

namespace daybook::test {

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
std::string run_postgres(const std::string& database, const std::string& sql,
                         const std::string& directory = postgres_directory());

}  // namespace daybook::test
