// daybook report: what the API answers, from the same renderer, byte for byte.
#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include "app/business_day.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/lookup.h"
#include "reports/query.h"

namespace daybook::cli {
namespace {

using domain::BusinessDate;

struct ReportOptions : DataOption {
    std::string org;
    std::vector<std::string> properties;
    reports::Format format = reports::Format::table;
    std::string date;
    std::string from;
    std::string to;
    std::string month;
    std::optional<int> year;
    std::optional<int> fiscal_year;
    std::optional<int> quarter;
};

using FillIn = Result<reports::PeriodAsked> (*)(const ReportOptions& options, BusinessDate today);

Result<BusinessDate> date_of(const std::string& text, const char* option) {
    const auto date = BusinessDate::parse(text);
    if (date) return *date;
    return fail(ErrorCode::invalid_value, std::string(option) + ": '" + text +
                                              "' is not a date. Write it as YYYY-MM-DD, from 1970 "
                                              "to 2199.");
}

Result<reports::PeriodAsked> day_asked(const ReportOptions& options, BusinessDate today) {
    if (options.date.empty()) return reports::DayAsked{today};
    return reports::DayAsked{TRY(date_of(options.date, "--date"))};
}

Result<reports::PeriodAsked> range_asked(const ReportOptions& options, BusinessDate) {
    return domain::DateRange{TRY(date_of(options.from, "--from")),
                             TRY(date_of(options.to, "--to"))};
}

Result<reports::PeriodAsked> month_asked(const ReportOptions& options, BusinessDate today) {
    if (options.month.empty()) return reports::MonthAsked{today.civil().year, today.civil().month};
    const auto first = BusinessDate::parse(options.month + "-01");
    if (!first) {
        return fail(ErrorCode::invalid_value,
                    "--month: '" + options.month + "' is not a month. Write it as YYYY-MM.");
    }
    return reports::MonthAsked{first->civil().year, first->civil().month};
}

Result<reports::PeriodAsked> year_asked(const ReportOptions& options, BusinessDate today) {
    if (options.fiscal_year) {
        return reports::YearAsked{*options.fiscal_year, reports::YearBasis::fiscal,
                                  options.quarter};
    }
    return reports::YearAsked{options.year.value_or(today.civil().year),
                              reports::YearBasis::calendar, options.quarter};
}

Result<int> print_report(Session& session, const ReportOptions& options, FillIn fill_in) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    const auto snapshot = TRY(store->snapshot(org.id));
    auto properties = TRY(snapshot->properties());
    reports::ReportQuery query;
    query.format = options.format;
    if (!options.properties.empty()) {
        std::map<PropertyId, domain::Property> asked;
        for (const std::string& each : options.properties) {
            domain::Property found = TRY(find_property(properties, each));
            asked.emplace(found.id, std::move(found));
        }
        properties.clear();
        for (auto& [id, property] : asked) {
            query.properties.push_back(id);
            properties.push_back(std::move(property));
        }
    }
    const BusinessDate today =
        TRY(app::latest_business_date(properties, session.machine.clock.now()));
    query.period = TRY(fill_in(options, today));
    const auto rendered = TRY(reports::render(*snapshot, query, std::move(properties)));
    TRY(session.console.print(rendered.bytes));
    return kExitDone;
}

template <FillIn fill_in>
Result<int> run_report(Session& session, const ReportOptions& options) {
    return print_report(session, options, fill_in);
}

void add_common_options(CLI::App& app, ReportOptions& options) {
    static const std::map<std::string, reports::Format> kFormats{{"table", reports::Format::table},
                                                                 {"json", reports::Format::json},
                                                                 {"csv", reports::Format::csv}};
    add_data_option(app, options.data);
    app.add_option("--org", options.org, "Org, by id or name; may be left out if there is one");
    app.add_option("--property", options.properties,
                   "Property, by id or name; may be repeated; left out: all")
        ->type_name("NAME-OR-ID");
    app.add_option("--format", options.format, "table, json or csv")
        ->transform(CLI::CheckedTransformer(kFormats).description(""))
        ->type_name("FORMAT")
        ->default_str("table");
}

}  // namespace

void add_report_commands(CommandLine& line) {
    CLI::App* report = line.root.add_subcommand("report", "Print a report, as the API answers it");
    report->require_subcommand(1);
    const auto daily = add_command<ReportOptions>(
        line, *report, "daily", "One day, with its entries",
        "daybook report daily --data DIR --property \"Casa Azul\" --date 2026-03-29",
        run_report<day_asked>);
    add_common_options(*daily.app, *daily.options);
    daily.app->add_option("--date", daily.options->date, "The business date (today)")
        ->type_name("YYYY-MM-DD");

    const auto range = add_command<ReportOptions>(
        line, *report, "range", "From a day to a day, both included",
        "daybook report range --data DIR --from 2026-03-01 --to 2026-04-15 --format csv",
        run_report<range_asked>);
    add_common_options(*range.app, *range.options);
    range.app->add_option("--from", range.options->from, "First day")
        ->required()
        ->type_name("YYYY-MM-DD");
    range.app->add_option("--to", range.options->to, "Last day")
        ->required()
        ->type_name("YYYY-MM-DD");

    const auto monthly = add_command<ReportOptions>(
        line, *report, "monthly", "A month, day by day",
        "daybook report monthly --data DIR --month 2026-03", run_report<month_asked>);
    add_common_options(*monthly.app, *monthly.options);
    monthly.app->add_option("--month", monthly.options->month, "The month (the present one)")
        ->type_name("YYYY-MM");

    const auto yearly = add_command<ReportOptions>(
        line, *report, "yearly", "A year or one of its quarters, month by month",
        "daybook report yearly --data DIR --fiscal-year 2025 --quarter 1", run_report<year_asked>);
    add_common_options(*yearly.app, *yearly.options);
    const CLI::Range years(limits::kYearMin, limits::kYearMax);
    CLI::Option* year =
        yearly.app->add_option("--year", yearly.options->year, "Calendar year (the present one)")
            ->check(years)
            ->type_name("YYYY");
    yearly.app
        ->add_option("--fiscal-year", yearly.options->fiscal_year,
                     "Fiscal year that starts in this year")
        ->check(years)
        ->type_name("YYYY")
        ->excludes(year);
    yearly.app->add_option("--quarter", yearly.options->quarter, "1 to 4, of either")
        ->check(CLI::Range(1, 4))
        ->type_name("N");
}

}  // namespace daybook::cli
