// The scripts of Debian's PostgreSQL and of message-db's package.
#include "message_db.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "pgbench.h"
#include "support/process.h"

namespace daybook::bench {
namespace {

constexpr const char* kInstall =
    "tests/bench/peers/node_modules/@eventide/message-db/database/install.sh";

// With the server in the directory. Throws std::runtime_error if it fails.
std::string run_with(const std::string& directory, std::vector<std::string> arguments) {
    std::vector<std::string> all{"env", "PGHOST=" + directory, "PGUSER=daybook",
                                 "PGOPTIONS=-c search_path=message_store,public"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const auto finished = test::run_program(all);
    if (finished.exit_code == 0) return finished.output;
    throw std::runtime_error(
        fmt::format("{}: {}{}", arguments.front(), finished.output, finished.errors));
}

std::string category(MessageDb::Categories categories) {
    switch (categories) {
        case MessageDb::Categories::one: return "''";
        case MessageDb::Categories::one_each: return ":client_id";
        case MessageDb::Categories::thousand: return ":category";
    }
    return "";
}

}  // namespace

MessageDb::MessageDb() {
    run_with(server_.directory(), {"bash", kInstall});
}

double MessageDb::append(int clients, std::int64_t in_each, std::string_view json,
                         Categories categories) {
    const auto script = directory_.path() / "append.sql";
    std::ofstream(script) << fmt::format(
        "\\set category random(1, 1000)\n"
        "select write_message(gen_random_uuid()::varchar, 'expense' || {} || '-' || "
        "gen_random_uuid(), 'expense_added', '{}'::jsonb, '{{}}'::jsonb);\n",
        category(categories), json);
    return run_pgbench({.socket_directory = server_.directory(),
                        .database = "message_store",
                        .search_path = "message_store,public",
                        .clients = clients,
                        .scripts = {script},
                        .options = {fmt::format("--transactions={}", in_each)}});
}

}  // namespace daybook::bench
