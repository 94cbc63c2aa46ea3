// Ranges that merge.
#include "delivery/cursor.h"

#include <algorithm>
#include <iterator>

namespace daybook::delivery {

Cursor::Cursor(Position watermark, const std::vector<app::PositionRange>& ranges)
    : watermark_(watermark) {
    for (const app::PositionRange& each : ranges) ranges_.emplace(each.first, each.last);
}

void Cursor::acknowledge(Position position) {
    if (is_acknowledged(position)) return;
    Position first = position;
    Position last = position;
    auto after = ranges_.upper_bound(position);
    if (after != ranges_.end() && after->first == position + 1) {
        last = after->second;
        after = ranges_.erase(after);
    }
    if (after != ranges_.begin()) {
        const auto before = std::prev(after);
        if (before->second == position - 1) {
            first = before->first;
            ranges_.erase(before);
        }
    }
    if (first == watermark_ + 1) {
        watermark_ = last;
    } else {
        ranges_.emplace(first, last);
    }
}

bool Cursor::is_acknowledged(Position position) const {
    if (position <= watermark_) return true;
    const auto after = ranges_.upper_bound(position);
    return after != ranges_.begin() && std::prev(after)->second >= position;
}

Position Cursor::next_gap(Position position) const {
    const Position next = std::max(position, watermark_) + 1;
    const auto after = ranges_.upper_bound(next);
    if (after == ranges_.begin()) return next;
    return std::max(next, std::prev(after)->second + 1);
}

std::optional<Position> Cursor::gap_end(Position first) const {
    const auto after = ranges_.upper_bound(first);
    if (after == ranges_.end()) return std::nullopt;
    return after->first - 1;
}

std::int64_t Cursor::count(Position head) const {
    std::int64_t count = std::min(watermark_, head);
    for (const auto& [first, last] : ranges_) {
        if (first <= head) count += std::min(last, head) - first + 1;
    }
    return count;
}

std::vector<app::PositionRange> Cursor::ranges() const {
    std::vector<app::PositionRange> ranges;
    ranges.reserve(ranges_.size());
    for (const auto& [first, last] : ranges_) ranges.push_back({first, last});
    return ranges;
}

}  // namespace daybook::delivery
