// Prints figures, with the machine and the date they belong to.
#include "figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <thread>

#include "base/clock.h"
#include "base/json_writer.h"

namespace daybook::bench {
std::string machine_text() {
    std::string model = "unknown processor";
    std::ifstream cpu("/proc/cpuinfo");
    for (std::string line; std::getline(cpu, line);) {
        if (!line.starts_with("model name")) continue;
        model = line.substr(line.find(':') + 2);
        break;
    }
    long kib = 0;
    std::ifstream memory("/proc/meminfo");
    std::string label;
    memory >> label >> kib;
    return fmt::format("{} x {}, {} GiB", std::thread::hardware_concurrency(), model, kib >> 20);
}

std::string number_text(double value) {
    return fmt::format("{:.4g}", value).find('e') == std::string::npos
               ? fmt::format("{:.4g}", value)
               : fmt::format("{:.0f}", value);
}

std::string today_text() {
    return SystemClock().now().to_string().substr(0, 10);
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[values.size() / 2];
}

std::optional<double> ratio(const Figure& figure) {
    const bool is_comparable =
        !figure.baseline_values.empty() &&
        std::ranges::find(figure.baseline_values, 0) == figure.baseline_values.end();
    if (!is_comparable) return std::nullopt;
    std::vector<double> ratios;
    for (std::size_t i = 0; i < figure.values.size(); ++i) {
        ratios.push_back(figure.values[i] /
                         figure.baseline_values[i % figure.baseline_values.size()]);
    }
    return median(std::move(ratios));
}

namespace {

void write_curve(JsonWriter& json, const Curve& curve) {
    json.key("curve").begin_object();
    for (const Line& line : curve.lines) {
        json.key(line.name).begin_array();
        for (const Point& each : line.points) {
            json.begin_array().raw(number_text(each.x)).raw(number_text(each.y)).end_array();
        }
        json.end_array();
    }
    json.end_object();
}

}  // namespace

void print(const Figure& figure) {
    std::string line;
    JsonWriter json(line);
    json.begin_object();
    json.key("name").string(figure.name);
    json.key("value").raw(number_text(median(figure.values)));
    json.key("unit").string(figure.unit);
    const auto compared = ratio(figure);
    json.key("ratio").raw(compared ? fmt::format("{:.3f}", *compared) : "null");
    json.key("baseline");
    figure.baseline.empty() ? json.null() : json.string(figure.baseline);
    json.key("baselineValue").raw(compared ? number_text(median(figure.baseline_values)) : "null");
    json.key("goal").string(figure.goal);
    json.key("met").boolean(figure.met);
    json.key("runs").integer(std::ssize(figure.values));
    json.key("min").raw(number_text(std::ranges::min(figure.values)));
    json.key("max").raw(number_text(std::ranges::max(figure.values)));
    if (!figure.curve.lines.empty()) write_curve(json, figure.curve);
    json.key("machine").string(machine_text());
    json.key("date").string(today_text());
    json.end_object();
    (void)std::printf("%s\n", line.c_str());
    (void)std::fflush(stdout);
}

void say(std::string_view words) {
    (void)std::fprintf(stderr, "%.*s\n", static_cast<int>(words.size()), words.data());
}

}  // namespace daybook::bench
