// daybook report: what the API answers, from the same renderer, byte for byte.
#include <CLI/Option.hpp>
#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "app/business_day.h"
#include "base/limits.h"
#include "cli/commands.h"
#include "cli/lookup.h"
#include "cli/value_options.h"
#include "reports/query.h"

namespace daybook::cli {
namespace {

using domain::BusinessDate;

struct ReportOptions : DataOption {
    std::string org;
    std::vector<std::string> properties;
    reports::Format format = reports::Format::table;
    std::optional<BusinessDate> date;
    std::optional<BusinessDate> from;
    std::optional<BusinessDate> to;
    std::optional<BusinessDate> month;  // its first day
    std::optional<int> year;
    std::optional<int> fiscal_year;
    std::optional<int> quarter;

    [[nodiscard]] Status check() const { return check_order(from, to); }
};

constexpr Choices<reports::Format, 3> kFormats{{{"table", reports::Format::table},
                                                {"json", reports::Format::json},
                                                {"csv", reports::Format::csv}}};

std::optional<reports::Format> parse_format(std::string_view text) {
    return choose(kFormats, text);
}

std::optional<BusinessDate> parse_month(std::string_view text) {
    return BusinessDate::parse(std::string(text) + "-01");
}

using FillIn = reports::PeriodAsked (*)(const ReportOptions& options, BusinessDate today);

reports::PeriodAsked day_asked(const ReportOptions& options, BusinessDate today) {
    return reports::DayAsked{options.date.value_or(today)};
}

reports::PeriodAsked range_asked(const ReportOptions& options, BusinessDate today) {
    return domain::DateRange{options.from.value_or(today), options.to.value_or(today)};
}

reports::PeriodAsked month_asked(const ReportOptions& options, BusinessDate today) {
    const CivilDate first = options.month.value_or(today).civil();
    return reports::MonthAsked{first.year, first.month};
}

reports::PeriodAsked year_asked(const ReportOptions& options, BusinessDate today) {
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
    query.period = fill_in(options, today);
    const auto rendered = TRY(reports::render(*snapshot, query, std::move(properties)));
    TRY(session.console.print(rendered.bytes));
    return kExitDone;
}

template <FillIn fill_in>
Result<int> run_report(Session& session, const ReportOptions& options) {
    return print_report(session, options, fill_in);
}

void add_common_options(CLI::App& app, ReportOptions& options) {
    add_data_option(app, options.data);
    app.add_option("--org", options.org, "Org, by id or name; may be left out if there is one");
    app.add_option("--property", options.properties,
                   "Property, by id or name; may be repeated; left out: all")
        ->type_name("NAME-OR-ID");
    add_value(app, "--format", "table, json or csv", options.format, parse_format,
              {"format", "Use table, json or csv."})
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
    add_date(*daily.app, "--date", "The business date (today)", daily.options->date);

    const auto range = add_command<ReportOptions>(
        line, *report, "range", "From a day to a day, both included",
        "daybook report range --data DIR --from 2026-03-01 --to 2026-04-15 --format csv",
        run_report<range_asked>);
    add_common_options(*range.app, *range.options);
    add_date(*range.app, "--from", "First day", range.options->from)->required();
    add_date(*range.app, "--to", "Last day", range.options->to)->required();

    const auto monthly = add_command<ReportOptions>(
        line, *report, "monthly", "A month, day by day",
        "daybook report monthly --data DIR --month 2026-03", run_report<month_asked>);
    add_common_options(*monthly.app, *monthly.options);
    add_value(*monthly.app, "--month", "The month (the present one)", monthly.options->month,
              parse_month, {"month", "Write it as YYYY-MM, from 1970 to 2199."})
        ->type_name("YYYY-MM");

    const auto yearly = add_command<ReportOptions>(
        line, *report, "yearly", "A year or one of its quarters, month by month",
        "daybook report yearly --data DIR --fiscal-year 2025 --quarter 1", run_report<year_asked>);
    add_common_options(*yearly.app, *yearly.options);
    constexpr NumberRange kYears{limits::kYearMin, limits::kYearMax};
    CLI::Option* year = add_number(*yearly.app, "--year", "Calendar year (the present one)",
                                   yearly.options->year, kYears, "year")
                            ->type_name("YYYY");
    add_number(*yearly.app, "--fiscal-year", "Fiscal year that starts in this year",
               yearly.options->fiscal_year, kYears, "year")
        ->type_name("YYYY")
        ->excludes(year);
    add_number(*yearly.app, "--quarter", "1 to 4, of either", yearly.options->quarter, {1, 4},
               "quarter")
        ->type_name("N");
}

}  // namespace daybook::cli
