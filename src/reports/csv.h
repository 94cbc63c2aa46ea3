// Cells of a CSV (RFC 4180, but with LF at the end of a line: it is what Unix tools and
// spreadsheets both read).
#pragma once

#include <string>
#include <string_view>

namespace daybook::reports {

// Appends a text cell, quoted where needed. Text that a spreadsheet would run as a formula (it
// begins with = + - @, a tab or a carriage return) gets an apostrophe in front, after OWASP, "CSV
// Injection". Numbers are no text: they may begin with a minus and are appended as they are.
void append_csv_text(std::string& line, std::string_view text);

}  // namespace daybook::reports
