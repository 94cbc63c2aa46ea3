// Curves as pictures: docs/growth/<figure>.svg, a scale of powers of ten from left to right, a
// plain one from 0 upwards, every point with its number.
#pragma once

#include <filesystem>
#include <string_view>

#include "figure.h"

namespace daybook::bench {

inline constexpr std::string_view kPlots = "docs/growth";

// Draws the figure's curve; its foot says by what command, on what machine, when and of what
// commit. Throws std::runtime_error if the file cannot be written.
void draw_plot(const Figure& figure, std::string_view commit,
               const std::filesystem::path& folder = kPlots);

}  // namespace daybook::bench
