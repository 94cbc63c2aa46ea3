// Marks, rows, and the commit that was measured.
#include "document.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "plot.h"
#include "support/process.h"

namespace daybook::bench {
namespace {

constexpr const char* kDocument = "docs/benchmarks.md";
constexpr std::string_view kBegin = "<!-- figures -->\n";
constexpr std::string_view kEnd = "<!-- end of figures -->\n";
constexpr std::string_view kHeader =
    "| figure | value | unit | ratio | baseline | goal | met | runs, min to max | date | commit |\n"
    "|---|---:|---|---:|---|---|---|---|---|---|\n";

// "475d80012345", and a + where the sources differ from it.
std::string commit() {
    const auto head = test::run_program({"git", "rev-parse", "--short=10", "HEAD"});
    if (head.exit_code != 0) return "unknown";
    const auto changes = test::run_program({"git", "status", "--porcelain", "--", "src"});
    return head.output.substr(0, head.output.find('\n')) + (changes.output.empty() ? "" : "+");
}

std::string row_of(const Figure& figure, std::string_view commit) {
    const auto compared = ratio(figure);
    const std::string baseline =
        figure.baseline_values.empty()
            ? ""
            : fmt::format("{}: {}", figure.baseline, number_text(median(figure.baseline_values)));
    return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {}, {} to {} | {} | {} |\n",
                       figure.name, number_text(median(figure.values)), figure.unit,
                       compared ? fmt::format("{:.2f}", *compared) : "", baseline, figure.goal,
                       figure.met ? "yes" : "no", figure.values.size(),
                       number_text(std::ranges::min(figure.values)),
                       number_text(std::ranges::max(figure.values)), today_text(), commit);
}

// What stands before the second bar.
std::string_view name_of(std::string_view row) {
    return row.substr(2, row.find(" |") - 2);
}

std::vector<std::string> rows_in(std::string_view table, std::string_view machine_line) {
    std::vector<std::string> rows;
    if (!table.starts_with(machine_line)) return rows;
    std::istringstream lines{std::string(table)};
    for (std::string line; std::getline(lines, line);) {
        const bool is_row = line.starts_with("| ") && !line.starts_with("| figure ");
        if (is_row) rows.push_back(line + "\n");
    }
    return rows;
}

std::string read_document() {
    std::ifstream file(kDocument);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw std::runtime_error(fmt::format("cannot read {}", kDocument));
    return text.str();
}

}  // namespace

void write_document(const std::vector<Figure>& figures) {
    const std::string document = read_document();
    const std::size_t begin = document.find(kBegin);
    const std::size_t end = document.find(kEnd);
    if (begin == std::string::npos || end == std::string::npos || end < begin)
        throw std::runtime_error(fmt::format("{} has no place for figures", kDocument));
    const std::size_t table = begin + kBegin.size();
    const std::string machine_line = fmt::format("Machine: {}.\n", machine_text());
    auto rows = rows_in(std::string_view(document).substr(table, end - table), machine_line);
    const std::string measured = commit();
    for (const Figure& figure : figures) {
        if (!figure.curve.lines.empty()) draw_plot(figure, measured);
    }
    for (const Figure& figure : figures) {
        const std::string row = row_of(figure, measured);
        const auto place = std::ranges::find(rows, std::string_view(figure.name), name_of);
        if (place != rows.end()) {
            *place = row;
        } else {
            rows.push_back(row);
        }
    }
    std::ofstream file(kDocument, std::ios::trunc);
    file << document.substr(0, table) << machine_line << '\n' << kHeader;
    for (const std::string& row : rows) file << row;
    file << document.substr(end);
    if (!file.flush()) throw std::runtime_error(fmt::format("cannot write {}", kDocument));
}

}  // namespace daybook::bench
