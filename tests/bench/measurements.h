// The benchmarks: each measures its figures, interleaved with their baselines. Failures throw
// std::runtime_error.
#pragma once

#include <vector>

#include "figure.h"

namespace daybook::bench {

std::vector<Figure> measure_binary_size();
std::vector<Figure> measure_append_http();
std::vector<Figure> measure_append_bulk();

}  // namespace daybook::bench
