// daybook_bench [--quick] [--peers] [--unrecorded] [name…]: measures each figure beside its
// baseline and prints a JSON object a line; the full scale also writes docs/benchmarks.md, unless
// that is not wanted. daybook_bench --soak MINUTES: keeps a server under load for so long (soak.h).
//
// Ends 0 when all goals are met, 1 when one is not, 2 on a name that it does not know.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <functional>
#include <string_view>
#include <vector>

#include "document.h"
#include "figure.h"
#include "measurements.h"
#include "scale.h"
#include "soak.h"

namespace {

using namespace daybook::bench;

struct Measurement {
    std::string_view name;
    std::function<std::vector<Figure>()> measure;
};

// Beside servers that apt does not have: measured with --peers, or by name.
const std::array kPeers{
    Measurement{"peer_pocketbase_writes", measure_pocketbase_writes},
    Measurement{"peer_pocketbase_reads", measure_pocketbase_reads},
    Measurement{"peer_message_db_appends", measure_message_db},
    Measurement{"nodes_stream_ms", measure_nodes},
    Measurement{"postgres_message_db", measure_postgres_message_db},
};

// The order of printing; what needs the large ledger comes last.
const std::array kMeasurements{
    Measurement{"binary_mib", measure_binary_size},
    Measurement{"append_http_durable", measure_append_http},
    Measurement{"append_bulk", measure_append_bulk},
    Measurement{"postgres_append", measure_postgres_append},
    Measurement{"cached_report", measure_cached_report},
    Measurement{"hit_rate", measure_hit_rate},
    Measurement{"flood_p99_ratio", measure_flood},
    Measurement{"import", measure_import},
    Measurement{"ready_ms", measure_ready},
    Measurement{"idle_rss_mib", measure_idle_memory},
    Measurement{"stream_ms", measure_stream_latency},
    Measurement{"stream_rate", measure_stream_rate},
    Measurement{"stream_crowd", measure_stream_crowd},
    Measurement{"growth_streams", measure_stream_growth},
    Measurement{"growth_orgs", measure_orgs_growth},
    Measurement{"screen_to_screen_ms", measure_screen_to_screen},
    Measurement{"rebuild", measure_rebuild},
    Measurement{"verify", measure_verify},
    Measurement{"cached_vs_scan", measure_cached_vs_scan},
    Measurement{"growth_append", measure_append_growth},
    Measurement{"growth_cold_report", measure_cold_report_growth},
    Measurement{"growth_cached_report", measure_cached_report_growth},
    Measurement{"growth_upkeep", measure_upkeep_growth},
    Measurement{"cold_report_growth", measure_report_growth},
    Measurement{"back_dated_growth", measure_edit_growth},
    Measurement{"daily_usable_ms", measure_daily_usable},
};

// Every measurement, those beside peers last.
std::vector<Measurement> all_measurements() {
    std::vector<Measurement> all(kMeasurements.begin(), kMeasurements.end());
    all.insert(all.end(), kPeers.begin(), kPeers.end());
    return all;
}

// What the names ask for, in the order of printing; of nothing all, peers only if they are wanted.
// Empty, with words, if one is not known.
std::vector<Measurement> chosen(const std::vector<std::string_view>& names, bool with_peers) {
    std::vector<Measurement> all = all_measurements();
    for (const std::string_view name : names) {
        if (std::ranges::find(all, name, &Measurement::name) != all.end()) continue;
        say(fmt::format("There is no benchmark '{}'. These are:", name));
        for (const Measurement& each : all) say(fmt::format("  {}", each.name));
        say("With --quick they are small and only show that they work.");
        return {};
    }
    if (names.empty()) {
        if (!with_peers) all.resize(kMeasurements.size());
        return all;
    }
    std::erase_if(all, [&](const Measurement& each) {
        return std::ranges::find(names, each.name) == names.end();
    });
    return all;
}

enum class Record : std::uint8_t { no, yes };

// False if it could not be measured, or a goal is not met.
bool measure(const Measurement& measurement, Record record) {
    try {
        const std::vector<Figure> figures = measurement.measure();
        for (const Figure& figure : figures) print(figure);
        if (record == Record::yes) write_document(figures);
        return std::ranges::all_of(figures, &Figure::met);
    } catch (const std::exception& problem) {
        say(fmt::format("{}: {}", measurement.name, problem.what()));
        return false;
    }
}

// As `./dev soak` asks for it.
int run_soak(std::string_view minutes_text) {
    int minutes = 0;
    std::from_chars(minutes_text.data(), minutes_text.data() + minutes_text.size(), minutes);
    if (minutes < 1) return 2;
    try {
        return soak(minutes) ? 0 : 1;
    } catch (const std::exception& problem) {
        say(problem.what());
        return 1;
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string_view> asked(argv + 1, argv + argc);
    if (asked.size() == 2 && asked.front() == "--soak") return run_soak(asked.back());
    if (std::erase(asked, "--quick") > 0) choose_scale(Scale::quick);
    const bool is_unrecorded = std::erase(asked, "--unrecorded") > 0;
    const auto record = is_unrecorded || scale() == Scale::quick ? Record::no : Record::yes;
    const bool with_peers = std::erase(asked, "--peers") > 0;
    const std::vector<Measurement> measurements = chosen(asked, with_peers);
    if (measurements.empty()) return 2;
    bool all_met = true;
    for (const Measurement& each : measurements) all_met = measure(each, record) && all_met;
    return all_met ? 0 : 1;
}
