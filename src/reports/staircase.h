// Which positions of an org's log changed which dates, in as few elements as answer the question.
//
// An event at position p that affects reports from date d on makes every period that ends on d or
// later stale, for a changed day changes every later opening. So of two events only the later one
// counts where it reaches as far back: positions and dates both increase strictly from one element
// to the next, and version() is one search.
#pragma once

#include <cstddef>
#include <vector>

#include "base/ids.h"
#include "base/limits.h"
#include "domain/business_date.h"

namespace daybook::reports {

// Of an event that affects every period: no report ends before it.
inline constexpr domain::BusinessDate kEveryDate = domain::kFirstBusinessDate;

class Staircase {
 public:
    // What was made of positions below `floor` is not known to be right. With more than
    // `elements_max` elements the older half becomes the floor.
    explicit Staircase(Position floor, std::size_t elements_max = limits::kStaircaseMax);

    // Reports that end on `earliest` or later read differently from `position` on. Positions may
    // come in any order.
    void add(Position position, domain::BusinessDate earliest);

    // What a report whose period ends on that date must include at least.
    [[nodiscard]] Position version(domain::BusinessDate ends_on) const;

    [[nodiscard]] std::size_t size() const { return elements_.size(); }

 private:
    struct Element {
        Position position;
        domain::BusinessDate earliest;
    };

    Position floor_;
    std::size_t elements_max_;
    std::vector<Element> elements_;
};

}  // namespace daybook::reports
