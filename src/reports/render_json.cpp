// Sections shared by all reports, then each report.
#include "reports/render_json.h"

#include <optional>
#include <string_view>

#include "base/check.h"
#include "base/json_optional.h"
#include "base/json_writer.h"
#include "reports/render_entry.h"

namespace daybook::reports {
namespace {

void write_account(JsonWriter& json, std::string_view name, const AccountNumbers& account) {
    json.key(name).begin_object();
    json.key("openingMinor").integer(account.opening_minor);
    json.key("inMinor").integer(account.in_minor);
    json.key("outMinor").integer(account.out_minor);
    json.key("transferInMinor").integer(account.transfer_in_minor);
    json.key("transferOutMinor").integer(account.transfer_out_minor);
    json.key("transferMinor").integer(account.transfer_minor);
    json.key("adjustmentMinor").integer(account.adjustment_minor);
    json.key("expectedMinor").integer(account.expected_minor);
    json.key("closingMinor").integer(account.closing_minor);
    write_optional(json, "countedMinor", account.counted_minor);
    write_optional(json, "varianceMinor", account.variance_minor);
    json.end_object();
}

void write_totals(JsonWriter& json, const Totals& totals) {
    json.key("totals").begin_object();
    json.key("revenueMinor").integer(totals.revenue_minor);
    json.key("expenseMinor").integer(totals.expense_minor);
    json.key("netMinor").integer(totals.net_minor);
    json.key("overShortMinor").integer(totals.over_short_minor);
    json.end_object();
}

void write_pending(JsonWriter& json, const Pending& pending) {
    json.key("pending").begin_object();
    json.key("count").integer(pending.count);
    json.key("revenueMinor").integer(pending.revenue_minor);
    json.key("expenseMinor").integer(pending.expense_minor);
    json.key("cashNetMinor").integer(pending.cash_net_minor);
    json.key("bankNetMinor").integer(pending.bank_net_minor);
    json.key("carriedCashNetMinor").integer(pending.carried_cash_net_minor);
    json.end_object();
}

void write_parts(JsonWriter& json, std::string_view name, const std::vector<Part>& parts) {
    json.key(name).begin_array();
    for (const Part& part : parts) {
        json.begin_object().key("key").string(part.key);
        if (!part.name.empty()) json.key("name").string(part.name);
        json.key("amountMinor").integer(part.amount_minor);
        json.key("count").integer(part.count).end_object();
    }
    json.end_array();
}

void write_numbers(JsonWriter& json, const Numbers& numbers) {
    write_account(json, "cash", numbers.cash);
    write_account(json, "bank", numbers.bank);
    write_totals(json, numbers.totals);
    write_pending(json, numbers.pending);
    write_parts(json, "revenueBySource", numbers.revenue_by_source);
    write_parts(json, "expenseByCategory", numbers.expense_by_category);
    json.key("entryCount").integer(numbers.entry_count);
}

void write_period(JsonWriter& json, const Period& period) {
    json.key("period").begin_object();
    json.key("from").string(period.dates.from.to_string());
    json.key("to").string(period.dates.to.to_string());
    json.key("label").string(period.label);
    json.end_object();
}

void write_closing(JsonWriter& json, const std::optional<Closing>& closing) {
    json.key("closing");
    if (!closing) {
        json.null();
        return;
    }
    json.begin_object();
    json.key("number").integer(closing->number);
    json.key("revision").integer(closing->revision);
    json.key("by").string(closing->by.to_string());
    json.key("at").string(closing->at.to_string());
    json.end_object();
}

// The list that has all entries of the day, where the report has not.
void write_entries_link(JsonWriter& json, const DailyReport& report) {
    json.key("entriesLink");
    if (!report.entries_truncated) {
        json.null();
        return;
    }
    const std::string date = report.date.to_string();
    json.string("/v1/finance/entries?propertyId=" + report.property.to_string() + "&from=" + date +
                "&to=" + date);
}

void write_report(JsonWriter& json, const DailyReport& report) {
    json.begin_object();
    json.key("propertyId").string(report.property.to_string());
    json.key("propertyName").string(report.property_name);
    json.key("date").string(report.date.to_string());
    json.key("currency").string(report.currency.code());
    json.key("status").string(day_status_name(report.status));
    write_closing(json, report.closing);
    write_numbers(json, report.numbers);
    json.key("entries").begin_array();
    for (const domain::Entry& entry : report.entries) write_entry(json, entry);
    json.end_array();
    json.key("entriesTruncated").boolean(report.entries_truncated);
    write_entries_link(json, report);
    json.end_object();
}

void write_fiscal_start(JsonWriter& json, const std::optional<FiscalStart>& start) {
    if (!start) {
        json.key("fiscalStartMonth").null().key("fiscalStartFrom").null();
        return;
    }
    json.key("fiscalStartMonth").integer(start->month);
    json.key("fiscalStartFrom").string(start->from == FiscalStartFrom::org ? "org" : "property");
}

void write_name(JsonWriter& json, ReportKind kind, const PeriodName& name) {
    if (kind == ReportKind::range) return;
    write_optional(json, "year", name.year);
    if (kind == ReportKind::monthly) {
        write_optional(json, "month", name.month);
        return;
    }
    write_optional(json, "fiscalYear", name.fiscal_year);
    write_optional(json, "quarter", name.quarter);
    write_fiscal_start(json, name.fiscal_start);
}

void write_days(JsonWriter& json, const std::vector<StepReport>& days) {
    json.key("days").begin_array();
    for (const StepReport& day : days) {
        json.begin_object().key("date").string(day.dates.from.to_string());
        write_numbers(json, day.numbers);
        json.end_object();
    }
    json.end_array();
}

void write_months(JsonWriter& json, const std::vector<StepReport>& months) {
    json.key("months").begin_array();
    for (const StepReport& month : months) {
        const CivilDate first = month.dates.from.civil();
        json.begin_object();
        json.key("year").integer(first.year).key("month").integer(first.month);
        write_numbers(json, month.numbers);
        write_optional(json, "profitMarginBps", profit_margin_bps(month.numbers.totals));
        json.end_object();
    }
    json.end_array();
}

void write_report(JsonWriter& json, const PeriodReport& report) {
    json.begin_object();
    json.key("propertyId").string(report.property.to_string());
    json.key("propertyName").string(report.property_name);
    write_name(json, report.kind, report.name);
    write_period(json, report.period);
    json.key("currency").string(report.currency.code());
    write_numbers(json, report.numbers);
    if (report.kind == ReportKind::yearly) {
        write_months(json, report.steps);
    } else {
        write_days(json, report.steps);
    }
    write_optional(json, "profitMarginBps", profit_margin_bps(report.numbers.totals));
    json.end_object();
}

void write_currency_totals(JsonWriter& json, const std::vector<CurrencyTotals>& totals) {
    json.key("totals").begin_array();
    for (const CurrencyTotals& each : totals) {
        json.begin_object().key("currency").string(each.currency.code());
        write_account(json, "cash", each.cash);
        write_account(json, "bank", each.bank);
        write_totals(json, each.totals);
        write_pending(json, each.pending);
        json.end_object();
    }
    json.end_array();
}

template <class Report>
std::string render(const Answer<Report>& answer) {
    std::string bytes;
    JsonWriter json(bytes);
    if (answer.shape == AnswerShape::one) {
        CHECK(answer.reports.size() == 1);
        write_report(json, *answer.reports.front());
    } else {
        json.begin_object();
        write_period(json, answer.plan.period);
        if (answer.plan.name.fiscal_start) {
            write_fiscal_start(json, answer.plan.name.fiscal_start);
        }
        json.key("properties").begin_array();
        for (const auto& report : answer.reports) write_report(json, *report);
        json.end_array();
        write_currency_totals(json, answer.totals);
        json.end_object();
    }
    bytes += '\n';
    return bytes;
}

}  // namespace

std::string frozen_json(DailyReport report) {
    for (domain::Entry& entry : report.entries) {
        entry.content.party = {};
        entry.content.description = {};
        entry.content.reference = {};
        entry.reason = {};
    }
    std::string bytes;
    JsonWriter json(bytes);
    write_report(json, report);
    return bytes;
}

std::string render_json(const DailyAnswer& answer) {
    return render(answer);
}
std::string render_json(const PeriodAnswer& answer) {
    return render(answer);
}

}  // namespace daybook::reports
