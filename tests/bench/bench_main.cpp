// daybook_bench [--quick] [name…]: measures each figure beside its baseline and prints a JSON
// object a line; the full scale also writes docs/benchmarks.md.
//
// Ends 0 when all goals are met, 1 when one is not, 2 on a name that it does not know.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <functional>
#include <string_view>
#include <vector>

#include "document.h"
#include "figure.h"
#include "measurements.h"
#include "scale.h"

namespace {

using namespace daybook::bench;

struct Measurement {
    std::string_view name;
    std::function<std::vector<Figure>()> measure;
};

// The order of printing; what needs the large ledger comes last.
const std::array kMeasurements{
    Measurement{"binary_mib", measure_binary_size},
    Measurement{"append_http_durable", measure_append_http},
    Measurement{"append_bulk", measure_append_bulk},
    Measurement{"cached_report", measure_cached_report},
    Measurement{"hit_rate", measure_hit_rate},
    Measurement{"flood_p99_ratio", measure_flood},
    Measurement{"import", measure_import},
    Measurement{"ready_ms", measure_ready},
    Measurement{"idle_rss_mib", measure_idle_memory},
    Measurement{"stream_ms", measure_stream_latency},
    Measurement{"stream_rate", measure_stream_rate},
    Measurement{"stream_crowd", measure_stream_crowd},
    Measurement{"screen_to_screen_ms", measure_screen_to_screen},
    Measurement{"rebuild", measure_rebuild},
    Measurement{"verify", measure_verify},
    Measurement{"cached_vs_scan", measure_cached_vs_scan},
    Measurement{"cold_report_growth", measure_report_growth},
    Measurement{"back_dated_growth", measure_edit_growth},
    Measurement{"daily_usable_ms", measure_daily_usable},
};

// False, with words, if one is not known.
bool are_known(const std::vector<std::string_view>& names) {
    for (const std::string_view name : names) {
        if (std::ranges::find(kMeasurements, name, &Measurement::name) != kMeasurements.end())
            continue;
        say(fmt::format("There is no benchmark '{}'. These are:", name));
        for (const Measurement& each : kMeasurements) say(fmt::format("  {}", each.name));
        say("With --quick they are small and only show that they work.");
        return false;
    }
    return true;
}

// False if it could not be measured, or a goal is not met.
bool measure(const Measurement& measurement) {
    try {
        const std::vector<Figure> figures = measurement.measure();
        for (const Figure& figure : figures) print(figure);
        if (scale() == Scale::full) write_document(figures);
        return std::ranges::all_of(figures, &Figure::met);
    } catch (const std::exception& problem) {
        say(fmt::format("{}: {}", measurement.name, problem.what()));
        return false;
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string_view> asked(argv + 1, argv + argc);
    if (std::erase(asked, "--quick") > 0) choose_scale(Scale::quick);
    if (!are_known(asked)) return 2;
    bool all_met = true;
    for (const Measurement& each : kMeasurements) {
        if (!asked.empty() && std::ranges::find(asked, each.name) == asked.end()) continue;
        all_met = measure(each) && all_met;
    }
    return all_met ? 0 : 1;
}
