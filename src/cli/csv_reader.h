// Reads CSV (RFC 4180) in UTF-8, and knows the line and column of every cell.
//
// Accepted besides: a byte order mark in front, lines that end with LF or CR LF, a last line
// without an end, empty lines (passed over), another delimiter. Inside quotes a CR LF becomes LF.
// Refused: bytes that are not UTF-8, control characters, a quote inside an unquoted cell, anything
// behind a closing quote. Limits: kCsvCellBytesMax, kCsvRowBytesMax, kCsvCellsMax; above, it is
// refused. Threads: one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/input_file.h"
#include "cli/place.h"

namespace daybook::cli {

inline constexpr std::size_t kCsvCellBytesMax = std::size_t{64} << 10;
inline constexpr std::size_t kCsvRowBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kCsvCellsMax = 1'000;

struct CsvCell {
    Place place;  // of its first character, or of its opening quote
    std::string text;
    std::size_t raw_at = 0;  // where it begins in the row's raw bytes
};

struct CsvRow {
    Place place;
    std::size_t number = 0;  // that of its line, or of that of the file it was left out of
    std::vector<CsvCell> cells;
    std::string raw;  // as it stands in the file, without the end of the line
};

class CsvReader {
 public:
    CsvReader(std::string file, PieceSource source, char delimiter = ',');

    // nullopt at the end of the file. An error ends the reading: what follows it has no certain
    // meaning. malformed or too_large (both with the place in their words), and the source's.
    Result<std::optional<CsvRow>> next();

 private:
    enum class CellEnd : unsigned char { delimiter, row };

    // The next character, UTF-8 checked; empty at the end of the file.
    Result<std::string_view> peek();
    void take(std::string_view character, CsvRow& row);
    // Takes what surely belongs to the cell, as far as the buffer has it.
    void take_plain(CsvRow& row, CsvCell& cell);
    [[nodiscard]] Result<bool> at_row_end();
    Status pass_row_end();
    Result<CellEnd> read_cell(CsvRow& row);
    Status read_quoted(CsvRow& row, CsvCell& cell);
    Result<CellEnd> end_cell(CsvRow& row);
    [[nodiscard]] std::unexpected<Error> refuse(ErrorCode code, Place place,
                                                std::string words) const;
    [[nodiscard]] std::unexpected<Error> refuse_bytes() const;

    std::string file_;
    PieceSource source_;
    std::string delimiter_;
    std::string buffer_;
    std::size_t used_ = 0;
    bool source_ended_ = false;
    bool at_start_ = true;
    std::size_t cells_in_last_row_ = 0;
    Place here_;
};

}  // namespace daybook::cli
