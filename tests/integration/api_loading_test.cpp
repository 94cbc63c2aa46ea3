// Need: sockets, files. Goal: whoever comes first to an org that nobody has asked about finds
// everything as whoever comes second; and orgs that nobody asks about any more are forgotten.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "base/limits.h"
#include "support/browser.h"

namespace daybook::test {
namespace {

class ApiLoading : public testing::TestWithParam<StoreKind> {
 protected:
    OrgId org(const std::string& name) const { return *OrgId::parse(server_.names().at(name)); }
    // As after a restart, or a long while.
    void forget() {
        server_.store().forget({org("org"), org("otherOrg")});
        // The next command comes after it.
        settle();
    }
    void settle() {
        app::Command command;
        command.body = app::Note{};
        run(server_.store(), std::move(command)).value();
    }
    http::Response ask(const std::string& target, const std::string& org) {
        http::Request request;
        request.method = http::Method::get;
        request.target = target;
        request.from_operator = true;
        request.headers.push_back({"daybook-org", org});
        return server_.operator_call(std::move(request));
    }
    http::Response post_as_operator(const std::string& target, const std::string& body) {
        http::Request request;
        request.method = http::Method::post;
        request.target = target;
        request.from_operator = true;
        request.headers = {{"daybook-org", server_.names().at("org")},
                           {"content-type", "application/json"}};
        request.body = server_.fill_in(body);
        return server_.operator_call(std::move(request));
    }
    int status(const std::string& target, const std::string& as = "owner") {
        return server_.send({.target = target, .as = as}).status;
    }

    // On the day of the report.
    static std::string expense(std::int64_t minor) {
        return R"({"propertyId":"{hotel}","currency":"EUR","category":"supplies",)"
               R"("paymentMode":"cash","businessDate":"2026-03-14","amountMinor":)" +
               std::to_string(minor) + "}";
    }

    static constexpr auto kReport = "/v1/reports/daily?date=2026-03-14";

    ApiServer server_{GetParam()};
    Browser browser_{server_};
};

TEST_P(ApiLoading, LetsTokensIntoOrgsThatNobodyAskedAbout) {
    const auto before = server_.send({.target = kReport});
    ASSERT_EQ(before.status, 200) << before.body;
    for (const char* target :
         {kReport, "/v1/properties", "/v1/finance/expenses?propertyId={hotel}", "/v1/me"}) {
        forget();
        EXPECT_EQ(status(target), 200) << target;
        forget();
        EXPECT_EQ(status(target, "nobody"), 401) << target;
    }
    forget();
    const auto report = server_.send({.target = kReport});
    EXPECT_EQ(report.body, before.body);
    EXPECT_EQ(report.header("daybook-position"), before.header("daybook-position"));
    EXPECT_EQ(server_.send({.target = kReport}).header("daybook-cache"), "hit");
    forget();
    const std::string of_other_org = "/v1/reports/daily?date=2026-03-14&propertyId={foreign}";
    EXPECT_EQ(status(of_other_org), 404);
}

TEST_P(ApiLoading, WritesToOrgsThatNobodyAskedAbout) {
    ASSERT_EQ(server_.send({.target = kReport}).status, 200);
    forget();
    const ApiRequest adding{"POST", "/v1/finance/expenses", expense(123'457)};
    const auto added = server_.send(adding);
    ASSERT_EQ(added.status, 201) << added.body;
    const auto report = server_.send({.target = kReport});
    EXPECT_EQ(report.status, 200);
    EXPECT_NE(report.body.find("123457"), std::string::npos) << report.body;
}

// Written while it was forgotten, by whoever needs no loading: the operator.
TEST_P(ApiLoading, ShowsWhatWasWrittenMeanwhile) {
    ASSERT_EQ(server_.send({.target = kReport}).status, 200);
    forget();
    const auto added = post_as_operator("/v1/finance/expenses", expense(123'457));
    ASSERT_EQ(added.status, 201) << added.body;
    const auto report = server_.send({.target = kReport});
    EXPECT_NE(report.body.find("123457"), std::string::npos) << report.body;
}

TEST_P(ApiLoading, LetsPeopleInByEveryWay) {
    const auto invited = server_.send({"POST", "/v1/users",
                                       R"({"name":"Ana","email":"ana@example.com",)"
                                       R"("role":"owner"})"});
    ASSERT_EQ(invited.status, 201) << invited.body;
    forget();
    const auto opened = browser_.accept(member(invited.body, "link"), std::string(kGoodPassword));
    ASSERT_EQ(opened.status, 200) << opened.body;
    EXPECT_NE(opened.body.find("Org 1"), std::string::npos) << "the name of the org";
    forget();
    EXPECT_EQ(browser_.get("/v1/me").status, 200);
    forget();
    Browser other(server_);
    const auto signed_in = other.sign_in("ana@example.com", std::string(kGoodPassword));
    EXPECT_EQ(signed_in.status, 200) << signed_in.body;
    forget();
    EXPECT_EQ(other.sign_in("ana@example.com", "another password").status, 401);
    EXPECT_EQ(other.sign_in("nobody@example.com", std::string(kGoodPassword)).status, 401);
    forget();
    EXPECT_EQ(browser_.accept(member(invited.body, "link"), std::string(kGoodPassword)).status, 404)
        << "it was used";
}

TEST_P(ApiLoading, EndsSessionsAndTokensOfForgottenOrgs) {
    const NewPerson anna = join(server_, browser_, "anna@example.com", "manager");
    ASSERT_EQ(browser_.get("/v1/me").status, 200);
    const auto user = server_.send({.target = "/v1/users/" + anna.id});
    forget();
    http::Request removal;
    removal.method = http::Method::delete_;
    removal.target = "/v1/users/" + anna.id;
    removal.from_operator = true;
    removal.headers = {{"daybook-org", server_.names().at("org")},
                       {"if-match", user.header("etag")}};
    const auto removed = server_.operator_call(std::move(removal));
    EXPECT_LT(removed.status, 300) << removed.body;
    EXPECT_EQ(browser_.get("/v1/me").status, 401);
}

TEST_P(ApiLoading, AnswersTheOperator) {
    const std::string org = server_.names().at("org");
    EXPECT_EQ(ask(kReport, org).status, 200);
    forget();
    EXPECT_EQ(ask(kReport, org).status, 200);
    forget();
    EXPECT_EQ(ask("/v1/properties", org).status, 200);
    forget();
    const std::string clear = "/v1/reports/cache/clear";
    EXPECT_EQ(post_as_operator(clear, R"({"propertyId":"{hotel}"})").status, 200);
    EXPECT_EQ(post_as_operator(clear, R"({"propertyId":"{foreign}"})").status, 404);
    const auto none = ask(kReport, "00000000-0000-7000-8000-000000000001");
    EXPECT_EQ(none.status, 404);
    EXPECT_EQ(member(none.body, "detail"), "There is no such org.");
}

// The requests of others keep house.
TEST_P(ApiLoading, ForgetsOrgsThatNobodyAsksAbout) {
    class Forgotten final : public app::CommitListener {
     public:
        void committed(const app::Changes&) override {}
        void forgotten(OrgId org) override { orgs.insert(org); }
        std::set<OrgId> orgs;
    };
    Forgotten forgotten;
    server_.store().listen(forgotten);
    ASSERT_EQ(status("/v1/me", "owner"), 200);
    for (std::int64_t ms = 0; ms <= limits::kOrgIdleMs + limits::kLastUseWriteMs;
         ms += limits::kLastUseWriteMs) {
        ASSERT_EQ(status("/v1/me", "other"), 200);
        server_.clock().advance_ms(limits::kLastUseWriteMs);
    }
    ASSERT_EQ(status("/v1/me", "other"), 200);
    settle();
    EXPECT_EQ(forgotten.orgs, std::set{org("org")});
    EXPECT_EQ(status("/v1/me", "owner"), 200);
}

DAYBOOK_TEST_ALL_STORES(ApiLoading);

}  // namespace
}  // namespace daybook::test
