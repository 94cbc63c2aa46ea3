// Headers, and dates in the ways that people write them.
#include "cli/row_mapper.h"

#include <algorithm>
#include <utility>

namespace daybook::cli {

std::unexpected<CellProblem> cell_problem(Place place, std::string_view name, std::string words) {
    return std::unexpected(CellProblem{place, std::string(name), std::move(words)});
}

CellResult<Columns> Columns::read(const CsvRow& header) {
    Columns columns;
    for (const CsvCell& cell : header.cells) {
        if (!columns.index_.emplace(cell.text, columns.names_.size()).second) {
            return cell_problem(cell.place, cell.text,
                                "There are two columns of this name. Rename one of them.");
        }
        columns.names_.push_back(cell.text);
    }
    return columns;
}

CellResult<std::size_t> Columns::index(std::string_view name) const {
    const auto found = index_.find(name);
    if (found != index_.end()) return found->second;
    std::string list;
    for (const std::string& each : names_) list += (list.empty() ? "" : ", ") + each;
    return cell_problem({}, name, "This column is missing. The file has: " + list + ".");
}

CellResult<void> Columns::check(const CsvRow& row) const {
    if (row.cells.size() == names_.size()) return {};
    return cell_problem(row.place, {},
                        "This row has " + std::to_string(row.cells.size()) +
                            " cells, and the header has " + std::to_string(names_.size()) +
                            ". Quote cells that contain the delimiter.");
}

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Takes a run of digits off the text; -1 if there are fewer than `least` or more than `most`.
int take_number(std::string_view& text, std::size_t least, std::size_t most) {
    int number = 0;
    std::size_t count = 0;
    while (count < text.size() && count < most && is_digit(text[count])) {
        number = number * 10 + (text[count] - '0');
        count++;
    }
    text.remove_prefix(count);
    return count < least ? -1 : number;
}

}  // namespace

std::optional<domain::BusinessDate> parse_date(std::string_view text, std::string_view format) {
    int year = 0;
    int month = 0;
    int day = 0;
    while (!format.empty()) {
        const char letter = format.front();
        const std::size_t run = std::min(format.find_first_not_of(letter), format.size());
        if (letter == 'Y') {
            year = take_number(text, 4, 4);
        } else if (letter == 'M' || letter == 'D') {
            (letter == 'M' ? month : day) = take_number(text, run, 2);
        } else {
            if (!text.starts_with(format.substr(0, run))) return std::nullopt;
            text.remove_prefix(run);
        }
        format.remove_prefix(run);
    }
    if (!text.empty()) return std::nullopt;
    return domain::BusinessDate::from_civil(year, month, day);
}

}  // namespace daybook::cli
