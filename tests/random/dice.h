// Choices drawn from a seed: the same seed chooses the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>

namespace daybook::test {

class Dice {
 public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}

    // 0 to count - 1.
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_()) % count; }
    std::int64_t between(std::int64_t least, std::int64_t most) {
        const auto count = static_cast<std::size_t>(most - least) + 1;
        return least + static_cast<std::int64_t>(below(count));
    }
    bool one_in(std::size_t count) { return below(count) == 0; }
    template <class Range>
    const auto& pick(const Range& range) {
        return *std::next(std::begin(range), static_cast<std::ptrdiff_t>(below(std::size(range))));
    }

 private:
    std::mt19937_64 engine_;
};

}  // namespace daybook::test
