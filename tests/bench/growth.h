// What something costs at several sizes, measured in runs, as a figure with a curve.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "figure.h"

namespace daybook::bench {

class Growth {
 public:
    // `bench` is the benchmark's name, `x_name` what the sizes count.
    Growth(std::string name, std::string unit, std::string bench, std::string x_name);

    void add(double size, double value);

    // The medians of every size.
    [[nodiscard]] Line line(std::string name) const;
    // The largest size beside the size `from`, with the goal that their ratio is at most that; of
    // none, the figure is only printed.
    [[nodiscard]] Figure figure(double from, std::optional<double> ratio_max) const;

 private:
    std::string name_;
    std::string unit_;
    std::string bench_;
    std::string x_name_;
    std::map<double, std::vector<double>> values_;
};

}  // namespace daybook::bench
