// One measured figure as a line of JSON on standard output; words go to standard error.
//
// {name, value, unit, ratio, baseline, baselineValue, goal, met, runs, min, max, machine, date}:
// `ratio` is null without a baseline; for rates above 1 is better, for latencies and growth above 1
// is worse. A figure that is a curve has its lines, too: {"curve":{"name":[[x,y],…]}}.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::bench {

double median(std::vector<double> values);

// Four digits: "0.1234", "12345".
std::string number_text(double value);
// "2 x Intel(R) Xeon(R) …, 23 GiB": what /proc tells.
std::string machine_text();
// "2026-03-29", in UTC.
std::string today_text();

struct Point {
    double x = 0;
    double y = 0;
};
struct Line {
    std::string name;
    std::vector<Point> points;  // by x
};
// How a figure grows, its unit over what it grows with; without lines it is none.
struct Curve {
    std::string bench;   // what measures it, by name
    std::string x_name;  // "entries in the org"
    std::vector<Line> lines;
};

struct Figure {
    std::string name;
    std::string unit;
    std::vector<double> values;           // one per run
    std::string baseline;                 // what it is compared with; empty is nothing
    std::vector<double> baseline_values;  // one per run, interleaved with `values`
    std::string goal;                     // in words, as printed
    bool met = false;
    Curve curve = {};
};

// The median of the ratios of each run to the baseline's run beside it; nullopt without a baseline,
// or with one that could not do it at all.
std::optional<double> ratio(const Figure& figure);

void print(const Figure& figure);

// To standard error.
void say(std::string_view words);

}  // namespace daybook::bench
