// Medians over the runs of each size.
#include "growth.h"

#include <fmt/format.h>

#include <utility>

namespace daybook::bench {

Growth::Growth(std::string name, std::string unit, std::string bench, std::string x_name)
    : name_(std::move(name)),
      unit_(std::move(unit)),
      bench_(std::move(bench)),
      x_name_(std::move(x_name)) {}

void Growth::add(double size, double value) {
    values_[size].push_back(value);
    say(fmt::format("{} at {:.0f} {}: {} {}", name_, size, x_name_, number_text(value), unit_));
}

Line Growth::line(std::string name) const {
    Line line{std::move(name), {}};
    for (const auto& [size, values] : values_) line.points.push_back({size, median(values)});
    return line;
}

Figure Growth::figure(double from, std::optional<double> ratio_max) const {
    const auto& [size, values] = *values_.rbegin();
    const std::vector<double>& compared = values_.at(from);
    // Where the largest was measured less often, no run is beside one of its own.
    const bool is_paired = compared.size() == values.size();
    Figure figure{name_,
                  unit_,
                  values,
                  fmt::format("the same at {:.0f} {}", from, x_name_),
                  is_paired ? compared : std::vector{median(compared)},
                  fmt::format("at {:.0f} {}: none, printed beside", size, x_name_),
                  true,
                  {bench_, x_name_, {line(name_)}}};
    if (ratio_max) {
        figure.goal = fmt::format("at {:.0f} {}: ratio at most {}", size, x_name_, *ratio_max);
        figure.met = ratio(figure).value() <= *ratio_max;
    }
    return figure;
}

}  // namespace daybook::bench
