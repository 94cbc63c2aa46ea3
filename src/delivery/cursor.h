// Which positions of a log are acknowledged: all up to a watermark, and ranges beyond it.
//
// Neighbours merge, so the number of ranges is at most one more than that of the gaps.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "app/delivery_rows.h"
#include "base/ids.h"

namespace daybook::delivery {

class Cursor {
 public:
    explicit Cursor(Position watermark) : watermark_(watermark) {}
    Cursor(Position watermark, const std::vector<app::PositionRange>& ranges);

    void acknowledge(Position position);
    [[nodiscard]] bool is_acknowledged(Position position) const;
    // The first position after `position` that is not.
    [[nodiscard]] Position next_gap(Position position) const;
    // The last position of the gap that begins at `first`; nullopt if nothing ends it.
    [[nodiscard]] std::optional<Position> gap_end(Position first) const;
    // Acknowledged positions up to `head`.
    [[nodiscard]] std::int64_t count(Position head) const;

    [[nodiscard]] Position watermark() const { return watermark_; }
    [[nodiscard]] std::size_t range_count() const { return ranges_.size(); }
    [[nodiscard]] std::vector<app::PositionRange> ranges() const;

 private:
    Position watermark_;
    std::map<Position, Position> ranges_;  // last by first
};

}  // namespace daybook::delivery
