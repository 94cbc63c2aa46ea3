// Need: a directory for files. Goal: in every store the daily gate stands where it should, sees
// what its own batch did, is lifted by decisions and by grants, and fails closed.
#include <gtest/gtest.h>

#include "support/contents.h"
#include "support/store_kinds.h"

namespace daybook::test {
namespace {

using domain::Decision;
using domain::Entry;
using domain::Role;

class StoreContractGate : public StoreContract {
 protected:
    StoreContractGate() {
        domain::ChangeSettings settings;
        settings.daily_gate = true;
        org_.run(settings).value();
    }
    domain::Principal invited(const std::string& email, Role role, domain::Scope scope = {}) {
        app::InviteUserWithLink invite;
        invite.user = {org_.new_id<UserId>(), "Rita", email, {role, scope, std::nullopt}};
        invite.link = {org_.new_id<LinkId>(), Hash{}, Instant{kTestStart.ms + 1'000}};
        domain::Principal principal = org_.who(role, std::move(scope));
        principal.user = invite.user.id;
        org_.run(std::move(invite)).value();
        return principal;
    }
    domain::AddEntry dated(std::string_view date) {
        domain::AddEntry add = org_.expense(hotel_, 100);
        add.business_date = day(date);
        return add;
    }
    ErrorCode adding(const domain::Principal& by) {
        return refusal(org_.run(by, single(org_.expense(hotel_, 100))));
    }
    void decide(EntryId id, Decision decision) {
        org_.run(domain::DecideEntry{id, org_.entry(id).version, decision, "A reason."}).value();
    }
    [[nodiscard]] domain::SetDailyApproval granting(UserId user) const {
        domain::SetDailyApproval set;
        set.property = hotel_;
        set.user = user;
        return set;
    }
    ErrorCode set(domain::DailyGrant grant) {
        domain::SetDailyApproval set = granting(rita_.user);
        set.grant = grant;
        return refusal(org_.run(set));
    }
    std::vector<app::Undecided> undecided() { return org_.snapshot()->undecided(hotel_).value(); }

    static constexpr ErrorCode kDone = ErrorCode::internal;  // as refusal() says it
    TestOrg org_{store(), 1};
    PropertyId hotel_ = org_.add_property("Hotel");
    PropertyId hostel_ = org_.add_property("Hostel");
    domain::Principal rita_ = invited("rita@example.com", Role::manager);
    domain::Principal rui_ = invited("rui@example.com", Role::manager);
};

TEST_P(StoreContractGate, ClosesForTheAuthorAtThatPropertyUntilDecided) {
    EXPECT_EQ(adding(rita_), kDone);  // today's own entries close nothing
    const Entry later = org_.add(rita_, dated(kTestToday));
    const Entry late = org_.add(rita_, dated("2026-03-13"));
    EXPECT_EQ(undecided().size(), 2U);
    const auto refused = org_.run(rita_, single(org_.expense(hotel_, 100)));
    ASSERT_EQ(refusal(refused), ErrorCode::gate_closed);
    EXPECT_EQ(refused.error().facts.at(0).second, "1");
    EXPECT_EQ(refused.error().facts.at(1).second, "2026-03-13");
    EXPECT_EQ(adding(rui_), kDone);
    EXPECT_EQ(adding(org_.owner()), kDone);
    const auto before = [&](const domain::Principal& who, std::string_view date) {
        return org_.snapshot()->undecided_before(hotel_, who.user, day(date)).value();
    };
    using Days = std::vector<std::pair<domain::BusinessDate, std::int64_t>>;
    EXPECT_EQ(before(rita_, kTestToday), (Days{{day("2026-03-13"), 1}}));
    EXPECT_EQ(before(rita_, "2026-03-13"), Days{});
    EXPECT_EQ(before(rui_, kTestToday), Days{});
    org_.add(rita_, org_.expense(hostel_, 5));
    decide(late.id, Decision::approve);
    EXPECT_EQ(adding(rita_), kDone);
    decide(late.id, Decision::send_back);
    EXPECT_EQ(adding(rita_), ErrorCode::gate_closed);
    decide(late.id, Decision::reject);
    EXPECT_EQ(adding(rita_), kDone);
    // On the next day everything of today is of an earlier day.
    clock_.advance_ms(24 * 3'600'000);
    EXPECT_EQ(adding(rita_), ErrorCode::gate_closed);
    EXPECT_EQ(later.status, domain::EntryStatus::pending);
}

TEST_P(StoreContractGate, BlocksNoEditWithdrawalCountOrClose) {
    const Entry late = org_.add(rita_, dated("2026-03-13"));
    ASSERT_EQ(adding(rita_), ErrorCode::gate_closed);
    domain::UpdateEntry update;
    update.id = late.id;
    update.version = 1;
    update.patch.amount_minor = 7;
    EXPECT_TRUE(org_.run(rita_, update));
    const domain::RecordCount count{
        org_.new_id<CountId>(), hotel_, domain::Account::cash, day(kTestToday), 0, {}, {}};
    EXPECT_TRUE(org_.run(rita_, count));
    domain::CloseDay close;
    close.property = hotel_;
    close.date = day("2026-03-12");
    close.counted_minor = 0;
    close.count_id = org_.new_id<CountId>();
    close.seal_before = true;
    EXPECT_TRUE(org_.run(rita_, close));
    domain::Principal trusted = rita_;
    trusted.trusted = true;
    EXPECT_EQ(adding(trusted), kDone);
    EXPECT_TRUE(org_.run(rita_, domain::DeleteEntry{late.id, 2, {}}));
    EXPECT_EQ(adding(rita_), kDone);
    EXPECT_TRUE(undecided().size() == 1 && undecided()[0].date == day(kTestToday));
    // What was withdrawn is not added again while others wait.
    org_.add(rita_, dated("2026-03-14"));
    EXPECT_EQ(refusal(org_.run(rita_, domain::RestoreEntry{late.id, 3})), ErrorCode::gate_closed);
}

TEST_P(StoreContractGate, CoversEveryWayToAdd) {
    const Entry approved = org_.add(dated("2026-03-13"));
    const Entry elsewhere = org_.add(rita_, org_.expense(hostel_, 30));
    org_.add(rita_, dated("2026-03-13"));
    EXPECT_EQ(adding(rita_), ErrorCode::gate_closed);
    domain::ReverseEntry reverse;
    reverse.id = approved.id;
    reverse.reversal_id = org_.new_id<EntryId>();
    EXPECT_EQ(refusal(org_.run(rita_, reverse)), ErrorCode::gate_closed);
    const domain::MoveEntry move{elsewhere.id, 1, hotel_, org_.new_id<EntryId>(), "Wrong house."};
    EXPECT_EQ(refusal(org_.run(rita_, move)), ErrorCode::gate_closed);
    EXPECT_EQ(org_.entry(elsewhere.id), elsewhere);
    app::AddLinkedTransfer linked{org_.transfer(hostel_, 5), org_.transfer(hotel_, 5)};
    linked.here.content.to = domain::TransferEnd::in_transit;
    linked.there.content.from = domain::TransferEnd::in_transit;
    EXPECT_EQ(refusal(org_.run(rita_, linked)), ErrorCode::gate_closed);
    for (const auto mode : {app::BatchMode::atomic, app::BatchMode::skip_existing}) {
        app::AddEntries bulk{{org_.expense(hostel_, 1), org_.expense(hotel_, 1)}, mode};
        for (auto& each : bulk.entries) each.content.external_id = "x";
        EXPECT_EQ(refusal(org_.run(rita_, bulk)), ErrorCode::gate_closed);
    }
    app::AddEntries bulk{{org_.expense(hostel_, 1), org_.expense(hotel_, 1)},
                         app::BatchMode::per_item};
    const auto outcome = org_.run(rita_, bulk);
    ASSERT_TRUE(outcome);
    EXPECT_TRUE(outcome->items[0].result);
    EXPECT_EQ(outcome->items[1].result.error().code, ErrorCode::gate_closed);
}

// One after the other, as if each had been sent alone.
TEST_P(StoreContractGate, ClosesInsideABulk) {
    app::AddEntries bulk{{dated(kTestToday), dated("2026-03-12"), dated("2026-03-12")},
                         app::BatchMode::atomic};
    EXPECT_EQ(refusal(org_.run(rita_, bulk)), ErrorCode::gate_closed);
    EXPECT_TRUE(undecided().empty());
    bulk.mode = app::BatchMode::per_item;
    const auto outcome = org_.run(rita_, bulk).value();
    EXPECT_TRUE(outcome.items.at(0).result && outcome.items.at(1).result);
    EXPECT_EQ(outcome.items.at(2).result.error().code, ErrorCode::gate_closed);
    ASSERT_EQ(undecided().size(), 2U);
    EXPECT_EQ(undecided()[0], (app::Undecided{rita_.user, day("2026-03-12"), 1}));
    // What counts at once waits for nobody.
    app::AddEntries whole{{dated("2026-03-12"), dated("2026-03-12")}, app::BatchMode::atomic};
    EXPECT_TRUE(org_.run(whole));
}

// Another date or another property decides nothing, whoever gives it.
TEST_P(StoreContractGate, OpensByNoDateAndNoMove) {
    const Entry late = org_.add(rita_, dated("2026-03-13"));
    domain::UpdateEntry update{late.id, 1, {}, {}};
    update.patch.business_date = day(kTestToday);
    EXPECT_EQ(refusal(org_.run(rita_, update)), ErrorCode::gate_closed);
    EXPECT_EQ(refusal(org_.run(rui_, update)), ErrorCode::gate_closed);
    const domain::MoveEntry move{late.id, 1, hostel_, org_.new_id<EntryId>(), "Wrong house."};
    EXPECT_EQ(refusal(org_.run(rita_, move)), ErrorCode::gate_closed);
    EXPECT_EQ(refusal(org_.run(rui_, move)), ErrorCode::gate_closed);
    EXPECT_EQ(org_.entry(late.id), late);
    // From one earlier day to another it may go, and an approver corrects what is wrong.
    update.patch.business_date = day("2026-03-14");
    EXPECT_TRUE(org_.run(rita_, update));
    EXPECT_EQ(adding(rita_), ErrorCode::gate_closed);
    ASSERT_EQ(set(domain::DailyGrant::given), kDone);
    update.version = 2;
    update.patch.business_date = day(kTestToday);
    EXPECT_TRUE(org_.run(rita_, update));
    ASSERT_EQ(set(domain::DailyGrant::taken), kDone);
    EXPECT_EQ(adding(rita_), kDone);
    const Entry other = org_.add(rita_, dated("2026-03-13"));
    EXPECT_TRUE(org_.run(domain::MoveEntry{other.id, 1, hostel_, org_.new_id<EntryId>(), "No."}));
    EXPECT_EQ(adding(rita_), kDone);
}

TEST_P(StoreContractGate, SeesWhatItsOwnBatchDid) {
    std::vector<app::Command> commands;
    commands.push_back(org_.command(rita_, single(dated("2026-03-13"))));
    commands.push_back(org_.command(rita_, single(dated(kTestToday))));
    domain::SetDailyApproval grant = granting(rita_.user);
    commands.push_back(org_.command(grant));
    commands.push_back(org_.command(rita_, single(dated(kTestToday))));
    grant.grant = domain::DailyGrant::taken;
    commands.push_back(org_.command(grant));
    commands.push_back(org_.command(rita_, single(dated(kTestToday))));
    const auto outcomes = run_together(store(), std::move(commands));
    EXPECT_TRUE(outcomes[0]);
    EXPECT_EQ(refusal(outcomes[1]), ErrorCode::gate_closed);
    EXPECT_TRUE(outcomes[2]);
    EXPECT_TRUE(outcomes[3]);
    EXPECT_TRUE(outcomes[4]);
    EXPECT_EQ(refusal(outcomes[5]), ErrorCode::gate_closed);
}

TEST_P(StoreContractGate, IsLiftedForOnePersonPropertyAndDay) {
    org_.add(rita_, dated("2026-03-13"));
    org_.add(rui_, dated("2026-03-13"));
    EXPECT_EQ(set(domain::DailyGrant::given), kDone);
    EXPECT_EQ(set(domain::DailyGrant::given), ErrorCode::nothing_to_change);
    EXPECT_EQ(adding(rita_), kDone);
    EXPECT_EQ(adding(rui_), ErrorCode::gate_closed);
    const auto kept = org_.snapshot()->daily_approvals(hotel_, day(kTestToday)).value();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].user, rita_.user);
    EXPECT_TRUE(org_.snapshot()->daily_approvals(hostel_, day(kTestToday)).value().empty());
    EXPECT_EQ(set(domain::DailyGrant::taken), kDone);
    EXPECT_EQ(adding(rita_), ErrorCode::gate_closed);
    EXPECT_EQ(set(domain::DailyGrant::given), kDone);
    EXPECT_EQ(adding(rita_), kDone);
    clock_.advance_ms(24 * 3'600'000);
    EXPECT_EQ(adding(rita_), ErrorCode::gate_closed);
}

TEST_P(StoreContractGate, KnowsNobodyWhoIsNotAtTheProperty) {
    const auto away = invited("away@example.com", Role::manager, {false, {hostel_}});
    EXPECT_EQ(refusal(org_.run(granting(away.user))), ErrorCode::not_found);
    const UserId nobody = org_.new_id<UserId>();
    EXPECT_EQ(refusal(org_.run(granting(nobody))), ErrorCode::not_found);
    EXPECT_TRUE(org_.run(granting(org_.owner().user)));
    const auto limited = org_.limited(Role::admin, {hostel_});
    EXPECT_EQ(refusal(org_.run(limited, granting(rita_.user))), ErrorCode::not_found);
    EXPECT_EQ(refusal(org_.run(rita_, granting(rita_.user))), ErrorCode::forbidden);
}

TEST_P(StoreContractGate, IsOpenWhereTheSettingIsOff) {
    org_.add(rita_, dated("2026-03-13"));
    ASSERT_EQ(adding(rita_), ErrorCode::gate_closed);
    domain::ChangeSettings settings;
    settings.daily_gate = false;
    org_.run(settings).value();
    EXPECT_EQ(adding(rita_), kDone);
}

DAYBOOK_TEST_ALL_STORES(StoreContractGate);

}  // namespace
}  // namespace daybook::test
