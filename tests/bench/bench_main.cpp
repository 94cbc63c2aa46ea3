// daybook_bench [name…]: measures each figure beside its baseline and prints a JSON object a line.
//
// Ends 0 when all goals are met, 1 when one is not, 2 on a name that it does not know.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "figure.h"
#include "measurements.h"

namespace {

using namespace daybook::bench;

struct Measurement {
    std::string_view name;
    std::function<std::vector<Figure>()> measure;
};

// The order of printing; the quick ones first.
const std::array kMeasurements{
    Measurement{"binary_mib", measure_binary_size},
    Measurement{"append_http_durable", measure_append_http},
    Measurement{"append_bulk", measure_append_bulk},
};

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string_view> asked(argv + 1, argv + argc);
    for (const std::string_view name : asked) {
        if (std::ranges::find(kMeasurements, name, &Measurement::name) != kMeasurements.end())
            continue;
        say(fmt::format("There is no benchmark '{}'. These are:", name));
        for (const Measurement& each : kMeasurements) say(fmt::format("  {}", each.name));
        return 2;
    }
    bool all_met = true;
    for (const Measurement& each : kMeasurements) {
        if (!asked.empty() && std::ranges::find(asked, each.name) == asked.end()) continue;
        try {
            for (const Figure& figure : each.measure()) {
                print(figure);
                all_met = all_met && figure.met;
            }
        } catch (const std::exception& problem) {
            say(fmt::format("{}: {}", each.name, problem.what()));
            all_met = false;
        }
    }
    return all_met ? 0 : 1;
}
