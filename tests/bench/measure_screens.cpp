// What somebody at a screen waits for: the console in Debian's Chromium, driven by a script of
// Node, against the real program.
#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "ledger.h"
#include "measurements.h"
#include "scale.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
constexpr int kSaves = 40;
constexpr int kLoads = 5;
constexpr double kScreenMsMax = 300;
constexpr double kUsableMsMax = 1'000;

// One figure a line. The bench is run in the root of the repository.
std::vector<double> run_script(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"node", "tests/bench/screens.mjs"});
    const test::Finished finished = test::run_program(arguments);
    if (finished.exit_code != 0) throw std::runtime_error("screens.mjs: " + finished.errors);
    std::vector<double> values;
    std::istringstream lines(finished.output);
    for (double value = 0; lines >> value;) values.push_back(value);
    if (values.empty()) throw std::runtime_error("screens.mjs has measured nothing");
    return values;
}

std::string url_of(const test::Serving& serving) {
    return fmt::format("http://127.0.0.1:{}", serving.port());
}

// What 19 of 20 stay within.
double percentile_95(std::vector<double> values) {
    std::ranges::sort(values);
    return values[(values.size() * 95 + 99) / 100 - 1];
}

}  // namespace

std::vector<Figure> measure_screen_to_screen() {
    Figure figure{"screen_to_screen_ms", "ms", {}, "", {}, "p95, within 300", false};
    for (int run = 0; run < by_scale(kRuns, 1); ++run) {
        const Workplace workplace;
        const test::Serving serving(workplace.data());
        const int saves = by_scale(kSaves, 5);
        figure.values.push_back(percentile_95(
            run_script({"saved", url_of(serving), workplace.token(), std::to_string(saves)})));
    }
    figure.met = median(figure.values) <= kScreenMsMax;
    return {figure};
}

std::vector<Figure> measure_daily_usable() {
    const Ledger ledger(large_ledger());
    const test::Serving serving(ledger.data());
    Figure figure{"daily_usable_ms", "ms", {}, "", {}, "", false};
    figure.goal =
        fmt::format("within 1000, CPU slowed down 4 times, on {} entries", ledger.entries());
    const std::string date = ledger.first().plus(ledger.days() / 2).to_string();
    for (int run = 0; run < by_scale(kRuns, 1); ++run) {
        const std::string& property =
            ledger.properties()[static_cast<std::size_t>(run) % ledger.properties().size()];
        figure.values.push_back(
            median(run_script({"day", url_of(serving), ledger.token(),
                               std::to_string(by_scale(kLoads, 2)), property, date})));
    }
    figure.met = median(figure.values) <= kUsableMsMax;
    return {figure};
}

}  // namespace daybook::bench
