// Takes off what import_files.cpp put on.
#include "cli/left_out_rows.h"

#include <charconv>
#include <cstddef>
#include <utility>

namespace daybook::cli {
namespace {

constexpr std::size_t kColumns = 2;

void take_off(CsvRow& row) {
    const std::size_t left = row.cells.size() - kColumns;
    // The delimiter before them goes, too.
    const std::size_t begin = row.cells[left].raw_at;
    row.raw.resize(begin > 0 ? begin - 1 : 0);
    row.cells.resize(left);
}

}  // namespace

void LeftOutRows::read_header(CsvRow& header) {
    const std::size_t count = header.cells.size();
    has_columns_ = count >= kColumns && header.cells[count - 2].text == kLeftOutLine &&
                   header.cells[count - 1].text == kLeftOutReason;
    if (has_columns_) take_off(header);
}

CellResult<void> LeftOutRows::read(CsvRow& row) const {
    if (!has_columns_) return {};
    const std::size_t count = row.cells.size();
    const CsvCell line = count >= kColumns ? row.cells[count - kColumns] : CsvCell{row.place, {}};
    const char* end = line.text.data() + line.text.size();
    std::size_t number = 0;
    const auto parsed = std::from_chars(line.text.data(), end, number);
    if (parsed.ec != std::errc() || parsed.ptr != end || number == 0) {
        return cell_problem(
            line.place, kLeftOutLine,
            "'" + line.text +
                "' is no line of a file. --skip-bad wrote it: mend the other cells, "
                "and leave the last two columns, line and reason, as they were.");
    }
    row.number = number;
    take_off(row);
    return {};
}

}  // namespace daybook::cli
