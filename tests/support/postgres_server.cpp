// Starting, finding and lending.
#include "support/postgres_server.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace daybook::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

// Ends with this process.
class OwnServer {
 public:
    OwnServer() {
        if (::mkdtemp(directory_.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
        pid_ = ::fork();
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGINT);
            ::execl(kScript, kScript, "run", directory_.c_str(), nullptr);
            ::_exit(127);
        }
        wait_until_ready();
    }
    ~OwnServer() {
        ::kill(pid_, SIGINT);
        ::waitpid(pid_, nullptr, 0);
        std::error_code ignored;
        std::filesystem::remove_all(directory_, ignored);
    }
    OwnServer(const OwnServer&) = delete;
    OwnServer& operator=(const OwnServer&) = delete;

    [[nodiscard]] const std::string& directory() const { return directory_; }

 private:
    static constexpr auto kScript = DAYBOOK_SOURCE_DIR "/tests/support/postgres.sh";

    void wait_until_ready() const {
        const std::string address = postgres_address("postgres", directory_);
        const auto until = steady_clock::now() + std::chrono::seconds(60);
        while (PQping(address.c_str()) != PQPING_OK) {
            const bool has_ended = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
            if (has_ended || steady_clock::now() >= until)
                throw std::runtime_error("PostgreSQL does not start in " + directory_);
            std::this_thread::sleep_for(milliseconds(20));
        }
    }

    std::string directory_ = "/tmp/daybook-postgres-XXXXXX";
    pid_t pid_ = -1;
};

Connection connect(const std::string& database) {
    Connection connection(PQconnectdb(postgres_address(database).c_str()), PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK)
        throw std::runtime_error(PQerrorMessage(connection.get()));
    return connection;
}

std::string run(PGconn* connection, const std::string& sql) {
    const Answer answer(PQexec(connection, sql.c_str()), PQclear);
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        throw std::runtime_error(PQerrorMessage(connection));
    return PQntuples(answer.get()) > 0 ? PQgetvalue(answer.get(), 0, 0) : "";
}

// Of tables that hold a few rows: to truncate them would make many files anew.
constexpr auto kEmptyTables = R"(
    set client_min_messages = warning;
    set session_replication_role = replica;
    do $$
    declare
        each text;
    begin
        for each in
            select oid::regclass from pg_class
            where relkind in ('r', 'p') and not relispartition
                and relnamespace = 'public'::regnamespace and relname <> 'schema_migrations'
        loop
            execute 'delete from ' || each;
        end loop;
    end
    $$)";

}  // namespace

std::string postgres_directory() {
    if (const char* directory = ::getenv("DAYBOOK_TEST_POSTGRES"); directory != nullptr)
        return directory;
    static const OwnServer server;
    return server.directory();
}

std::string postgres_address(const std::string& database, const std::string& directory) {
    return "postgres://daybook@/" + database + "?host=" + directory;
}

LentDatabase::LentDatabase() : lock_(connect("postgres").release()) {
    int number = 0;
    const auto take = [&] {
        return run(lock_.get(),
                   "select pg_try_advisory_lock(4711, " + std::to_string(number) + ")") == "t";
    };
    while (!take()) ++number;
    name_ = "test_" + std::to_string(number);
    const std::string found =
        run(lock_.get(), "select count(*) from pg_database where datname = '" + name_ + "'");
    if (found == "0") {
        run(lock_.get(), "create database " + name_);
    } else {
        run_postgres(name_, kEmptyTables);
    }
}

std::string run_postgres(const std::string& database, const std::string& sql) {
    const Connection connection = connect(database);
    return run(connection.get(), sql);
}

}  // namespace daybook::test
