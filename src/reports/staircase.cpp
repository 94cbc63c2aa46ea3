// Insertion and one binary search.
#include "reports/staircase.h"

#include <algorithm>

#include "base/check.h"

namespace daybook::reports {

using domain::BusinessDate;

Staircase::Staircase(Position floor, std::size_t elements_max)
    : floor_(floor), elements_max_(elements_max) {
    CHECK(elements_max > 0);
}

void Staircase::add(Position position, BusinessDate earliest) {
    if (position <= floor_) return;
    const auto later = std::ranges::lower_bound(elements_, position, {}, &Element::position);
    if (later != elements_.end() && later->earliest <= earliest) return;
    auto first_hidden = later;
    while (first_hidden != elements_.begin() && std::prev(first_hidden)->earliest >= earliest) {
        --first_hidden;
    }
    auto last_hidden = later;
    // The same position once more, and further back.
    if (last_hidden != elements_.end() && last_hidden->position == position) ++last_hidden;
    const auto at = elements_.erase(first_hidden, last_hidden);
    elements_.insert(at, {position, earliest});
    if (elements_.size() <= elements_max_) return;
    const auto half = static_cast<std::ptrdiff_t>((elements_.size() + 1) / 2);
    floor_ = elements_[static_cast<std::size_t>(half - 1)].position;
    elements_.erase(elements_.begin(), elements_.begin() + half);
}

Position Staircase::version(BusinessDate ends_on) const {
    const auto after = std::ranges::upper_bound(elements_, ends_on, {}, &Element::earliest);
    return after == elements_.begin() ? floor_ : std::prev(after)->position;
}

}  // namespace daybook::reports
