// Need: nothing. Goal: a closed or locked day refuses every change to what counts, and nothing
// else; locks follow their rules. Seed: none.
#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"
#include "support/desk.h"

namespace daybook::test {
namespace {

using namespace domain;
using enum EntryStatus;

EntryPatch on_date(std::string_view date) {
    EntryPatch patch;
    patch.business_date = day(date);
    return patch;
}

// Every act on an entry of a closed day, by its status: what comes of it. The day of the entry is
// 2026-03-14.
TEST(ClosedDay, RefusesWhatChangesWhatCounts) {
    Desk desk;
    desk.counters.closed_through = day("2026-03-14");
    const auto outcome = [&](const std::string& act, EntryStatus status) {
        Entry entry = Desk().entry(status);
        entry.content.business_date = day("2026-03-14");
        const EntryState state = desk.state(entry);
        const Context context = desk.by(desk.owner);
        const EntryId id = entry.id;
        UpdateEntry update{id, 1, {}};
        update.patch.amount_minor = 9'999;
        if (act == "move on") update.patch = on_date("2026-03-15");
        if (act == "move back") update.patch = on_date("2026-03-13");
        if (act == "edit" || act.starts_with("move")) {
            return outcome_of(decide(state, update, context));
        }
        if (act == "delete") return outcome_of(decide(state, DeleteEntry{id, 1, {}}, context));
        if (act == "restore") return outcome_of(decide(state, RestoreEntry{id, 1}, context));
        if (act == "erase") return outcome_of(decide(state, EraseText{id, 1, "asked"}, context));
        const Decision decision = act == "reject"   ? Decision::reject
                                  : act == "return" ? Decision::send_back
                                                    : Decision::approve;
        return outcome_of(decide(state, DecideEntry{id, 1, decision, "why"}, context));
    };
    struct Row {
        std::string act;
        std::string of_pending, of_approved, of_rejected, of_deleted;
    };
    const Row rows[] = {
        {"edit", "ok", "day_closed", "ok", "invalid_transition"},
        {"move on", "ok", "day_closed", "ok", "invalid_transition"},
        {"move back", "day_closed", "day_closed", "day_closed", "invalid_transition"},
        {"delete", "ok", "day_closed", "ok", "invalid_transition"},
        {"approve", "day_closed", "not_pending", "not_pending", "not_pending"},
        {"reject", "ok", "not_pending", "not_pending", "not_pending"},
        {"return", "invalid_transition", "day_closed", "day_closed", "invalid_transition"},
        {"restore", "invalid_transition", "invalid_transition", "invalid_transition", "day_closed"},
        {"erase", "ok", "ok", "ok", "ok"},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(outcome(row.act, pending), row.of_pending) << row.act;
        EXPECT_EQ(outcome(row.act, approved), row.of_approved) << row.act;
        EXPECT_EQ(outcome(row.act, rejected), row.of_rejected) << row.act;
        EXPECT_EQ(outcome(row.act, deleted), row.of_deleted) << row.act;
    }
}

TEST(ClosedDay, TakesNoNewEntriesCountsOrCorrections) {
    Desk desk;
    desk.counters.closed_through = day("2026-03-14");
    desk.counters.closings = 1;
    const auto added = decide(desk.add_state(), desk.add(), desk.by(desk.manager));
    EXPECT_EQ(outcome_of(added), "day_closed");
    EXPECT_EQ(fact_of(added, "firstOpenDate"), "2026-03-15");
    RecordCount count{
        CountId{numbered_uuid(70)}, desk.property.id, Account::cash, day("2026-03-14"), 1, {}, {}};
    EXPECT_EQ(outcome_of(decide(desk.at(), count, desk.by(desk.manager))), "day_closed");
    PostCorrection correction{AdjustmentId{numbered_uuid(71)},
                              desk.property.id,
                              Account::bank,
                              day("2026-03-14"),
                              5,
                              "why"};
    EXPECT_EQ(outcome_of(decide(desk.at(), correction, desk.by(desk.owner))), "day_closed");
    const DeclareOpening opening{desk.property.id, Account::cash, day("2026-01-01"), 5};
    EXPECT_EQ(outcome_of(decide(desk.at(), opening, desk.by(desk.owner))), "opening_fixed");
}

TEST(ClosedDay, MovesWhatNamesNoDateToTheFirstOpenDay) {
    Desk desk;
    AddEntry add = desk.add();
    add.business_date.reset();
    const auto dated = [&] {
        const Event event = decide(desk.add_state(), add, desk.by(desk.manager)).value();
        return std::get<EntryChanged>(event.payload).content.business_date.to_string();
    };
    desk.counters.closed_through = day("2026-03-14");
    EXPECT_EQ(dated(), "2026-03-15");
    desk.counters.closed_through = day("2026-03-15");
    EXPECT_EQ(dated(), "2026-03-16");
}

TEST(ClosedDay, LetsAPendingEntryCountOnTheFirstOpenDay) {
    Desk desk;
    desk.counters.closed_through = day("2026-03-14");
    Entry entry = Desk().entry(pending);
    entry.content.business_date = day("2026-03-14");
    DecideEntry approve{entry.id, 1, Decision::approve, {}, OnClosedDay::first_open_date};
    const auto approved_as = [&]() -> EntryChanged {
        const Event event = decide(desk.state(entry), approve, desk.by(desk.owner)).value();
        EXPECT_EQ(event.affected_report_dates, (std::vector{day("2026-03-14"), day("2026-03-15")}));
        return std::get<EntryChanged>(event.payload);
    };
    EXPECT_EQ(approved_as().content.business_date, day("2026-03-15"));
    EXPECT_EQ(approved_as().content.occurred_on, day("2026-03-14"));
    EXPECT_EQ(approved_as().before->business_date, day("2026-03-14"));
    EXPECT_EQ(approved_as().status_after, approved);
    // The paper's own date is kept.
    entry.content.occurred_on = day("2026-03-02");
    EXPECT_EQ(approved_as().content.occurred_on, day("2026-03-02"));
    // On an open day it changes nothing.
    desk.counters.closed_through = day("2026-03-13");
    const Event event = decide(desk.state(entry), approve, desk.by(desk.owner)).value();
    EXPECT_EQ(std::get<EntryChanged>(event.payload).content.business_date, day("2026-03-14"));
    // Nowhere to go: the lock reaches into the future.
    EntryState locked = desk.state(entry);
    locked.at.locked_through = day("2026-04-01");
    EXPECT_EQ(outcome_of(decide(locked, approve, desk.by(desk.owner))), "period_locked");
}

TEST(PeriodLock, RefusesAsAClosedDayDoes) {
    const Desk desk;
    AddEntryState state = desk.add_state();
    state.at.locked_through = day("2026-03-14");
    const auto refused = decide(state, desk.add(), desk.by(desk.owner));
    EXPECT_EQ(outcome_of(refused), "period_locked");
    EXPECT_EQ(fact_of(refused, "firstOpenDate"), "2026-03-15");
    PropertyState at = desk.at();
    at.locked_through = day("2026-01-01");
    const DeclareOpening opening{desk.property.id, Account::cash, day("2026-01-01"), 5};
    EXPECT_EQ(outcome_of(decide(at, opening, desk.by(desk.owner))), "period_locked");
}

TEST(SetLock, IsForOwnersWithAReason) {
    const Desk desk;
    SetLock command{desk.property.id, day("2026-02-28"), "audited"};
    const auto outcome = [&](const PeriodLock* before, const Principal& who) {
        return outcome_of(decide(before, command, desk.by(who)));
    };
    EXPECT_EQ(outcome(nullptr, desk.owner), "ok");
    EXPECT_EQ(outcome(nullptr, desk.admin), "forbidden");
    PeriodLock lock;
    lock.through = day("2026-02-28");
    EXPECT_EQ(outcome(&lock, desk.owner), "nothing_to_change");
    command.through = day("2026-01-31");
    EXPECT_EQ(outcome(&lock, desk.owner), "ok");
    command.through.reset();
    EXPECT_EQ(outcome(&lock, desk.owner), "ok");
    EXPECT_EQ(outcome(nullptr, desk.owner), "nothing_to_change");
    lock.lifted = true;
    EXPECT_EQ(outcome(&lock, desk.owner), "nothing_to_change");
    command.through = lock.through;
    EXPECT_EQ(outcome(&lock, desk.owner), "ok");
    command.reason = " ";
    EXPECT_EQ(outcome(&lock, desk.owner), "reason_required");
}

TEST(ExceptFromLock, LetsOnePersonThroughForAWhile) {
    const Desk desk;
    PeriodLock lock;
    ExceptFromLock command{desk.property.id, desk.manager.user, Instant{desk.now.ms + 1}, "late"};
    const auto outcome = [&](const PeriodLock* of, const LockException* before,
                             const Principal& who) {
        return outcome_of(decide(LockExceptionState{of, before}, command, desk.by(who)));
    };
    EXPECT_EQ(outcome(&lock, nullptr, desk.owner), "ok");
    EXPECT_EQ(outcome(&lock, nullptr, desk.admin), "forbidden");
    EXPECT_EQ(outcome(nullptr, nullptr, desk.owner), "nothing_to_change");
    command.until = desk.now;
    EXPECT_EQ(outcome(&lock, nullptr, desk.owner), "invalid_value");
    command.until = Instant{desk.now.ms + limits::kLockExceptionMsMax + 1};
    EXPECT_EQ(outcome(&lock, nullptr, desk.owner), "invalid_value");
    command.until.reset();
    EXPECT_EQ(outcome(&lock, nullptr, desk.owner), "nothing_to_change");
    LockException granted;
    granted.until = Instant{desk.now.ms + 5};
    EXPECT_EQ(outcome(&lock, &granted, desk.owner), "ok");
    granted.until = desk.now;
    EXPECT_EQ(outcome(&lock, &granted, desk.owner), "nothing_to_change");
}

TEST(Settings, TakeATolerance) {
    const Desk desk;
    ChangeSettings change;
    change.variance_tolerance_minor.emplace(-1);
    EXPECT_EQ(pointer_of(decide(0, change, desk.by(desk.owner))), "/varianceToleranceMinor");
    change.variance_tolerance_minor.emplace(0);
    change.blind_count = true;
    const Event event = decide(0, change, desk.by(desk.owner)).value();
    EXPECT_EQ(std::get<SettingChanged>(event.payload).after.day_rules, (DayRules{true, 0}));
}

}  // namespace
}  // namespace daybook::test
