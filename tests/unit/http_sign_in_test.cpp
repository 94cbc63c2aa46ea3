// Need: nothing but threads. Goal: an attempt that the full queue of the hashers refuses costs
// nothing, what is wrong with a body is found before a hash is made of it, and strangers use up
// neither a link nor the sign-ins of a person.
#include <gtest/gtest.h>

#include <future>
#include <string>

#include "app/token_secret.h"
#include "base/limits.h"
#include "http/problem.h"
#include "http/sign_in.h"
#include "storage/memory/store.h"
#include "support/test_org.h"

namespace daybook::test {
namespace {

// Nothing can be hashed at that cost.
constexpr PasswordCost kImpossible{1, 0};

class SignInSteps : public testing::Test {
 protected:
    SignInSteps() { store_.listen(authenticator_); }
    ~SignInSteps() override { store_.drain(); }

    // Of hashers of whom so many may wait: none, or as many as come.
    std::shared_ptr<http::SignIn> steps(http::WorkerPool& hashers) {
        return std::make_shared<http::SignIn>(http::SignInParts{.store = store_,
                                                                .authenticator = authenticator_,
                                                                .guard = guard_,
                                                                .gate = gate_,
                                                                .hashers = hashers,
                                                                .clock = clock_,
                                                                .random = random_,
                                                                .cost = kImpossible,
                                                                .sign_up = http::SignUp::on,
                                                                .version = "test"});
    }
    using Step = void (http::SignIn::*)(const http::AuthCall&);
    // The status of the refusal; said_ is what it says.
    int call(http::SignIn& steps, Step step, std::string body) {
        std::promise<http::Response> answer;
        http::Request request;
        request.method = http::Method::post;
        request.headers = {{"content-type", "application/json"}};
        request.body = std::move(body);
        request.peer_address = "192.0.2.1";
        http::AuthCall call;
        call.request = std::make_shared<const http::Request>(std::move(request));
        call.respond = std::make_shared<http::Respond>(
            [&](http::Response response) { answer.set_value(std::move(response)); });
        (steps.*step)(call);
        const http::Response response = answer.get_future().get();
        const Error error = response.error.value();
        said_ = error.detail;
        for (const FieldError& field : error.fields) said_ += " at " + field.pointer;
        return http::http_status(error.kind());
    }
    std::string founding(const std::string& name, const std::string& email, const std::string& org,
                         const std::string& setup_token = {}) {
        const std::string token =
            setup_token.empty() ? "" : R"("setupToken":")" + setup_token + R"(",)";
        return "{" + token + R"("name":")" + name + R"(","email":")" + email +
               R"(","password":"blue lamp river","orgName":")" + org + R"("})";
    }

    ManualClock clock_{kTestStart};
    SeededRandom random_{1};
    app::Environment environment_{clock_, random_};
    storage::memory::MemoryStore store_{environment_};
    app::Authenticator authenticator_;
    app::SignInGuard guard_;
    app::SetupGate gate_;
    http::WorkerPool full_{1, 0};
    http::WorkerPool free_{1, 8};
    std::string said_;
};

TEST_F(SignInSteps, GiveTheSetupTokenBackIfTheHashersAreBusy) {
    const std::string token = gate_.open(random_);
    const auto busy = steps(full_);
    const std::string body = founding("Ana", "ana@example.com", "Inn", token);
    for (int i = 0; i < 2; ++i) EXPECT_EQ(call(*busy, &http::SignIn::set_up, body), 429) << said_;
    EXPECT_TRUE(gate_.take(token));
}

TEST_F(SignInSteps, CostNothingIfTheHashersAreBusy) {
    const auto busy = steps(full_);
    for (std::size_t i = 0; i < 2 * limits::kFailedSignInsPerAddress; ++i) {
        EXPECT_EQ(call(*busy, &http::SignIn::sign_in,
                       R"({"email":"ana@example.com","password":"blue lamp river"})"),
                  429);
        EXPECT_NE(said_.find("at this moment"), std::string::npos) << said_;
        EXPECT_EQ(call(*busy, &http::SignIn::sign_up, founding("Ana", "ana@example.com", "Inn")),
                  429);
        EXPECT_NE(said_.find("at this moment"), std::string::npos) << said_;
    }
}

TEST_F(SignInSteps, DoNotCountSignUpsAgainstWhoHasTheAddress) {
    const auto free = steps(free_);
    const std::string body = founding(" bad ", "ana@example.com", "Inn");
    for (std::size_t i = 0; i < limits::kFailedSignInsPerAccount; ++i) {
        EXPECT_EQ(call(*free, &http::SignIn::sign_up, body), 400) << said_;
    }
    EXPECT_EQ(call(*free, &http::SignIn::sign_up, body), 429) << said_;
    EXPECT_TRUE(guard_.begin("ana@example.com", "192.0.2.1", clock_.now()));
}

TEST_F(SignInSteps, FindWhatIsWrongBeforeTheyHash) {
    const auto free = steps(free_);
    for (const auto& [body, pointer] :
         {std::pair(founding(" bad ", "a@example.com", "Inn"), "at /name"),
          std::pair(founding("Ana", "nowhere", "Inn"), "at /email"),
          std::pair(founding("Ana", "b@example.com", " bad "), "at /orgName")}) {
        EXPECT_EQ(call(*free, &http::SignIn::sign_up, body), 400) << said_;
        EXPECT_NE(said_.find(pointer), std::string::npos) << said_;
    }
    EXPECT_EQ(call(*free, &http::SignIn::sign_up, founding("Ana", "c@example.com", "Inn")), 503)
        << said_;
}

TEST_F(SignInSteps, HashLittleForWhoHoldsALink) {
    TestOrg org(store_, 1);
    const std::string secret = app::new_secret(random_, app::kLinkPrefix);
    app::InviteUserWithLink invite;
    invite.user = {
        org.new_id<UserId>(), "Ana", "ana@example.com", {domain::Role::manager, {}, std::nullopt}};
    invite.link = {org.new_id<LinkId>(), app::token_hash(secret),
                   Instant{kTestStart.ms + limits::kInvitationMsMax}};
    org.run(std::move(invite)).value();
    const auto free = steps(free_);
    const std::string start = R"({"token":")" + secret + R"(","password":"blue lamp river")";
    const std::string bad = start + R"(,"name":" bad "})";
    EXPECT_EQ(call(*free, &http::SignIn::accept, start + "}"), 503) << said_;
    for (std::size_t i = 1; i < limits::kFailedSignInsPerAccount; ++i) {
        EXPECT_EQ(call(*free, &http::SignIn::accept, bad), 400) << said_;
        EXPECT_NE(said_.find("at /name"), std::string::npos) << said_;
    }
    EXPECT_EQ(call(*free, &http::SignIn::accept, bad), 429) << said_;
}

// Addresses are not proved: others may have taken this one in orgs of their own.
TEST_F(SignInSteps, CompareInTheOrgThatWasNamed) {
    const auto join = [&](std::uint64_t seed) {
        TestOrg org(store_, seed);
        const Hash secret = sha256({std::span<const std::uint8_t>(org.id().value.bytes)});
        app::InviteUserWithLink invite;
        invite.user = {org.new_id<UserId>(),
                       "Vera",
                       "vera@example.com",
                       {domain::Role::manager, {}, std::nullopt}};
        invite.link = {org.new_id<LinkId>(), secret, Instant{kTestStart.ms + 1'000}};
        const UserId user = invite.user.id;
        org.run(std::move(invite)).value();
        app::AcceptLink accept;
        accept.user = user;
        accept.secret_hash = secret;
        accept.password = {user.value, "hash", kTestStart};
        accept.session = {org.new_id<SessionId>(), secret, "browser"};
        domain::Principal vera = org.owner();
        vera.user = user;
        org.run(vera, std::move(accept)).value();
        return app::UserKey{org.id(), user};
    };
    std::vector<app::UserKey> all;
    for (std::uint64_t i = 0; i <= limits::kSignInAccountsMax; ++i) all.push_back(join(i + 1));
    for (const app::UserKey& each : all) {
        const auto found = authenticator_.accounts_of("VERA@example.com", each.org, clock_.now());
        ASSERT_EQ(found.size(), 1U);
        EXPECT_EQ(found[0].id, each.id);
    }
    EXPECT_EQ(authenticator_.accounts_of("vera@example.com", std::nullopt, clock_.now()).size(),
              limits::kSignInAccountsMax);
}

}  // namespace
}  // namespace daybook::test
