// daybook serve, demo, version.
#include <CLI/Option.hpp>

#include "base/log.h"
#include "cli/commands.h"
#include "cli/demo.h"
#include "cli/value_options.h"

namespace daybook::cli {
namespace {

constexpr Choices<LogLevel, 4> kLogLevels{{{"debug", LogLevel::debug},
                                           {"info", LogLevel::info},
                                           {"warning", LogLevel::warning},
                                           {"error", LogLevel::error}}};

std::optional<LogLevel> parse_log_level(std::string_view text) {
    return choose(kLogLevels, text);
}

struct ServeCommand : DataOption {
    std::string store;
    std::string bus;
    std::string bus_credentials;
    std::string address = "127.0.0.1";
    int port = kDefaultPort;
    bool webhooks_allow_private = false;
    std::vector<std::string> trusted_proxies;
    bool sign_up = false;
    bool no_rate_limits = false;
    LogLevel log_level = LogLevel::info;
};

Result<int> serve(Session& session, const ServeCommand& options) {
    set_log_level(options.log_level);
    const WebhookReach webhooks =
        options.webhooks_allow_private ? WebhookReach::also_private : WebhookReach::public_only;
    const ServeOptions serving{.data = options.directory(),
                               .store = options.store,
                               .bus = options.bus,
                               .bus_credentials = options.bus_credentials,
                               .address = options.address,
                               .port = static_cast<std::uint16_t>(options.port),
                               .webhooks = webhooks,
                               .trusted_proxies = options.trusted_proxies,
                               .sign_up = options.sign_up,
                               .rates = !options.no_rate_limits};
    return serve_books(session, serving, [](const std::string&) { return std::string(); });
}

Result<int> run_demo(Session& session, const DemoOptions& options) {
    return demo(session, options);
}

struct NoOptions {};

Result<int> version(Session& session, const NoOptions&) {
    TRY(session.console.print("daybook " + std::string(session.machine.version) + "\n"));
    return kExitDone;
}

}  // namespace

void add_serve_commands(CommandLine& line) {
    const auto server =
        add_command<ServeCommand>(line, line.root, "serve", "Serve the API until SIGTERM or SIGINT",
                                  "daybook serve --data /var/lib/daybook --port 8080", serve);
    add_data_option(*server.app, server.options->data);
    server.app
        ->add_option("--store", server.options->store,
                     "Keep the books in this PostgreSQL database instead of the directory, which "
                     "remembers it; without a password, which belongs into PGPASSFILE")
        ->type_name("postgres://…");
    server.app
        ->add_option("--bus", server.options->bus,
                     "NATS servers, with commas between them, by which the nodes that share a "
                     "database hear of each other's writes at once; without, once a second")
        ->type_name("nats://…");
    server.app
        ->add_option("--bus-credentials", server.options->bus_credentials,
                     "File with the credentials of a NATS user")
        ->type_name("FILE");
    server.app
        ->add_option("--listen", server.options->address,
                     "Address; others than this machine reach it only by another one, and should "
                     "find a proxy with TLS there")
        ->capture_default_str();
    add_port(*server.app, server.options->port);
    server.app->add_flag("--webhooks-allow-private", server.options->webhooks_allow_private,
                         "Webhooks may go to addresses of this machine and its network; without it "
                         "only to the public internet");
    server.app
        ->add_option("--trusted-proxy", server.options->trusted_proxies,
                     "Address of a proxy whose X-Forwarded-For and -Proto are believed, or network "
                     "of such proxies, as 10.42.0.0/16")
        ->type_name("ADDRESS");
    server.app->add_flag("--sign-up", server.options->sign_up,
                         "Whoever comes may found an org of their own");
    server.app->add_flag("--no-rate-limits", server.options->no_rate_limits,
                         "Do not limit the requests a second of callers and orgs");
    add_value(*server.app, "--log-level",
              "Least that is logged: debug, info, warning or error; debug tells of every report "
              "where it came from",
              server.options->log_level, parse_log_level,
              {"level", "Use debug, info, warning or error."})
        ->type_name("LEVEL")
        ->default_str("info");

    const auto example = add_command<DemoOptions>(
        line, line.root, "demo",
        "Import real bookings of two hotels, show their books, and serve them",
        "daybook demo --data ./demo", run_demo);
    add_data_option(*example.app, example.options->data);
    add_port(*example.app, example.options->port);
    example.app->add_flag("--once", example.options->once, "Stop after printing");
    example.app
        ->add_option("--examples", example.options->examples,
                     "Folder with the bookings; without it, those that the program carries")
        ->type_name("DIR");

    add_command<NoOptions>(line, line.root, "version", "Print the version", "daybook version",
                           version);
}

}  // namespace daybook::cli
