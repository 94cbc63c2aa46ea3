// What an operator sees of the program itself: its size, how soon it serves, what it keeps in
// memory.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>

#include "ledger.h"
#include "measurements.h"
#include "scale.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 7;
constexpr double kBinaryMibMax = 15;
constexpr double kReadyMsMax = 200;
constexpr double kIdleMibMax = 40;

// The first answer of a server that takes writes.
void wait_until_ready(const test::Serving& serving) {
    test::HttpClient client = test::HttpClient::connect_tcp(serving.port());
    const auto answer = client.request("GET", "/readyz");
    if (!answer || answer->status != 200) throw std::runtime_error("the server is not ready");
}

}  // namespace

std::vector<Figure> measure_binary_size() {
    const test::TemporaryDirectory directory;
    const auto stripped = directory.path() / "daybook";
    const auto finished = test::run_program(
        {"llvm-strip-19", "-o", stripped.string(), test::daybook_binary().string()});
    if (finished.exit_code != 0) throw std::runtime_error("llvm-strip-19: " + finished.errors);
    const double mib = static_cast<double>(std::filesystem::file_size(stripped)) / (1 << 20);
    return {{"binary_mib", "MiB", {mib}, "", {}, "stripped, under 15", mib < kBinaryMibMax}};
}

std::vector<Figure> measure_ready() {
    const Ledger ledger(million_ledger());
    Figure ready{"ready_ms", "ms", {}, "", {}, "", false};
    ready.goal = fmt::format("within 200, on {} events", ledger.entries());
    for (int run = 0; run < kRuns; ++run) {
        const auto start = std::chrono::steady_clock::now();
        test::Serving serving(ledger.data());
        wait_until_ready(serving);
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - start;
        ready.values.push_back(took.count());
        serving.stop();
    }
    ready.met = median(ready.values) <= kReadyMsMax;
    return {ready};
}

std::vector<Figure> measure_idle_memory() {
    const Ledger ledger(million_ledger());
    Figure idle{"idle_rss_mib", "MiB", {}, "", {}, "", false};
    idle.goal = fmt::format("under 40, on {} events, after one report", ledger.entries());
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        test::Serving serving(ledger.data());
        test::HttpClient client = test::HttpClient::connect_tcp(serving.port());
        (void)get(client, ledger.token(),
                  fmt::format("/v1/reports/daily?propertyId={}&date={}",
                              ledger.properties().front(), ledger.first().to_string()));
        idle.values.push_back(resident_kib(serving.pid()) / 1'024);
        serving.stop();
    }
    idle.met = median(idle.values) < kIdleMibMax;
    return {idle};
}

}  // namespace daybook::bench
