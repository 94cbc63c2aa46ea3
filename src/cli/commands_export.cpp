// daybook export: the whole of the books, for other programs and for auditors.
#include <CLI/Option.hpp>
#include <optional>
#include <vector>

#include "cli/commands.h"
#include "cli/export.h"
#include "cli/lookup.h"
#include "cli/value_options.h"

namespace daybook::cli {
namespace {

enum class ExportFormat : std::uint8_t { events, entries, hledger };

struct ExportOptions : DataOption {
    ExportFormat format = ExportFormat::events;
    std::string org;
    std::vector<std::string> properties;
    std::optional<domain::BusinessDate> from;
    std::optional<domain::BusinessDate> to;

    [[nodiscard]] Status check() const { return check_order(from, to); }
};

constexpr Choices<ExportFormat, 3> kFormats{{{"events", ExportFormat::events},
                                             {"entries", ExportFormat::entries},
                                             {"hledger", ExportFormat::hledger}}};

std::optional<ExportFormat> parse_format(std::string_view text) {
    return choose(kFormats, text);
}

Result<ExportRequest> request_of(app::Store& store, const ExportOptions& options) {
    ExportRequest request;
    request.org = TRY(find_org(store, options.org));
    request.from = options.from;
    request.to = options.to;
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
    const auto command = add_command<ExportOptions>(
        line, line.root, "export", "Write events (JSON lines), entries (CSV) or an hledger journal",
        "daybook export --data DIR --format hledger | hledger -f - balance", run_export);
    CLI::App& app = *command.app;
    ExportOptions& options = *command.options;
    add_data_option(app, options.data);
    add_value(app, "--format", "events, entries or hledger", options.format, parse_format,
              {"format", "Use events, entries or hledger."})
        ->required()
        ->type_name("FORMAT");
    app.add_option("--org", options.org, "Org, by id or name; may be left out if there is one");
    app.add_option("--property", options.properties,
                   "Property, by id or name; may be repeated; left out: all")
        ->type_name("NAME-OR-ID");
    add_date(app, "--from", "First business date", options.from);
    add_date(app, "--to", "Last business date", options.to);
}

}  // namespace daybook::cli
