// Starting, finding and lending.
#include "support/postgres_server.h"

#include <stdlib.h>

#include <stdexcept>

#include "support/own_postgres.h"

namespace daybook::test {
namespace {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

Connection connect(const std::string& database,
                   const std::string& directory = postgres_directory()) {
    Connection connection(PQconnectdb(postgres_address(database, directory).c_str()), PQfinish);
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
    static const OwnPostgres server;
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

std::string run_postgres(const std::string& database, const std::string& sql,
                         const std::string& directory) {
    const Connection connection = connect(database, directory);
    return run(connection.get(), sql);
}

}  // namespace daybook::test
