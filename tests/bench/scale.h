// How large the benchmarks are: full, which is what docs/benchmarks.md records, or quick, which
// only shows within a minute or two that all of them still work.
#pragma once

#include <cstdint>

namespace daybook::bench {

enum class Scale : std::uint8_t { full, quick };

// Chosen once, by main, before anything is measured.
void choose_scale(Scale scale);
Scale scale();

// The number for the scale that was chosen.
template <class Number>
Number by_scale(Number full, Number quick) {
    return scale() == Scale::full ? full : quick;
}

}  // namespace daybook::bench
