// Words for places.
#include "cli/place.h"

namespace daybook::cli {

std::string message(std::string_view file, const CellProblem& problem) {
    std::string text(file);
    text += ':' + std::to_string(problem.place.line) + ':' + std::to_string(problem.place.column);
    if (!problem.name.empty()) text += " (" + problem.name + ")";
    return text + ": " + problem.words;
}

}  // namespace daybook::cli
