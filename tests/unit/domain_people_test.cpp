// Need: nothing. Goal: owners look after owners and admins, an owner stays, grants end, and a token
// never does more than the person who made it may do now.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "domain/password.h"
#include "support/desk.h"

namespace daybook::test {
namespace {

using namespace domain;

User person(std::uint8_t number, Role role, Scope scope = {}) {
    User user;
    user.id = UserId{numbered_uuid(number)};
    user.name = Text{"Person " + std::to_string(number), false};
    user.email = Text{"person" + std::to_string(number) + "@example.com", false};
    user.grant = {role, std::move(scope), std::nullopt};
    user.status = UserStatus::active;
    return user;
}

ChangeUser role_change(Role role) {
    ChangeUser change;
    change.role = role;
    return change;
}

ChangeUser end_change(Instant until) {
    ChangeUser change;
    change.until = std::optional(until);
    return change;
}

ChangeMe liking(std::optional<std::string> name, std::optional<std::string> language) {
    ChangeMe change;
    change.name = std::move(name);
    change.language = std::move(language);
    change.theme = Theme::dark;
    return change;
}

class People : public testing::Test {
 protected:
    [[nodiscard]] std::string invited_by(const Principal& who, Role role, Scope scope = {}) const {
        const InviteUser invite{UserId{numbered_uuid(90)},
                                "Ana",
                                "ana@example.com",
                                {role, std::move(scope), std::nullopt}};
        return outcome_of(decide(PeopleState{users_}, invite, desk_.by(who)));
    }
    [[nodiscard]] std::string changed(const User& user, ChangeUser change,
                                      const Principal& who) const {
        change.id = user.id;
        change.version = user.version;
        return outcome_of(decide(UserState{user, users_}, change, desk_.by(who)));
    }
    [[nodiscard]] std::string removed(const User& user, const Principal& who) const {
        return outcome_of(decide(UserState{user, users_}, RemoveUser{user.id}, desk_.by(who)));
    }

    Desk desk_;
    User owner_ = person(50, Role::owner);
    User admin_ = person(51, Role::admin);
    User manager_ = person(53, Role::manager, Scope{false, {desk_.property.id}});
    std::vector<User> users_{owner_, admin_, manager_};
};

TEST_F(People, AreInvitedByThoseWhoLookAfterThem) {
    EXPECT_EQ(invited_by(desk_.owner, Role::owner), "ok");
    EXPECT_EQ(invited_by(desk_.owner, Role::admin), "ok");
    EXPECT_EQ(invited_by(desk_.admin, Role::admin), "forbidden");
    EXPECT_EQ(invited_by(desk_.admin, Role::owner), "forbidden");
    EXPECT_EQ(invited_by(desk_.admin, Role::manager), "ok");
    EXPECT_EQ(invited_by(desk_.limited_admin, Role::manager), "forbidden");
    EXPECT_EQ(invited_by(desk_.manager, Role::auditor), "forbidden");
    EXPECT_EQ(invited_by(desk_.auditor, Role::auditor), "forbidden");
    Principal trusted = desk_.owner;
    trusted.trusted = true;
    EXPECT_EQ(invited_by(trusted, Role::manager), "forbidden");
    EXPECT_EQ(invited_by(desk_.owner, Role::owner, Scope{false, {desk_.property.id}}),
              "invalid_value");
    EXPECT_EQ(invited_by(desk_.owner, Role::manager, Scope{false, {}}), "invalid_value");
}

TEST_F(People, HaveOneAddressEachAndRealOnes) {
    const auto invited = [&](const std::string& email) {
        const InviteUser invite{UserId{numbered_uuid(90)}, "Ana", email, {}};
        return outcome_of(decide(PeopleState{users_}, invite, desk_.by(desk_.owner)));
    };
    EXPECT_EQ(invited("PERSON53@Example.com"), "already_exists");
    for (const char* wrong : {"", "ana", "@example.com", "ana@", "a@b@c", "a b@c", "<a@b>"}) {
        EXPECT_EQ(invited(wrong), "invalid_value") << wrong;
    }
    users_[2].status = UserStatus::removed;
    EXPECT_EQ(invited("person53@example.com"), "ok");
    users_.resize(limits::kUsersMax, users_[2]);
    EXPECT_EQ(invited("person54@example.com"), "too_large");
}

TEST_F(People, CannotRiseByTheHandOfAnAdmin) {
    EXPECT_EQ(changed(manager_, role_change(Role::admin), desk_.admin), "forbidden");
    EXPECT_EQ(changed(manager_, role_change(Role::owner), desk_.admin), "forbidden");
    EXPECT_EQ(changed(manager_, role_change(Role::auditor), desk_.admin), "ok");
    EXPECT_EQ(changed(admin_, role_change(Role::manager), desk_.admin), "forbidden");
    EXPECT_EQ(removed(admin_, desk_.admin), "forbidden");
    EXPECT_EQ(removed(owner_, desk_.admin), "forbidden");
    EXPECT_EQ(removed(manager_, desk_.admin), "ok");
    EXPECT_FALSE(check_may_link(admin_, desk_.by(desk_.admin)));
    EXPECT_FALSE(check_may_link(owner_, desk_.by(desk_.admin)));
    EXPECT_TRUE(check_may_link(manager_, desk_.by(desk_.admin)));
    EXPECT_TRUE(check_may_link(admin_, desk_.by(desk_.owner)));
}

// Whoever lets somebody in could write as them, and decide it as themselves.
TEST_F(People, WhoMayWriteAreLetInByOwnersUnderFourEyes) {
    desk_.org.approvals = {500};
    User auditor = person(54, Role::auditor);
    EXPECT_EQ(invited_by(desk_.admin, Role::manager), "forbidden");
    EXPECT_EQ(invited_by(desk_.admin, Role::auditor), "ok");
    EXPECT_EQ(invited_by(desk_.owner, Role::manager), "ok");
    EXPECT_FALSE(check_may_link(manager_, desk_.by(desk_.admin)));
    EXPECT_TRUE(check_may_link(auditor, desk_.by(desk_.admin)));
    EXPECT_TRUE(check_may_link(manager_, desk_.by(desk_.owner)));
    // Nor by a promotion of an auditor whom they let in.
    EXPECT_EQ(changed(auditor, role_change(Role::manager), desk_.admin), "forbidden");
    EXPECT_EQ(changed(auditor, role_change(Role::manager), desk_.owner), "ok");
    EXPECT_EQ(changed(manager_, role_change(Role::auditor), desk_.admin), "ok");
    EXPECT_EQ(changed(manager_, end_change(Instant{desk_.now.ms + 1}), desk_.admin), "ok");
    EXPECT_EQ(removed(manager_, desk_.admin), "ok");
}

TEST_F(People, KeepALastOwner) {
    EXPECT_EQ(changed(owner_, role_change(Role::admin), desk_.owner), "last_owner");
    EXPECT_EQ(removed(owner_, desk_.owner), "last_owner");
    // An owner who has not joined, or was removed, is nobody to rely on.
    User second = person(55, Role::owner);
    second.status = UserStatus::invited;
    users_.push_back(second);
    EXPECT_EQ(removed(owner_, desk_.owner), "last_owner");
    users_.back().status = UserStatus::active;
    EXPECT_EQ(removed(owner_, desk_.owner), "ok");
    EXPECT_EQ(changed(owner_, role_change(Role::manager), desk_.owner), "ok");
}

TEST_F(People, HaveGrantsThatEnd) {
    const Instant later{desk_.now.ms + 1};
    EXPECT_EQ(changed(manager_, end_change(later), desk_.admin), "ok");
    EXPECT_EQ(changed(manager_, end_change(desk_.now), desk_.admin), "invalid_value");
    EXPECT_EQ(changed(owner_, end_change(later), desk_.owner), "invalid_value");
    manager_.grant.until = later;
    EXPECT_TRUE(user_rights(manager_, desk_.now));
    EXPECT_FALSE(user_rights(manager_, later));
    manager_.grant.until.reset();
    manager_.status = UserStatus::invited;
    EXPECT_FALSE(user_rights(manager_, desk_.now));
}

TEST_F(People, ChangeInTwoEventsWhoTheyAreAndWhatTheyMayDo) {
    ChangeUser change{manager_.id, 1, "Ana", std::nullopt, Role::auditor, Scope{}, std::nullopt};
    const auto events = decide(UserState{manager_, users_}, change, desk_.by(desk_.admin)).value();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].type, EventType::user_updated);
    EXPECT_EQ(events[1].type, EventType::grant_changed);
    const auto& last = std::get<UserChanged>(events[1].payload);
    EXPECT_EQ(last.after.version, 3);
    EXPECT_EQ(last.after.name.value, "Ana");
    EXPECT_EQ(last.after.grant, (Grant{Role::auditor, Scope{}, std::nullopt}));
    EXPECT_EQ(changed(manager_, {}, desk_.admin), "nothing_to_change");
    change.version = 2;
    EXPECT_EQ(outcome_of(decide(UserState{manager_, users_}, change, desk_.by(desk_.admin))),
              "stale_version");
}

TEST_F(People, SayHowTheyLikeIt) {
    const auto said = [&](const ChangeMe& change) {
        Principal who = desk_.manager;
        who.user = manager_.id;
        return outcome_of(decide(UserState{manager_, users_}, change, desk_.by(who)));
    };
    EXPECT_EQ(said(liking("Ana", "pt-PT")), "ok");
    EXPECT_EQ(said(liking({}, "p")), "invalid_value");
    EXPECT_EQ(said(liking({}, "../../etc")), "invalid_value");
    EXPECT_EQ(said(liking("", {})), "invalid_value");
    EXPECT_EQ(said({}), "nothing_to_change");
}

TEST_F(People, CountAsApproversWhereTheyCouldApprove) {
    const PropertyId here = desk_.property.id;
    const PropertyId there = desk_.other_property.id;
    users_.push_back(person(56, Role::admin, Scope{false, {here}}));
    EXPECT_EQ(count_approvers(users_, here, desk_.now), 3U);
    EXPECT_EQ(count_approvers(users_, there, desk_.now), 2U);
    EXPECT_EQ(count_approvers_everywhere(users_, desk_.now), 2U);
    users_[1].grant.until = desk_.now;
    users_.push_back(person(57, Role::admin));
    users_.back().status = UserStatus::invited;
    EXPECT_EQ(count_approvers(users_, here, desk_.now), 2U);
    EXPECT_EQ(count_approvers_everywhere(users_, desk_.now), 1U);
}

TEST(TokenRights, AreNeverMoreThanTheMakersAreNow) {
    const PropertyId here{numbered_uuid(1)};
    const PropertyId there{numbered_uuid(2)};
    const Instant now{1'000};
    const auto rights = [&](Role token_role, Role maker_role) -> std::string {
        Token token;
        token.role = token_role;
        const User maker = person(50, maker_role);
        const auto found = token_rights(token, &maker, now);
        return found ? std::string(role_name(found->role)) : "none";
    };
    EXPECT_EQ(rights(Role::owner, Role::owner), "owner");
    EXPECT_EQ(rights(Role::owner, Role::admin), "admin");
    EXPECT_EQ(rights(Role::owner, Role::manager), "manager");
    EXPECT_EQ(rights(Role::owner, Role::auditor), "auditor");
    EXPECT_EQ(rights(Role::admin, Role::owner), "admin");
    EXPECT_EQ(rights(Role::admin, Role::manager), "manager");
    EXPECT_EQ(rights(Role::manager, Role::admin), "manager");
    EXPECT_EQ(rights(Role::auditor, Role::admin), "auditor");
    // Neither includes the other: an auditor sees the org's facts, a manager writes.
    EXPECT_EQ(rights(Role::auditor, Role::manager), "none");
    EXPECT_EQ(rights(Role::manager, Role::auditor), "none");

    Token token;
    token.role = Role::admin;
    token.scope = {false, {here, there}};
    token.trusted = true;
    User maker = person(50, Role::admin, Scope{false, {there}});
    EXPECT_EQ(token_rights(token, &maker, now)->scope, (Scope{false, {there}}));
    EXPECT_FALSE(token_rights(token, &maker, now)->trusted);
    EXPECT_TRUE(token_rights(token, nullptr, now)->trusted);
    maker.status = UserStatus::removed;
    EXPECT_FALSE(token_rights(token, &maker, now));
    maker.status = UserStatus::active;
    maker.grant.until = now;
    EXPECT_FALSE(token_rights(token, &maker, now));
    token.expires_at = now;
    EXPECT_FALSE(token_rights(token, nullptr, now));
}

TEST(TrustedTokens, AddWhatCountsAndDecideNothing) {
    const Desk desk;
    for (Principal who : {desk.owner, desk.admin, desk.manager}) {
        who.trusted = true;
        const auto added = decide(desk.add_state(), desk.add(), desk.by(who)).value();
        EXPECT_EQ(std::get<EntryChanged>(added.payload).status_after, EntryStatus::approved);
        const Entry pending = desk.entry(EntryStatus::pending);
        const DecideEntry approve{pending.id, pending.version, Decision::approve, ""};
        EXPECT_EQ(outcome_of(decide(desk.state(pending), approve, desk.by(who))), "forbidden");
        EXPECT_FALSE(who.administers());
    }
    Principal auditor = desk.auditor;
    auditor.trusted = true;
    EXPECT_FALSE(auditor.adds_trusted(desk.property.id));
}

TEST(Tokens, AreTrustedByOwnersOnly) {
    const Desk desk;
    const auto made = [&](const Principal& who, Role role) {
        const CreateToken create{TokenId{numbered_uuid(70)}, "Till", role, {}, std::nullopt, true};
        return outcome_of(decide(create, desk.by(who)));
    };
    EXPECT_EQ(made(desk.owner, Role::manager), "ok");
    EXPECT_EQ(made(desk.admin, Role::manager), "forbidden");
    EXPECT_EQ(made(desk.owner, Role::auditor), "invalid_value");
}

TEST(Passwords, AreLongAndNotEverybodys) {
    const PasswordOwner owner{"Ana Lopes", "ana.lopes@example.com", "Casa Azul"};
    const auto taken = [&](const std::string& password) {
        return outcome_of<std::monostate>(check_password(password, owner, "/password")
                                              ? Result<std::monostate>{}
                                              : fail(ErrorCode::weak_password, ""));
    };
    EXPECT_EQ(taken("blue lamp river"), "ok");
    EXPECT_EQ(taken("ção ção çã€ü"), "ok");  // characters count, not bytes
    for (const char* weak : {"", "short", "elevenchars", "aaaaaaaaaaaaaaaa", "Password1234",
                             "pass-word-12345", "ana.lopes@example.com", "Ana Lopes 2026",
                             "casa-azul-123", "\xff\xfe bytes that are not"}) {
        EXPECT_EQ(taken(weak), "weak_password") << weak;
    }
    EXPECT_EQ(taken(std::string(limits::kPasswordBytesMax, 'a') + "bcdefg"), "weak_password");
}

}  // namespace
}  // namespace daybook::test
