// One character at a time: what a byte means depends on all before it, and every one has a place.
// Only the plain text of a cell is taken in pieces.
#include "cli/csv_reader.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"

namespace daybook::cli {
namespace {

constexpr std::size_t kCharacterBytesMax = 4;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_control(std::string_view character) {
    const auto byte = static_cast<unsigned char>(character.front());
    return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

}  // namespace

CsvReader::CsvReader(std::string file, PieceSource source, char delimiter)
    : file_(std::move(file)), source_(std::move(source)), delimiter_(1, delimiter) {}

std::unexpected<Error> CsvReader::refuse(ErrorCode code, Place place, std::string words) const {
    return fail(code, message(file_, {place, {}, std::move(words)}));
}

std::unexpected<Error> CsvReader::refuse_bytes() const {
    const std::string_view bytes = std::string_view(buffer_).substr(used_);
    const bool is_utf16 =
        at_start_ && (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"));
    const std::string from = is_utf16 ? "UTF-16" : "ISO-8859-1";
    const std::string what =
        is_utf16 ? "The file is UTF-16, not UTF-8" : "This is not UTF-8, perhaps it is Latin-1";
    const std::string read = file_.ends_with(".gz") ? "zcat " + file_ + " | " : "";
    const std::string file = file_.ends_with(".gz") ? "" : " " + file_;
    return refuse(ErrorCode::malformed, here_,
                  what + ". Convert the file first: " + read + "iconv -f " + from + " -t UTF-8" +
                      file + " > converted.csv");
}

Result<std::string_view> CsvReader::peek() {
    const std::size_t needed = kCharacterBytesMax + (at_start_ ? kByteOrderMark.size() : 0);
    while (!source_ended_ && buffer_.size() - used_ < needed) {
        const std::string_view piece = TRY(source_());
        source_ended_ = piece.empty();
        buffer_.erase(0, used_);
        used_ = 0;
        buffer_.append(piece);
    }
    if (at_start_ && buffer_.starts_with(kByteOrderMark)) used_ = kByteOrderMark.size();
    const std::string_view rest = std::string_view(buffer_).substr(used_);
    if (rest.empty()) return rest;
    const std::size_t bytes = utf8_character_bytes(rest);
    if (bytes == 0) return refuse_bytes();
    at_start_ = false;
    const std::string_view character = rest.substr(0, bytes);
    if (is_control(character)) {
        return refuse(ErrorCode::malformed, here_,
                      "There is a control character here. A CSV is plain text: export it again.");
    }
    return character;
}

void CsvReader::take(std::string_view character, CsvRow& row) {
    row.raw += character;
    used_ += character.size();
    if (character == "\n") {
        here_ = {here_.line + 1, 1};
    } else {
        here_.column++;
    }
}

void CsvReader::take_plain(CsvRow& row, CsvCell& cell) {
    const std::string_view rest = std::string_view(buffer_).substr(used_);
    const auto is_plain = [delimiter = delimiter_.front()](char c) {
        return c >= ' ' && c <= '~' && c != '"' && c != delimiter;
    };
    const auto end = std::ranges::find_if_not(rest, is_plain);
    const std::string_view plain(rest.begin(), end);
    cell.text += plain;
    row.raw += plain;
    used_ += plain.size();
    here_.column += plain.size();
}

Result<bool> CsvReader::at_row_end() {
    const std::string_view character = TRY(peek());
    if (character.empty() || character == "\n") return true;
    if (character != "\r") return false;
    if (std::string_view(buffer_).substr(used_).starts_with("\r\n")) return true;
    return refuse(ErrorCode::malformed, here_,
                  "There is a carriage return without a line feed. Lines end with LF or CR LF.");
}

Status CsvReader::pass_row_end() {
    CsvRow unused;
    for (std::string_view c = TRY(peek()); c == "\r" || c == "\n"; c = TRY(peek())) {
        const bool was_line_feed = c == "\n";
        take(c, unused);
        if (was_line_feed) break;
    }
    return {};
}

Status CsvReader::read_quoted(CsvRow& row, CsvCell& cell) {
    take(TRY(peek()), row);
    while (true) {
        take_plain(row, cell);
        const std::string_view character = TRY(peek());
        if (cell.text.size() > kCsvCellBytesMax) {
            return refuse(ErrorCode::too_large, cell.place,
                          "This cell is longer than 64 KiB. Is a quotation mark missing?");
        }
        if (character.empty()) {
            return refuse(ErrorCode::malformed, cell.place,
                          "The quotation mark here is never closed. Double a quotation mark that "
                          "belongs to the text (\"\").");
        }
        if (character == "\"") {
            take(character, row);
            if (TRY(peek()) != "\"") return {};
            cell.text += '"';
            take("\"", row);
            continue;
        }
        const bool line_feed_follows = std::string_view(buffer_).substr(used_).starts_with("\r\n");
        if (!line_feed_follows) cell.text += character;
        take(character, row);
    }
}

Result<CsvReader::CellEnd> CsvReader::end_cell(CsvRow& row) {
    if (TRY(at_row_end())) return CellEnd::row;
    const std::string_view character = TRY(peek());
    if (character != delimiter_) {
        return refuse(ErrorCode::malformed, here_,
                      "There is text behind a closing quotation mark. Double a quotation mark that "
                      "belongs to the text (\"\").");
    }
    take(character, row);
    return CellEnd::delimiter;
}

Result<CsvReader::CellEnd> CsvReader::read_cell(CsvRow& row) {
    CsvCell& cell = row.cells.emplace_back(CsvCell{here_, {}, row.raw.size()});
    if (TRY(peek()) == "\"") {
        TRY(read_quoted(row, cell));
        return end_cell(row);
    }
    while (true) {
        take_plain(row, cell);
        if (cell.text.size() > kCsvCellBytesMax)
            return refuse(ErrorCode::too_large, cell.place, "This cell is longer than 64 KiB.");
        if (TRY(at_row_end())) return CellEnd::row;
        const std::string_view character = TRY(peek());
        if (character == "\"") {
            return refuse(ErrorCode::malformed, here_,
                          "There is a quotation mark inside an unquoted cell. Quote the whole cell "
                          "and double the mark (\"\").");
        }
        const bool is_delimiter = character == delimiter_;
        if (!is_delimiter) cell.text += character;
        take(character, row);
        if (is_delimiter) return CellEnd::delimiter;
    }
}

Result<std::optional<CsvRow>> CsvReader::next() {
    while (!TRY(peek()).empty() && TRY(at_row_end())) TRY(pass_row_end());
    if (TRY(peek()).empty()) return std::nullopt;
    CsvRow row;
    row.place = here_;
    row.number = here_.line;
    row.cells.reserve(cells_in_last_row_);
    while (TRY(read_cell(row)) == CellEnd::delimiter) {
        if (row.cells.size() >= kCsvCellsMax || row.raw.size() > kCsvRowBytesMax) {
            return refuse(ErrorCode::too_large, row.place,
                          "This row has more than 1,000 cells or is longer than 1 MiB.");
        }
    }
    TRY(pass_row_end());
    cells_in_last_row_ = row.cells.size();
    return row;
}

}  // namespace daybook::cli
