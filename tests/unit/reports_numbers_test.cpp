// Need: nothing. Goal: balances, counts, margins, sums and periods by hand-made examples. Seed:
// none.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "base/limits.h"
#include "reports/balances.h"
#include "reports/currency_totals.h"
#include "reports/daily.h"
#include "reports/period.h"
#include "reports/steps.h"
#include "support/fake_report_source.h"
#include "support/sample_books.h"

namespace daybook::test {
namespace {

using domain::Account;
using domain::EntryKind;
using domain::EntryStatus;
using reports::Catalogue;

reports::DailyReport daily(const Books& books, const domain::Property& property,
                           std::string_view date) {
    FakeReportSource source(books);
    const auto report = reports::daily_report(source, property, Catalogue(books.categories),
                                              day(date), limits::kReportEntriesMax);
    EXPECT_TRUE(report.has_value());
    return *report;
}

TEST(Balances, BeforeTheBooksStartTheyOpenWithTheDeclaredBalance) {
    Books books = empty_books();
    add_property(books, "Alfama", "EUR");
    books.properties[0].books_start_on = day("2026-03-01");
    books.properties[0].opening_minor = {-500, 70'000};
    FakeReportSource source(books);
    const auto found =
        reports::balances(source, books.properties[0], {day("2026-02-27"), day("2026-03-02")});
    ASSERT_TRUE(found.has_value());
    ASSERT_EQ(found->by_step.size(), 4U);
    for (const auto& step : found->by_step) {
        EXPECT_EQ(step[0].opening, -500);
        EXPECT_EQ(step[0].closing(), -500);
        EXPECT_EQ(step[1].closing(), 70'000);
    }
    EXPECT_EQ(found->whole(Account::bank).opening, 70'000);
}

TEST(Balances, AnOpeningReadsRollUpsAndNotEveryDayBefore) {
    Books books = empty_books();
    const domain::Property property = add_property(books, "Alfama", "EUR");
    for (auto date = day("2020-01-01"); date <= day("2026-12-31"); date = date.plus(1)) {
        add_entry(books, property, EntryKind::revenue, date);
    }
    FakeReportSource source(books);
    const auto found = reports::balances(source, property, {day("2026-12-31"), day("2026-12-31")});
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->by_step.front().front().opening, 100 * (7 * 365 + 2 - 1));
    // Two accounts of 6 years, 11 months, 30 days and the day itself.
    EXPECT_EQ(source.rows_read(), 2U * (6 + 11 + 30 + 1));
}

TEST(Balances, RunsBeforeADateCoverEveryDayOnce) {
    EXPECT_TRUE(reports::runs_before(day("1970-01-01")).empty());
    EXPECT_EQ(reports::runs_before(day("2026-01-01")).size(), 1U);
    const auto runs = reports::runs_before(day("2026-03-29"));
    ASSERT_EQ(runs.size(), 3U);
    EXPECT_EQ(runs[0].from, 1970);
    EXPECT_EQ(runs[0].to, 2025);
    EXPECT_EQ(runs[1].from, 202601);
    EXPECT_EQ(runs[1].to, 202602);
    EXPECT_EQ(runs[2].from, 20260301);
    EXPECT_EQ(runs[2].to, 20260328);
}

TEST(Steps, AreCountedWithoutBeingMade) {
    using domain::PeriodLevel;
    for (const auto& [from, to] :
         {std::pair("2026-03-29", "2026-03-29"), std::pair("2024-02-01", "2024-03-31"),
          std::pair("2025-07-01", "2026-06-30"), std::pair("1970-01-01", "1999-12-31")}) {
        const domain::DateRange dates{day(from), day(to)};
        EXPECT_EQ(reports::count_steps(dates, PeriodLevel::day),
                  reports::steps_of(dates, PeriodLevel::day).size());
        if (dates.from.civil().day != 1) continue;
        EXPECT_EQ(reports::count_steps(dates, PeriodLevel::month),
                  reports::steps_of(dates, PeriodLevel::month).size());
    }
    const domain::DateRange none{day("2026-03-02"), day("2026-03-01")};
    EXPECT_EQ(reports::count_steps(none, PeriodLevel::day), 0U);
    EXPECT_EQ(reports::steps_of(none, PeriodLevel::day).size(), 0U);
}

TEST(DailyReport, CountsWhatIsApprovedAndReportsTheRestBeside) {
    Books books = empty_books();
    const domain::Property property = add_property(books, "Alfama", "EUR");
    const auto date = day("2026-03-29");
    add_entry(books, property, EntryKind::revenue, date).content.amount.minor = 5'000;
    add_entry(books, property, EntryKind::revenue, date).status = EntryStatus::rejected;
    add_entry(books, property, EntryKind::revenue, date).status = EntryStatus::deleted;
    add_entry(books, property, EntryKind::expense, date).status = EntryStatus::pending;
    add_entry(books, property, EntryKind::revenue, day("2026-03-28")).status = EntryStatus::pending;
    domain::Entry& refund = add_entry(books, property, EntryKind::revenue, date);
    refund.content.reversal = true;
    refund.content.payment_mode = Account::bank;
    domain::Entry& banked = add_entry(books, property, EntryKind::transfer, date);
    banked.content.amount.minor = 2'000;

    const auto report = daily(books, property, "2026-03-29");
    EXPECT_EQ(report.numbers.cash.in_minor, 5'000);
    EXPECT_EQ(report.numbers.cash.transfer_minor, -2'000);
    EXPECT_EQ(report.numbers.cash.closing_minor, 3'000);
    EXPECT_EQ(report.numbers.bank.in_minor, -100);
    EXPECT_EQ(report.numbers.bank.closing_minor, 1'900);
    EXPECT_EQ(report.numbers.totals.revenue_minor, 4'900);
    EXPECT_EQ(report.numbers.totals.expense_minor, 0);
    EXPECT_EQ(report.numbers.entry_count, 3);
    EXPECT_EQ(report.numbers.pending.count, 1);
    EXPECT_EQ(report.numbers.pending.expense_minor, 100);
    EXPECT_EQ(report.numbers.pending.cash_net_minor, -100);
    EXPECT_EQ(report.numbers.pending.carried_cash_net_minor, 100);
    EXPECT_EQ(report.entries.size(), 5U);  // all of the day but the deleted one
    EXPECT_FALSE(report.entries_truncated);
    EXPECT_EQ(report.status, reports::DayStatus::open);
}

TEST(DailyReport, AVarianceIsNeitherPostedNorBlamedOnUndecidedEntries) {
    Books books = empty_books();
    const domain::Property property = add_property(books, "Alfama", "EUR");
    const auto date = day("2026-03-29");
    add_entry(books, property, EntryKind::revenue, date).content.amount.minor = 5'000;
    add_entry(books, property, EntryKind::expense, date).status = EntryStatus::pending;
    add_entry(books, property, EntryKind::revenue, day("2026-03-01")).status = EntryStatus::pending;
    add_count(books, property, date, 1);
    add_count(books, property, date, 4'970);  // the last one holds

    auto report = daily(books, property, "2026-03-29");
    EXPECT_EQ(report.numbers.cash.counted_minor, 4'970);
    EXPECT_EQ(report.numbers.cash.variance_minor, 4'970 - 5'000 - (-100 + 100));
    EXPECT_EQ(report.numbers.cash.closing_minor, 5'000);
    EXPECT_FALSE(report.numbers.bank.counted_minor.has_value());

    // Once closing the day has posted it, the variance reads as before, and the drawer is right.
    add_adjustment(books, property, date, domain::AdjustmentKind::over_short, -30);
    report = daily(books, property, "2026-03-29");
    EXPECT_EQ(report.numbers.cash.variance_minor, -30);
    EXPECT_EQ(report.numbers.cash.expected_minor, 5'000);
    EXPECT_EQ(report.numbers.cash.closing_minor, 4'970);
    EXPECT_EQ(report.numbers.totals.over_short_minor, -30);
    EXPECT_EQ(daily(books, property, "2026-03-30").numbers.cash.opening_minor, 4'970);
    EXPECT_FALSE(daily(books, property, "2026-03-30").numbers.cash.counted_minor.has_value());
}

TEST(DailyReport, ShowsTheFirstEntriesAndSaysThatThereAreMore) {
    Books books = empty_books();
    const domain::Property property = add_property(books, "Alfama", "EUR");
    for (int i = 0; i < 3; ++i) add_entry(books, property, EntryKind::expense, day("2026-03-29"));
    FakeReportSource source(books);
    const Catalogue catalogue(books.categories);
    const auto two = reports::daily_report(source, property, catalogue, day("2026-03-29"), 2);
    ASSERT_TRUE(two.has_value());
    EXPECT_EQ(two->entries.size(), 2U);
    EXPECT_TRUE(two->entries_truncated);
    const auto three = reports::daily_report(source, property, catalogue, day("2026-03-29"), 3);
    ASSERT_TRUE(three.has_value());
    EXPECT_EQ(three->entries.size(), 3U);
    EXPECT_FALSE(three->entries_truncated);
}

TEST(DailyReport, RefusesTotalsWhosePartsDoNotAddUp) {
    Books books = empty_books();
    const domain::Property property = add_property(books, "Alfama", "EUR");
    FakeReportSource source(books);
    source.damage(property.id, day("2026-03-29"));
    const auto report =
        reports::daily_report(source, property, Catalogue(books.categories), day("2026-03-29"), 1);
    ASSERT_FALSE(report.has_value());
    EXPECT_EQ(report.error().code, ErrorCode::corrupt);
}

TEST(Catalogue, FollowsMergersToTheirEndAndSurvivesACircle) {
    Books books = empty_books();
    const auto merge = [&](std::string_view key, std::string_view into) {
        for (domain::Category& each : books.categories) {
            if (each.kind == domain::CategoryKind::category && each.key == key) {
                each.merged_into = into;
            }
        }
    };
    using enum domain::CategoryKind;
    merge("supplies", "housekeeping");
    merge("housekeeping", "other");
    EXPECT_EQ(Catalogue(books.categories).shown_key(category, "supplies"), "other");
    EXPECT_EQ(Catalogue(books.categories).shown_key(source, "other"), "other");
    EXPECT_EQ(Catalogue(books.categories).shown_key(category, "gone"), "gone");
    merge("other", "supplies");
    EXPECT_EQ(Catalogue(books.categories).shown_key(category, "housekeeping"), "housekeeping");
}

TEST(ProfitMargin, RoundsHalfToEven) {
    const auto margin = [](std::int64_t revenue, std::int64_t net) {
        return reports::profit_margin_bps({.revenue_minor = revenue,
                                           .expense_minor = revenue - net,
                                           .net_minor = net,
                                           .over_short_minor = 0});
    };
    EXPECT_EQ(margin(100, 100), 10'000);
    EXPECT_EQ(margin(3, 1), 3'333);
    EXPECT_EQ(margin(3, 2), 6'667);
    EXPECT_EQ(margin(20'000, 1), 0);   // 0.5
    EXPECT_EQ(margin(20'000, 3), 2);   // 1.5
    EXPECT_EQ(margin(20'000, 5), 2);   // 2.5
    EXPECT_EQ(margin(20'000, -1), 0);  // -0.5
    EXPECT_EQ(margin(20'000, -3), -2);
    EXPECT_EQ(margin(20'000, -5), -2);
    EXPECT_EQ(margin(3, -1), -3'333);
    EXPECT_EQ(margin(3, -2), -6'667);
    EXPECT_EQ(margin(0, 0), std::nullopt);
    EXPECT_EQ(margin(-100, -100), std::nullopt);
    EXPECT_EQ(margin(limits::kTurnoverMinorMax, limits::kTurnoverMinorMax), 10'000);
    EXPECT_EQ(margin(1, -limits::kTurnoverMinorMax),
              std::nullopt);  // more than JavaScript can hold
}

TEST(CurrencyTotals, RefusesASumThatJavaScriptCannotHold) {
    reports::Numbers most;
    most.cash.closing_minor = limits::kTurnoverMinorMax;
    reports::Numbers one;
    one.cash.closing_minor = 1;
    reports::Numbers minus_one;
    minus_one.cash.closing_minor = -1;
    const auto euro = currency("EUR");

    const auto fits = reports::currency_totals({{euro, &most}, {euro, &one}, {euro, &minus_one}});
    ASSERT_TRUE(fits.has_value());
    EXPECT_EQ(fits->front().cash.closing_minor, limits::kTurnoverMinorMax);
    const auto other_currency = reports::currency_totals({{euro, &most}, {currency("USD"), &one}});
    EXPECT_TRUE(other_currency.has_value());

    const auto refused = reports::currency_totals({{euro, &most}, {euro, &one}});
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::total_too_large);
    const reports::NumbersByCurrency thousands = [&] {
        reports::NumbersByCurrency numbers;
        for (int i = 0; i < 2'000; ++i) numbers.emplace(euro, &most);  // beyond 64 bits
        return numbers;
    }();
    EXPECT_FALSE(reports::currency_totals(thousands).has_value());
}

TEST(CurrencyTotals, AddsCountsOnlyWhereAllWereCounted) {
    reports::Numbers counted;
    counted.cash.counted_minor = 7;
    counted.cash.variance_minor = -1;
    const reports::Numbers not_counted;
    const auto euro = currency("EUR");
    const auto both = reports::currency_totals({{euro, &counted}, {euro, &counted}});
    EXPECT_EQ(both->front().cash.counted_minor, 14);
    EXPECT_EQ(both->front().cash.variance_minor, -2);
    const auto one = reports::currency_totals({{euro, &counted}, {euro, &not_counted}});
    EXPECT_EQ(one->front().cash.counted_minor, std::nullopt);
}

TEST(PlanPeriod, NamesDatesAndLabels) {
    const auto text = [](const reports::PeriodAsked& asked, int fiscal_start_month) {
        const auto plan =
            reports::plan_period(asked, {fiscal_start_month, reports::FiscalStartFrom::property});
        if (!plan) return std::string(code_name(plan.error().code));
        const reports::Period& period = plan->period;
        return period.label + " " + period.dates.from.to_string() + " " +
               period.dates.to.to_string();
    };
    using enum reports::YearBasis;
    using reports::MonthAsked;
    using reports::YearAsked;
    EXPECT_EQ(text(MonthAsked{2024, 2}, 4), "2024-02 2024-02-01 2024-02-29");
    EXPECT_EQ(text(MonthAsked{2025, 12}, 4), "2025-12 2025-12-01 2025-12-31");
    EXPECT_EQ(text(MonthAsked{2025, 13}, 4), "invalid_value");
    EXPECT_EQ(text(YearAsked{2026, calendar, {}}, 4), "2026 2026-01-01 2026-12-31");
    EXPECT_EQ(text(YearAsked{2026, calendar, 2}, 4), "2026-Q2 2026-04-01 2026-06-30");
    EXPECT_EQ(text(YearAsked{2026, fiscal, {}}, 4), "FY2026 2026-04-01 2027-03-31");
    EXPECT_EQ(text(YearAsked{2026, fiscal, 4}, 4), "FY2026-Q4 2027-01-01 2027-03-31");
    EXPECT_EQ(text(YearAsked{2026, fiscal, 4}, 12), "FY2026-Q4 2027-09-01 2027-11-30");
    EXPECT_EQ(text(YearAsked{2199, calendar, {}}, 4), "2199 2199-01-01 2199-12-31");
    EXPECT_EQ(text(YearAsked{2199, fiscal, {}}, 4), "invalid_value");
    EXPECT_EQ(text(YearAsked{2026, calendar, 5}, 4), "invalid_value");
    const auto range = [&](std::int32_t days) {
        return text(domain::DateRange{day("2026-01-01"), day("2026-01-01").plus(days - 1)}, 1);
    };
    EXPECT_EQ(range(1), "2026-01-01..2026-01-01 2026-01-01 2026-01-01");
    EXPECT_EQ(range(1'100), "2026-01-01..2029-01-04 2026-01-01 2029-01-04");
    EXPECT_EQ(range(1'101), "range_too_long");
    EXPECT_EQ(range(0), "invalid_value");
}

TEST(FiscalStart, IsTheOrgsWherePropertiesDiffer) {
    using reports::FiscalStartFrom;
    Books books = empty_books();
    books.org.fiscal_start_month = 7;
    EXPECT_EQ(reports::fiscal_start(books.org, {}).month, 7);
    add_property(books, "Alfama", "EUR");
    add_property(books, "Baixa", "EUR");
    books.properties[0].fiscal_start_month = 4;
    EXPECT_EQ(reports::fiscal_start(books.org, books.properties),
              (reports::FiscalStart{7, FiscalStartFrom::org}));
    books.properties[1].fiscal_start_month = 4;
    EXPECT_EQ(reports::fiscal_start(books.org, books.properties),
              (reports::FiscalStart{4, FiscalStartFrom::property}));
}

}  // namespace
}  // namespace daybook::test
