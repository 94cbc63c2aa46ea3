// Need: a directory for files. Goal: people and what lets them in are kept alike by every store:
// links open once, sessions end, a removed user and all that is theirs is dead inside the
// transaction, and a refused act leaves no trace.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/limits.h"
#include "support/contents.h"
#include "support/store_kinds.h"

namespace daybook::test {
namespace {

using domain::Role;
using domain::User;
using domain::UserStatus;

Hash secret(std::uint8_t number) {
    Hash hash{};
    hash.fill(number);
    return hash;
}

class StoreContractPeople : public StoreContract {
 protected:
    UserId invited(const std::string& email, Role role, domain::Scope scope = {}) {
        app::InviteUserWithLink invite;
        invite.user = {
            org_.new_id<UserId>(), "Person", email, {role, std::move(scope), std::nullopt}};
        invite.link = new_link();
        const UserId id = invite.user.id;
        org_.run(std::move(invite)).value();
        return id;
    }
    app::NewLink new_link() {
        return {org_.new_id<LinkId>(), secret(1), Instant{kTestStart.ms + 1'000}};
    }
    app::AcceptLink acceptance(UserId user) {
        app::AcceptLink accept;
        accept.user = user;
        accept.secret_hash = secret(1);
        accept.password = {user.value, "hash", kTestStart};
        accept.session = {org_.new_id<SessionId>(), secret(2), "browser"};
        return accept;
    }
    // Somebody who is not signed in, and who is that user.
    domain::Principal visitor(UserId user) {
        domain::Principal principal = org_.who(Role::auditor, {false, {}});
        principal.user = user;
        principal.via.kind = domain::ViaKind::console;
        return principal;
    }
    // Through the session, with whatever rights the request had when it was read.
    domain::Principal through(UserId user, SessionId session) {
        domain::Principal principal = visitor(user);
        principal.role = Role::owner;
        principal.scope = {};
        principal.session = session;
        return principal;
    }
    struct Person {
        UserId id;
        SessionId session;
    };
    Person joined(const std::string& email, Role role, domain::Scope scope = {}) {
        const UserId id = invited(email, role, std::move(scope));
        app::AcceptLink accept = acceptance(id);
        const SessionId session = accept.session.id;
        org_.run(visitor(id), std::move(accept)).value();
        return {id, session};
    }
    User user(UserId id) { return org_.snapshot()->user(id).value().value(); }
    ErrorCode rename(const domain::Principal& by, std::string name) {
        domain::ChangeMe change;
        change.name = std::move(name);
        return refusal(org_.run(by, change));
    }

    TestOrg org_{store(), 1};
    PropertyId hotel_ = org_.add_property("Hotel");
};

TEST_P(StoreContractPeople, InvitesAndLetsInOnce) {
    const UserId id = invited("ana@example.com", Role::manager);
    EXPECT_EQ(user(id).status, UserStatus::invited);
    EXPECT_EQ(org_.snapshot()->users().value().size(), 1U);
    ASSERT_EQ(store().sign_in_state().value().links.size(), 1U);

    app::AcceptLink wrong = acceptance(id);
    wrong.secret_hash = secret(9);
    EXPECT_EQ(refusal(org_.run(visitor(id), wrong)), ErrorCode::not_found);
    const auto accept = acceptance(id);
    org_.run(visitor(id), accept).value();
    EXPECT_EQ(user(id).status, UserStatus::active);
    EXPECT_EQ(org_.snapshot()->password(id).value()->hash, "hash");
    const auto sessions = org_.snapshot()->sessions(id).value();
    ASSERT_EQ(sessions.size(), 1U);
    EXPECT_EQ(sessions[0].address, "192.0.2.1");
    EXPECT_EQ(sessions[0].agent, "browser");
    EXPECT_TRUE(store().sign_in_state().value().links.empty());
    // The link was used.
    EXPECT_EQ(refusal(org_.run(visitor(id), acceptance(id))), ErrorCode::not_found);
}

TEST_P(StoreContractPeople, ForgetsLinksInTime) {
    const UserId id = invited("ana@example.com", Role::manager);
    clock_.advance_ms(1'000);
    EXPECT_EQ(refusal(org_.run(visitor(id), acceptance(id))), ErrorCode::not_found);
}

TEST_P(StoreContractPeople, EndsLinksWithTheRoleAndTheAddressTheyWereMadeFor) {
    domain::ChangeUser promote;
    promote.role = Role::owner;
    domain::ChangeUser move;
    move.email = "vera@example.com";
    for (domain::ChangeUser change : {promote, move}) {
        const UserId id = invited("ana@example.com", Role::manager);
        change.id = id;
        change.version = user(id).version;
        org_.run(change).value();
        EXPECT_EQ(refusal(org_.run(visitor(id), acceptance(id))), ErrorCode::not_found);
        EXPECT_EQ(user(id).status, UserStatus::invited);
        EXPECT_TRUE(store().sign_in_state().value().links.empty());
        org_.run(domain::RemoveUser{id}).value();
    }
    // Another name is nobody else.
    const UserId bea = invited("bea@example.com", Role::manager);
    domain::ChangeUser rename;
    rename.id = bea;
    rename.version = user(bea).version;
    rename.name = "Bea";
    org_.run(rename).value();
    org_.run(visitor(bea), acceptance(bea)).value();
}

TEST_P(StoreContractPeople, EndsLinksWithThePassword) {
    const Person ana = joined("ana@example.com", Role::manager);
    org_.run(app::MakeLink{ana.id, new_link()}).value();
    const app::ChangePassword change{ana.id.value,
                                     {org_.new_id<UserId>().value, "other hash", kTestStart}};
    org_.run(through(ana.id, ana.session), change).value();
    EXPECT_EQ(refusal(org_.run(visitor(ana.id), acceptance(ana.id))), ErrorCode::not_found);
    EXPECT_EQ(org_.snapshot()->password(ana.id).value()->hash, "other hash");
}

TEST_P(StoreContractPeople, EndsLinksWithTheirMaker) {
    const Person bea = joined("bea@example.com", Role::manager);
    const auto is_open = [&] { return !store().sign_in_state().value().links.empty(); };
    const auto make = [&](const Person& maker) {
        org_.run(through(maker.id, maker.session), app::MakeLink{bea.id, new_link()}).value();
        EXPECT_TRUE(is_open());
    };
    const Person gone = joined("gone@example.com", Role::admin);
    make(gone);
    org_.run(domain::RemoveUser{gone.id}).value();
    EXPECT_FALSE(is_open());
    const Person smaller = joined("smaller@example.com", Role::admin);
    make(smaller);
    domain::ChangeUser change;
    change.id = smaller.id;
    change.version = user(smaller.id).version;
    change.role = Role::manager;
    org_.run(change).value();
    EXPECT_FALSE(is_open());
    // Nor does a link live longer than its maker's grant.
    const Person leaving = joined("leaving@example.com", Role::admin);
    domain::ChangeUser end;
    end.id = leaving.id;
    end.version = user(leaving.id).version;
    end.until = std::optional(Instant{kTestStart.ms + 5});
    org_.run(end).value();
    make(leaving);
    clock_.advance_ms(5);
    EXPECT_EQ(refusal(org_.run(visitor(bea.id), acceptance(bea.id))), ErrorCode::not_found);
}

TEST_P(StoreContractPeople, GivesLinksTheTimeOfTheirKind) {
    const auto life = [&] {
        return store().sign_in_state().value().links.at(0).second.expires_at.ms - kTestStart.ms;
    };
    app::NewLink link = new_link();
    link.expires_at.ms = kTestStart.ms + limits::kInvitationMsMax + 1;
    const UserId ana = invited("ana@example.com", Role::manager);
    org_.run(app::MakeLink{ana, link}).value();
    EXPECT_EQ(life(), limits::kInvitationMsMax);
    // Whoever asked may have thought that the person has not joined yet.
    org_.run(visitor(ana), acceptance(ana)).value();
    org_.run(app::MakeLink{ana, link}).value();
    EXPECT_EQ(life(), limits::kResetMsMax);
}

TEST_P(StoreContractPeople, LetsNobodyActWithoutAProof) {
    const Person ana = joined("ana@example.com", Role::owner);
    EXPECT_EQ(rename(visitor(ana.id), "Eve"), ErrorCode::unauthenticated);
    EXPECT_EQ(rename(through(ana.id, org_.new_id<SessionId>()), "Eve"), ErrorCode::unauthenticated);
    EXPECT_EQ(rename(through(ana.id, ana.session), "Ana"), ErrorCode::internal);
    // The session says who it is, whoever the request says it is.
    const Person bea = joined("bea@example.com", Role::manager);
    EXPECT_EQ(rename(through(ana.id, bea.session), "Bea"), ErrorCode::internal);
    EXPECT_EQ(user(bea.id).name.value, "Bea");
    EXPECT_EQ(user(ana.id).name.value, "Ana");
}

TEST_P(StoreContractPeople, ChecksSessionAndGrantInsideTheTransaction) {
    const Person ana = joined("ana@example.com", Role::manager, {false, {hotel_}});
    const auto by = through(ana.id, ana.session);
    EXPECT_EQ(org_.add(by, org_.expense(hotel_, 1)).status, domain::EntryStatus::pending);
    const PropertyId hostel = org_.add_property("Hostel");
    EXPECT_EQ(refusal(org_.run(by, single(org_.expense(hostel, 1)))), ErrorCode::not_found);

    domain::ChangeUser change;
    change.id = ana.id;
    change.version = user(ana.id).version;
    change.until = std::optional(Instant{kTestStart.ms + 5});
    org_.run(change).value();
    clock_.advance_ms(5);
    EXPECT_EQ(refusal(org_.run(by, single(org_.expense(hotel_, 1)))), ErrorCode::unauthenticated);
}

TEST_P(StoreContractPeople, EndsEverythingOfWhomIsRemoved) {
    joined("owner@example.com", Role::owner);
    const Person ana = joined("ana@example.com", Role::admin);
    app::CreateTokenWithSecret create;
    create.token = {org_.new_id<TokenId>(), "Till", Role::manager, {}, std::nullopt};
    const auto token = only<domain::Token>(org_.run(through(ana.id, ana.session), create));
    EXPECT_EQ(token.user, ana.id);
    domain::Principal by_token = org_.owner();
    by_token.via = {domain::ViaKind::token, token.id};
    EXPECT_EQ(org_.add(by_token, org_.expense(hotel_, 1)).created_by, ana.id);

    org_.run(domain::RemoveUser{ana.id}).value();
    EXPECT_EQ(refusal(org_.run(by_token, single(org_.expense(hotel_, 1)))),
              ErrorCode::unauthenticated);
    EXPECT_EQ(rename(through(ana.id, ana.session), "Eve"), ErrorCode::unauthenticated);
    EXPECT_FALSE(org_.snapshot()->password(ana.id).value());
    EXPECT_TRUE(org_.snapshot()->sessions(ana.id).value().empty());
    // And nobody comes back by a link.
    EXPECT_EQ(refusal(org_.run(app::MakeLink{ana.id, {}})), ErrorCode::invalid_transition);
}

TEST_P(StoreContractPeople, GivesTokensNoMoreThanTheirMakerHas) {
    joined("owner@example.com", Role::owner);
    const Person ana = joined("ana@example.com", Role::admin);
    app::CreateTokenWithSecret create;
    create.token = {org_.new_id<TokenId>(), "Till", Role::admin, {}, std::nullopt};
    org_.run(through(ana.id, ana.session), create).value();
    domain::Principal by_token = org_.owner();
    by_token.via = {domain::ViaKind::token, create.token.id};
    EXPECT_EQ(org_.add(by_token, org_.expense(hotel_, 1)).status, domain::EntryStatus::approved);
    domain::ChangeUser change;
    change.id = ana.id;
    change.version = user(ana.id).version;
    change.role = Role::manager;
    org_.run(change).value();
    EXPECT_EQ(org_.add(by_token, org_.expense(hotel_, 1)).status, domain::EntryStatus::pending);
}

TEST_P(StoreContractPeople, KeepsSoManySessions) {
    const Person ana = joined("ana@example.com", Role::manager);
    for (std::size_t i = 0; i < limits::kSessionsPerUserMax; ++i) {
        clock_.advance_ms(1);
        app::StartSession start{ana.id, ana.id.value, {}};
        start.session = {new_id<SessionId>(clock_.now(), random_), secret(3), ""};
        org_.run(visitor(ana.id), start).value();
    }
    const auto sessions = org_.snapshot()->sessions(ana.id).value();
    EXPECT_EQ(sessions.size(), limits::kSessionsPerUserMax);
    EXPECT_EQ(rename(through(ana.id, ana.session), "x"), ErrorCode::unauthenticated);  // the oldest
    EXPECT_EQ(rename(through(ana.id, sessions.back().id), "x"), ErrorCode::internal);
    clock_.advance_ms(limits::kSessionMsMax);
    EXPECT_EQ(rename(through(ana.id, sessions.back().id), "y"), ErrorCode::unauthenticated);
}

TEST_P(StoreContractPeople, StartsNoSessionWithAPasswordOfBefore) {
    const Person ana = joined("ana@example.com", Role::manager);
    app::ChangePassword change{ana.id.value, {org_.new_id<TokenId>().value, "new", kTestStart}};
    const auto by = through(ana.id, ana.session);
    const SessionId other = org_.new_id<SessionId>();
    org_.run(visitor(ana.id), app::StartSession{ana.id, ana.id.value, {other, secret(4), ""}})
        .value();
    org_.run(by, change).value();
    EXPECT_EQ(refusal(org_.run(visitor(ana.id),
                               app::StartSession{ana.id, ana.id.value, {other, secret(5), ""}})),
              ErrorCode::unauthenticated);
    // Other sessions ended, this one did not.
    EXPECT_EQ(rename(through(ana.id, other), "x"), ErrorCode::unauthenticated);
    EXPECT_EQ(rename(by, "x"), ErrorCode::internal);
    // Nor is the password changed twice from what it was.
    EXPECT_EQ(refusal(org_.run(by, change)), ErrorCode::forbidden);
}

TEST_P(StoreContractPeople, EndsOnlyOnesOwnSessions) {
    const Person ana = joined("ana@example.com", Role::owner);
    const Person bea = joined("bea@example.com", Role::manager);
    EXPECT_EQ(refusal(org_.run(through(ana.id, ana.session), app::EndSession{bea.session})),
              ErrorCode::not_found);
    org_.run(through(bea.id, bea.session), app::EndSession{bea.session}).value();
    EXPECT_EQ(rename(through(bea.id, bea.session), "x"), ErrorCode::unauthenticated);
}

TEST_P(StoreContractPeople, NamesCredentialsInEventsAndNeverWhatIsInThem) {
    const Person ana = joined("ana@example.com", Role::manager);
    std::vector<std::string> types;
    const Contents contents = contents_of(*org_.snapshot());
    for (const auto& [bytes, texts, prev, hash] : contents.log) {
        for (const char* planted : {"ana@example.com", "\"hash\":", "browser"}) {
            EXPECT_EQ(bytes.find(planted), std::string::npos) << bytes;
        }
        EXPECT_EQ(texts.find("\"hash\""), std::string::npos);
    }
    for (const auto& event : decoded_log(*org_.snapshot())) {
        if (event.event.entity.id != ana.id.value) continue;
        types.emplace_back(domain::event_type_name(event.event.type));
    }
    EXPECT_EQ(types, (std::vector<std::string>{"user_invited", "user_link_created", "user_joined",
                                               "user_password_changed", "user_signed_in"}));
}

TEST_P(StoreContractPeople, LeavesNoTraceOfARefusedAct) {
    joined("owner@example.com", Role::owner);
    const Contents before = contents_of(*org_.snapshot());
    const auto state = store().sign_in_state().value();
    app::InviteUserWithLink twice;
    twice.user = {org_.new_id<UserId>(), "Other", "OWNER@example.com", {}};
    EXPECT_EQ(refusal(org_.run(twice)), ErrorCode::already_exists);
    twice.user.email = "bea@example.com";
    twice.user.grant.scope = {false, {org_.new_id<PropertyId>()}};
    EXPECT_EQ(refusal(org_.run(twice)), ErrorCode::not_found);
    EXPECT_EQ(contents_of(*org_.snapshot()), before);
    EXPECT_EQ(store().sign_in_state().value().links.size(), state.links.size());
}

TEST_P(StoreContractPeople, NotesUsesFailuresAndReadsBesideTheBooks) {
    const Position head = org_.snapshot()->head().value();
    app::Note note;
    const Uuid credential = org_.new_id<TokenId>().value;
    note.last_uses.emplace_back(app::LastUseKey{org_.id(), credential}, Instant{5});
    note.failed_sign_ins.emplace_back(3, app::FailedSignIn{{1, 2}, "192.0.2.9", Instant{6}});
    const UserId reader = org_.new_id<UserId>();
    for (const std::int64_t hour : {20'000, 20'001, 20'000}) {
        note.accesses.emplace_back(app::AccessKey{org_.id(), hour, reader, {7}},
                                   app::Access{Instant{hour}, "console", "getEventHistory", "a"});
    }
    org_.run(note).value();
    const auto snapshot = org_.snapshot();
    EXPECT_EQ(snapshot->head().value(), head);
    EXPECT_EQ(snapshot->last_uses().value().at(credential), Instant{5});
    const auto failed = store().sign_in_state().value().failed_sign_ins;
    ASSERT_EQ(failed.size(), 1U);
    EXPECT_EQ(failed[0].first, 3);
    EXPECT_EQ(failed[0].second.address, "192.0.2.9");
    const auto newest = snapshot->accesses(std::nullopt, 1).value();
    ASSERT_EQ(newest.size(), 1U);
    EXPECT_EQ(newest[0].first.hour, 20'001);
    const auto rest = snapshot->accesses(newest[0].first, 10).value();
    ASSERT_EQ(rest.size(), 1U);
    EXPECT_EQ(rest[0].second.filter, "getEventHistory");
    // Only the program itself notes.
    EXPECT_EQ(refusal(org_.run(through(reader, {}), note)), ErrorCode::unauthenticated);
}

TEST_P(StoreContractPeople, FoundsAnOrgWithItsOwner) {
    app::FoundOrg found;
    found.org.id = org_.new_id<OrgId>();
    found.org.name = "Casa Azul";
    found.org.operator_user = org_.new_id<UserId>();
    for (std::size_t i = 0; i < domain::starter_categories().size(); ++i) {
        found.org.starter_ids.push_back(org_.new_id<CategoryId>());
    }
    found.owner = {org_.new_id<UserId>(), "Ana", "ana@example.com", {}};
    found.password = {found.owner.id.value, "hash", kTestStart};
    found.session = {org_.new_id<SessionId>(), secret(8), ""};
    domain::Principal visitor = this->visitor(found.owner.id);
    visitor.org = found.org.id;
    const auto owner = only<User>(run(store(), {visitor, "r", std::nullopt, found}));
    EXPECT_EQ(owner.status, UserStatus::active);
    EXPECT_EQ(owner.grant, (domain::Grant{Role::owner, {}, std::nullopt}));
    const auto snapshot = store().snapshot(found.org.id).value();
    EXPECT_EQ(snapshot->users().value(), std::vector{owner});
    EXPECT_EQ(refusal(run(store(), {visitor, "r", std::nullopt, found})),
              ErrorCode::already_exists);
}

DAYBOOK_TEST_ALL_STORES(StoreContractPeople);

}  // namespace
}  // namespace daybook::test
