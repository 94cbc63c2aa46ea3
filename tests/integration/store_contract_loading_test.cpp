// Need: a directory for files. Goal: what a store tells of an org that somebody asks for is all
// that is kept of it, in its place among the commits; and of which org everything is that lets
// people in.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "support/store_kinds.h"

namespace daybook::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

// What it is told, in order: L… loaded at a position, C… committed up to one, F forgotten.
class Told final : public app::CommitListener {
 public:
    void committed(const app::Changes& changes) override {
        for (const auto& [org, head] : changes.heads) {
            order.push_back("C" + std::to_string(head.position));
        }
    }
    void loaded(OrgId org, const app::Changes& what) override {
        order.push_back("L" + std::to_string(what.heads.at(org).position));
        kept = what;
    }
    void forgotten(OrgId org) override {
        order.emplace_back("F");
        forgot = org;
    }

    std::vector<std::string> order;
    app::Changes kept;
    std::optional<OrgId> forgot;
};

class StoreContractLoading : public StoreContract {
 protected:
    StoreContractLoading() { store().listen(told_); }

    Hash make_token(TestOrg& org, std::uint8_t fill) {
        app::CreateTokenWithSecret create;
        create.token = {org.new_id<TokenId>(), "till", domain::Role::manager, {}, std::nullopt};
        create.secret_hash.fill(fill);
        org.run(create).value();
        return create.secret_hash;
    }

    Told told_;
    TestOrg org_{store(), 1};
    TestOrg other_{store(), 2};
};

TEST_P(StoreContractLoading, TellsAllThatIsKeptOfTheOrgAndOfNoOther) {
    const PropertyId hotel = org_.add_property("Hotel");
    const PropertyId hostel = org_.add_property("Hostel");
    other_.add_property("Foreign House");
    const Hash secret = make_token(org_, 7);
    make_token(other_, 8);
    const domain::Principal anna = org_.join(domain::Role::manager);
    const SessionId session = org_.new_id<SessionId>();
    org_.run(anna, app::StartSession{anna.user, anna.user.value, {session, Hash{9}, "test"}})
        .value();
    app::InviteUserWithLink invite;
    invite.user = {org_.new_id<UserId>(), "Ben", "ben@example.com", {}};
    invite.link = {org_.new_id<LinkId>(), Hash{10}, Instant{kTestStart.ms + 1'000}};
    org_.run(invite).value();
    app::Note note;
    note.last_uses = {{{org_.id(), session.value}, Instant{kTestStart.ms + 5}}};
    org_.run(note).value();

    ASSERT_TRUE(load_org(store(), org_.id()));
    const app::Changes& kept = told_.kept;
    const auto snapshot = org_.snapshot();
    EXPECT_THAT(kept.heads, SizeIs(1));
    EXPECT_EQ(kept.heads.at(org_.id()).position, snapshot->head().value());
    EXPECT_EQ(kept.orgs.at(org_.id()), snapshot->org().value());
    EXPECT_THAT(kept.properties, SizeIs(2));
    EXPECT_EQ(kept.properties.at({org_.id(), hotel}).name, "Hotel");
    EXPECT_EQ(kept.properties.at({org_.id(), hostel}).name, "Hostel");
    ASSERT_THAT(kept.credentials, SizeIs(1));
    EXPECT_EQ(kept.credentials[0].secret_hash, secret);
    ASSERT_THAT(kept.tokens, SizeIs(1));
    EXPECT_EQ(kept.tokens.begin()->second, snapshot->tokens().value().at(0));
    EXPECT_THAT(kept.users, SizeIs(2));
    EXPECT_EQ(kept.users.at({org_.id(), anna.user}), snapshot->user(anna.user).value());
    EXPECT_EQ(kept.sessions.at({org_.id(), session}).secret_hash, Hash{9});
    EXPECT_EQ(kept.links.at({org_.id(), invite.user.id}).secret_hash, Hash{10});
    EXPECT_EQ(kept.last_uses.at({org_.id(), session.value}), Instant{kTestStart.ms + 5});
}

TEST_P(StoreContractLoading, TellsItInItsPlaceAmongTheCommits) {
    org_.add_property("Hotel");
    const Position first = org_.snapshot()->head().value();
    told_.order.clear();
    ASSERT_TRUE(load_org(store(), org_.id()));
    org_.add_property("Hostel");
    const Position second = org_.snapshot()->head().value();
    store().forget({org_.id()});
    ASSERT_TRUE(load_org(store(), org_.id()));
    const auto name = [](char what, Position at) { return what + std::to_string(at); };
    EXPECT_THAT(told_.order,
                ElementsAre(name('L', first), name('C', second), "F", name('L', second)));
    EXPECT_EQ(told_.forgot, org_.id());
}

TEST_P(StoreContractLoading, KnowsNothingOfAnOrgThatThereIsNot) {
    told_.order.clear();
    const Status loaded = load_org(store(), org_.new_id<OrgId>());
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::not_found);
    EXPECT_THAT(told_.order, IsEmpty());
}

TEST_P(StoreContractLoading, LoadsNothingOnceItIsDrained) {
    store().drain();
    const Status loaded = load_org(store(), org_.id());
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, ErrorCode::draining);
}

TEST_P(StoreContractLoading, ListsEverybodyOfEveryOrg) {
    const UserId anna = org_.join(domain::Role::manager).user;
    const UserId ben = other_.join(domain::Role::auditor).user;
    std::vector<std::pair<OrgId, UserId>> people;
    for (const auto& [org, user] : store().users().value()) people.emplace_back(org, user.id);
    EXPECT_THAT(people,
                UnorderedElementsAre(std::pair(org_.id(), anna), std::pair(other_.id(), ben)));
    for (const auto& [org, user] : store().users().value()) {
        EXPECT_EQ(user, store().snapshot(org).value()->user(user.id).value());
    }
}

DAYBOOK_TEST_ALL_STORES(StoreContractLoading);

}  // namespace
}  // namespace daybook::test
