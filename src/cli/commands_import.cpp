// daybook import: somebody's CSV becomes entries.
#include <CLI/Option.hpp>

#include "cli/commands.h"
#include "cli/hotel_bookings.h"
#include "cli/import_files.h"
#include "cli/lookup.h"
#include "cli/value_options.h"
#include "cli/write_access.h"

namespace daybook::cli {
namespace {

struct ImportOptions : DataOption {
    std::string org;
    std::string input;
    ImportFiles files;
};

std::optional<std::string> parse_profile(std::string_view text) {
    if (text != kHotelBookingsProfile) return std::nullopt;
    return std::string(text);
}

Result<int> run_import(Session& session, const ImportOptions& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    const auto access = TRY(WriteAccess::open(options.directory(), session.machine));
    const InputFile input = TRY(InputFile::read(options.input));
    const ImportCounts counts =
        TRY(import_files(session, input, options.files, *store, org.id, access.call()));
    TRY(session.console.print(summary_of(counts)));
    return kExitDone;
}

}  // namespace

void add_import_command(CommandLine& line) {
    const auto command = add_command<ImportOptions>(
        line, line.root, "import",
        "Import a CSV file, plain or gzip. The whole file is checked first: if a row is bad,\n"
        "nothing is written. Running it again adds only what is missing.",
        "daybook import --data DIR --profile hotel-bookings hotel-bookings.csv.gz\n"
        "  daybook import --data DIR --mapping bank.json statement.csv --skip-bad bad.csv",
        run_import);
    CLI::App& app = *command.app;
    ImportOptions& options = *command.options;
    add_data_option(app, options.data);
    app.add_option("--org", options.org, "Org, by id or name; may be left out if there is one");
    CLI::Option_group* rule = app.add_option_group("rule", "How rows become entries");
    add_value(*rule, "--profile", "A rule of this program: hotel-bookings", options.files.profile,
              parse_profile, {"profile", "Use hotel-bookings, or write a mapping."})
        ->type_name("NAME");
    rule->add_option("--mapping", options.files.mapping,
                     "A rule of yours: a JSON file (examples/hotels/README.md)")
        ->type_name("FILE");
    rule->require_option(1);
    app.add_option("--skip-bad", options.files.skip_bad,
                   "Leave bad rows out, and write them with their reasons to this new file; no row "
                   "whose bytes or quotes are broken")
        ->type_name("FILE");
    app.add_option("file", options.input, "The CSV file")->required()->type_name("FILE");
}

}  // namespace daybook::cli
