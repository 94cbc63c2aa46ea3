// daybook org, daybook property: what entries hang on.
#include <CLI/Option.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "base/json_optional.h"
#include "base/time_zone.h"
#include "cli/commands.h"
#include "cli/lookup.h"
#include "cli/value_options.h"
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

// Names are how people say which org they mean, and none can be taken back.
Status check_is_free(app::Store& store, const std::string& name) {
    for (const domain::Org& each : TRY(store.orgs())) {
        if (each.name != name) continue;
        return fail(ErrorCode::already_exists, "There is an org '" + name + "' already, " +
                                                   each.id.to_string() +
                                                   ". Choose another name, or use that one.");
    }
    return {};
}

Result<int> create_org(Session& session, const OrgCreate& options) {
    if (options.owner_name.empty() != options.owner_email.empty()) {
        return fail(ErrorCode::invalid_value, "An owner has both: --owner-name and --owner-email.");
    }
    const DataDirectory directory = options.directory();
    TRY(directory.create());
    const auto access = TRY(WriteAccess::open(directory, session.machine));
    {
        const auto store = TRY(session.machine.open_to_read(directory));
        TRY(check_is_free(*store, options.name));
    }
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

// Above what amount a second person is wanted; none: above no amount.
struct FourEyes {
    std::optional<std::int64_t> above_minor;
};

std::optional<FourEyes> parse_four_eyes(std::string_view text) {
    if (text == "off") return FourEyes{};
    if (text == "always") return FourEyes{0};
    const auto above = parse_number(text, {1, std::numeric_limits<int>::max()});
    if (!above) return std::nullopt;
    return FourEyes{*above};
}

struct OrgPolicy : DataOption {
    std::string org;
    std::optional<FourEyes> four_eyes;
};

std::string words_of(std::optional<std::int64_t> above_minor) {
    if (!above_minor) return "off";
    return *above_minor == 0 ? "always" : std::to_string(*above_minor);
}

// Shows the policy, after it was changed if that is asked for.
Result<int> org_policy(Session& session, const OrgPolicy& options) {
    const auto store = TRY(open_books(session, options));
    const domain::Org org = TRY(find_org(*store, options.org));
    auto above_minor = org.approvals.four_eyes_above_minor;
    if (options.four_eyes) {
        above_minor = options.four_eyes->above_minor;
        const auto access = TRY(WriteAccess::open(options.directory(), session.machine));
        ApiRequest request{"PATCH", "/v1/settings", org.id, {}, std::to_string(org.version)};
        JsonWriter json(request.body);
        json.begin_object();
        write_optional(json, "fourEyesAboveMinor", above_minor);
        json.end_object();
        TRY(call_json(access.call(), request));
    }
    TRY(session.console.print("four eyes: " + words_of(above_minor) + "\n"));
    return kExitDone;
}

struct PropertyAdd : DataOption {
    std::string org;
    std::string name;
    domain::PropertyKind kind = domain::PropertyKind::hotel;
    std::string group;
    domain::Currency currency;
    std::string zone;
    std::string cutoff;
    std::optional<domain::BusinessDate> books_start_on;
    std::string opening_cash = "0";
    std::string opening_bank = "0";
    int fiscal_start = 1;

    // What is a decimal is known with the currency only.
    [[nodiscard]] Status check() const {
        for (const auto& [option, text] : {std::pair("--opening-cash", &opening_cash),
                                           std::pair("--opening-bank", &opening_bank)}) {
            const auto minor = domain::parse_decimal(*text, currency);
            if (minor) continue;
            return fail(minor.error().code, std::string(option) + ": " + minor.error().detail);
        }
        return {};
    }
};

std::optional<std::string> parse_zone(std::string_view text) {
    if (!time_zone_exists(text)) return std::nullopt;
    return std::string(text);
}

// "HH:MM" up to 12:00, as the API takes it.
std::optional<std::string> parse_cutoff(std::string_view text) {
    constexpr std::string_view kForm = "00:00";
    constexpr std::string_view kLast = "12:00";
    if (text.size() != kForm.size() || text > kLast) return std::nullopt;
    for (std::size_t at = 0; at < kForm.size(); ++at) {
        const bool is_digit = text[at] >= '0' && text[at] <= '9';
        if (kForm[at] == '0' ? !is_digit : text[at] != kForm[at]) return std::nullopt;
    }
    if (text[3] > '5') return std::nullopt;
    return std::string(text);
}

Result<std::string> property_body(const PropertyAdd& options) {
    // People type decimals; the API takes minor units.
    const std::int64_t cash = TRY(domain::parse_decimal(options.opening_cash, options.currency));
    const std::int64_t bank = TRY(domain::parse_decimal(options.opening_bank, options.currency));
    std::string body;
    JsonWriter json(body);
    const auto optional = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) json.key(name).string(value);
    };
    json.begin_object();
    json.key("name").string(options.name);
    json.key("kind").string(domain::property_kind_name(options.kind));
    json.key("currency").string(options.currency.code());
    json.key("timeZone").string(options.zone);
    json.key("fiscalStartMonth").integer(options.fiscal_start);
    optional("group", options.group);
    optional("dayCutoff", options.cutoff);
    if (options.books_start_on)
        json.key("booksStartOn").string(options.books_start_on->to_string());
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
    add_words(app, "--name", "Unique in the org", options.name)->required();
    add_value(app, "--currency", "ISO 4217, such as EUR", options.currency, domain::Currency::parse,
              {"currency of ISO 4217", "Use one in capital letters, such as EUR."})
        ->type_name("CODE")
        ->required();
    add_value(app, "--time-zone", "IANA, such as Europe/Lisbon", options.zone, parse_zone,
              {"time zone of IANA", "Use one such as Europe/Lisbon."})
        ->type_name("ZONE")
        ->required();
    add_value(app, "--kind", "hotel, hostel, resort, apartment or other", options.kind,
              domain::parse_property_kind,
              {"kind of property", "Use hotel, hostel, resort, apartment or other."})
        ->type_name("KIND")
        ->default_str("hotel");
    app.add_option("--group", options.group, "Company or region");
    add_value(app, "--cutoff", "When the day begins, 00:00 to 12:00", options.cutoff, parse_cutoff,
              {"cutoff", "Use 00:00 to 12:00, as HH:MM."})
        ->type_name("HH:MM");
    add_number(app, "--fiscal-start", "Month that the fiscal year begins in", options.fiscal_start,
               {1, 12}, "month")
        ->type_name("N")
        ->default_str("1");
    add_date(app, "--books-start-on", "First day of the books (today)", options.books_start_on);
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
    add_words(*create.app, "--name", "Its name", create.options->name)->required();
    create.app->add_option("--owner-name", create.options->owner_name,
                           "Who owns it; prints a second line, the link that opens the account");
    create.app->add_option("--owner-email", create.options->owner_email,
                           "The owner's e-mail address");
    const auto orgs = add_command<DataOption>(line, *org, "list", "List the orgs",
                                              "daybook org list --data DIR", list_orgs);
    add_data_option(*orgs.app, orgs.options->data);
    const auto policy = add_command<OrgPolicy>(
        line, *org, "policy", "Show when a second person must approve, or change it",
        "daybook org policy --data DIR --four-eyes always", org_policy);
    add_data_option(*policy.app, policy.options->data);
    policy.app->add_option("--org", policy.options->org, "Org, by id or name");
    add_value(*policy.app, "--four-eyes", "always, off, or above that many minor units",
              policy.options->four_eyes, parse_four_eyes,
              {"policy", "Use always, off, or an amount in minor units, such as 50000."})
        ->type_name("POLICY");

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
