// daybook org, daybook property: what entries hang on.
#include <CLI/Option.hpp>
#include <optional>
#include <utility>

#include "base/json_writer.h"
#include "cli/commands.h"
#include "cli/lookup.h"
#include "cli/write_access.h"

namespace daybook::cli {
namespace {

struct OrgCreate : DataOption {
    std::string name;
    std::string owner_name;
    std::string owner_email;
};

// Who will own it; prints the link that opens the account.
Status invite_owner(Session& session, const OrgCreate& options, const ApiCall& call, OrgId org) {
    ApiRequest request{"POST", "/v1/users", org, {}};
    JsonWriter json(request.body);
    json.begin_object();
    json.key("name").string(options.owner_name);
    json.key("email").string(options.owner_email);
    json.key("role").string("owner");
    json.end_object();
    const auto answer = TRY(call_json(call, request));
    return session.console.print(TRY(string_member(answer, "link")) + "\n");
}

Result<int> create_org(Session& session, const OrgCreate& options) {
    if (options.owner_name.empty() != options.owner_email.empty()) {
        return fail(ErrorCode::invalid_value, "An owner has both: --owner-name and --owner-email.");
    }
    const DataDirectory directory = options.directory();
    TRY(directory.create());
    const auto access = TRY(WriteAccess::open(directory, session.machine));
    ApiRequest request{"POST", "/v1/orgs", std::nullopt, {}};
    JsonWriter json(request.body);
    json.begin_object().key("name").string(options.name).end_object();
    const auto answer = TRY(call_json(access.call(), request));
    const std::string id = TRY(string_member(answer, "orgId"));
    TRY(session.console.print(id + "\n"));
    if (options.owner_email.empty()) return kExitDone;
    TRY(invite_owner(session, options, access.call(), OrgId::parse(id).value_or(OrgId{})));
    return kExitDone;
}

Result<int> list_orgs(Session& session, const DataOption& options) {
    const auto store = TRY(open_books(session, options));
    for (const domain::Org& org : TRY(store->orgs()))
        TRY(session.console.print(org.id.to_string() + "  " + org.name + "\n"));
    return kExitDone;
}

struct PropertyAdd : DataOption {
    std::string org;
    std::string name;
    std::string kind = "hotel";
    std::string group;
    std::string currency;
    std::string zone;
    std::string cutoff;
    std::string books_start_on;
    std::string opening_cash;
    std::string opening_bank;
    int fiscal_start = 1;
};

// People type decimals; the API takes minor units.
Result<std::int64_t> opening_minor(std::string_view text, std::string_view currency) {
    if (text.empty()) return 0;
    const auto parsed = domain::Currency::parse(currency);
    if (!parsed) {
        return fail(ErrorCode::invalid_value,
                    "'" + std::string(currency) + "' is not a currency of ISO 4217, such as EUR.");
    }
    return domain::parse_decimal(text, *parsed);
}

Result<std::string> property_body(const PropertyAdd& options) {
    const std::int64_t cash = TRY(opening_minor(options.opening_cash, options.currency));
    const std::int64_t bank = TRY(opening_minor(options.opening_bank, options.currency));
    std::string body;
    JsonWriter json(body);
    const auto optional = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) json.key(name).string(value);
    };
    json.begin_object();
    json.key("name").string(options.name);
    json.key("kind").string(options.kind);
    json.key("currency").string(options.currency);
    json.key("timeZone").string(options.zone);
    json.key("fiscalStartMonth").integer(options.fiscal_start);
    optional("group", options.group);
    optional("dayCutoff", options.cutoff);
    optional("booksStartOn", options.books_start_on);
    json.key("openingMinor").begin_object();
    json.key("cash").integer(cash);
    json.key("bank").integer(bank);
    json.end_object();
    json.end_object();
    return body;
}

Result<int> add_property(Session& session, const PropertyAdd& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    const auto access = TRY(WriteAccess::open(options.directory(), session.machine));
    const auto answer = TRY(
        call_json(access.call(), {"POST", "/v1/properties", org.id, TRY(property_body(options))}));
    TRY(session.console.print(TRY(string_member(answer, "id")) + "\n"));
    return kExitDone;
}

struct PropertyList : DataOption {
    std::string org;
};

Result<int> list_properties(Session& session, const PropertyList& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    const auto snapshot = TRY(store->snapshot(org.id));
    for (const domain::Property& each : TRY(snapshot->properties())) {
        std::string line = each.id.to_string() + "  " + std::string(each.currency.code()) + "  " +
                           each.books_start_on.to_string() + "  " + each.name;
        if (!each.active) line += " (inactive)";
        TRY(session.console.print(line + "\n"));
    }
    return kExitDone;
}

void add_property_options(CLI::App& app, PropertyAdd& options) {
    add_data_option(app, options.data);
    app.add_option("--org", options.org, "Org, by id or name; may be left out if there is one");
    app.add_option("--name", options.name, "Unique in the org")->required();
    app.add_option("--currency", options.currency, "ISO 4217, such as EUR")->required();
    app.add_option("--time-zone", options.zone, "IANA, such as Europe/Lisbon")->required();
    app.add_option("--kind", options.kind, "hotel, hostel, resort, apartment or other")
        ->capture_default_str();
    app.add_option("--group", options.group, "Company or region");
    app.add_option("--cutoff", options.cutoff, "When the day begins, 00:00 to 12:00")
        ->type_name("HH:MM");
    app.add_option("--fiscal-start", options.fiscal_start, "Month that the fiscal year begins in")
        ->capture_default_str();
    app.add_option("--books-start-on", options.books_start_on, "First day of the books (today)")
        ->type_name("YYYY-MM-DD");
    app.add_option("--opening-cash", options.opening_cash, "Cash on that morning, such as 250.00");
    app.add_option("--opening-bank", options.opening_bank, "Bank balance on that morning");
}

}  // namespace

void add_org_commands(CommandLine& line) {
    CLI::App* org = line.root.add_subcommand("org", "Make and list orgs");
    org->require_subcommand(1);
    const auto create = add_command<OrgCreate>(
        line, *org, "create", "Make an org with the starter categories; prints its id",
        "daybook org create --data /var/lib/daybook --name \"Casa Azul\"", create_org);
    add_data_option(*create.app, create.options->data);
    create.app->add_option("--name", create.options->name, "Its name")->required();
    create.app->add_option("--owner-name", create.options->owner_name,
                           "Who owns it; prints a second line, the link that opens the account");
    create.app->add_option("--owner-email", create.options->owner_email,
                           "The owner's e-mail address");
    const auto orgs = add_command<DataOption>(line, *org, "list", "List the orgs",
                                              "daybook org list --data DIR", list_orgs);
    add_data_option(*orgs.app, orgs.options->data);

    CLI::App* property = line.root.add_subcommand("property", "Add and list properties");
    property->require_subcommand(1);
    const auto add = add_command<PropertyAdd>(
        line, *property, "add", "Add a property with books of its own; prints its id",
        "daybook property add --data DIR --name \"Casa Azul Lisboa\" --currency EUR \\\n"
        "      --time-zone Europe/Lisbon --cutoff 04:00 --opening-cash 250.00",
        add_property);
    add_property_options(*add.app, *add.options);
    const auto list = add_command<PropertyList>(
        line, *property, "list", "List the properties: id, currency, start of the books, name",
        "daybook property list --data DIR", list_properties);
    add_data_option(*list.app, list.options->data);
    list.app->add_option("--org", list.options->org, "Org, by id or name");
}

}  // namespace daybook::cli
