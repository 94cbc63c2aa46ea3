// Need: sockets, files. Goal: every way in works as it should and only so: setup, sign-up,
// invitations, sign-in, sessions, resets; what ends them does so at once; writes by cookie come
// from the console's own pages.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/limits.h"
#include "support/browser.h"
#include "support/openapi_check.h"

namespace daybook::test {
namespace {

class ApiPeople : public testing::TestWithParam<StoreKind> {
 protected:
    // Sends, compares the answer with the document, and notes that the operation was shown.
    HttpAnswer shown(const std::string& operation, int status, HttpAnswer answer) {
        EXPECT_EQ(answer.status, status) << operation << answer.body;
        if (answer.header("content-type").ends_with("json")) {
            EXPECT_EQ(check_.answer_problem(operation, answer.status, answer.body), "")
                << answer.body;
        }
        shown_.insert(operation);
        return answer;
    }
    // Notes are written behind the answers, in order: once this one is, those before it are.
    void settle() {
        app::Command command;
        command.body = app::Note{};
        run(server_.store(), std::move(command)).value();
    }
    std::string code_of(const HttpAnswer& answer) { return member(answer.body, "code"); }

    ApiServer server_{GetParam()};
    OpenApiCheck check_;
    std::set<std::string> shown_;
    Browser browser_{server_};
};

TEST_P(ApiPeople, ShowEveryRoute) {
    shown("getAuthState", 200, browser_.get("/v1/auth/state"));
    const auto invited = shown("inviteUser", 201,
                               server_.send({"POST", "/v1/users",
                                             R"({"name":"Ana","email":"ana@example.com",)"
                                             R"("role":"owner"})"}));
    EXPECT_EQ(member(invited.body, "user/status"), "invited");
    const std::string id = member(invited.body, "user/id");
    EXPECT_EQ(invited.header("location"), "/v1/users/" + id);
    shown("acceptLink", 200, browser_.accept(member(invited.body, "link"), "blue lamp river"));
    const auto me = shown("getMe", 200, browser_.get("/v1/me"));
    EXPECT_EQ(member(me.body, "user/id"), id);
    EXPECT_EQ(member(me.body, "user/role"), "owner");
    EXPECT_EQ(member(me.body, "via"), "console");
    const auto changed = shown(
        "updateMe", 200,
        browser_.send("PATCH", "/v1/me", R"({"name":"Ana L","language":"pt-PT","theme":"dark"})"));
    EXPECT_EQ(member(changed.body, "user/theme"), "dark");
    shown("listUsers", 200, browser_.get("/v1/users"));
    const auto user = shown("getUser", 200, browser_.get("/v1/users/" + id));
    EXPECT_EQ(user.header("etag"), "\"3\"");

    Browser other(server_);
    shown("signIn", 200, other.sign_in("ANA@example.com", "blue lamp river"));
    const auto sessions = shown("listSessions", 200, browser_.get("/v1/auth/sessions"));
    EXPECT_EQ(member(sessions.body, "data"), "[2]");
    const std::string other_session = member(other.get("/v1/me").body, "sessionId");
    shown("endSession", 204, browser_.send("DELETE", "/v1/auth/sessions/" + other_session));
    EXPECT_EQ(other.get("/v1/me").status, 401);
    shown("changePassword", 204,
          browser_.post("/v1/auth/password",
                        R"({"currentPassword":"blue lamp river","newPassword":"red door field"})"));

    const auto bea = server_.send(
        {"POST", "/v1/users", R"({"name":"Bea","email":"bea@example.com","role":"manager"})"});
    const std::string one = "/v1/users/" + member(bea.body, "user/id");
    shown("updateUser", 200,
          browser_.send("PATCH", one, R"({"role":"auditor","until":"2027-01-01T00:00:00Z"})",
                        "If-Match: 1\r\n"));
    shown("makeUserLink", 201, browser_.post(one + "/link"));
    shown("removeUser", 200, browser_.send("DELETE", one));
    browser_.get("/v1/finance/events");
    shown("listAccesses", 200, browser_.get("/v1/access-log"));
    shown("signOut", 204, browser_.post("/v1/auth/sign-out"));
    EXPECT_EQ(browser_.cookie(), "");
    shown("setUp", 409,
          browser_.post("/v1/auth/setup", R"({"setupToken":"x","name":"E","email":"e@example.com",)"
                                          R"("password":"blue lamp river","orgName":"Evil"})"));
    shown("signUp", 403,
          browser_.post("/v1/auth/sign-up", R"({"name":"E","email":"e@example.com",)"
                                            R"("password":"blue lamp river","orgName":"Evil"})"));
    for (const http::Route& route : server_.api().routes()) {
        if (!is_about_people(route.pattern)) continue;
        EXPECT_TRUE(shown_.contains(route.operation_id)) << route.operation_id << " is not shown";
    }
}

TEST_P(ApiPeople, SetsACookieThatNoScriptReads) {
    join(server_, browser_, "ana@example.com", "owner");
    const auto answer = browser_.sign_in("ana@example.com", "blue lamp river");
    const std::string cookie = answer.header("set-cookie");
    EXPECT_NE(cookie.find("; HttpOnly"), std::string::npos) << cookie;
    EXPECT_NE(cookie.find("; SameSite=Lax"), std::string::npos) << cookie;
    EXPECT_NE(cookie.find("; Path=/"), std::string::npos) << cookie;
    EXPECT_EQ(cookie.find("Secure"), std::string::npos) << cookie;  // not behind TLS
    EXPECT_EQ(answer.body.find("dbs_"), std::string::npos);
}

TEST_P(ApiPeople, AsksWhichOfSeveralAccountsIsMeant) {
    join(server_, browser_, "ana@example.com", "owner");
    const auto invited = server_.send(
        {"POST", "/v1/users",
         R"({"name":"Ana","email":"ana@example.com","role":"admin","scope":{"all":true}})", "",
         "other"});
    const std::string password(kGoodPassword);
    Browser(server_).accept(member(invited.body, "link"), password);

    Browser fresh(server_);
    EXPECT_EQ(fresh.sign_in("ana@example.com", "red door field").status, 401);
    const auto asked = fresh.sign_in("ana@example.com", password);
    shown("signIn", 300, asked);
    EXPECT_EQ(fresh.cookie(), "");
    std::set<std::string> orgs;
    for (const char* each : {"accounts/0/orgId", "accounts/1/orgId"}) {
        const std::string org = member(asked.body, each);
        const auto in =
            fresh.post("/v1/auth/sign-in", R"({"email":"ana@example.com","password":")" + password +
                                               R"(","orgId":")" + org + R"("})");
        EXPECT_EQ(in.status, 200) << in.body;
        EXPECT_EQ(member(in.body, "org/id"), org);
        EXPECT_EQ(member(fresh.get("/v1/me").body, "org/id"), org);
        orgs.insert(org);
    }
    EXPECT_EQ(orgs, (std::set{server_.names().at("org"), server_.names().at("otherOrg")}));
    EXPECT_NE(asked.body.find("orgName"), std::string::npos);

    // Where only one of the two opens by this password, there is nothing to choose.
    fresh.post("/v1/auth/password",
               R"({"currentPassword":")" + password + R"(","newPassword":"green roof garden"})");
    EXPECT_EQ(fresh.sign_in("ana@example.com", password).status, 200);
}

TEST_P(ApiPeople, TakesWritesByCookieFromItsOwnPagesOnly) {
    join(server_, browser_, "ana@example.com", "owner");
    const std::string cookie = "Cookie: daybook_session=" + browser_.cookie() + "\r\n";
    const auto written = [&](const std::string& headers) {
        return server_.send({"PATCH", "/v1/me", R"({"theme":"dark"})", cookie + headers, "nobody"})
            .status;
    };
    EXPECT_EQ(written(""), 403);
    EXPECT_EQ(written("Daybook-Console: 1\r\n"), 403);
    EXPECT_EQ(written("Origin: http://localhost\r\n"), 403);
    EXPECT_EQ(written("Daybook-Console: 1\r\nOrigin: http://evil.example\r\n"), 403);
    EXPECT_EQ(written("Daybook-Console: 1\r\nOrigin: http://localhost.evil.example\r\n"), 403);
    EXPECT_EQ(written("Daybook-Console: 1\r\nOrigin: null\r\n"), 403);
    EXPECT_EQ(written("Daybook-Console: 1\r\nOrigin: http://localhost\r\n"), 200);
    // Nor is anybody signed in from elsewhere, as somebody else's user.
    const std::string sign_in = R"({"email":"ana@example.com","password":"blue lamp river"})";
    EXPECT_EQ(server_.send({"POST", "/v1/auth/sign-in", sign_in, "", "nobody"}).status, 403);
}

TEST_P(ApiPeople, SignsInWithANewSessionEachTime) {
    join(server_, browser_, "ana@example.com", "owner");
    Browser victim(server_);
    const std::string planted = "dbs_00000000000000000000000000000000AAAAAA";
    victim.take_cookie(planted);
    EXPECT_EQ(victim.sign_in("ana@example.com", "blue lamp river").status, 200);
    EXPECT_NE(victim.cookie(), planted);
    EXPECT_NE(victim.cookie(), browser_.cookie());
    Browser attacker(server_);
    attacker.take_cookie(planted);
    EXPECT_EQ(attacker.get("/v1/me").status, 401);
}

TEST_P(ApiPeople, SaysNothingAboutWhoExists) {
    join(server_, browser_, "ana@example.com", "owner");
    server_.send(
        {"POST", "/v1/users", R"({"name":"New","email":"new@example.com","role":"manager"})"});
    Browser guesser(server_);
    const auto wrong = guesser.sign_in("ana@example.com", "red door field");
    for (const char* email : {"nobody@example.com", "new@example.com", "not an address"}) {
        const auto other = guesser.sign_in(email, "red door field");
        EXPECT_EQ(other.status, wrong.status);
        EXPECT_EQ(member(other.body, "detail"), member(wrong.body, "detail"));
        EXPECT_EQ(member(other.body, "code"), "unauthenticated");
    }
}

TEST_P(ApiPeople, SlowsGuessingDownForKnownAndUnknownAlike) {
    join(server_, browser_, "ana@example.com", "owner");
    Browser guesser(server_);
    for (const char* email : {"ana@example.com", "nobody@example.com"}) {
        for (std::size_t i = 0; i < limits::kFailedSignInsPerAccount; ++i) {
            EXPECT_EQ(guesser.sign_in(email, "red door field").status, 401);
        }
        const auto refused = guesser.sign_in(email, "blue lamp river");
        EXPECT_EQ(refused.status, 429);
        EXPECT_EQ(code_of(refused), "rate_limited");
        EXPECT_EQ(refused.header("retry-after"),
                  std::to_string(limits::kFailedSignInWindowMs / 1'000));
    }
    settle();
    // Failures are in a table of their own, and survive the process; no org's log has them.
    EXPECT_EQ(server_.store().sign_in_state().value().failed_sign_ins.size(),
              2 * limits::kFailedSignInsPerAccount);
    server_.clock().advance_ms(limits::kFailedSignInWindowMs);
    EXPECT_EQ(guesser.sign_in("ana@example.com", "blue lamp river").status, 200);
}

TEST_P(ApiPeople, SlowsOneAddressDown) {
    Browser guesser(server_);
    int status = 401;
    std::size_t tried = 0;
    for (; status == 401 && tried <= limits::kFailedSignInsPerAddress; ++tried) {
        status = guesser.sign_in("a" + std::to_string(tried) + "@example.com", "x").status;
    }
    EXPECT_EQ(status, 429);
    EXPECT_EQ(tried, limits::kFailedSignInsPerAddress + 1);
}

TEST_P(ApiPeople, EndSessionsInTime) {
    join(server_, browser_, "ana@example.com", "owner");
    server_.clock().advance_ms(limits::kSessionIdleMsMax - 1);
    EXPECT_EQ(browser_.get("/v1/me").status, 200);
    server_.clock().advance_ms(limits::kSessionIdleMsMax - 1);
    EXPECT_EQ(browser_.get("/v1/me").status, 200);
    server_.clock().advance_ms(limits::kSessionIdleMsMax);
    EXPECT_EQ(browser_.get("/v1/me").status, 401);
    EXPECT_EQ(browser_.sign_in("ana@example.com", "blue lamp river").status, 200);
    for (std::int64_t used = 0; used < limits::kSessionMsMax;
         used += limits::kSessionIdleMsMax / 2) {
        EXPECT_EQ(browser_.get("/v1/me").status, 200);
        server_.clock().advance_ms(limits::kSessionIdleMsMax / 2);
    }
    EXPECT_EQ(browser_.get("/v1/me").status, 401);
}

TEST_P(ApiPeople, EndWithTheGrantAtOnce) {
    Browser ana(server_);
    const NewPerson person = join(server_, ana, "ana@example.com", "admin");
    const auto token =
        ana.post("/v1/tokens", R"({"name":"Till","role":"admin","properties":null})");
    ASSERT_EQ(token.status, 201) << token.body;
    const std::string bearer = "Authorization: Bearer " + member(token.body, "secret") + "\r\n";
    const auto by_token = [&](const std::string& target) {
        return server_.send({"GET", target, "", bearer, "nobody"}).status;
    };
    EXPECT_EQ(by_token("/v1/tokens"), 200);
    server_.send({"PATCH", "/v1/users/" + person.id,
                  R"({"role":"manager","scope":{"properties":["{hotel}"]}})", "If-Match: 2\r\n"});
    EXPECT_EQ(ana.get("/v1/tokens").status, 403);
    EXPECT_EQ(by_token("/v1/tokens"), 403);
    EXPECT_EQ(by_token("/v1/properties/{hostel}"), 404);
    EXPECT_EQ(by_token("/v1/properties/{hotel}"), 200);
    server_.send({"DELETE", "/v1/users/" + person.id});
    EXPECT_EQ(ana.get("/v1/me").status, 401);
    EXPECT_EQ(by_token("/v1/me"), 401);
    EXPECT_EQ(ana.sign_in("ana@example.com", "blue lamp river").status, 401);
}

TEST_P(ApiPeople, LetNoTokenActOnTheirSessionsAndName) {
    join(server_, browser_, "ana@example.com", "owner");
    const auto token = browser_.post("/v1/tokens", R"({"name":"Till","role":"auditor"})");
    const std::string bearer = "Authorization: Bearer " + member(token.body, "secret") + "\r\n";
    const auto by_token = [&](const std::string& method, const std::string& target,
                              const std::string& body) {
        return server_.send({method, target, body, bearer, "nobody"}).status;
    };
    const std::string session = member(browser_.get("/v1/me").body, "sessionId");
    EXPECT_EQ(by_token("GET", "/v1/me", ""), 200);
    EXPECT_EQ(by_token("PATCH", "/v1/me", R"({"name":"Eve"})"), 403);
    EXPECT_EQ(by_token("GET", "/v1/auth/sessions", ""), 403);
    EXPECT_EQ(by_token("DELETE", "/v1/auth/sessions/" + session, ""), 403);
    EXPECT_EQ(member(browser_.get("/v1/me").body, "user/name"), "Person");
}

TEST_P(ApiPeople, ResetAPasswordByALinkThatWorksOnce) {
    const NewPerson person = join(server_, browser_, "ana@example.com", "manager");
    EXPECT_EQ(server_.send({"POST", "/v1/users/" + person.id + "/link", "", "", "admin"}).status,
              201);
    const auto link = server_.send({"POST", "/v1/users/" + person.id + "/link"});
    Browser other(server_);
    EXPECT_EQ(code_of(other.accept(member(link.body, "link"), "short")), "weak_password");
    EXPECT_EQ(code_of(other.accept(member(link.body, "link"), "ana@example.com")), "weak_password");
    EXPECT_EQ(other.accept(member(link.body, "link"), "red door field").status, 200);
    EXPECT_EQ(other.accept(member(link.body, "link"), "red door field").status, 404);
    EXPECT_EQ(browser_.get("/v1/me").status, 401);  // what was open before has ended
    EXPECT_EQ(browser_.sign_in("ana@example.com", "blue lamp river").status, 401);
    EXPECT_EQ(browser_.sign_in("ana@example.com", "red door field").status, 200);
    // A link runs out.
    const auto late = server_.send({"POST", "/v1/users/" + person.id + "/link"});
    server_.clock().advance_ms(limits::kResetMsMax);
    EXPECT_EQ(other.accept(member(late.body, "link"), "red door field").status, 404);
}

TEST_P(ApiPeople, LeaveOwnersToOwners) {
    const NewPerson owner = join(server_, browser_, "ana@example.com", "owner");
    const std::string one = "/v1/users/" + owner.id;
    EXPECT_EQ(server_.send({"POST", one + "/link", "", "", "admin"}).status, 403);
    EXPECT_EQ(server_.send({"DELETE", one, "", "", "admin"}).status, 403);
    EXPECT_EQ(server_.send({"PATCH", one, R"({"name":"X"})", "If-Match: 2\r\n", "admin"}).status,
              403);
    for (const char* who : {"manager", "auditor", "limited", "limitedAdmin"}) {
        EXPECT_EQ(server_.send({"DELETE", one, "", "", who}).status, 403) << who;
        EXPECT_EQ(server_.send({"GET", one, "", "", who}).status,
                  who == std::string("auditor") ? 200 : 403)
            << who;
    }
    EXPECT_EQ(server_.send({"DELETE", one, "", "", "other"}).status, 404);
    EXPECT_EQ(code_of(server_.send({"DELETE", one})), "last_owner");
    // Others see the names of those whose work they see.
    const auto names = server_.send({"GET", "/v1/users", "", "", "limited"});
    EXPECT_NE(names.body.find(R"("name":"Person")"), std::string::npos) << names.body;
    EXPECT_EQ(names.body.find("email"), std::string::npos) << names.body;
}

TEST_P(ApiPeople, NameFieldsThatAreWrongAndTakeNoOthers) {
    for (const char* more :
         {R"(,"id":"0190")", R"(,"status":"active")", R"(,"orgId":"0190")", R"(,"version":7)"}) {
        const auto refused = server_.send(
            {"POST", "/v1/users",
             R"({"name":"E","email":"e@example.com","role":"manager")" + std::string(more) + "}"});
        EXPECT_EQ(code_of(refused), "unknown_field") << refused.body;
    }
    join(server_, browser_, "ana@example.com", "manager");
    for (const char* body : {R"({"role":"owner"})", R"({"scope":{"all":true}})",
                             R"({"email":"other@example.com"})", R"({"until":null})"}) {
        EXPECT_EQ(code_of(browser_.send("PATCH", "/v1/me", body)), "unknown_field") << body;
    }
}

TEST_P(ApiPeople, KeepLastUsesAndNoteReadsOnce) {
    join(server_, browser_, "ana@example.com", "owner");
    server_.clock().advance_ms(limits::kLastUseWriteMs);
    browser_.get("/v1/me");
    settle();
    const auto tokens = browser_.get("/v1/tokens");
    EXPECT_NE(tokens.body.find(R"("lastUsedAt":"2026-03-15T12:00:00.000Z")"), std::string::npos)
        << tokens.body;
    EXPECT_NE(tokens.body.find(R"("lastUsedAt":null)"), std::string::npos) << tokens.body;
    const Position head = server_.head();
    for (int i = 0; i < 3; ++i) browser_.get("/v1/finance/events?limit=5");
    browser_.get("/v1/finance/events");
    settle();
    const auto log = browser_.get("/v1/access-log");
    EXPECT_EQ(member(log.body, "data"), "[2]") << log.body;
    EXPECT_EQ(server_.head(), head);  // a read makes no event
    server_.clock().advance_ms(3'600'000);
    browser_.get("/v1/finance/events");
    settle();
    EXPECT_EQ(member(browser_.get("/v1/access-log").body, "data"), "[3]");
    const auto page = browser_.get("/v1/access-log?limit=2");
    const auto rest = browser_.get("/v1/access-log?cursor=" + member(page.body, "nextCursor"));
    EXPECT_EQ(member(rest.body, "data"), "[1]") << rest.body;
}

DAYBOOK_TEST_ALL_STORES(ApiPeople);

}  // namespace
}  // namespace daybook::test
