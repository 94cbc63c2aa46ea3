// Puts the parts together as main does.
#include "support/api_server.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <stdexcept>

#include "app/token_secret.h"
#include "base/digest.h"

namespace daybook::test {

using domain::Role;

namespace {

// The demo is not what these tests are about; cli_demo_test.cpp loads it.
constexpr http::DemoLoaded kLoaded{2, 1};

}  // namespace

std::int64_t monotonic_us() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

ApiServer::ApiServer(const StoreKind& kind, realtime::Seats::Limits seats, app::RateLimiter* rates)
    : store_(kind.open(environment_, directory_)),
      reports_({*store_, clock_, monotonic_us}),
      delivery_(*store_, clock_, random_, executor_),
      streams_({.store = *store_,
                .authenticator = authenticator_,
                .workers = workers_,
                .clock = clock_,
                .metrics = metrics_,
                .seats = seats}),
      api_({.store = *store_,
            .authenticator = authenticator_,
            .reports = reports_,
            .workers = workers_,
            .clock = clock_,
            .random = random_,
            .metrics = metrics_,
            .delivery = delivery_,
            .alerts = alerts_,
            .streams = streams_,
            .guard = guard_,
            .gate = gate_,
            .hashers = hashers_,
            .timers = timers_,
            .load_demo = [](const domain::Principal&, http::DemoAnswer answer) { answer(kLoaded); },
            .rates = rates,
            .cost = kCheapPasswords,
            .version = "test",
            .base_url = "http://daybook.test"}),
      server_({}, {.handler = api_,
                   .workers = workers_,
                   .metrics = metrics_,
                   .clock = clock_,
                   .random = random_}) {
    store_->listen(authenticator_);
    store_->listen(reports_);
    store_->listen(streams_);
    make_books();
    const Status listening = server_.listen();
    if (!listening) throw std::runtime_error(listening.error().detail);
    thread_ = std::thread([this] { server_.run(); });
}

ApiServer::~ApiServer() {
    server_.drain();
    streams_.close_polls();
    thread_.join();
    store_->drain();
    streams_.stop();
}

void ApiServer::make_books() {
    TestOrg org(*store_, 1);
    org_ = org.id();
    note("org", org.id().to_string());
    const PropertyId hotel = org.add_property("Hotel Aurora");
    note("hotel", hotel.to_string());
    note("hostel", org.add_property("Hostel Borealis").to_string());
    make_token(org, "owner", Role::owner, {});
    make_token(org, "admin", Role::admin, {});
    make_token(org, "manager", Role::manager, {});
    make_token(org, "auditor", Role::auditor, {});
    make_token(org, "limited", Role::manager, {false, {hotel}});
    make_token(org, "limitedAdmin", Role::admin, {false, {hotel}});
    TestOrg other(*store_, 2);
    note("otherOrg", other.id().to_string());
    note("foreign", other.add_property("Foreign House").to_string());
    make_token(other, "other", Role::owner, {});
}

void ApiServer::make_token(TestOrg& org, const std::string& name, Role role, domain::Scope scope) {
    const std::string text = app::new_token_text(random_);
    app::CreateTokenWithSecret create;
    create.token = {org.new_id<TokenId>(), name, role, std::move(scope), std::nullopt};
    create.secret_hash = app::token_hash(text);
    note(name + "Token", create.token.id.to_string());
    tokens_[name] = text;
    // Whoever makes a token is who acts with it: the admin is another person than all others.
    domain::Principal maker = org.owner();
    if (name == "admin") maker.user = join_admin(org);
    org.run(std::move(maker), std::move(create)).value();
}

UserId ApiServer::join_admin(TestOrg& org) {
    const UserId user = org.new_id<UserId>();
    const Hash secret = sha256({user.value.bytes});
    app::InviteUserWithLink invite;
    invite.user = {user, "Adam", "adam@example.com", {Role::admin, {}, std::nullopt}};
    invite.link = {org.new_id<LinkId>(), secret, Instant{kTestStart.ms + 1'000}};
    org.run(std::move(invite)).value();
    domain::Principal adam = org.owner();
    adam.user = user;
    const app::NewSession session{org.new_id<SessionId>(), secret, "Adam's"};
    const app::Password password{user.value, "nothing that opens", kTestStart};
    org.run(std::move(adam), app::AcceptLink{user, secret, std::nullopt, password, session})
        .value();
    note("adminUser", user.to_string());
    return user;
}

HttpAnswer ApiServer::send(const ApiRequest& request) {
    if (!client_) client_.emplace(HttpClient::connect_tcp(server_.port()));
    std::string headers = fill_in(request.headers);
    if (request.as != "nobody") {
        headers += "Authorization: Bearer " + tokens_.at(request.as) + "\r\n";
    }
    if (!request.body.empty() && headers.find("Content-Type") == std::string::npos) {
        headers += "Content-Type: application/json\r\n";
    }
    auto answer =
        client_->request(request.method, fill_in(request.target), headers, fill_in(request.body));
    if (!answer) throw std::runtime_error("no answer to " + request.target);
    return *std::move(answer);
}

std::string ApiServer::fill_in(std::string text) const {
    for (const auto& [name, value] : names_) {
        const std::string place = "{" + name + "}";
        for (auto at = text.find(place); at != std::string::npos; at = text.find(place)) {
            text.replace(at, place.size(), value);
        }
    }
    return text;
}

Position ApiServer::head() {
    return store_->snapshot(org_).value()->head().value();
}

std::vector<std::string> ApiServer::events_after(Position position) {
    std::vector<std::string> types;
    const auto snapshot = store_->snapshot(org_).value();
    for (const auto& event : snapshot->log(position, 5'000).value()) {
        types.push_back(member(event.bytes, "eventType"));
    }
    return types;
}

bool is_about_people(std::string_view pattern) {
    return pattern.starts_with("/v1/auth/") || pattern.starts_with("/v1/users") ||
           pattern == "/v1/me" || pattern == "/v1/access-log";
}

// Not with the reader of bodies: answers may be larger than what it takes.
std::string member(const std::string& text, std::string_view path) {
    boost::system::error_code failed;
    const boost::json::value parsed = boost::json::parse(text, failed);
    if (failed) return "not JSON: " + text;
    const boost::json::value* value = &parsed;
    while (value != nullptr && !path.empty()) {
        const std::string_view name = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(name.size() + 1, path.size()));
        if (const auto* array = value->if_array()) {
            const std::size_t index = std::stoul(std::string(name));
            value = index < array->size() ? &array->at(index) : nullptr;
        } else {
            value = value->is_object() ? value->get_object().if_contains(name) : nullptr;
        }
    }
    if (value == nullptr) return "missing";
    if (const auto* string = value->if_string()) return std::string(*string);
    if (const auto* array = value->if_array()) return "[" + std::to_string(array->size()) + "]";
    if (value->is_object()) return "{}";
    return boost::json::serialize(*value);
}

}  // namespace daybook::test
