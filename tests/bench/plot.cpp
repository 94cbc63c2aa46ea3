// SVG by hand: no point is far from the next, so lines between points are enough.
#include "plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <string>

namespace daybook::bench {
namespace {

constexpr double kWidth = 720;
constexpr double kHeight = 400;
constexpr double kLeft = 70;
constexpr double kRight = 24;
constexpr double kTop = 56;
constexpr double kBottom = 84;
constexpr int kSteps = 4;  // of the scale upwards
constexpr std::array<std::string_view, 4> kColours{"#1f5f8b", "#b5541c", "#3c7a3c", "#7a3c7a"};

// The smallest of 1, 2, 2.5, 5, 10 times a power of ten that is not below.
double round_up(double value) {
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1., 2., 2.5, 5.}) {
        if (step * power >= value) return step * power;
    }
    return 10 * power;
}

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char each : text) {
        if (each == '<') {
            safe += "&lt;";
        } else if (each == '&') {
            safe += "&amp;";
        } else {
            safe += each;
        }
    }
    return safe;
}

class Plot {
 public:
    explicit Plot(const Figure& figure) : figure_(figure) {
        double y_max = 0;
        for (const Line& line : figure.curve.lines) {
            for (const Point& each : line.points) {
                first_ = std::min(first_, std::log10(each.x));
                last_ = std::max(last_, std::log10(each.x));
                y_max = std::max(y_max, each.y);
            }
        }
        top_ = round_up(std::max(y_max * 1.1, 1e-9));
    }

    std::string text(std::string_view foot) {
        svg_ = fmt::format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" "
            "height=\"{1}\" font-family=\"sans-serif\" font-size=\"12\">\n"
            "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n",
            kWidth, kHeight);
        words(kLeft, 22, "start", fmt::format("{}, {}", figure_.name, figure_.unit), 15);
        words(kWidth - kRight, kHeight - kBottom + 36, "end", figure_.curve.x_name);
        words(kLeft, kHeight - 12, "start", foot, 10);
        scales();
        for (std::size_t i = 0; i < figure_.curve.lines.size(); ++i) line(i);
        return svg_ + "</svg>\n";
    }

 private:
    [[nodiscard]] double x_of(double x) const {
        const double share = last_ > first_ ? (std::log10(x) - first_) / (last_ - first_) : 0.5;
        return kLeft + 20 + share * (kWidth - kLeft - kRight - 60);
    }
    [[nodiscard]] double y_of(double y) const {
        return kHeight - kBottom - y / top_ * (kHeight - kTop - kBottom);
    }

    void words(double x, double y, std::string_view anchor, std::string_view text, int size = 12,
               std::string_view colour = "#333333") {
        svg_ += fmt::format(
            "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" font-size=\"{}\" fill=\"{}\">{}"
            "</text>\n",
            x, y, anchor, size, colour, escaped(text));
    }

    void scales() {
        for (int i = 0; i <= kSteps; ++i) {
            const double value = top_ * i / kSteps;
            svg_ += fmt::format(
                "<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#dddddd\"/>\n",
                kLeft, kWidth - kRight, y_of(value), y_of(value));
            words(kLeft - 8, y_of(value) + 4, "end", number_text(value));
        }
        for (const Point& each : figure_.curve.lines.front().points) {
            words(x_of(each.x), kHeight - kBottom + 18, "middle", fmt::format("{:.0f}", each.x));
        }
    }

    void line(std::size_t place) {
        const Line& line = figure_.curve.lines[place];
        const std::string_view colour = kColours.at(place % kColours.size());
        std::string points;
        for (const Point& each : line.points)
            points += fmt::format("{:.1f},{:.1f} ", x_of(each.x), y_of(each.y));
        svg_ += fmt::format(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>\n", points,
            colour);
        for (const Point& each : line.points) {
            svg_ += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\"/>\n",
                                x_of(each.x), y_of(each.y), colour);
            const double aside = place % 2 == 0 ? -8 : 18;  // so that two lines can be read
            words(x_of(each.x), y_of(each.y) + aside, "middle", number_text(each.y), 11, colour);
        }
        words(kLeft + 170. * static_cast<double>(place), 42, "start", line.name, 12, colour);
    }

    const Figure& figure_;
    double first_ = 1e9;
    double last_ = -1e9;
    double top_ = 1;
    std::string svg_;
};

}  // namespace

void draw_plot(const Figure& figure, std::string_view commit, const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    std::ofstream file(folder / (figure.name + ".svg"), std::ios::trunc);
    file << Plot(figure).text(fmt::format("./dev bench {} · {} · {} · {} · medians",
                                          figure.curve.bench, machine_text(), today_text(),
                                          commit));
    if (!file.flush()) throw std::runtime_error(fmt::format("cannot draw {}", figure.name));
}

}  // namespace daybook::bench
