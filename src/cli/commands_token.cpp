// daybook token: who may call the API.
#include <CLI/Option.hpp>
#include <optional>
#include <vector>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/lookup.h"
#include "cli/value_options.h"
#include "cli/write_access.h"

namespace daybook::cli {
namespace {

struct TokenOptions : DataOption {
    std::string org;
    std::string id;
    domain::Role role = domain::Role::auditor;
    std::string name;
    std::optional<Instant> expires;
    std::vector<std::string> properties;
    bool all_properties = false;
    std::string user;
    bool trusted = false;
};

struct TokenScopeOptions : TokenOptions {
    [[nodiscard]] Status check() const {
        if (properties.empty() == all_properties) return {};
        return fail(ErrorCode::invalid_value,
                    "Say what the token may see: --property NAME-OR-ID, once or more, or "
                    "--all-properties.");
    }
};

// `"properties": [id…]`, found by name or id; null for all.
Status write_scope(JsonWriter& json, app::Store& store, OrgId org,
                   const std::vector<std::string>& asked) {
    json.key("properties");
    if (asked.empty()) {
        json.null();
        return {};
    }
    const auto snapshot = TRY(store.snapshot(org));
    const auto properties = TRY(snapshot->properties());
    json.begin_array();
    for (const std::string& each : asked)
        json.string(TRY(find_property(properties, each)).id.to_string());
    json.end_array();
    return {};
}

Result<int> create_token(Session& session, const TokenOptions& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    ApiRequest request{"POST", "/v1/tokens", org.id, {}};
    JsonWriter json(request.body);
    json.begin_object();
    const std::string role(domain::role_name(options.role));
    json.key("name").string(options.name.empty() ? role : options.name);
    json.key("role").string(role);
    if (options.expires) json.key("expiresAt").string(options.expires->to_string());
    if (options.trusted) json.key("trusted").boolean(true);
    if (!options.user.empty()) request.user = TRY(find_user(*store, org.id, options.user)).id;
    TRY(write_scope(json, *store, org.id, options.properties));
    json.end_object();
    const auto access = TRY(WriteAccess::open(options.directory(), session.machine));
    const auto answer = TRY(call_json(access.call(), request));
    TRY(session.console.print(TRY(string_member(answer, "secret")) + "\n"));
    return kExitDone;
}

std::string state_of(const domain::Token& token, Instant now) {
    if (token.revoked) return "revoked";
    if (token.expires_at && *token.expires_at <= now) return "expired";
    return token.expires_at ? "until " + token.expires_at->to_string() : "valid";
}

Result<int> list_tokens(Session& session, const TokenOptions& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    const auto snapshot = TRY(store->snapshot(org.id));
    const Instant now = session.machine.clock.now();
    for (const domain::Token& each : TRY(snapshot->tokens())) {
        std::string scope = "all properties";
        if (!each.scope.all) {
            scope.clear();
            for (const PropertyId property : each.scope.properties) {
                const auto found = TRY(snapshot->property(property));
                scope += (scope.empty() ? "" : ", ") + (found ? found->name : "unknown");
            }
        }
        TRY(session.console.print(each.id.to_string() + "  " +
                                  std::string(domain::role_name(each.role)) + "  " +
                                  state_of(each, now) + "  " + scope + "  " + each.name + "\n"));
    }
    return kExitDone;
}

Result<domain::Token> find_token(app::Store& store, OrgId org, const std::string& asked) {
    const auto snapshot = TRY(store.snapshot(org));
    for (domain::Token& each : TRY(snapshot->tokens()))
        if (each.id.to_string() == asked) return std::move(each);
    return fail(ErrorCode::not_found,
                "There is no token " + asked + ". List them: daybook token list --data DIR");
}

Result<int> revoke_token(Session& session, const TokenOptions& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    const domain::Token token = TRY(find_token(*store, org.id, options.id));
    const auto access = TRY(WriteAccess::open(options.directory(), session.machine));
    TRY(call_json(access.call(), {"DELETE", "/v1/tokens/" + token.id.to_string(), org.id, {}}));
    session.console.say("Revoked. It opens nothing any more.");
    return kExitDone;
}

Result<int> scope_token(Session& session, const TokenScopeOptions& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    const domain::Token token = TRY(find_token(*store, org.id, options.id));
    ApiRequest request{"PATCH", "/v1/tokens/" + token.id.to_string(), org.id, {}};
    request.if_match = std::to_string(token.version);
    JsonWriter json(request.body);
    json.begin_object();
    TRY(write_scope(json, *store, org.id, options.properties));
    json.end_object();
    const auto access = TRY(WriteAccess::open(options.directory(), session.machine));
    TRY(call_json(access.call(), request));
    session.console.say("The token sees what you said, from now on.");
    return kExitDone;
}

void add_common_options(CLI::App& app, TokenOptions& options) {
    add_data_option(app, options.data);
    app.add_option("--org", options.org, "Org, by id or name; may be left out if there is one");
}

}  // namespace

void add_token_commands(CommandLine& line) {
    CLI::App* token = line.root.add_subcommand("token", "Make, list, limit and revoke API tokens");
    token->require_subcommand(1);
    const auto create = add_command<TokenOptions>(
        line, *token, "create", "Make a token; prints it, once, alone on standard output",
        "TOKEN=$(daybook token create --data DIR --role manager --property \"Casa Azul\")",
        create_token);
    add_common_options(*create.app, *create.options);
    add_role(*create.app, create.options->role)->required();
    create.app->add_option("--property", create.options->properties,
                           "A property that it may see, by id or name; left out: all");
    add_words(*create.app, "--name", "What it is for", create.options->name);
    create.app->add_option("--user", create.options->user,
                           "Whose it is, by e-mail address or id: it never may do more than they, "
                           "and dies with them; left out: the operator's");
    create.app->add_flag("--trusted", create.options->trusted,
                         "What it adds counts at once, and it decides nothing");
    add_moment(*create.app, "--expires", "When it ends", create.options->expires);

    const auto list = add_command<TokenOptions>(line, *token, "list", "List the tokens",
                                                "daybook token list --data DIR", list_tokens);
    add_common_options(*list.app, *list.options);

    const auto revoke =
        add_command<TokenOptions>(line, *token, "revoke", "Revoke a token, at once and for good",
                                  "daybook token revoke --data DIR TOKEN-ID", revoke_token);
    add_common_options(*revoke.app, *revoke.options);
    revoke.app->add_option("id", revoke.options->id, "The token's id")->required();

    const auto scope = add_command<TokenScopeOptions>(
        line, *token, "scope", "Limit a token to properties, or to none",
        "daybook token scope --data DIR TOKEN-ID --property \"Casa Azul\"", scope_token);
    add_common_options(*scope.app, *scope.options);
    scope.app->add_option("id", scope.options->id, "The token's id")->required();
    scope.app->add_option("--property", scope.options->properties, "A property that it may see");
    scope.app->add_flag("--all-properties", scope.options->all_properties,
                        "It sees all, also those to come");
}

}  // namespace daybook::cli
