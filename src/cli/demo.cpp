// Everything goes the way that a person would take with the other commands.
#include "cli/demo.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>
#include <utility>

#include "app/token_secret.h"
#include "base/json_writer.h"
#include "base/limits.h"
#include "cli/demo_books.h"
#include "cli/hotel_bookings.h"
#include "cli/import_files.h"
#include "cli/write_access.h"
#include "reports/query.h"

namespace daybook::cli {
namespace {

constexpr std::string_view kOrgName = "Demo";
// The owner's token of the demo is kept beside its data, so that the next demo shows it again.
constexpr std::string_view kTokenFile = "demo-token";

Result<std::optional<domain::Org>> demo_org(app::Store& store) {
    for (domain::Org& each : TRY(store.orgs()))
        if (each.name == kOrgName) return std::move(each);
    return std::nullopt;
}

Result<domain::Org> make_org(app::Store& store, const ApiCall& call) {
    if (auto org = TRY(demo_org(store))) return *std::move(org);
    ApiRequest request{"POST", "/v1/orgs", std::nullopt, {}};
    JsonWriter(request.body).begin_object().key("name").string(kOrgName).end_object();
    TRY(call_json(call, request));
    auto org = TRY(demo_org(store));
    if (!org) return fail(ErrorCode::internal, "The new org cannot be found.");
    return *std::move(org);
}

// The year in which most months moved something; the demo shows that one.
Result<std::optional<int>> busiest_year(app::Snapshot& snapshot, PropertyId property) {
    constexpr reports::PeriodRange kEveryMonth{limits::kYearMin * 100 + 1,
                                               limits::kYearMax * 100 + 12};
    std::map<int, int> rows;
    for (const auto& row : TRY(snapshot.account_rows(property, kEveryMonth)))
        rows[row.period / 100]++;
    const auto most =
        std::ranges::max_element(rows, {}, [](const auto& each) { return each.second; });
    if (most == rows.end()) return std::nullopt;
    return most->first;
}

Status print_books(Session& session, app::Store& store, OrgId org) {
    const auto snapshot = TRY(store.snapshot(org));
    for (const domain::Property& property : TRY(snapshot->properties())) {
        const auto year = TRY(busiest_year(*snapshot, property.id));
        if (!year) continue;
        reports::ReportQuery query;
        query.period = reports::YearAsked{*year, reports::YearBasis::calendar, std::nullopt};
        query.properties = {property.id};
        query.format = reports::Format::table;
        const auto table = TRY(reports::render(*snapshot, query, {property}));
        TRY(session.console.print("\n" + table.bytes));
    }
    return {};
}

Result<InputFile> bookings_of(const DemoOptions& options) {
    if (options.examples.empty()) return demo_bookings();
    return InputFile::read((std::filesystem::path(options.examples) / kDemoBookings).string());
}

std::filesystem::path token_file(const DataDirectory& data) {
    return data.path() / kTokenFile;
}

// The token of an earlier demo, if it still opens something.
Result<std::string> kept_token(const DataDirectory& data, app::Store& store, OrgId org) {
    std::string text;
    std::ifstream(token_file(data)) >> text;
    if (!app::is_token_text(text)) return std::string();
    const Hash hash = app::token_hash(text);
    const auto snapshot = TRY(store.snapshot(org));
    const auto tokens = TRY(snapshot->tokens());
    for (const app::Credential& each : TRY(store.credentials())) {
        if (each.org != org || each.secret_hash != hash) continue;
        const auto token = std::ranges::find(tokens, each.token, &domain::Token::id);
        if (token != tokens.end() && !token->revoked) return text;
    }
    return std::string();
}

Result<std::string> owner_token(const DataDirectory& data, app::Store& store, OrgId org,
                                const ApiCall& call) {
    std::string token = TRY(kept_token(data, store, org));
    if (!token.empty()) return token;
    const auto answer = TRY(call_json(
        call, {"POST", "/v1/tokens", org, R"({"name":"demo","role":"owner","properties":null})"}));
    token = TRY(string_member(answer, "secret"));
    const auto path = token_file(data);
    std::ofstream(path) << token << '\n';
    std::error_code ignored;
    using std::filesystem::perms;
    std::filesystem::permissions(path, perms::owner_read | perms::owner_write, ignored);
    return token;
}

// A link to open the account of the demo's owner by; another demo makes another one.
Result<std::string> owner_accept_path(app::Store& store, OrgId org, const ApiCall& call) {
    std::string user;
    for (const domain::User& each : TRY(TRY(store.snapshot(org))->users())) {
        const bool is_owner =
            each.grant.role == domain::Role::owner && each.status != domain::UserStatus::removed;
        if (is_owner) user = each.id.to_string();
    }
    const ApiRequest request =
        user.empty() ? ApiRequest{"POST", "/v1/users", org,
                                  R"({"name":"Demo owner","email":"owner@example.com",)"
                                  R"("role":"owner"})"}
                     : ApiRequest{"POST", "/v1/users/" + user + "/link", org, {}};
    const auto answer = TRY(call_json(call, request));
    const std::string link = TRY(string_member(answer, "link"));
    return link.substr(link.find("/#/"));
}

// What is shown when the demo is served.
struct Shown {
    std::string token;
    std::string accept_path;
};

// Imports, prints; the ways in if it is to be served.
Result<Shown> fill(Session& session, const DataDirectory& data, const DemoOptions& options) {
    const auto access = TRY(WriteAccess::open(data, session.machine));
    const auto store = TRY(session.machine.open_to_read(data));
    const domain::Org org = TRY(make_org(*store, access.call()));
    ImportFiles files;
    files.profile = kHotelBookingsProfile;
    const InputFile input = TRY(bookings_of(options));
    const ImportCounts counts =
        TRY(import_files(session, input, files, *store, org.id, access.call()));
    TRY(session.console.print(summary_of(counts)));
    TRY(print_books(session, *store, org.id));
    if (options.once) return Shown{};
    std::string path = TRY(owner_accept_path(*store, org.id, access.call()));
    return Shown{TRY(owner_token(data, *store, org.id, access.call())), std::move(path)};
}

std::string url_of(const std::string& address, std::uint16_t port) {
    const bool is_ipv6 = address.contains(':');
    return "http://" + (is_ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

}  // namespace

Result<int> serve_books(Session& session, ServeOptions options,
                        const std::function<std::string(const std::string& url)>& more) {
    TRY(options.data.create());
    DirectoryLock lock = TRY(options.data.lock());
    options.on_listening = [&](const ServeOptions::Listening& listening) -> Result<std::string> {
        const std::string url = url_of(options.address, listening.port);
        TRY(lock.announce(url));
        std::string words = "Serving " + url;
        if (!listening.setup_token.empty()) {
            words +=
                "\nThere is no org yet. Whoever opens this link becomes the owner of the first "
                "one:\n  " +
                url + "/#/setup/" + listening.setup_token;
        }
        session.console.say(words + more(url));
        return url;
    };
    return session.machine.serve(options);
}

Result<int> demo(Session& session, const DemoOptions& options) {
    const DataDirectory data = options.directory();
    TRY(data.create());
    const Shown shown = TRY(fill(session, data, options));
    if (options.once) return kExitDone;
    TRY(session.console.finish());
    ServeOptions serving{.data = data, .port = static_cast<std::uint16_t>(options.port)};
    return serve_books(session, std::move(serving), [&](const std::string& url) {
        return "\nSign in as the demo's owner: " + url + shown.accept_path +
               "\nAn owner's token, for Authorization: Bearer …: " + shown.token +
               "\nStop it with Ctrl-C.";
    });
}

}  // namespace daybook::cli
