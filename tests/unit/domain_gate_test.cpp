// Need: nothing. Goal: the daily gate keeps managers from adding and nobody from anything else;
// approvers grant days and take them back; the table of notifications names whom it should.
#include <gtest/gtest.h>

#include "domain/notification.h"
#include "support/desk.h"

namespace daybook::test {
namespace {

using namespace domain;

class DomainGate : public testing::Test {
 protected:
    [[nodiscard]] Gate closed() const {
        Gate gate{3, day("2026-03-12"), false, {}};
        User ana;
        ana.id = UserId{numbered_uuid(70)};
        ana.name.value = "Ana Dias";
        User rui = ana;
        rui.id = UserId{numbered_uuid(71)};
        rui.name.value = "Rui";
        gate.can_lift = {ana, rui};
        return gate;
    }
    [[nodiscard]] Result<Event> set(const Principal& by, SetDailyApproval command,
                                    const DailyApproval* before = nullptr) const {
        return decide(DailyApprovalState{desk_.at(), before}, command, desk_.by(by));
    }
    [[nodiscard]] SetDailyApproval grant() const {
        SetDailyApproval set;
        set.property = desk_.property.id;
        set.user = UserId{numbered_uuid(80)};
        return set;
    }
    [[nodiscard]] SetDailyApproval taken() const {
        SetDailyApproval set = grant();
        set.grant = DailyGrant::taken;
        return set;
    }

    Desk desk_;
};

TEST_F(DomainGate, SaysHowManyTheOldestAndWhoCanLiftIt) {
    const Status refused = check_gate(closed());
    ASSERT_EQ(outcome_of(refused), "gate_closed");
    EXPECT_EQ(refused.error().kind(), ErrorKind::conflict);
    EXPECT_EQ(fact_of(refused, "undecided"), "3");
    EXPECT_EQ(fact_of(refused, "oldestDate"), "2026-03-12");
    EXPECT_EQ(fact_of(refused, "canLift"),
              numbered_uuid(70).to_string() + "," + numbered_uuid(71).to_string());
    EXPECT_NE(refused.error().detail.find("Ask Ana Dias or Rui to decide them"), std::string::npos)
        << refused.error().detail;
    Gate nobody = closed();
    nobody.can_lift.clear();
    EXPECT_NE(check_gate(nobody).error().detail.find("an owner or admin"), std::string::npos);
}

TEST_F(DomainGate, IsOpenWhereNothingIsUndecidedOrTheDayWasGranted) {
    EXPECT_TRUE(check_gate(Gate{}));
    Gate granted = closed();
    granted.approved = true;
    EXPECT_TRUE(check_gate(granted));
}

TEST_F(DomainGate, ConcernsManagersAndNoTrustedToken) {
    EXPECT_TRUE(is_gated(desk_.manager));
    for (const Principal& each : {desk_.owner, desk_.admin, desk_.limited_admin, desk_.auditor}) {
        EXPECT_FALSE(is_gated(each));
    }
    Principal trusted = desk_.manager;
    trusted.trusted = true;
    EXPECT_FALSE(is_gated(trusted));
}

TEST_F(DomainGate, KeepsFromAddingAndRestoringAlone) {
    AddEntryState adding = desk_.add_state();
    adding.gate = closed();
    EXPECT_EQ(outcome_of(decide(adding, desk_.add(), desk_.by(desk_.manager))), "gate_closed");
    // Who sends an entry a second time learns that it is there.
    adding.same_external_id = EntryId{numbered_uuid(62)};
    EXPECT_EQ(outcome_of(decide(adding, desk_.add(), desk_.by(desk_.manager))), "duplicate");

    Entry entry = desk_.entry(EntryStatus::pending);
    EntryState state = desk_.state(entry);
    state.gate = closed();
    UpdateEntry update;
    update.id = entry.id;
    update.version = entry.version;
    update.patch.amount_minor = 5;
    EXPECT_EQ(outcome_of(decide(state, update, desk_.by(desk_.manager))), "ok");
    const DeleteEntry withdraw{entry.id, entry.version, {}};
    EXPECT_EQ(outcome_of(decide(state, withdraw, desk_.by(desk_.manager))), "ok");
    entry.status = EntryStatus::deleted;
    const RestoreEntry restore{entry.id, entry.version};
    EXPECT_EQ(outcome_of(decide(state, restore, desk_.by(desk_.manager))), "gate_closed");
}

TEST_F(DomainGate, IsLiftedByApproversOfTheProperty) {
    for (const Principal& each : {desk_.owner, desk_.admin, desk_.limited_admin}) {
        const auto event = set(each, grant());
        ASSERT_EQ(outcome_of(event), "ok");
        EXPECT_EQ(event->type, EventType::daily_approval_granted);
        EXPECT_EQ(event->property, desk_.property.id);
        EXPECT_TRUE(event->affected_report_dates.empty());
        const auto& approval = std::get<DailyApprovalChanged>(event->payload).after;
        EXPECT_EQ(approval.date, day(kDeskToday));
        EXPECT_EQ(approval.by, each.user);
        EXPECT_FALSE(approval.revoked);
    }
    Principal trusted = desk_.owner;
    trusted.trusted = true;
    for (const Principal& each : {desk_.manager, desk_.auditor, trusted}) {
        EXPECT_EQ(outcome_of(set(each, grant())), "forbidden");
        EXPECT_EQ(outcome_of(set(each, taken())), "forbidden");
    }
}

TEST_F(DomainGate, IsGrantedForTodayOrSoonAndTakenBack) {
    SetDailyApproval command = grant();
    for (const auto& [date, expected] :
         {std::pair{"2026-03-14", "invalid_value"}, std::pair{"2026-03-15", "ok"},
          std::pair{"2026-04-15", "ok"}, std::pair{"2026-04-16", "invalid_value"}}) {
        command.date = day(date);
        EXPECT_EQ(outcome_of(set(desk_.owner, command)), expected) << date;
    }
    EXPECT_EQ(outcome_of(set(desk_.owner, taken())), "nothing_to_change");
    DailyApproval before;
    EXPECT_EQ(outcome_of(set(desk_.owner, grant(), &before)), "nothing_to_change");
    const auto event = set(desk_.owner, taken(), &before);
    ASSERT_EQ(outcome_of(event), "ok");
    EXPECT_EQ(event->type, EventType::daily_approval_revoked);
    before.revoked = true;
    EXPECT_EQ(outcome_of(set(desk_.owner, taken(), &before)), "nothing_to_change");
    EXPECT_EQ(outcome_of(set(desk_.owner, grant(), &before)), "ok");
}

TEST_F(DomainGate, IsASettingThatIsOffAtFirst) {
    EXPECT_FALSE(desk_.org.daily_gate);
    ChangeSettings change;
    change.daily_gate = true;
    const auto event = decide(2, change, desk_.by(desk_.admin));
    ASSERT_EQ(outcome_of(event), "ok");
    EXPECT_TRUE(std::get<SettingChanged>(event->payload).after.daily_gate);
    EXPECT_EQ(outcome_of(decide(2, change, desk_.by(desk_.manager))), "forbidden");
    EXPECT_EQ(outcome_of(decide(2, change, desk_.by(desk_.limited_admin))), "forbidden");
    change.daily_gate = false;
    EXPECT_EQ(outcome_of(decide(2, change, desk_.by(desk_.admin))), "nothing_to_change");
}

TEST(DomainNotifications, NameAuthorsAndRequestersOfWhatIsDecidedAndSubjectsOfGrants) {
    for (const EventType type : all_event_types()) {
        Notified expected = Notified::nobody;
        if (const auto entry = as_entry_event(type)) {
            const bool is_decision = entry->verb == EntryVerb::approved ||
                                     entry->verb == EntryVerb::rejected ||
                                     entry->verb == EntryVerb::returned;
            if (is_decision) expected = Notified::author;
            const bool may_be_asked_for = entry->verb == EntryVerb::updated ||
                                          entry->verb == EntryVerb::deleted ||
                                          entry->verb == EntryVerb::change_rejected;
            if (may_be_asked_for) expected = Notified::requester;
        }
        const bool is_grant = type == EventType::grant_changed ||
                              type == EventType::daily_approval_granted ||
                              type == EventType::daily_approval_revoked;
        if (is_grant) expected = Notified::subject;
        EXPECT_EQ(notified_of(type), expected) << event_type_name(type);
    }
}

TEST(DomainNotifications, FindTheSubjectInTheEvent) {
    const UserId user{numbered_uuid(7)};
    Event grant{
        EventType::grant_changed, std::nullopt, {EntityType::user, user.value}, UserChanged{}, {}};
    EXPECT_EQ(subject_of(grant), user);
    DailyApproval approval;
    approval.user = user;
    const Event day{EventType::daily_approval_granted,
                    PropertyId{},
                    {EntityType::daily_approval, {}},
                    DailyApprovalChanged{approval},
                    {}};
    EXPECT_EQ(subject_of(day), user);
    grant.entity.type = EntityType::org;
    EXPECT_EQ(subject_of(grant), std::nullopt);
}

}  // namespace
}  // namespace daybook::test
