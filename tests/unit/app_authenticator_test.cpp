// Need: nothing. Goal: nobody is let into an org that is not loaded, nobody is turned away from one
// for that, and only orgs that nobody asks about are forgotten.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/authenticator.h"
#include "app/token_secret.h"
#include "base/limits.h"
#include "storage/memory/store.h"
#include "support/test_org.h"

namespace daybook::app {
namespace {

using test::TestOrg;
using testing::ElementsAre;
using testing::IsEmpty;

class AuthenticatorTest : public testing::Test {
 protected:
    AuthenticatorTest() {
        token_ = make_token(org_);
        store_.listen(authenticator_);
    }

    std::string make_token(TestOrg& org) {
        std::string text = new_token_text(random_);
        CreateTokenWithSecret create;
        create.token = {org.new_id<TokenId>(), "till", domain::Role::manager, {}, std::nullopt};
        create.secret_hash = token_hash(text);
        id_ = create.token.id;
        org.run(create).value();
        return text;
    }
    // Refused: the code of why not.
    std::optional<ErrorCode> let_in(const std::string& token) {
        const auto principal = authenticator_.authenticate(token, "", clock_.now());
        if (principal) return std::nullopt;
        return principal.error().code;
    }
    void load() { test::load_org(store_, org_.id()).value(); }

    ManualClock clock_{test::kTestStart};
    SeededRandom random_{1};
    storage::memory::MemoryStore store_{{clock_, random_}};
    Authenticator authenticator_;
    TestOrg org_{store_, 1};
    TokenId id_;
    std::string token_;
};

TEST_F(AuthenticatorTest, LetsNobodyInBeforeTheOrgIsLoaded) {
    EXPECT_EQ(let_in(token_), ErrorCode::unauthenticated) << "it has not heard of it";
    authenticator_.load(store_).value();
    EXPECT_EQ(authenticator_.unloaded_by(token_), org_.id());
    EXPECT_EQ(let_in(token_), ErrorCode::busy);
    load();
    EXPECT_EQ(authenticator_.unloaded_by(token_), std::nullopt);
    EXPECT_EQ(let_in(token_), std::nullopt);
    const std::string nobodys = new_token_text(random_);
    EXPECT_EQ(authenticator_.unloaded_by(nobodys), std::nullopt);
    EXPECT_EQ(let_in(nobodys), ErrorCode::unauthenticated);
}

TEST_F(AuthenticatorTest, HearsOfATokenOfAnOrgThatIsNotLoaded) {
    authenticator_.load(store_).value();
    const std::string newer = make_token(org_);
    EXPECT_EQ(authenticator_.unloaded_by(newer), org_.id());
    EXPECT_FALSE(authenticator_.is_loaded(org_.id()));
    load();
    EXPECT_EQ(let_in(newer), std::nullopt);
}

TEST_F(AuthenticatorTest, FindsARevocationThatCameWhileTheOrgWasForgotten) {
    authenticator_.load(store_).value();
    load();
    EXPECT_EQ(let_in(token_), std::nullopt);
    store_.forget({org_.id()});
    org_.run(domain::RevokeToken{id_}).value();
    EXPECT_EQ(let_in(token_), ErrorCode::busy);
    load();
    EXPECT_EQ(let_in(token_), ErrorCode::unauthenticated);
}

TEST_F(AuthenticatorTest, KnowsAnOrgThatWasFoundedHere) {
    TestOrg founded(store_, 2);
    EXPECT_TRUE(authenticator_.is_loaded(founded.id()));
    EXPECT_EQ(let_in(make_token(founded)), std::nullopt);
}

TEST_F(AuthenticatorTest, ForgetsOnlyWhatNobodyAsksAbout) {
    TestOrg other(store_, 2);
    const std::string others = make_token(other);
    authenticator_.load(store_).value();
    load();
    std::vector<OrgId> idle;
    std::int64_t passed_ms = 0;
    for (; idle.empty() && passed_ms < 2 * limits::kOrgIdleMs;
         passed_ms += limits::kLastUseWriteMs) {
        EXPECT_EQ(let_in(others), std::nullopt);
        (void)authenticator_.take_uses(clock_.now());
        idle = authenticator_.take_idle(clock_.now());
        clock_.advance_ms(limits::kLastUseWriteMs);
    }
    EXPECT_THAT(idle, ElementsAre(org_.id()));
    EXPECT_GT(passed_ms, limits::kOrgIdleMs);
}

TEST_F(AuthenticatorTest, KeepsWhoeverStaysConnected) {
    load();
    ASSERT_EQ(let_in(token_), std::nullopt);
    const auto connected = authenticator_.authenticate(token_, "", clock_.now()).value();
    (void)authenticator_.take_uses(clock_.now());
    (void)authenticator_.take_idle(clock_.now());
    clock_.advance_ms(limits::kOrgIdleMs);
    (void)authenticator_.take_uses(clock_.now());
    EXPECT_TRUE(authenticator_.current(connected, clock_.now()));
    EXPECT_THAT(authenticator_.take_idle(clock_.now()), IsEmpty());
    clock_.advance_ms(limits::kOrgIdleMs);
    EXPECT_THAT(authenticator_.take_idle(clock_.now()), ElementsAre(org_.id()));
}

TEST_F(AuthenticatorTest, KeepsWhatWasUsedUntilThatIsWritten) {
    load();
    (void)authenticator_.take_uses(clock_.now());
    (void)authenticator_.take_idle(clock_.now());
    ASSERT_EQ(let_in(token_), std::nullopt);
    clock_.advance_ms(limits::kOrgIdleMs);
    EXPECT_THAT(authenticator_.take_idle(clock_.now()), IsEmpty());
    ASSERT_EQ(authenticator_.take_uses(clock_.now()).size(), 1U);
    clock_.advance_ms(limits::kLastUseWriteMs);
    EXPECT_THAT(authenticator_.take_idle(clock_.now()), ElementsAre(org_.id()));
}

TEST_F(AuthenticatorTest, KnowsInWhichOrgsAnAddressIsSomebodys) {
    const domain::Principal anna = org_.join(domain::Role::manager);
    const auto email = org_.snapshot()->user(anna.user).value()->email.value;
    authenticator_.load(store_).value();
    EXPECT_THAT(authenticator_.unloaded_accounts(email, std::nullopt), ElementsAre(org_.id()));
    EXPECT_THAT(authenticator_.unloaded_accounts(email, org_.new_id<OrgId>()), IsEmpty());
    EXPECT_THAT(authenticator_.accounts_of(email, std::nullopt, clock_.now()), IsEmpty());
    load();
    EXPECT_THAT(authenticator_.unloaded_accounts(email, std::nullopt), IsEmpty());
    EXPECT_THAT(authenticator_.accounts_of(email, std::nullopt, clock_.now()),
                ElementsAre(UserKey{org_.id(), anna.user}));
}

}  // namespace
}  // namespace daybook::app
