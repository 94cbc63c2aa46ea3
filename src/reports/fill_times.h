// How long the last fills took: their mean and their 99th percentile.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace daybook::reports {

class FillTimes {
 public:
    static constexpr std::size_t kKept = 512;

    void add(std::int64_t us) {
        sum_us_ += us;
        ++count_;
        if (last_us_.size() < kKept) {
            last_us_.push_back(us);
        } else {
            last_us_[next_] = us;
            next_ = (next_ + 1) % kKept;
        }
    }

    // Of all fills since the start.
    [[nodiscard]] std::int64_t count() const { return count_; }
    [[nodiscard]] std::int64_t sum_us() const { return sum_us_; }
    [[nodiscard]] std::int64_t mean_us() const { return count_ == 0 ? 0 : sum_us_ / count_; }
    // Of the last kKept: 99 in 100 took at most this long.
    [[nodiscard]] std::int64_t p99_us() const {
        if (last_us_.empty()) return 0;
        std::vector<std::int64_t> sorted = last_us_;
        std::ranges::sort(sorted);
        return sorted[(sorted.size() * 99 + 99) / 100 - 1];
    }

 private:
    std::vector<std::int64_t> last_us_;
    std::size_t next_ = 0;
    std::int64_t count_ = 0;
    std::int64_t sum_us_ = 0;
};

}  // namespace daybook::reports
