// Need: a directory for files. Goal: every store keeps alike which events are news for whom, and
// what of them was read, without an event.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "support/contents.h"
#include "support/store_kinds.h"

namespace daybook::test {
namespace {

using domain::Decision;
using domain::Entry;
using domain::Role;

class StoreContractNotifications : public StoreContract {
 protected:
    domain::Principal another(std::uint8_t number, Role role) const {
        domain::Principal principal = org_.who(role, {});
        principal.user = UserId{numbered_uuid(number)};
        return principal;
    }
    Position decide(const Entry& entry, Decision decision) {
        const EntryId id = entry.id;
        const auto outcome =
            org_.run(domain::DecideEntry{id, org_.entry(id).version, decision, "A reason."});
        return outcome.value().position;
    }
    std::vector<Position> of(UserId user, std::size_t limit = 100) {
        std::vector<Position> positions;
        const auto snapshot = org_.snapshot();
        const Position end = snapshot->head().value() + 1;
        for (const auto& [position, row] : snapshot->notifications(user, end, limit).value()) {
            positions.push_back(position);
        }
        return positions;
    }
    ErrorCode mark(const domain::Principal& by, app::MarkRead marks) {
        return refusal(org_.run(by, std::move(marks)));
    }
    app::ReadMarks marks_of(const domain::Principal& by) {
        return org_.snapshot()->read_marks(by.user).value();
    }

    static constexpr ErrorCode kDone = ErrorCode::internal;  // as refusal() says it
    TestOrg org_{store(), 1};
    PropertyId hotel_ = org_.add_property("Hotel");
    domain::Principal rita_ = another(91, Role::manager);
    domain::Principal rui_ = another(92, Role::manager);
};

TEST_P(StoreContractNotifications, TellTheAuthorOfDecisionsByOthers) {
    const Entry hers = org_.add(rita_, org_.expense(hotel_, 100));
    const Position approved = decide(hers, Decision::approve);
    const Position returned = decide(hers, Decision::send_back);
    const Position rejected = decide(hers, Decision::reject);
    EXPECT_EQ(of(rita_.user), (std::vector{rejected, returned, approved}));
    EXPECT_EQ(of(rita_.user, 1), (std::vector{rejected}));
    EXPECT_TRUE(of(rui_.user).empty());
    // Nobody is told of what they did themselves.
    const Entry own = org_.add(org_.manager(), org_.expense(hotel_, 100));
    decide(own, Decision::approve);
    EXPECT_TRUE(of(org_.owner().user).empty());
    const auto rows = org_.snapshot()->notifications(rita_.user, rejected, 1).value();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].first, returned);
    EXPECT_EQ(rows[0].second.property, hotel_);
}

TEST_P(StoreContractNotifications, TellWhoAskedForAReturnAndWhoseEntryItIs) {
    const Entry hers = org_.add(rita_, org_.expense(hotel_, 100));
    const Position approved = decide(hers, Decision::approve);
    org_.run(rui_, domain::DecideEntry{hers.id, 2, Decision::send_back, "No bill."}).value();
    const domain::DecideChange agree{hers.id, 3, domain::ChangeDecision::approve, {}};
    const Position returned = org_.run(agree).value().position;
    EXPECT_EQ(of(rita_.user), (std::vector{returned, approved}));
    EXPECT_EQ(of(rui_.user), (std::vector{returned}));
}

TEST_P(StoreContractNotifications, TellOfGrantsAndDailyApprovals) {
    app::InviteUserWithLink invite;
    invite.user = {org_.new_id<UserId>(), "Ana", "ana@example.com", {}};
    invite.user.grant.role = Role::manager;
    invite.link = {org_.new_id<LinkId>(), Hash{}, Instant{kTestStart.ms + 1'000}};
    const UserId ana = invite.user.id;
    org_.run(std::move(invite)).value();
    EXPECT_TRUE(of(ana).empty());
    domain::ChangeUser change;
    change.id = ana;
    change.version = 1;
    change.scope = domain::Scope{false, {hotel_}};
    const Position granted = org_.run(change)->position;
    domain::SetDailyApproval approval;
    approval.property = hotel_;
    approval.user = ana;
    const Position given = org_.run(approval)->position;
    approval.grant = domain::DailyGrant::taken;
    const Position revoked = org_.run(approval)->position;
    EXPECT_EQ(of(ana), (std::vector{revoked, given, granted}));
}

TEST_P(StoreContractNotifications, KeepWhatWasReadBesideTheLog) {
    const Entry hers = org_.add(rita_, org_.expense(hotel_, 100));
    const Position one = decide(hers, Decision::approve);
    const Position two = decide(hers, Decision::send_back);
    const Position three = decide(hers, Decision::reject);
    const Position head = org_.snapshot()->head().value();
    EXPECT_EQ(mark(rita_, {{three, one}, std::nullopt}), kDone);
    EXPECT_EQ(marks_of(rita_), (app::ReadMarks{0, {one, three}}));
    EXPECT_EQ(mark(rita_, {{one}, std::nullopt}), kDone);
    EXPECT_TRUE(marks_of(rita_).covers(one));
    EXPECT_FALSE(marks_of(rita_).covers(two));
    EXPECT_EQ(mark(rita_, {{}, two}), kDone);
    EXPECT_EQ(marks_of(rita_), (app::ReadMarks{two, {three}}));
    EXPECT_EQ(mark(rita_, {{}, one}), kDone);  // what was read stays read
    EXPECT_EQ(marks_of(rita_).through, two);
    EXPECT_EQ(marks_of(rui_), app::ReadMarks{});
    EXPECT_EQ(org_.snapshot()->head().value(), head);
    EXPECT_EQ(mark(rita_, {{}, head + 1}), ErrorCode::invalid_value);
}

TEST_P(StoreContractNotifications, MarkNobodyElses) {
    const Entry hers = org_.add(rita_, org_.expense(hotel_, 100));
    const Position one = decide(hers, Decision::approve);
    EXPECT_EQ(mark(rui_, {{one}, std::nullopt}), ErrorCode::not_found);
    EXPECT_EQ(mark(rita_, {{one - 1}, std::nullopt}), ErrorCode::not_found);
    // Of a property that is not granted any more.
    domain::Principal limited = rita_;
    limited.scope = {false, {}};
    EXPECT_EQ(mark(limited, {{one}, std::nullopt}), ErrorCode::not_found);
    EXPECT_EQ(marks_of(rita_), app::ReadMarks{});
}

DAYBOOK_TEST_ALL_STORES(StoreContractNotifications);

}  // namespace
}  // namespace daybook::test
