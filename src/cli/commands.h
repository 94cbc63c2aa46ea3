// How the commands hang on the program: each adds itself to CLI11's root, and says what to run.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <memory>
#include <string>

#include "cli/program.h"

namespace daybook::cli {

// What a command works with while it runs.
struct Session {
    const Machine& machine;
    Console& console;
};

// The exit code. An error is told, and ends with kExitFailed.
using Action = std::function<Result<int>(Session&)>;

// The root of all commands, and of the one that was chosen what is wrong with its options together,
// and its action.
struct CommandLine {
    CLI::App root{"Daybook: the live, provable books of hotels", "daybook"};
    std::function<Status()> check;
    Action chosen;
};

// A command with its --help: `words` say what it does, `example` how it is called. Options are kept
// in a value that the action gets; `--data` is one of them. Where it has a check(), what that
// refuses is a mistake of usage.
template <class Options>
struct Command {
    CLI::App* app;
    std::shared_ptr<Options> options;
};

template <class Options>
Command<Options> add_command(CommandLine& line, CLI::App& parent, const std::string& name,
                             const std::string& words, const std::string& example,
                             Result<int> (*run)(Session&, const Options&)) {
    CLI::App* app = parent.add_subcommand(name, words);
    app->footer("Example:\n  " + example);
    auto options = std::make_shared<Options>();
    app->callback([&line, options, run] {
        line.check = [options]() -> Status {
            if constexpr (requires { options->check(); }) return options->check();
            return {};
        };
        line.chosen = [options, run](Session& session) { return run(session, *options); };
    });
    return {app, std::move(options)};
}

// Every command has its books somewhere.
struct DataOption {
    std::string data;

    [[nodiscard]] DataDirectory directory() const { return DataDirectory(data); }
};
void add_data_option(CLI::App& app, std::string& data);

void add_serve_commands(CommandLine& line);        // serve, demo, version
void add_org_commands(CommandLine& line);          // org, property
void add_token_commands(CommandLine& line);        // token
void add_dead_letter_commands(CommandLine& line);  // dead-letters
void add_user_commands(CommandLine& line);         // user
void add_import_command(CommandLine& line);        // import
void add_report_commands(CommandLine& line);       // report
void add_export_command(CommandLine& line);        // export
void add_maintenance_commands(CommandLine& line);  // verify, rebuild, backup, restore
void add_move_command(CommandLine& line);          // move
void add_doctor_command(CommandLine& line);        // doctor

// The store to read from, if there are books. Errors: not_found, those of the store.
Result<std::unique_ptr<app::Store>> open_books(Session& session, const DataOption& data);

}  // namespace daybook::cli
