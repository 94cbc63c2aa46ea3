// Need: nothing. Goal: who decides what: nobody what they wrote under four eyes, and changes of
// approved entries by others than who asked for them; the approved version stays until then.
#include <gtest/gtest.h>

#include "support/desk.h"

namespace daybook::test {
namespace {

using namespace domain;
using enum EntryStatus;

const EntryChanged& change_of(const Event& event) {
    return std::get<EntryChanged>(event.payload);
}

// An org that wants four eyes above an amount, and what people do there.
class Approvals : public testing::Test {
 protected:
    Approvals() { desk.org.approvals = {0}; }

    [[nodiscard]] Event event(const Result<Event>& result) const {
        EXPECT_TRUE(result) << result.error().detail;
        return result.value();
    }
    Entry apply(const Entry* before, const Event& event, const Principal& who) {
        RecordedEvent recorded;
        recorded.org = desk.org.id;
        recorded.at = desk.now;
        recorded.user = who.user;
        recorded.event = event;
        const bool asks = event.type == EventType::expense_change_requested;
        if (asks) request = requested_change(*before, change_of(event), recorded);
        return desk.applied(before, event, who);
    }
    Entry added(const Principal& who, std::int64_t minor = 10'000) {
        AddEntry add = desk.add();
        add.content.amount.minor = minor;
        return apply(nullptr, event(decide(desk.add_state(), add, desk.by(who))), who);
    }
    [[nodiscard]] EntryState state(const Entry& entry) const {
        EntryState state = desk.state(entry);
        if (entry.change_requested) state.request = &request;
        return state;
    }
    template <class Command>
    Result<Event> decided(const Entry& entry, const Command& command, const Principal& who) {
        return decide(state(entry), command, desk.by(who));
    }
    template <class Command>
    Entry after(const Entry& entry, const Command& command, const Principal& who) {
        return apply(&entry, event(decided(entry, command, who)), who);
    }
    static DecideEntry approve(const Entry& entry) {
        return {entry.id, entry.version, Decision::approve, {}};
    }
    static UpdateEntry edit(const Entry& entry, std::int64_t minor) {
        UpdateEntry update{entry.id, entry.version, {}, "A reason."};
        update.patch.amount_minor = minor;
        return update;
    }
    static DecideChange end(const Entry& entry, ChangeDecision decision) {
        return {entry.id, entry.version, decision, "A reason."};
    }
    // Written by the owner, approved by the admin.
    Entry approved_entry() {
        const Entry entry = added(desk.owner);
        return after(entry, approve(entry), desk.admin);
    }

    Desk desk;
    ChangeRequest request;
};

TEST_F(Approvals, WhatAnApproverWritesWaitsForAnother) {
    const Entry entry = added(desk.owner);
    EXPECT_EQ(entry.status, pending);
    EXPECT_TRUE(entry.four_eyes);
    EXPECT_EQ(outcome_of(decided(entry, approve(entry), desk.owner)), "four_eyes");
    EXPECT_EQ(outcome_of(decided(entry, approve(entry), desk.manager)), "forbidden");
    DecideEntry reject = approve(entry);
    reject.decision = Decision::reject;
    reject.reason = "No.";
    EXPECT_EQ(outcome_of(decided(entry, reject, desk.owner)), "four_eyes");
    EXPECT_EQ(after(entry, approve(entry), desk.admin).status, approved);
}

TEST_F(Approvals, OnlyAboveTheAmount) {
    desk.org.approvals = {10'000};
    EXPECT_EQ(added(desk.owner, 10'000).status, approved);
    EXPECT_EQ(added(desk.owner, 10'001).status, pending);
    const Entry small = added(desk.owner, 9'000);
    EXPECT_EQ(after(small, edit(small, 9'500), desk.owner).content.amount.minor, 9'500);
    EXPECT_EQ(event(decided(small, edit(small, 10'001), desk.owner)).type,
              EventType::expense_change_requested);
}

TEST_F(Approvals, WhoEditsJoinsTheAuthors) {
    const Entry entry = added(desk.manager);
    const Entry edited = after(entry, edit(entry, 500), desk.admin);
    EXPECT_EQ(edited.co_authors, std::vector<UserId>{desk.admin.user});
    EXPECT_EQ(outcome_of(decided(edited, approve(edited), desk.admin)), "four_eyes");
    EXPECT_EQ(outcome_of(decided(edited, approve(edited), desk.owner)), "ok");
}

// Neither the policy nor the amount takes back that it was written under four eyes.
TEST_F(Approvals, StayWhatTheyWereWhenThePolicyOrTheAmountChanges) {
    const Entry entry = added(desk.owner);
    desk.org.approvals = {};
    EXPECT_EQ(outcome_of(decided(entry, approve(entry), desk.owner)), "four_eyes");
    desk.org.approvals = {5'000};
    const Entry less = after(entry, edit(entry, 1), desk.owner);
    EXPECT_TRUE(less.four_eyes);
    EXPECT_EQ(outcome_of(decided(less, approve(less), desk.owner)), "four_eyes");
    // And one that was written before is under four eyes from then on.
    desk.org.approvals = {};
    Entry earlier = added(desk.manager);
    EXPECT_FALSE(earlier.four_eyes);
    earlier.created_by = desk.owner.user;
    EXPECT_EQ(outcome_of(decided(earlier, approve(earlier), desk.owner)), "ok");
    desk.org.approvals = {0};
    EXPECT_EQ(outcome_of(decided(earlier, approve(earlier), desk.owner)), "four_eyes");
}

TEST_F(Approvals, AMoveTakesTheAuthorsAlong) {
    desk.org.approvals = {};
    const Entry entry = added(desk.manager);
    const MoveEntry move{entry.id, 1, desk.other_property.id, EntryId{numbered_uuid(62)}, "?"};
    const AddEntry there = moved_entry(entry, desk.other_property, move).value();
    EXPECT_EQ(there.moved_from->authors, std::vector<UserId>{desk.manager.user});
    desk.org.approvals = {0};
    AddEntryState at = desk.add_state();
    const Entry moved = apply(nullptr, event(decide(at, there, desk.by(desk.owner))), desk.owner);
    EXPECT_EQ(moved.status, pending);
    EXPECT_TRUE(moved.is_by(desk.manager.user) && moved.is_by(desk.owner.user));
    EXPECT_EQ(outcome_of(decided(moved, approve(moved), desk.owner)), "four_eyes");
}

TEST_F(Approvals, ATrustedTokenAddsAndMovesNothingThatCounts) {
    Principal till = desk.owner;
    till.trusted = true;
    EXPECT_EQ(added(till).status, approved);
    const Entry waiting = added(desk.manager);
    const MoveEntry move{waiting.id, 1, desk.other_property.id, EntryId{numbered_uuid(62)}, "?"};
    const AddEntry there = moved_entry(waiting, desk.other_property, move).value();
    EXPECT_EQ(change_of(event(decide(desk.add_state(), there, desk.by(till)))).status_after,
              pending);
    const Entry counted = added(till);
    EXPECT_EQ(event(decided(counted, edit(counted, 1), till)).type,
              EventType::expense_change_requested);
}

TEST_F(Approvals, AReversalOfWhatNeedsFourEyesNeedsThemInAnyPart) {
    desk.org.approvals = {5'000};
    const Entry original = approved_entry();
    ReverseEntry reverse;
    reverse.id = original.id;
    reverse.reversal_id = EntryId{numbered_uuid(61)};
    reverse.amount_minor = 10;
    AddEntryState at = desk.add_state();
    at.original = &original;
    const AddEntry part = reversal_of(original, 0, reverse).value();
    EXPECT_EQ(change_of(event(decide(at, part, desk.by(desk.owner)))).status_after, pending);
}

TEST_F(Approvals, WhatCountedWaitsWhenItIsRestored) {
    Entry gone = approved_entry();
    gone.status = deleted;
    gone.status_before_delete = approved;
    const Entry restored = after(gone, RestoreEntry{gone.id, gone.version}, desk.admin);
    EXPECT_EQ(restored.status, pending);
    EXPECT_EQ(outcome_of(decided(restored, approve(restored), desk.admin)), "four_eyes");
}

TEST_F(Approvals, NobodyPostsACorrectionAlone) {
    PostCorrection correction;
    correction.id = AdjustmentId{numbered_uuid(63)};
    correction.property = desk.property.id;
    correction.amount_minor = -501;
    correction.reason = "Bank charge.";
    desk.org.approvals = {500};
    EXPECT_EQ(outcome_of(decide(desk.at(), correction, desk.by(desk.owner))), "four_eyes");
    correction.amount_minor = -500;
    EXPECT_EQ(outcome_of(decide(desk.at(), correction, desk.by(desk.owner))), "ok");
}

TEST_F(Approvals, AChangeOfWhatIsApprovedIsAskedForWithAReason) {
    const Entry entry = approved_entry();
    UpdateEntry update = edit(entry, 500);
    update.reason.clear();
    EXPECT_EQ(outcome_of(decided(entry, update, desk.owner)), "reason_required");
    const Event asked = event(decided(entry, edit(entry, 500), desk.owner));
    EXPECT_EQ(asked.type, EventType::expense_change_requested);
    EXPECT_EQ(asked.affected_report_dates, std::vector{entry.content.business_date});
    const Entry waiting = apply(&entry, asked, desk.owner);
    EXPECT_EQ(waiting.content, entry.content);
    EXPECT_EQ(waiting.status, approved);
    EXPECT_EQ(waiting.version, entry.version + 1);
    EXPECT_EQ(request.content.amount.minor, 500);
    EXPECT_EQ(request.version, waiting.version);
    // One at a time, and nothing else meanwhile.
    EXPECT_EQ(outcome_of(decided(waiting, edit(waiting, 1), desk.admin)), "change_open");
    EXPECT_EQ(
        outcome_of(decided(waiting, DeleteEntry{waiting.id, waiting.version, "?"}, desk.admin)),
        "change_open");
    EXPECT_EQ(outcome_of(decided(waiting, EraseText{waiting.id, waiting.version, "?"}, desk.owner)),
              "change_open");
}

TEST_F(Approvals, AnotherPersonMakesTheChange) {
    const Entry entry = approved_entry();
    const Entry waiting = after(entry, edit(entry, 500), desk.owner);
    using enum ChangeDecision;
    EXPECT_EQ(outcome_of(decided(waiting, end(waiting, ChangeDecision::approve), desk.owner)),
              "four_eyes");
    EXPECT_EQ(outcome_of(decided(waiting, end(waiting, ChangeDecision::reject), desk.owner)),
              "four_eyes");
    EXPECT_EQ(outcome_of(decided(waiting, end(waiting, withdraw), desk.admin)), "forbidden");
    EXPECT_EQ(outcome_of(decided(waiting, end(entry, ChangeDecision::approve), desk.admin)),
              "stale_version");
    const Event done = event(decided(waiting, end(waiting, ChangeDecision::approve), desk.admin));
    EXPECT_EQ(done.type, EventType::expense_updated);
    EXPECT_EQ(change_of(done).requested_by, desk.owner.user);
    const Entry changed = apply(&waiting, done, desk.admin);
    EXPECT_EQ(changed.content.amount.minor, 500);
    EXPECT_EQ(changed.status, approved);
    EXPECT_EQ(changed.updated_by, desk.owner.user);
    EXPECT_EQ(changed.decided_by, desk.admin.user);
    EXPECT_FALSE(changed.change_requested);
}

TEST_F(Approvals, RejectingOrWithdrawingDropsTheRequestOnly) {
    const Entry entry = approved_entry();
    const Entry waiting = after(entry, edit(entry, 500), desk.owner);
    for (const auto& [decision, who] : {std::pair{ChangeDecision::reject, &desk.admin},
                                        {ChangeDecision::withdraw, &desk.owner}}) {
        const Entry left = after(waiting, end(waiting, decision), *who);
        EXPECT_FALSE(left.change_requested);
        EXPECT_EQ(left.content, entry.content);
        EXPECT_EQ(left.status, approved);
        EXPECT_EQ(outcome_of(decided(left, end(left, decision), *who)), "invalid_transition");
    }
}

TEST_F(Approvals, DeletionsAndReturnsAreAskedForAsWell) {
    const Entry entry = approved_entry();
    const DecideEntry send_back{entry.id, entry.version, Decision::send_back, "Why?"};
    const Entry returning = after(entry, send_back, desk.manager);
    EXPECT_EQ(request.change, ChangeKind::send_back);
    EXPECT_EQ(after(returning, end(returning, ChangeDecision::approve), desk.owner).status,
              pending);
    const DeleteEntry remove{entry.id, entry.version, "Twice."};
    const Entry going = after(entry, remove, desk.manager);
    EXPECT_EQ(request.change, ChangeKind::remove);
    EXPECT_EQ(after(going, end(going, ChangeDecision::approve), desk.owner).status, deleted);
}

// It adds there what its authors wrote here, so that it takes an approver of both who is none.
TEST_F(Approvals, AMoveIsOneThingForSomebodyWhoApprovesInBoth) {
    const Entry entry = approved_entry();
    const DeleteEntry remove{entry.id, entry.version, "Wrong house.", desk.other_property.id};
    const Entry going = after(entry, remove, desk.manager);
    EXPECT_EQ(going.status, approved);
    EXPECT_EQ(request.change, ChangeKind::move);
    EXPECT_EQ(request.to_property, desk.other_property.id);
    const DecideChange approve = end(going, ChangeDecision::approve);
    EXPECT_EQ(outcome_of(decided(going, approve, desk.limited_admin)), "forbidden");
    EXPECT_EQ(outcome_of(decided(going, approve, desk.owner)), "four_eyes");
    EXPECT_EQ(outcome_of(decided(going, approve, desk.manager)), "forbidden");
    EXPECT_FALSE(may_decide(request, going, desk.by(desk.limited_admin)));
    EXPECT_FALSE(may_decide(request, going, desk.by(desk.owner)));
    EXPECT_TRUE(may_decide(request, going, desk.by(desk.admin)));
    // Dropping it leaves everything as it was, which each of them may do.
    EXPECT_EQ(after(going, end(going, ChangeDecision::reject), desk.limited_admin).content,
              entry.content);
    EXPECT_EQ(after(going, end(going, ChangeDecision::reject), desk.owner).status, approved);
    const Entry gone = after(going, approve, desk.admin);
    EXPECT_EQ(gone.status, deleted);
    const AddEntry there = moved_entry(going, desk.other_property, request, approve).value();
    const Event moved = event(decide(desk.add_state(), there, desk.by(desk.admin)));
    EXPECT_EQ(change_of(moved).requested_by, desk.manager.user);
    const Entry added_there = desk.applied(nullptr, moved, desk.admin);
    EXPECT_EQ(added_there.status, approved);
    EXPECT_EQ(added_there.decided_by, desk.admin.user);
    EXPECT_TRUE(added_there.is_by(desk.owner.user) && added_there.is_by(desk.manager.user));
    EXPECT_FALSE(added_there.is_by(desk.admin.user));
}

TEST_F(Approvals, WithoutFourEyesAnAuthorMayMoveWhatAnotherAskedFor) {
    desk.org.approvals = {};
    const Entry entry = added(desk.owner);
    const DeleteEntry remove{entry.id, entry.version, "Wrong house.", desk.other_property.id};
    const Entry going = after(entry, remove, desk.manager);
    EXPECT_EQ(after(going, end(going, ChangeDecision::approve), desk.owner).status, deleted);
}

// Its day may be closed meanwhile: then it can only be dropped.
TEST_F(Approvals, AClosedDayLeavesAWayOut) {
    const Entry entry = approved_entry();
    const Entry waiting = after(entry, edit(entry, 500), desk.owner);
    desk.counters.closed_through = entry.content.business_date;
    EXPECT_EQ(outcome_of(decided(waiting, end(waiting, ChangeDecision::approve), desk.admin)),
              "day_closed");
    EXPECT_EQ(outcome_of(decided(waiting, end(waiting, ChangeDecision::reject), desk.admin)), "ok");
    EXPECT_EQ(outcome_of(decided(waiting, end(waiting, ChangeDecision::withdraw), desk.owner)),
              "ok");
}

TEST_F(Approvals, TellWhoMayDecide) {
    const Entry entry = added(desk.owner);
    EXPECT_FALSE(may_decide(entry, desk.by(desk.owner)));
    EXPECT_FALSE(may_decide(entry, desk.by(desk.manager)));
    EXPECT_TRUE(may_decide(entry, desk.by(desk.admin)));
    const Entry other = approved_entry();
    after(other, edit(other, 500), desk.owner);
    EXPECT_FALSE(may_decide(request, other, desk.by(desk.owner)));
    EXPECT_TRUE(may_decide(request, other, desk.by(desk.limited_admin)));
}

}  // namespace
}  // namespace daybook::test
