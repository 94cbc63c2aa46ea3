// The scripts of Debian's PostgreSQL and of message-db's package.
#include "message_db.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

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

}  // namespace

MessageDb::MessageDb() {
    // For the user of the server to come through.
    using std::filesystem::perms;
    std::filesystem::permissions(directory_.path(), perms::group_exec | perms::others_exec,
                                 std::filesystem::perm_options::add);
    const std::string server = (directory_.path() / "server").string();
    // The socket of port 5432 in the directory.
    server_ = std::make_unique<PeerProcess>(
        std::vector<std::string>{"tests/support/postgres.sh", "run", server},
        server + "/.s.PGSQL.5432", "install postgresql");
    run_with(server, {"bash", kInstall});
}

double MessageDb::append(int clients, std::int64_t in_each, std::string_view json,
                         Categories categories) {
    const std::string script = (directory_.path() / "append.sql").string();
    std::ofstream(script) << fmt::format(
        "select write_message(gen_random_uuid()::varchar, 'expense' || {} || '-' || "
        "gen_random_uuid(), 'expense_added', '{}'::jsonb, '{{}}'::jsonb);\n",
        categories == Categories::one ? "''" : ":client_id", json);
    const std::string said =
        run_with((directory_.path() / "server").string(),
                 {"/usr/lib/postgresql/15/bin/pgbench", "--no-vacuum", "--protocol=prepared",
                  fmt::format("--client={}", clients), "--jobs=1",
                  fmt::format("--transactions={}", in_each), "--file=" + script, "message_store"});
    constexpr std::string_view kRate = "\ntps = ";
    const std::size_t at = said.find(kRate);
    if (at == std::string::npos) throw std::runtime_error("pgbench says: " + said);
    return std::strtod(said.c_str() + at + kRate.size(), nullptr);
}

}  // namespace daybook::bench
