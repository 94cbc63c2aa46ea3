// The command line, and the rate that it prints.
#include "pgbench.h"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include "support/process.h"

namespace daybook::bench {

double run_pgbench(const PgbenchRun& run) {
    std::vector<std::string> words{"env",
                                   "PGHOST=" + run.socket_directory,
                                   "PGUSER=daybook",
                                   "PGOPTIONS=-c search_path=" + run.search_path,
                                   "/usr/lib/postgresql/15/bin/pgbench",
                                   "--no-vacuum",
                                   "--protocol=prepared",
                                   fmt::format("--client={}", run.clients),
                                   "--jobs=1"};
    for (const auto& each : run.scripts) words.push_back("--file=" + each.string());
    words.insert(words.end(), run.options.begin(), run.options.end());
    words.push_back(run.database);
    const auto finished = test::run_program(words);
    constexpr std::string_view kRate = "\ntps = ";
    const std::size_t at = finished.output.find(kRate);
    const bool has_failed = finished.output.find("aborted") != std::string::npos;
    if (finished.exit_code != 0 || at == std::string::npos || has_failed) {
        throw std::runtime_error("pgbench: " + finished.output + finished.errors);
    }
    return std::strtod(finished.output.c_str() + at + kRate.size(), nullptr);
}

}  // namespace daybook::bench
