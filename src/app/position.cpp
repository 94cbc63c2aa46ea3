// The one place that words it.
#include "app/position.h"

#include <string>
#include <utility>

namespace daybook::app {

Status check_position(Position wanted, Position head) {
    if (wanted <= head) return {};
    Error unknown = error(ErrorCode::position_unknown,
                          "This node knows the books up to position " + std::to_string(head) +
                              " only. Ask again shortly; if that does not help, read anew.");
    unknown.facts.emplace_back("position", std::to_string(head));
    return fail(std::move(unknown));
}

}  // namespace daybook::app
