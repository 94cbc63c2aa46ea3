// Quoting and harmless cells.
#include "reports/csv.h"

namespace daybook::reports {

void append_csv_text(std::string& line, std::string_view text) {
    const bool runs = !text.empty() && std::string_view("=+-@\t\r").contains(text.front());
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
        if (runs) line += '\'';
        line += text;
        return;
    }
    line += '"';
    if (runs) line += '\'';
    for (const char c : text) {
        if (c == '"') line += '"';
        line += c;
    }
    line += '"';
}

}  // namespace daybook::reports
