// Starting, finding and lending.
#include "support/postgres_server.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace daybook::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

constexpr auto kScript = DAYBOOK_SOURCE_DIR "/tests/support/postgres.sh";

Connection connect(const std::string& address) {
    Connection connection(PQconnectdb(address.c_str()), PQfinish);
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

PostgresServer::PostgresServer(const std::vector<std::string>& settings, int port) : port_(port) {
    if (::mkdtemp(directory_.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    arguments_ = {"run", directory_, "port=" + std::to_string(port)};
    arguments_.insert(arguments_.end(), settings.begin(), settings.end());
    start();
}

PostgresServer::PostgresServer(StandbyOf of) : port_(of.primary.port_) {
    if (::mkdtemp(directory_.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    arguments_ = {"standby", directory_, of.primary.directory_, "port=" + std::to_string(port_)};
    start();
}

void PostgresServer::start() {
    std::vector<const char*> words{kScript};
    for (const std::string& each : arguments_) words.push_back(each.c_str());
    words.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGINT);
        ::execv(kScript, const_cast<char* const*>(words.data()));
        ::_exit(127);
    }
    const auto until = steady_clock::now() + std::chrono::seconds(60);
    while (PQping(address("postgres").c_str()) != PQPING_OK) {
        const bool has_ended = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
        if (has_ended || steady_clock::now() >= until)
            throw std::runtime_error("PostgreSQL does not start in " + directory_ + ": " + log());
        std::this_thread::sleep_for(milliseconds(20));
    }
}

PostgresServer::~PostgresServer() {
    if (pid_ > 0) {
        ::kill(pid_, SIGINT);
        ::waitpid(pid_, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

void PostgresServer::kill_now() {
    const std::string pid = std::to_string(pid_);
    std::ifstream file("/proc/" + pid + "/task/" + pid + "/children");
    std::vector<pid_t> all{pid_};
    for (pid_t child = 0; file >> child;) all.push_back(child);
    for (const pid_t each : all) ::kill(each, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void PostgresServer::crash_and_start() {
    ::kill(pid_, SIGQUIT);
    ::waitpid(pid_, nullptr, 0);
    start();
}

void PostgresServer::cut_connections() const {
    run_postgres_at(address("postgres"),
                    "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                    " where pid <> pg_backend_pid() and backend_type = 'client backend'");
}

std::string PostgresServer::address(const std::string& database) const {
    return postgres_address(database, directory_) + "&port=" + std::to_string(port_);
}

std::string PostgresServer::log() const {
    std::ifstream file(directory_ + "/server.log");
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string postgres_directory() {
    if (const char* directory = ::getenv("DAYBOOK_TEST_POSTGRES"); directory != nullptr)
        return directory;
    static const PostgresServer server;
    return server.directory();
}

std::string postgres_address(const std::string& database, const std::string& directory) {
    return "postgres://daybook@/" + database + "?host=" + directory;
}

LentDatabase::LentDatabase() : lock_(connect(postgres_address("postgres")).release()) {
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
    return run_postgres_at(postgres_address(database), sql);
}

std::string run_postgres_at(const std::string& address, const std::string& sql) {
    const Connection connection = connect(address);
    return run(connection.get(), sql);
}

}  // namespace daybook::test
