// daybook user: who may sign in; and the way back in for who is locked out.
#include <CLI/Option.hpp>
#include <algorithm>
#include <vector>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/lookup.h"
#include "cli/value_options.h"
#include "cli/write_access.h"
#include "domain/user.h"

namespace daybook::cli {
namespace {

struct UserOptions : DataOption {
    std::string org;
    std::string user;
    std::string name;
    std::string email;
    domain::Role role = domain::Role::auditor;
    std::optional<Instant> until;
    std::vector<std::string> properties;
};

Result<int> list_users(Session& session, const UserOptions& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    const auto snapshot = TRY(store->snapshot(org.id));
    for (const domain::User& each : TRY(snapshot->users())) {
        std::string line = each.id.to_string() + "  " +
                           std::string(domain::role_name(each.grant.role)) + "  " +
                           std::string(domain::user_status_name(each.status)) + "  " +
                           std::string(each.email.shown()) + "  " + std::string(each.name.shown());
        if (each.grant.until) line += "  until " + each.grant.until->to_string();
        TRY(session.console.print(line + "\n"));
    }
    return kExitDone;
}

Status write_scope(JsonWriter& json, app::Store& store, OrgId org,
                   const std::vector<std::string>& asked) {
    if (asked.empty()) return {};
    const auto snapshot = TRY(store.snapshot(org));
    const auto properties = TRY(snapshot->properties());
    json.key("scope").begin_object();
    json.key("properties").begin_array();
    for (const std::string& each : asked)
        json.string(TRY(find_property(properties, each)).id.to_string());
    json.end_array();
    json.end_object();
    return {};
}

Result<int> add_user(Session& session, const UserOptions& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    ApiRequest request{"POST", "/v1/users", org.id, {}};
    JsonWriter json(request.body);
    json.begin_object();
    json.key("name").string(options.name);
    json.key("email").string(options.email);
    json.key("role").string(domain::role_name(options.role));
    if (options.until) json.key("until").string(options.until->to_string());
    TRY(write_scope(json, *store, org.id, options.properties));
    json.end_object();
    const auto access = TRY(WriteAccess::open(options.directory(), session.machine));
    const auto answer = TRY(call_json(access.call(), request));
    TRY(session.console.print(TRY(string_member(answer, "link")) + "\n"));
    session.console.say("Send this link to " + options.email + "; it opens the account once.");
    return kExitDone;
}

Result<int> reset_user(Session& session, const UserOptions& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    const domain::User user = TRY(find_user(*store, org.id, options.user));
    const auto access = TRY(WriteAccess::open(options.directory(), session.machine));
    const auto answer = TRY(call_json(
        access.call(), {"POST", "/v1/users/" + user.id.to_string() + "/link", org.id, {}}));
    TRY(session.console.print(TRY(string_member(answer, "link")) + "\n"));
    session.console.say("Whoever opens this link chooses a new password for " +
                        std::string(user.email.shown()) + ".");
    return kExitDone;
}

void add_common_options(CLI::App& app, UserOptions& options) {
    add_data_option(app, options.data);
    app.add_option("--org", options.org, "Org, by id or name; may be left out if there is one");
}

}  // namespace

void add_user_commands(CommandLine& line) {
    CLI::App* user =
        line.root.add_subcommand("user", "Add, list and let back in those who sign in");
    user->require_subcommand(1);
    const auto add = add_command<UserOptions>(
        line, *user, "add", "Invite somebody; prints the link that opens the account, once",
        "daybook user add --data DIR --name \"Ana Lopes\" --email ana@example.com \\\n"
        "      --role manager --property \"Casa Azul\"",
        add_user);
    add_common_options(*add.app, *add.options);
    add_words(*add.app, "--name", "Their name", add.options->name)->required();
    add_words(*add.app, "--email", "Their e-mail address", add.options->email)->required();
    add_role(*add.app, add.options->role)->required();
    add.app->add_option("--property", add.options->properties,
                        "A property that they may see, by id or name; left out: all");
    add_moment(*add.app, "--until", "When their access ends", add.options->until);

    const auto list = add_command<UserOptions>(
        line, *user, "list", "List the users: id, role, status, e-mail address, name",
        "daybook user list --data DIR", list_users);
    add_common_options(*list.app, *list.options);

    const auto reset = add_command<UserOptions>(
        line, *user, "reset", "Print a link to choose a new password by, also for the last owner",
        "daybook user reset --data DIR ana@example.com", reset_user);
    add_common_options(*reset.app, *reset.options);
    reset.app->add_option("user", reset.options->user, "E-mail address or id")->required();
}

}  // namespace daybook::cli
