// Where in a text file something is, and how messages name it.
//
// FILE:LINE:COLUMN is the form of the GNU coding standards ("Formatting Error Messages"), which
// editors and terminals make clickable: both count from 1, the column in characters of the line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace daybook::cli {

struct Place {
    std::size_t line = 1;
    std::size_t column = 1;

    auto operator<=>(const Place&) const = default;
};

// What is wrong with one cell of a file, and what to do about it.
struct CellProblem {
    Place place;
    std::string name;   // of the column; empty where it is not about one
    std::string words;  // a sentence or two
};

// "FILE:LINE:COLUMN (name): words".
std::string message(std::string_view file, const CellProblem& problem);

}  // namespace daybook::cli
