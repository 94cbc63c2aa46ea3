// Entries as rows of a CSV: the one renderer, for lists, exports and the command line.
#pragma once

#include <string>
#include <string_view>

#include "domain/entry.h"

namespace daybook::reports {

// The columns, ending with a line feed; amounts are decimal ("1234.50"), texts harmless in a
// spreadsheet (csv.h).
std::string_view entries_csv_header();
void append_entry_csv(std::string& csv, const domain::Entry& entry, std::string_view property_name);

}  // namespace daybook::reports
