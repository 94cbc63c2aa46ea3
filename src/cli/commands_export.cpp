// daybook export: the whole of the books, for other programs and for auditors.
#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>
#include <map>
#include <vector>

#include "cli/commands.h"
#include "cli/export.h"
#include "cli/lookup.h"

namespace daybook::cli {
namespace {

enum class ExportFormat : std::uint8_t { events, entries, hledger };

struct ExportOptions : DataOption {
    ExportFormat format = ExportFormat::events;
    std::string org;
    std::vector<std::string> properties;
    std::string from;
    std::string to;
};

Result<std::optional<domain::BusinessDate>> optional_date(const std::string& text) {
    if (text.empty()) return std::nullopt;
    const auto date = domain::BusinessDate::parse(text);
    if (date) return *date;
    return fail(ErrorCode::invalid_value,
                "'" + text + "' is not a date. Write it as YYYY-MM-DD, from 1970 to 2199.");
}

Result<ExportRequest> request_of(app::Store& store, const ExportOptions& options) {
    ExportRequest request;
    request.org = TRY(find_org(store, options.org));
    request.from = TRY(optional_date(options.from));
    request.to = TRY(optional_date(options.to));
    if (options.properties.empty()) return request;
    const auto snapshot = TRY(store.snapshot(request.org.id));
    const auto properties = TRY(snapshot->properties());
    for (const std::string& each : options.properties)
        request.properties.push_back(TRY(find_property(properties, each)).id);
    return request;
}

Result<int> run_export(Session& session, const ExportOptions& options) {
    const auto store = TRY(open_books(session, options));
    const ExportRequest request = TRY(request_of(*store, options));
    const Sink sink = [&](std::string_view piece) { return session.console.print(piece); };
    switch (options.format) {
        case ExportFormat::events: TRY(export_events(*store, request, sink)); break;
        case ExportFormat::entries: TRY(export_entries(*store, request, sink)); break;
        case ExportFormat::hledger: TRY(export_hledger(*store, request, sink)); break;
    }
    return kExitDone;
}

}  // namespace

void add_export_command(CommandLine& line) {
    static const std::map<std::string, ExportFormat> kFormats{{"events", ExportFormat::events},
                                                              {"entries", ExportFormat::entries},
                                                              {"hledger", ExportFormat::hledger}};
    const auto command = add_command<ExportOptions>(
        line, line.root, "export", "Write events (JSON lines), entries (CSV) or an hledger journal",
        "daybook export --data DIR --format hledger | hledger -f - balance", run_export);
    CLI::App& app = *command.app;
    ExportOptions& options = *command.options;
    add_data_option(app, options.data);
    app.add_option("--format", options.format, "events, entries or hledger")
        ->required()
        ->transform(CLI::CheckedTransformer(kFormats).description(""))
        ->type_name("FORMAT");
    app.add_option("--org", options.org, "Org, by id or name; may be left out if there is one");
    app.add_option("--property", options.properties,
                   "Property, by id or name; may be repeated; left out: all")
        ->type_name("NAME-OR-ID");
    app.add_option("--from", options.from, "First business date")->type_name("YYYY-MM-DD");
    app.add_option("--to", options.to, "Last business date")->type_name("YYYY-MM-DD");
}

}  // namespace daybook::cli
