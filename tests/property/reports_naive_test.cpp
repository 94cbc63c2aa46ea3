// Need: nothing. Goal: every report of every kind equals one computed naively from the entries
// (I7). Seed: rapidcheck prints it with each property; RC_PARAMS="seed=..." repeats a run.
#include <gtest/gtest.h>
#include <rapidcheck.h>

// Only after GoogleTest.
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>

#include "reports/daily.h"
#include "reports/period.h"
#include "support/fake_report_source.h"
#include "support/naive_reports.h"
#include "support/sample_books.h"

namespace daybook::test {
namespace {

using domain::Account;
using domain::BusinessDate;
using domain::DateRange;
using domain::EntryKind;
using domain::EntryStatus;
using reports::Catalogue;
using reports::Numbers;

const BusinessDate kFirst = BusinessDate::from_days(20'075);  // 2024-12-18
constexpr int kDays = 500;                                    // to 2026-05-01

int any(int from, int below) {
    return *rc::gen::inRange(from, below);
}
std::int64_t any_amount() {
    return *rc::gen::inRange<std::int64_t>(1, 1'000'000);
}
Account any_account() {
    return any(0, 2) == 0 ? Account::cash : Account::bank;
}
// Ends of months and years often: that is where roll-ups meet.
BusinessDate any_date() {
    const BusinessDate date = kFirst.plus(any(0, kDays));
    const int day = date.civil().day;
    switch (any(0, 4)) {
        case 0: return date.plus(1 - day);
        case 1: return std::max(kFirst, date.plus(-day));
        default: return date;
    }
}

std::string any_key(const Books& books, domain::CategoryKind kind) {
    std::vector<std::string> keys;
    for (const domain::Category& each : books.categories) {
        if (each.kind == kind) keys.push_back(each.key);
    }
    return keys.at(static_cast<std::size_t>(any(0, static_cast<int>(keys.size()))));
}

void add_any_entry(Books& books) {
    const auto at = static_cast<std::size_t>(any(0, static_cast<int>(books.properties.size())));
    const domain::Property property = books.properties.at(at);
    const auto kind = static_cast<EntryKind>(any(0, 3));
    domain::Entry& entry = add_entry(books, property, kind, any_date());
    entry.content.amount.minor = any_amount();
    entry.content.reversal = any(0, 5) == 0;
    // Approved half of the time, so that most entries count.
    entry.status = any(0, 2) == 0 ? EntryStatus::approved : static_cast<EntryStatus>(any(0, 4));
    if (kind == EntryKind::transfer) {
        entry.content.from = static_cast<domain::TransferEnd>(any(0, 7));
        entry.content.to = static_cast<domain::TransferEnd>(any(0, 7));
        return;
    }
    entry.content.payment_mode = any_account();
    entry.content.key = any_key(books, kind == EntryKind::revenue ? domain::CategoryKind::source
                                                                  : domain::CategoryKind::category);
}

// Merges some categories into later ones of their kind: chains, never circles.
void merge_some(Books& books) {
    for (std::size_t i = 0; i + 1 < books.categories.size(); ++i) {
        const auto into = static_cast<std::size_t>(
            any(static_cast<int>(i) + 1, static_cast<int>(books.categories.size())));
        const domain::Category& target = books.categories.at(into);
        if (any(0, 3) == 0 && target.kind == books.categories.at(i).kind) {
            books.categories.at(i).merged_into = target.key;
        }
    }
}

// A closed day, or one that was reopened; often one that was counted, with another sum.
void add_any_closing(Books& books) {
    domain::Closing closing;
    closing.property = books.properties.at(static_cast<std::size_t>(any(0, 3))).id;
    closing.date = any_date();
    if (!books.counts.empty() && any(0, 2) == 0) {
        closing.property = books.counts.back().property;
        closing.date = books.counts.back().date;
    }
    closing.number = any(1, 100);
    if (any(0, 3) > 0) closing.counted[0] = domain::CountedAccount{any(0, 900), any(-9, 9)};
    if (any(0, 3) > 0) closing.counted[1] = domain::CountedAccount{any(-9, 900), any(-9, 9)};
    if (any(0, 4) == 0) closing.reopened_at = Instant{1};
    books.closings.push_back(closing);
    auto& through = books.closed_through[closing.property];
    through = std::max(through, closing.date);
}

// By the rule as people know it: the last revision says it; without one the day may be sealed.
reports::DayStatus naive_status(const Books& books, const domain::Property& property,
                                BusinessDate date) {
    const domain::Closing* last = nullptr;
    for (const domain::Closing& each : books.closings) {
        if (each.property == property.id && each.date == date) last = &each;
    }
    if (last != nullptr && last->reopened_at) return reports::DayStatus::reopened;
    if (last != nullptr) return reports::DayStatus::closed;
    const auto through = books.closed_through.find(property.id);
    const bool is_sealed = through != books.closed_through.end() && date <= through->second &&
                           date >= property.books_start_on;
    return is_sealed ? reports::DayStatus::closed : reports::DayStatus::open;
}

Books any_books() {
    Books books = empty_books();
    add_property(books, "Alfama", "EUR");
    add_property(books, "Baixa", "EUR");
    add_property(books, "Colaba", "INR");
    for (domain::Property& property : books.properties) {
        property.opening_minor = {any(-5'000, 5'000), any(-5'000, 5'000)};
        property.books_start_on = kFirst;
    }
    merge_some(books);
    const int entries = any(0, 60);
    for (int i = 0; i < entries; ++i) add_any_entry(books);
    const int others = any(0, 12);
    for (int i = 0; i < others; ++i) {
        const domain::Property property = books.properties.at(static_cast<std::size_t>(any(0, 3)));
        const auto kind = static_cast<domain::AdjustmentKind>(any(0, 2));
        add_adjustment(books, property, any_date(), kind, any(-900, 900)).account = any_account();
        // Often on the day of an adjustment: a close posts the variance of a counted day.
        const BusinessDate counted_on = any(0, 2) == 0 ? any_date() : books.adjustments.back().date;
        add_count(books, property, counted_on, any(-10, 9'000)).account = any_account();
    }
    const int closings = any(0, 8);
    for (int i = 0; i < closings; ++i) add_any_closing(books);
    return books;
}

reports::PeriodReport any_report(FakeReportSource& source, const Books& books,
                                 const domain::Property& property,
                                 const reports::PeriodAsked& asked) {
    const auto plan = reports::plan_period(asked, {any(1, 13), reports::FiscalStartFrom::property});
    RC_ASSERT(plan.has_value());
    const auto report =
        reports::period_report(source, property, Catalogue(books.categories), *plan);
    RC_ASSERT(report.has_value());
    return *report;
}

// Whole and steps against the oracle, and the steps against each other.
void assert_naive(const Books& books, const domain::Property& property,
                  const reports::PeriodReport& report) {
    RC_ASSERT(report.numbers ==
              naive_numbers(books, property, report.period.dates, PartNames::shown));
    RC_ASSERT(report.steps.front().dates.from == report.period.dates.from);
    RC_ASSERT(report.steps.back().dates.to == report.period.dates.to);
    Numbers sums;
    for (std::size_t i = 0; i < report.steps.size(); ++i) {
        const reports::StepReport& step = report.steps.at(i);
        RC_ASSERT(step.numbers == naive_numbers(books, property, step.dates, PartNames::left_out));
        sums.totals.revenue_minor += step.numbers.totals.revenue_minor;
        sums.totals.expense_minor += step.numbers.totals.expense_minor;
        sums.entry_count += step.numbers.entry_count;
        sums.pending.count += step.numbers.pending.count;
        if (i == 0) continue;
        const reports::StepReport& before = report.steps.at(i - 1);
        RC_ASSERT(step.dates.from == before.dates.to.plus(1));
        RC_ASSERT(step.numbers.cash.opening_minor == before.numbers.cash.closing_minor);
        RC_ASSERT(step.numbers.bank.opening_minor == before.numbers.bank.closing_minor);
    }
    RC_ASSERT(sums.totals.revenue_minor == report.numbers.totals.revenue_minor);
    RC_ASSERT(sums.totals.expense_minor == report.numbers.totals.expense_minor);
    RC_ASSERT(sums.entry_count == report.numbers.entry_count);
    RC_ASSERT(sums.pending.count == report.numbers.pending.count);
}

RC_GTEST_PROP(ReportsNaive, DailyReportsEqualTheNaiveOnes, ()) {
    const Books books = any_books();
    FakeReportSource source(books);
    const Catalogue catalogue(books.categories);
    for (const domain::Property& property : books.properties) {
        const BusinessDate date = any_date();
        const auto report = reports::daily_report(source, property, catalogue, date, 500);
        const auto next = reports::daily_report(source, property, catalogue, date.plus(1), 500);
        RC_ASSERT(report.has_value() && next.has_value());
        RC_ASSERT(report->numbers ==
                  naive_numbers(books, property, {date, date}, PartNames::shown));
        RC_ASSERT(report->entries == naive_entries_of_day(books, property, date));
        RC_ASSERT(report->status == naive_status(books, property, date));
        RC_ASSERT(next->numbers.cash.opening_minor == report->numbers.cash.closing_minor);
        RC_ASSERT(next->numbers.bank.opening_minor == report->numbers.bank.closing_minor);
    }
}

RC_GTEST_PROP(ReportsNaive, MonthlyReportsEqualTheNaiveOnes, ()) {
    const Books books = any_books();
    FakeReportSource source(books);
    for (const domain::Property& property : books.properties) {
        const CivilDate date = any_date().civil();
        const auto report =
            any_report(source, books, property, reports::MonthAsked{date.year, date.month});
        assert_naive(books, property, report);
    }
}

RC_GTEST_PROP(ReportsNaive, RangesEqualTheNaiveOnes, ()) {
    const Books books = any_books();
    FakeReportSource source(books);
    const BusinessDate from = any_date().plus(any(-40, 1));  // also before the books start
    const auto report =
        any_report(source, books, books.properties.front(), DateRange{from, from.plus(any(0, 90))});
    assert_naive(books, books.properties.front(), report);
}

RC_GTEST_PROP(ReportsNaive, YearsAndQuartersEqualTheNaiveOnes, ()) {
    const Books books = any_books();
    FakeReportSource source(books);
    for (const domain::Property& property : books.properties) {
        reports::YearAsked asked{any(2024, 2027), reports::YearBasis::calendar, {}};
        if (any(0, 2) == 0) asked.basis = reports::YearBasis::fiscal;
        if (any(0, 2) == 0) asked.quarter = any(1, 5);
        const auto report = any_report(source, books, property, asked);
        RC_ASSERT(report.steps.size() == (asked.quarter ? 3U : 12U));
        assert_naive(books, property, report);
    }
}

RC_GTEST_PROP(ReportsNaive, SumsOverPropertiesEqualTheNaiveOnesAndNeverMixCurrencies, ()) {
    const Books books = any_books();
    FakeReportSource source(books);
    const Catalogue catalogue(books.categories);
    const CivilDate date = any_date().civil();
    const auto plan = reports::plan_period(reports::MonthAsked{date.year, date.month}, {});
    RC_ASSERT(plan.has_value());
    std::vector<reports::PeriodReport> all;
    for (const domain::Property& property : books.properties) {
        all.push_back(*reports::period_report(source, property, catalogue, *plan));
    }
    reports::NumbersByCurrency numbers;
    for (const auto& report : all) numbers.emplace(report.currency, &report.numbers);
    const auto totals = reports::currency_totals(numbers);
    RC_ASSERT(totals.has_value());
    RC_ASSERT(totals->size() == 2U);
    for (const reports::CurrencyTotals& each : *totals) {
        RC_ASSERT(each == naive_currency_totals(books, each.currency, plan->period.dates));
    }
}

}  // namespace
}  // namespace daybook::test
