// Keeps docs/benchmarks.md and the plots of curves (plot.h): the table of figures between its two
// marks is written here, the words around it by hand.
//
// A row belongs to a figure and says date and commit. Rows of figures that were not measured stay
// as they are, unless they are of another machine: figures of two machines never stand side by
// side.
#pragma once

#include <vector>

#include "figure.h"

namespace daybook::bench {

// Throws std::runtime_error if the document cannot be read or written, or has no marks.
void write_document(const std::vector<Figure>& figures);

}  // namespace daybook::bench
