// A server under a steady mixed load for a long time: does it keep its memory, its file handles and
// its promises?
#pragma once

namespace daybook::bench {

// Prints a line of JSON a minute, then the figures; from kSoakRecordedMinutes on these are written
// to docs/benchmarks.md, too. True if nothing grew and nothing was broken. Throws
// std::runtime_error if it cannot be set up.
bool soak(int minutes);

inline constexpr int kSoakRecordedMinutes = 30;

}  // namespace daybook::bench
