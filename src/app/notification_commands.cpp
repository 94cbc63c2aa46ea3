// The handler of what somebody has read. Reading makes no event: the marks are a side table.
#include <algorithm>

#include "app/execution.h"
#include "base/limits.h"

namespace daybook::app {

using namespace domain;

Result<std::vector<Item>> Execution::operator()(const MarkRead& command) {
    const UserKey key{principal_.org, principal_.user};
    ReadMarks marks = TRY(work_.read_marks(key));
    if (command.through) {
        if (*command.through > TRY(work_.head(principal_.org)).position) {
            return fail_field(ErrorCode::invalid_value, "/through",
                              "The log has not reached this position.");
        }
        marks.through = std::max(marks.through, *command.through);
    }
    for (const Position position : command.positions) {
        const Notification* found = TRY(work_.notification({key.org, key.id, position}));
        const bool is_seen =
            found != nullptr && (!found->property || principal_.scope.covers(*found->property));
        if (!is_seen) {
            return fail_field(
                ErrorCode::not_found, "/positions",
                "You have no notification at position " + std::to_string(position) + ".");
        }
        if (!marks.covers(position)) {
            marks.beyond.insert(std::ranges::upper_bound(marks.beyond, position), position);
        }
    }
    std::erase_if(marks.beyond, [&](Position each) { return each <= marks.through; });
    if (marks.beyond.size() > limits::kReadMarksMax) {
        return fail(ErrorCode::limit_reached,
                    "Too many are read out of order. Mark all as read through a position.");
    }
    work_.put_read_marks(key, std::move(marks));
    return std::vector<Item>{};
}

}  // namespace daybook::app
