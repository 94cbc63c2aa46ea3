// What an operator sees of the program itself: its size, how soon it is ready, what it holds when idle.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "ledger.h"
#include "measurements.h"
#include "support/process.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
constexpr double kBinaryMibMax = 15;
constexpr double kReadyMsMax = 200;
constexpr double kIdleMibMax = 40;

double resident_mib(pid_t pid) {
    std::ifstream status(fmt::format("/proc/{}/status", pid));
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
    }
    throw std::runtime_error("no VmRSS");
}

}  // namespace

std::vector<Figure> measure_binary_size() {
    const test::TemporaryDirectory directory;
    const auto stripped = directory.path() / "daybook";
    const auto finished =
        test::run_program({"llvm-strip-19", "-o", stripped.string(), test::daybook_binary().string()});
    if (finished.exit_code != 0) throw std::runtime_error("llvm-strip-19: " + finished.errors);
    const double mib = static_cast<double>(std::filesystem::file_size(stripped)) / (1 << 20);
    return {{"binary_mib", "MiB", {mib}, "", {}, "stripped, under 15", mib < kBinaryMibMax}};
}

std::vector<Figure> measure_ready() {
    const Ledger ledger = ensure_ledger(kMillionLedger);
    Figure ready{"ready_ms", "ms", {}, "", {}, "within 200 on a million events", false};
    for (int run = 0; run < kRuns; ++run) {
        const auto start = std::chrono::steady_clock::now();
        test::Serving serving(ledger.data);
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
        ready.values.push_back(took.count());
        serving.stop();
    }
    ready.met = median(ready.values) <= kReadyMsMax;
    return {ready};
}

std::vector<Figure> measure_idle_memory() {
    const Ledger ledger = ensure_ledger(kMillionLedger);
    Figure idle{"idle_rss_mib", "MiB", {}, "", {}, "under 40 on a million events", false};
    for (int run = 0; run < kRuns; ++run) {
        test::Serving serving(ledger.data);
        idle.values.push_back(resident_mib(serving.pid()));
        serving.stop();
    }
    idle.met = median(idle.values) < kIdleMibMax;
    return {idle};
}

}  // namespace daybook::bench
