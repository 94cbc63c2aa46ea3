// The whole API over a real socket, for tests: a store of some kind, two orgs, people of every
// role.
//
// The clock shows kTestStart (support/test_org.h). Targets, headers and bodies may name what is in
// the books: "{hotel}" is replaced by its id, see names().
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "app/authenticator.h"
#include "app/report_service.h"
#include "base/executor.h"
#include "delivery/delivery.h"
#include "http/api.h"
#include "http/server.h"
#include "http/stream_shard.h"
#include "support/http_client.h"
#include "support/store_kinds.h"

namespace daybook::test {

// Of a clock that never jumps.
std::int64_t monotonic_us();

// One request; `as` is one of: owner, admin, manager, auditor, limited (a manager of the hotel
// only), limitedAdmin (an admin of the hotel only), other (the other org's owner), nobody.
struct ApiRequest {
    std::string method = "GET";
    std::string target;
    std::string body = {};
    std::string headers = {};  // lines, each ending with CR LF
    std::string as = "owner";
};

// Shows the alerts that a test puts on it.
class AlertsByHand final : public app::AlertBoard {
 public:
    std::vector<app::Alert> alerts(OrgId org) override {
        const auto found = list.find(org);
        return found == list.end() ? std::vector<app::Alert>{} : found->second;
    }
    std::map<OrgId, std::vector<app::Alert>> list;
};
// What libsodium takes at least: tests hash many passwords.
inline constexpr PasswordCost kCheapPasswords{1, 8'192};

class ApiServer {
 public:
    // Nobody's rate is limited unless `rates` does.
    explicit ApiServer(const StoreKind& kind, realtime::Seats::Limits seats = {},
                       app::RateLimiter* rates = nullptr);
    ~ApiServer();
    ApiServer(const ApiServer&) = delete;
    ApiServer& operator=(const ApiServer&) = delete;

    // Over the socket, with Content-Type: application/json where there is a body and no other type
    // is given.
    HttpAnswer send(const ApiRequest& request);
    // In the process, as it is.
    http::Response operator_call(http::Request request) { return api_.call(std::move(request)); }

    // org, otherOrg, adminUser, hotel and hostel of the org, foreign of the other org; what note()
    // added.
    [[nodiscard]] const std::map<std::string, std::string>& names() const { return names_; }
    void note(std::string name, std::string value) { names_[std::move(name)] = std::move(value); }
    [[nodiscard]] std::string fill_in(std::string text) const;
    [[nodiscard]] const std::string& token(const std::string& name) const {
        return tokens_.at(name);
    }

    // The org's head, and the types of its events after a position.
    Position head();
    std::vector<std::string> events_after(Position position);

    [[nodiscard]] const http::Api& api() const { return api_; }
    [[nodiscard]] app::Store& store() { return *store_; }
    [[nodiscard]] AlertsByHand& alerts() { return alerts_; }
    [[nodiscard]] OrgId org() const { return org_; }
    [[nodiscard]] ManualClock& clock() { return clock_; }
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }

 private:
    void make_books();
    UserId join_admin(TestOrg& org);
    void make_token(TestOrg& org, const std::string& name, domain::Role role, domain::Scope scope);

    ManualClock clock_{kTestStart};
    SystemRandom random_;
    app::Environment environment_{clock_, random_};
    TemporaryDirectory directory_;
    std::unique_ptr<app::Store> store_;
    app::Authenticator authenticator_;
    app::ReportService reports_;
    app::SignInGuard guard_;
    app::SetupGate gate_;
    http::Metrics metrics_;
    http::WorkerPool hashers_{limits::kPasswordHashesAtOnce, limits::kPasswordHashesWaiting};
    http::WorkerPool workers_{2};
    ThreadExecutor timers_{1};
    // It does not run here: it says what it would say on a node that only looks.
    ManualExecutor executor_;
    delivery::Delivery delivery_;
    AlertsByHand alerts_;
    http::StreamShards streams_;
    http::Api api_;
    http::Server server_;
    std::thread thread_;
    std::optional<HttpClient> client_;
    OrgId org_;
    std::map<std::string, std::string> names_;
    std::map<std::string, std::string> tokens_;
};

// Whether the route is about people and signing in: those are shown in api_people_test.cpp.
bool is_about_people(std::string_view pattern);

// A member of a JSON answer by its path ("data/0/id"); nullptr if there is none. Strings are
// without quotes.
std::string member(const std::string& json, std::string_view path);

}  // namespace daybook::test
