// Debian's pgbench: scripts of SQL, run again and again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace daybook::bench {

struct PgbenchRun {
    std::string socket_directory;
    std::string database;
    std::string search_path = "public";
    int clients = 1;  // connections, all of one thread
    std::vector<std::filesystem::path> scripts;
    std::vector<std::string> options;  // besides
};

// Transactions a second, with prepared statements. Throws std::runtime_error.
double run_pgbench(const PgbenchRun& run);

}  // namespace daybook::bench
