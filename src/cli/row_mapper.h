// What turns the rows of a CSV into entries: a profile of the program, or a mapping of the user's.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/csv_reader.h"
#include "cli/import_entry.h"
#include "cli/place.h"

namespace daybook::cli {

template <class T>
using CellResult = std::expected<T, CellProblem>;

// What one row becomes: entries, or the reason why it makes none.
struct MappedRow {
    std::vector<ImportEntry> entries;
    std::string skipped_because;  // empty where there are entries
};

class RowMapper {
 public:
    virtual ~RowMapper() = default;

    // The first row; before map(). Again before each pass.
    virtual CellResult<void> read_header(const CsvRow& header) = 0;
    virtual CellResult<MappedRow> map(const CsvRow& row) = 0;

    // As the import's event names it.
    [[nodiscard]] virtual std::string_view profile() const = 0;
    [[nodiscard]] virtual char delimiter() const { return ','; }
    // What a property that does not exist is made as; nullopt: it is not made.
    [[nodiscard]] virtual std::optional<domain::Property> new_property(
        std::string_view name) const = 0;
};

// The columns of a file by their names.
class Columns {
 public:
    static CellResult<Columns> read(const CsvRow& header);

    // Problem: there is no such column; it names those that there are.
    [[nodiscard]] CellResult<std::size_t> index(std::string_view name) const;
    [[nodiscard]] std::size_t size() const { return names_.size(); }
    // Problem: the row has more or fewer cells than the header.
    [[nodiscard]] CellResult<void> check(const CsvRow& row) const;

 private:
    std::vector<std::string> names_;
    std::map<std::string, std::size_t, std::less<>> index_;
};

std::unexpected<CellProblem> cell_problem(Place place, std::string_view name, std::string words);

// Reads dates by a format of YYYY, MM or M, DD or D, and separators: "M/D/YYYY". MM and DD are
// exactly two digits, M and D one or two. nullopt: no such date.
std::optional<domain::BusinessDate> parse_date(std::string_view text, std::string_view format);

}  // namespace daybook::cli
