// Parses, runs, and turns errors into words and exit codes.
#include "cli/program.h"

#include <CLI/CLI.hpp>

#include "cli/commands.h"

namespace daybook::cli {
namespace {

void add_commands(CommandLine& line) {
    line.root.require_subcommand(1);
    line.root.footer(
        "daybook COMMAND --help shows the options of a command and an example. Begin with:\n"
        "  daybook demo --data DIR       real bookings of two hotels\n"
        "  daybook org create --data DIR --name NAME");
    line.root.get_formatter()->column_width(34);
    add_serve_commands(line);
    add_org_commands(line);
    add_token_commands(line);
    add_dead_letter_commands(line);
    add_user_commands(line);
    add_import_command(line);
    add_report_commands(line);
    add_export_command(line);
    add_maintenance_commands(line);
    add_move_command(line);
    add_doctor_command(line);
}

// The command that was asked for, as far as there is one, and how it is called.
struct Asked {
    const CLI::App* app;
    std::string command = "daybook";

    explicit Asked(const CommandLine& line) : app(&line.root) {
        while (!app->get_subcommands().empty()) {
            app = app->get_subcommands().front();
            command += " " + app->get_name();
        }
    }
    // What stands where the name of a command should; empty where nothing wrong does.
    [[nodiscard]] std::string unknown_command() const {
        const auto unknown = app->remaining();
        const bool has_commands = !app->get_subcommands({}).empty();
        return has_commands && !unknown.empty() ? unknown.front() : std::string();
    }
};

// A mistake is words, and says where to look.
int refuse_usage(const CommandLine& line, const std::string& words, Console& console) {
    console.complain(words + " (see " + Asked(line).command + " --help)");
    return kExitUsage;
}

// Help is data, unless it is that of nothing.
int answer_parse_error(const CommandLine& line, const CLI::ParseError& error, Console& console) {
    const Asked asked(line);
    if (const std::string name = asked.unknown_command(); !name.empty())
        return refuse_usage(line, "there is no command '" + name + "'", console);
    if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success))
        return refuse_usage(line, error.what(), console);
    const Status printed = console.print(asked.app->help());
    return printed ? kExitDone : kExitFailed;
}

}  // namespace

void add_data_option(CLI::App& app, std::string& data) {
    app.add_option("--data", data, "Directory of the books")->required()->type_name("DIR");
}

Result<std::unique_ptr<app::Store>> open_books(Session& session, const DataOption& data) {
    const DataDirectory directory = data.directory();
    TRY(directory.must_exist());
    return session.machine.open_to_read(directory);
}

int run(int argc, const char* const* argv, const Machine& machine, Console& console) {
    CommandLine line;
    add_commands(line);
    try {
        line.root.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return answer_parse_error(line, error, console);
    }
    if (const Status usable = line.check(); !usable)
        return refuse_usage(line, usable.error().detail, console);
    Session session{machine, console};
    const Result<int> done = line.chosen(session);
    const Status written = console.finish();
    if (done && written) return *done;
    console.complain(done ? written.error().detail : done.error().detail);
    return !done && done.error().code == ErrorCode::commit_unknown ? kExitSyncFailed : kExitFailed;
}

}  // namespace daybook::cli
