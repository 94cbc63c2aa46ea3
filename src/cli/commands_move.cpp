// daybook move: all books from a directory into a database, or back.
#include <CLI/Option.hpp>
#include <optional>

#include "cli/commands.h"
#include "cli/restore.h"

namespace daybook::cli {
namespace {

struct MoveOptions {
    std::string from;
    std::string to;

    [[nodiscard]] Status check() const {
        if (is_address(from) != is_address(to)) return {};
        return fail(ErrorCode::invalid_value,
                    "Move from a directory to postgres://…, or from there to a directory.");
    }
    static bool is_address(const std::string& place) {
        return place.find("://") != std::string::npos;
    }
};

// A directory belongs to us while its books are moved.
struct Place {
    MovePlace place;
    std::optional<DirectoryLock> lock;
};

Result<Place> source_of(const std::string& from) {
    if (MoveOptions::is_address(from)) return Place{from, std::nullopt};
    DataDirectory directory(from);
    TRY(directory.must_exist());
    const std::string address = TRY(directory.store_address());
    if (!address.empty()) {
        return fail(ErrorCode::invalid_value,
                    "The books of " + from + " are in " + address + ": move them from there.");
    }
    DirectoryLock lock = TRY(directory.lock());
    return Place{std::move(directory), std::move(lock)};
}

Result<Place> target_of(const std::string& to) {
    if (MoveOptions::is_address(to)) return Place{to, std::nullopt};
    DataDirectory directory(to);
    TRY(directory.create());
    if (!TRY(directory.store_address()).empty()) {
        return fail(ErrorCode::invalid_value,
                    to + " belongs to books in a database. Name a new directory.");
    }
    DirectoryLock lock = TRY(directory.lock());
    return Place{std::move(directory), std::move(lock)};
}

Result<int> move_books(Session& session, const MoveOptions& options) {
    const Place from = TRY(source_of(options.from));
    const Place to = TRY(target_of(options.to));
    std::int64_t rows = 0;
    const Moved moved = TRY(session.machine.move(from.place, to.place, [&](std::int64_t more) {
        rows += more;
        session.console.progress("moved " + grouped(rows) + " rows");
    }));
    session.console.progress({});
    for (const domain::Org& org : TRY(moved.store->orgs()))
        TRY(verify_org(session.console, *moved.store, org));
    session.console.say("All " + grouped(moved.rows) + " rows are in " + options.to +
                        ", and alike. Serve them from there only; what is in " + options.from +
                        " is as it was.");
    return kExitDone;
}

}  // namespace

void add_move_command(CommandLine& line) {
    const auto [app, options] = add_command<MoveOptions>(
        line, line.root, "move",
        "Copy all books into a PostgreSQL database, or back; goes on where it broke off",
        "daybook move --from DIR --to postgres://daybook@db.example/books", move_books);
    app->add_option("--from", options->from, "Where the books are")
        ->required()
        ->type_name("DIR|postgres://…");
    app->add_option("--to", options->to, "An empty database or a new directory")
        ->required()
        ->type_name("DIR|postgres://…");
}

}  // namespace daybook::cli
