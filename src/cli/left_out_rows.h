// Files of rows that an import left out: their last two columns are ours, the line that a row had
// in the first file, and the reason.
//
// Why: entries are known again by the number of their row. A row that was mended keeps the number
// of its first file; with that of its place in this one it could be taken for another row's.
// Messages still name the place where it stands now.
#pragma once

#include <string_view>

#include "cli/row_mapper.h"

namespace daybook::cli {

inline constexpr std::string_view kLeftOutLine = "line";
inline constexpr std::string_view kLeftOutReason = "reason";

class LeftOutRows {
 public:
    // Takes the two columns off the header, where it has them at its end.
    void read_header(CsvRow& header);
    // Takes their cells off a row, and its number from them. Problem: there is no number, so that
    // nothing of the file can be told apart.
    CellResult<void> read(CsvRow& row) const;

 private:
    bool has_columns_ = false;
};

}  // namespace daybook::cli
