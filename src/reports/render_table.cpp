// Lays out cells, numbers to the right.
#include "reports/render_table.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "domain/money.h"
#include "reports/rows.h"

namespace daybook::reports {
namespace {

constexpr std::size_t kColumns = 12;
using Line = std::array<std::string, kColumns>;

const Line& heading() {
    static const Line kHeading{"date",         "opening", "cash in",      "cash out",
                               "transfer",     "adjust",  "cash closing", "bank moved",
                               "bank closing", "revenue", "expense",      "net"};
    return kHeading;
}

Line line_of(std::string label, domain::Currency currency, const AccountNumbers& cash,
             const AccountNumbers& bank, const Totals& totals) {
    const auto text = [currency](std::int64_t minor) {
        return domain::decimal_text(minor, currency);
    };
    return {std::move(label),           text(cash.opening_minor),
            text(cash.in_minor),        text(cash.out_minor),
            text(cash.transfer_minor),  text(cash.adjustment_minor),
            text(cash.closing_minor),   text(bank.closing_minor - bank.opening_minor),
            text(bank.closing_minor),   text(totals.revenue_minor),
            text(totals.expense_minor), text(totals.net_minor)};
}

Line line_of(std::string label, domain::Currency currency, const Numbers& numbers) {
    return line_of(std::move(label), currency, numbers.cash, numbers.bank, numbers.totals);
}

// Two words of a heading stand above each other, so that columns are as narrow as their amounts.
std::array<Line, 2> heading_lines() {
    std::array<Line, 2> lines;
    for (std::size_t column = 0; column < kColumns; ++column) {
        const std::string& words = heading().at(column);
        const std::size_t space = words.find(' ');
        if (space == std::string::npos) {
            lines[1].at(column) = words;
        } else {
            lines[0].at(column) = words.substr(0, space);
            lines[1].at(column) = words.substr(space + 1);
        }
    }
    return lines;
}

void append_table(std::string& bytes, const std::vector<Line>& body) {
    const auto head = heading_lines();
    std::vector<Line> lines(head.begin(), head.end());
    lines.insert(lines.end(), body.begin(), body.end());
    std::array<std::size_t, kColumns> widths{};
    for (const Line& line : lines) {
        for (std::size_t column = 0; column < kColumns; ++column) {
            widths.at(column) = std::max(widths.at(column), line.at(column).size());
        }
    }
    for (const Line& line : lines) {
        std::string text = line.front();
        text.resize(widths.front(), ' ');
        for (std::size_t column = 1; column < kColumns; ++column) {
            const std::string& cell = line.at(column);
            text.append(1 + widths.at(column) - cell.size(), ' ');
            text += cell;
        }
        bytes += text.substr(0, text.find_last_not_of(' ') + 1);
        bytes += '\n';
    }
}

void append_title(std::string& bytes, std::string_view name, domain::Currency currency,
                  const Period& period) {
    bytes += name;
    bytes += ", ";
    bytes += period.label;
    bytes += ", ";
    bytes += currency.code();
    bytes += '\n';
}

void append_pending(std::string& bytes, const Pending& pending, domain::Currency currency) {
    if (pending.count == 0) return;
    bytes += "pending, not counted above: " + std::to_string(pending.count) + ", revenue " +
             domain::decimal_text(pending.revenue_minor, currency) + ", expense " +
             domain::decimal_text(pending.expense_minor, currency) + '\n';
}

void append_counted(std::string& bytes, std::string_view name, const AccountNumbers& account,
                    domain::Currency currency) {
    if (!account.counted_minor || !account.variance_minor) return;
    bytes += name;
    bytes += " counted: " + domain::decimal_text(*account.counted_minor, currency) + ", variance " +
             domain::decimal_text(*account.variance_minor, currency) + '\n';
}

template <class Report>
void append_report(std::string& bytes, const Report& report, const Period& period) {
    const domain::Currency currency = report.currency;
    append_title(bytes, report.property_name, currency, period);
    std::vector<Line> body;
    for (const Row& row : rows_of(report)) {
        body.push_back(line_of(row.date, currency, *row.numbers));
    }
    if (body.size() > 1) body.push_back(line_of("total", currency, report.numbers));
    append_table(bytes, body);
    append_pending(bytes, report.numbers.pending, currency);
    append_counted(bytes, "cash", report.numbers.cash, currency);
    append_counted(bytes, "bank", report.numbers.bank, currency);
}

template <class Report>
std::string render(const Answer<Report>& answer) {
    std::string bytes;
    for (const auto& report : answer.reports) {
        if (!bytes.empty()) bytes += '\n';
        append_report(bytes, *report, answer.plan.period);
    }
    if (answer.shape == AnswerShape::one) return bytes;
    if (!bytes.empty()) bytes += '\n';
    bytes += "All properties, " + answer.plan.period.label + '\n';
    std::vector<Line> body;
    for (const CurrencyTotals& each : answer.totals) {
        body.push_back(line_of(std::string(each.currency.code()), each.currency, each.cash,
                               each.bank, each.totals));
    }
    append_table(bytes, body);
    return bytes;
}

}  // namespace

std::string render_table(const DailyAnswer& answer) {
    return render(answer);
}
std::string render_table(const PeriodAnswer& answer) {
    return render(answer);
}

}  // namespace daybook::reports
