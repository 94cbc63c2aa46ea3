// Columns in the order of the JSON members.
#include "reports/render_csv.h"

#include <optional>
#include <string_view>

#include "domain/money.h"
#include "reports/csv.h"
#include "reports/rows.h"

namespace daybook::reports {
namespace {

constexpr std::string_view kHeader =
    "propertyId,propertyName,date,currency,"
    "cashOpening,cashIn,cashOut,cashTransferIn,cashTransferOut,cashTransfer,cashAdjustment,"
    "cashExpected,cashClosing,cashCounted,cashVariance,"
    "bankOpening,bankIn,bankOut,bankTransferIn,bankTransferOut,bankTransfer,bankAdjustment,"
    "bankExpected,bankClosing,bankCounted,bankVariance,"
    "revenue,expense,net,overShort,"
    "pendingCount,pendingRevenue,pendingExpense,pendingCashNet,pendingBankNet,"
    "pendingCarriedCashNet,entryCount\n";

// Appends number cells, each with a comma in front.
class Cells {
 public:
    Cells(std::string& line, domain::Currency currency) : line_(line), currency_(currency) {}

    void amount(std::int64_t minor) {
        line_ += ',';
        line_ += domain::decimal_text(minor, currency_);
    }
    void amount(std::optional<std::int64_t> minor) {
        if (minor) {
            amount(*minor);
        } else {
            line_ += ',';
        }
    }
    void count(std::int64_t count) {
        line_ += ',';
        line_ += std::to_string(count);
    }
    void account(const AccountNumbers& account) {
        amount(account.opening_minor);
        amount(account.in_minor);
        amount(account.out_minor);
        amount(account.transfer_in_minor);
        amount(account.transfer_out_minor);
        amount(account.transfer_minor);
        amount(account.adjustment_minor);
        amount(account.expected_minor);
        amount(account.closing_minor);
        amount(account.counted_minor);
        amount(account.variance_minor);
    }
    void totals(const Totals& totals) {
        amount(totals.revenue_minor);
        amount(totals.expense_minor);
        amount(totals.net_minor);
        amount(totals.over_short_minor);
    }
    void pending(const Pending& pending) {
        count(pending.count);
        amount(pending.revenue_minor);
        amount(pending.expense_minor);
        amount(pending.cash_net_minor);
        amount(pending.bank_net_minor);
        amount(pending.carried_cash_net_minor);
    }

 private:
    std::string& line_;
    domain::Currency currency_;
};

template <class Report>
void append_rows(std::string& bytes, const Report& report) {
    const std::string id = report.property.to_string();
    for (const Row& row : rows_of(report)) {
        bytes += id + ',';
        append_csv_text(bytes, report.property_name);
        bytes += ',' + row.date + ',';
        bytes += report.currency.code();
        Cells cells(bytes, report.currency);
        cells.account(row.numbers->cash);
        cells.account(row.numbers->bank);
        cells.totals(row.numbers->totals);
        cells.pending(row.numbers->pending);
        cells.count(row.numbers->entry_count);
        bytes += '\n';
    }
}

template <class Report>
std::string render(const Answer<Report>& answer) {
    std::string bytes(kHeader);
    for (const auto& report : answer.reports) append_rows(bytes, *report);
    return bytes;
}

}  // namespace

std::string render_csv(const DailyAnswer& answer) {
    return render(answer);
}
std::string render_csv(const PeriodAnswer& answer) {
    return render(answer);
}

}  // namespace daybook::reports
