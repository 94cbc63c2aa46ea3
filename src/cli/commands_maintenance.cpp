// daybook verify, rebuild, backup, restore: is it right, and how to get it back.
#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>

#include "cli/commands.h"
#include "cli/lookup.h"
#include "cli/restore.h"

namespace daybook::cli {
namespace {

struct VerifyOptions : DataOption {
    std::string org;
};

Result<int> verify(Session& session, const VerifyOptions& options) {
    const auto store = TRY(open_books(session, options));
    auto orgs = TRY(store->orgs());
    if (!options.org.empty()) orgs = {TRY(find_org(*store, options.org))};
    for (const domain::Org& org : orgs) TRY(verify_org(session.console, *store, org));
    const auto maintenance =
        TRY(session.machine.open_maintenance(options.directory(), Machine::Access::read));
    TRY(verify_rows(session.console, *maintenance));
    return kExitDone;
}

struct RebuildOptions : DataOption {
    bool check = false;
};

Result<int> rebuild(Session& session, const RebuildOptions& options) {
    const DataDirectory directory = options.directory();
    TRY(directory.must_exist());
    if (options.check) {
        const auto maintenance =
            TRY(session.machine.open_maintenance(directory, Machine::Access::read));
        TRY(rebuild_books(session.console, *maintenance, app::RebuildMode::check));
        return kExitDone;
    }
    const DirectoryLock lock = TRY(directory.lock());
    const auto maintenance =
        TRY(session.machine.open_maintenance(directory, Machine::Access::write));
    TRY(rebuild_books(session.console, *maintenance, app::RebuildMode::replace));
    return kExitDone;
}

struct BackupOptions : DataOption {
    std::string to;
};

Result<int> backup(Session& session, const BackupOptions& options) {
    const DataDirectory directory = options.directory();
    TRY(directory.must_exist());
    const auto maintenance =
        TRY(session.machine.open_maintenance(directory, Machine::Access::read));
    TRY(maintenance->backup(options.to));
    session.console.say("Everything as it stood a moment ago is in " + options.to +
                        ". Prove it: daybook restore --check --from " + options.to);
    return kExitDone;
}

struct RestoreOptions : DataOption {
    std::string from;
    bool only_check = false;

    [[nodiscard]] Status check() const {
        if (!data.empty() || only_check) return {};
        return fail(ErrorCode::missing_field,
                    "Say where to: --data DIR; or only prove the backup: --check.");
    }
};

Result<int> restore(Session& session, const RestoreOptions& options) {
    const DataDirectory directory = options.directory();
    TRY(restore_backup(session, options.from, options.only_check ? nullptr : &directory));
    session.console.say(options.only_check
                            ? options.from + " is whole and right."
                            : "Restored into " + options.data +
                                  ". Start it: daybook serve --data " + options.data);
    return kExitDone;
}

}  // namespace

void add_maintenance_commands(CommandLine& line) {
    const auto check = add_command<VerifyOptions>(
        line, line.root, "verify",
        "Prove the books: the chain of events, the totals, the rows; also beside a server",
        "daybook verify --data DIR", verify);
    add_data_option(*check.app, check.options->data);
    check.app->add_option("--org", check.options->org, "Org, by id or name; left out: all");

    const auto again = add_command<RebuildOptions>(
        line, line.root, "rebuild", "Make the tables again from the log, or compare them with it",
        "daybook rebuild --check --data DIR", rebuild);
    add_data_option(*again.app, again.options->data);
    again.app->add_flag("--check", again.options->check,
                        "Only compare; runs beside a server and changes nothing");

    const auto keep = add_command<BackupOptions>(
        line, line.root, "backup", "Write everything into one file, also beside a server",
        "daybook backup --data DIR --to daybook-2026-03-29.db", backup);
    add_data_option(*keep.app, keep.options->data);
    keep.app->add_option("--to", keep.options->to, "The new file")->required()->type_name("FILE");

    const auto back = add_command<RestoreOptions>(
        line, line.root, "restore", "Prove a backup, and put it into a new directory",
        "daybook restore --from daybook-2026-03-29.db --data NEW-DIR", restore);
    back.app->add_option("--data", back.options->data, "New directory of the books")
        ->type_name("DIR");
    back.app->add_option("--from", back.options->from, "The backup")
        ->required()
        ->check(CLI::ExistingFile)
        ->type_name("FILE");
    back.app->add_flag("--check", back.options->only_check, "Only prove it");
}

}  // namespace daybook::cli
