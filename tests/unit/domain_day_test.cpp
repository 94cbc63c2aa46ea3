// Need: nothing. Goal: closing, reopening and acknowledging follow their rules; a closed day
// refuses every change to what counts, and nothing else. Seed: none.
#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"
#include "support/desk.h"

namespace daybook::test {
namespace {

using namespace domain;

CloseDay close_of(const Desk& desk, std::string_view date) {
    CloseDay close;
    close.property = desk.property.id;
    close.date = day(date);
    return close;
}

std::string shown(const Result<DateRange>& days) {
    if (!days) return std::string(code_name(days.error().code));
    return days->from.to_string() + ".." + days->to.to_string();
}

TEST(DaysToClose, AreTheDayAloneWhereNothingOpenIsBeforeIt) {
    Desk desk;
    desk.counters.closed_through = day("2026-03-13");
    EXPECT_EQ(shown(days_to_close(desk.at(), close_of(desk, "2026-03-14"))),
              "2026-03-14..2026-03-14");
    desk.counters.closed_through.reset();
    EXPECT_EQ(shown(days_to_close(desk.at(), close_of(desk, "2026-01-01"))),
              "2026-01-01..2026-01-01");
}

TEST(DaysToClose, RefusesWhatCannotBeClosed) {
    Desk desk;
    desk.counters.closed_through = day("2026-03-12");
    EXPECT_EQ(shown(days_to_close(desk.at(), close_of(desk, "2025-12-31"))), "before_books_start");
    EXPECT_EQ(shown(days_to_close(desk.at(), close_of(desk, "2026-03-16"))), "future_date");
    EXPECT_EQ(shown(days_to_close(desk.at(), close_of(desk, "2026-03-12"))), "day_closed");
    PropertyState locked = desk.at();
    locked.locked_through = day("2026-03-14");
    EXPECT_EQ(shown(days_to_close(locked, close_of(desk, "2026-03-13"))), "period_locked");
}

TEST(DaysToClose, ListsTheOpenDaysBeforeItUntilTheyAreToGoAlong) {
    Desk desk;
    desk.counters.closed_through = day("2026-03-11");
    CloseDay close = close_of(desk, "2026-03-14");
    const auto refused = days_to_close(desk.at(), close);
    EXPECT_EQ(shown(refused), "earlier_days_open");
    EXPECT_EQ(fact_of(refused, "openDates"), "2026-03-12,2026-03-13");
    EXPECT_EQ(fact_of(refused, "firstOpenDate"), "2026-03-12");
    EXPECT_EQ(fact_of(refused, "openDays"), "2");
    close.close_earlier = true;
    EXPECT_EQ(shown(days_to_close(desk.at(), close)), "2026-03-12..2026-03-14");
    PropertyState locked = desk.at();
    locked.locked_through = day("2026-03-12");
    EXPECT_EQ(shown(days_to_close(locked, close)), "period_locked");
}

TEST(DaysToClose, ActOnAtMost62DaysButAFirstCloseMaySealWhatIsBefore) {
    Desk desk;
    CloseDay close = close_of(desk, "2026-03-03");
    close.close_earlier = true;
    EXPECT_EQ(shown(days_to_close(desk.at(), close)), "2026-01-01..2026-03-03");
    close.date = day("2026-03-04");
    EXPECT_EQ(shown(days_to_close(desk.at(), close)), "too_many_days");
    close.seal_before = true;
    EXPECT_EQ(shown(days_to_close(desk.at(), close)), "2026-03-04..2026-03-04");
    desk.counters.closings = 1;
    const auto refused = days_to_close(desk.at(), close);
    EXPECT_EQ(shown(refused), "invalid_value");
    EXPECT_EQ(pointer_of(refused), "/sealBefore");
}

// The day before it is closed, with a count of 90.00 where 100.00 should be.
struct Evening {
    Desk desk;
    Count count;
    Count statement;
    Closing last;
    CloseDay close = close_of(desk, "2026-03-14");
    OpenDay day_;

    Evening()
        : day_{desk.at(), day("2026-03-14"), {10'000, 700}, {-300, 50}, 9'700, 0, {}, nullptr} {
        count.counted_minor = 9'000;
        count.by = desk.manager.user;
        count.basis_minor = 9'700;
        statement.account = Account::bank;
        statement.counted_minor = 800;
        day_.counts = {&count, nullptr};
    }
    [[nodiscard]] Result<Closing> decided(const Principal& who) const {
        return decide(day_, close, desk.by(who));
    }
};

TEST(CloseDay, TakesThePendingCashIntoAccount) {
    Evening evening;
    evening.day_.counts[1] = &evening.statement;
    const Closing closing = evening.decided(evening.desk.manager).value();
    EXPECT_EQ(closing.number, 1);
    EXPECT_EQ(closing.revision, 1);
    // 90.00 - 100.00 + 3.00 that a pending expense took out of the drawer.
    EXPECT_EQ(closing.counted[0], (CountedAccount{9'000, -700}));
    EXPECT_EQ(closing.counted[1], (CountedAccount{800, 50}));
    EXPECT_EQ(closing.over_short_minor(), -700);
    EXPECT_EQ(closing.expected_minor, 10'000);
    EXPECT_EQ(closing.pending_cash_minor, -300);
    EXPECT_EQ(closing.counted_by, evening.desk.manager.user);
    EXPECT_EQ(closing.by, evening.desk.manager.user);
    EXPECT_FALSE(closing.needs_acknowledgement);
    EXPECT_TRUE(closing.stands());
}

TEST(CloseDay, KeepsTheNumberOfADayThatWasClosedBefore) {
    Evening evening;
    evening.last.number = 7;
    evening.last.revision = 2;
    evening.day_.last = &evening.last;
    const Closing closing = evening.decided(evening.desk.manager).value();
    EXPECT_EQ(closing.number, 7);
    EXPECT_EQ(closing.revision, 3);
    evening.day_.last = nullptr;
    evening.desk.counters.closings = 41;
    EXPECT_EQ(evening.decided(evening.desk.manager)->number, 42);
}

TEST(CloseDay, WantsACountOfTheDayItselfButNotOfEarlierOnes) {
    Evening evening;
    evening.day_.counts = {};
    const auto refused = evening.decided(evening.desk.manager);
    EXPECT_EQ(outcome_of(refused), "missing_field");
    EXPECT_EQ(pointer_of(refused), "/countedMinor");
    evening.day_.date = day("2026-03-13");
    const Closing closing = evening.decided(evening.desk.manager).value();
    EXPECT_EQ(closing.counted[0], std::nullopt);
    EXPECT_EQ(closing.over_short_minor(), 0);
    EXPECT_EQ(closing.counted_by, std::nullopt);
}

TEST(CloseDay, RefusesACountThatCashHasMovedSince) {
    Evening evening;
    evening.day_.basis_minor = 9'699;
    const auto refused = evening.decided(evening.desk.manager);
    EXPECT_EQ(outcome_of(refused), "count_stale");
    EXPECT_EQ(fact_of(refused, "date"), "2026-03-14");
    evening.close.accept_stale = true;
    EXPECT_EQ(evening.decided(evening.desk.manager)->over_short_minor(), -700);
    evening.close.accept_stale = false;
    evening.count.basis_minor.reset();  // one from before this was kept
    EXPECT_EQ(outcome_of(evening.decided(evening.desk.manager)), "ok");
}

TEST(CloseDay, RefusesUndecidedEntriesUntilTheyAreAccepted) {
    Evening evening;
    evening.day_.undecided = 3;
    const auto refused = evening.decided(evening.desk.manager);
    EXPECT_EQ(outcome_of(refused), "undecided_entries");
    EXPECT_EQ(fact_of(refused, "undecided"), "3");
    evening.close.accept_pending = true;
    EXPECT_EQ(outcome_of(evening.decided(evening.desk.manager)), "ok");
}

TEST(CloseDay, WantsANoteAboveTheToleranceAndThenAnotherPerson) {
    Evening evening;
    evening.desk.org.day_rules.variance_tolerance_minor = 700;
    EXPECT_FALSE(evening.decided(evening.desk.manager)->needs_acknowledgement);
    evening.desk.org.day_rules.variance_tolerance_minor = 699;
    const auto refused = evening.decided(evening.desk.manager);
    EXPECT_EQ(outcome_of(refused), "reason_required");
    EXPECT_EQ(pointer_of(refused), "/note");
    evening.count.note = Text{"a guest left without paying", false};
    const Closing closing = evening.decided(evening.desk.manager).value();
    EXPECT_TRUE(closing.needs_acknowledgement);
    EXPECT_TRUE(closing.waits_for_acknowledgement());
}

TEST(CloseDay, WithoutAToleranceTheAmountThatWantsFourEyesIsOne) {
    Evening evening;
    EXPECT_FALSE(evening.decided(evening.desk.manager)->needs_acknowledgement);
    evening.desk.org.approvals.four_eyes_above_minor = 699;
    EXPECT_EQ(outcome_of(evening.decided(evening.desk.manager)), "reason_required");
    evening.count.note = Text{"a guest left without paying", false};
    EXPECT_TRUE(evening.decided(evening.desk.manager)->needs_acknowledgement);
    evening.desk.org.day_rules.variance_tolerance_minor = 700;
    EXPECT_FALSE(evening.decided(evening.desk.manager)->needs_acknowledgement);
}

TEST(CloseDay, PostsItsVarianceAndTakesItBackAsOverShort) {
    const Evening evening;
    const Closing closing = evening.decided(evening.desk.manager).value();
    const AdjustmentId id{numbered_uuid(80)};
    const auto posted = over_short_event(evening.desk.property, closing, closing.over_short_minor(),
                                         id, evening.desk.by(evening.desk.manager));
    ASSERT_TRUE(posted);
    const Adjustment& adjustment = std::get<AdjustmentPosted>(posted->payload).adjustment;
    EXPECT_EQ(adjustment.amount_minor, -700);
    EXPECT_EQ(adjustment.kind, AdjustmentKind::over_short);
    EXPECT_EQ(adjustment.account, Account::cash);
    EXPECT_EQ(posted->affected_report_dates, std::vector{day("2026-03-14")});
    EXPECT_FALSE(over_short_event(evening.desk.property, closing, 0, id,
                                  evening.desk.by(evening.desk.manager)));
}

TEST(CloseDay, NamesTheFirstOfTheSealedDaysForAllOfThem) {
    Evening evening;
    const Closing closing = evening.decided(evening.desk.manager).value();
    Event event = closed_event(evening.desk.at(), closing, evening.close);
    EXPECT_EQ(event.affected_report_dates, std::vector{day("2026-03-14")});
    EXPECT_EQ(event.entity.id, day_entity(evening.desk.property.id, day("2026-03-14")));
    evening.close.seal_before = true;
    event = closed_event(evening.desk.at(), closing, evening.close);
    EXPECT_EQ(event.affected_report_dates, (std::vector{day("2026-01-01"), day("2026-03-14")}));
    EXPECT_EQ(std::get<DayClosed>(event.payload).sealed_from, day("2026-01-01"));
}

TEST(DayEntity, IsAnotherOneForEachPropertyAndDate) {
    const Desk desk;
    const Uuid one = day_entity(desk.property.id, day("2026-03-14"));
    EXPECT_EQ(one, day_entity(desk.property.id, day("2026-03-14")));
    EXPECT_NE(one, day_entity(desk.property.id, day("2026-03-15")));
    EXPECT_NE(one, day_entity(desk.other_property.id, day("2026-03-14")));
    EXPECT_EQ(one.to_string()[14], '8');
}

// Days 11 to 14 closed by the manager in one act just now, whose last event is at 40.
struct Closed {
    Desk desk;
    std::vector<Closing> closings;
    Position newest = 40;

    Closed() {
        desk.counters.closed_through = day("2026-03-14");
        for (int i = 0; i < 4; ++i) {
            Closing closing;
            closing.date = day("2026-03-11").plus(i);
            closing.number = 1 + i;
            closing.by = desk.manager.user;
            closing.at = Instant{desk.now.ms - limits::kUndoCloseMsMax};
            closing.position = 37 + i;
            closings.push_back(closing);
        }
    }
    [[nodiscard]] std::string reopened(const Principal& who, std::string_view date,
                                       std::string reason) const {
        const BusinessDate from = day(date);
        std::vector<Closing> asked;
        for (const Closing& each : closings) {
            if (each.date >= from) asked.push_back(each);
        }
        return shown(days_to_reopen({desk.at(), asked, newest},
                                    {desk.property.id, from, std::move(reason)}, desk.by(who)));
    }
};

TEST(ReopenDay, TakesTheDayAndEveryClosedOneAfterIt) {
    Closed closed;
    closed.newest = 41;
    EXPECT_EQ(closed.reopened(closed.desk.admin, "2026-03-12", "why"), "2026-03-12..2026-03-14");
    EXPECT_EQ(closed.reopened(closed.desk.limited_admin, "2026-03-14", "why"),
              "2026-03-14..2026-03-14");
    EXPECT_EQ(closed.reopened(closed.desk.admin, "2026-03-12", " "), "reason_required");
    EXPECT_EQ(closed.reopened(closed.desk.admin, "2026-03-15", "why"), "invalid_transition");
    EXPECT_EQ(closed.reopened(closed.desk.admin, "2025-12-31", "why"), "invalid_transition");
    EXPECT_EQ(closed.reopened(closed.desk.manager, "2026-03-12", "why"), "forbidden");
    closed.desk.counters.closed_through.reset();
    EXPECT_EQ(closed.reopened(closed.desk.admin, "2026-03-12", "why"), "invalid_transition");
}

TEST(ReopenDay, ActsOnAtMost62Days) {
    Closed closed;
    closed.desk.counters.closed_through = day("2026-03-03");
    EXPECT_EQ(closed.reopened(closed.desk.owner, "2026-01-01", "why"), "2026-01-01..2026-03-03");
    closed.desk.counters.closed_through = day("2026-03-04");
    EXPECT_EQ(closed.reopened(closed.desk.owner, "2026-01-01", "why"), "too_many_days");
}

TEST(ReopenDay, LetsWhoClosedTakeThatBackForAWhile) {
    const Closed closed;
    EXPECT_EQ(closed.reopened(closed.desk.manager, "2026-03-11", ""), "2026-03-11..2026-03-14");
    EXPECT_EQ(closed.reopened(closed.desk.manager, "2026-03-14", ""), "2026-03-14..2026-03-14");

    Closed written = closed;
    written.newest = 41;
    EXPECT_EQ(written.reopened(written.desk.manager, "2026-03-14", ""), "forbidden");

    Closed late = closed;
    late.closings[1].at.ms -= 1;
    EXPECT_EQ(late.reopened(late.desk.manager, "2026-03-13", ""), "2026-03-13..2026-03-14");
    EXPECT_EQ(late.reopened(late.desk.manager, "2026-03-12", ""), "forbidden");

    Closed other = closed;
    other.closings[3].by = other.desk.admin.user;
    EXPECT_EQ(other.reopened(other.desk.manager, "2026-03-14", ""), "forbidden");

    Closed sealed = closed;  // a day before the first closing has none of its own
    EXPECT_EQ(sealed.reopened(sealed.desk.manager, "2026-03-10", ""), "forbidden");
    EXPECT_EQ(sealed.reopened(sealed.desk.admin, "2026-03-10", "why"), "2026-03-10..2026-03-14");
}

TEST(ReopenDay, IsRefusedByALock) {
    const Closed closed;
    PropertyState at = closed.desk.at();
    at.locked_through = day("2026-03-12");
    const auto reopened = [&](std::string_view date) {
        return shown(days_to_reopen({at, closed.closings, 41}, {at.property.id, day(date), "why"},
                                    closed.desk.by(closed.desk.owner)));
    };
    EXPECT_EQ(reopened("2026-03-12"), "period_locked");
    EXPECT_EQ(reopened("2026-03-13"), "2026-03-13..2026-03-14");
}

TEST(ReopenDay, NamesWhatIsClosedAfterwards) {
    const Closed closed;
    const Event event =
        reopened_event(closed.desk.property, day("2026-03-12"), &closed.closings[1], "a mistake");
    const auto& reopened = std::get<DayReopened>(event.payload);
    EXPECT_EQ(reopened.closed_through, day("2026-03-11"));
    EXPECT_EQ(reopened.number, 2);
    EXPECT_EQ(reopened.revision, 1);
    EXPECT_EQ(event.affected_report_dates, std::vector{day("2026-03-12")});
    const Event first = reopened_event(closed.desk.property, day("2026-01-01"), nullptr, "");
    EXPECT_EQ(std::get<DayReopened>(first.payload).closed_through, std::nullopt);
    EXPECT_EQ(std::get<DayReopened>(first.payload).number, std::nullopt);
}

TEST(AcknowledgeVariance, IsForAnotherApproverOnce) {
    const Desk desk;
    Closing closing;
    closing.date = day("2026-03-14");
    closing.number = 3;
    closing.counted[0] = CountedAccount{100, -900};
    closing.counted_by = desk.manager.user;
    closing.by = desk.admin.user;
    closing.needs_acknowledgement = true;
    const AcknowledgeVariance command{desk.property.id, closing.date, "seen"};
    const auto outcome = [&](const Closing* of, const Principal& who) {
        return outcome_of(decide(desk.at(), of, command, desk.by(who)));
    };
    EXPECT_EQ(outcome(&closing, desk.owner), "ok");
    EXPECT_EQ(outcome(&closing, desk.admin), "four_eyes");
    EXPECT_EQ(outcome(&closing, desk.manager), "forbidden");
    EXPECT_EQ(outcome(nullptr, desk.owner), "invalid_transition");
    Closing counted_by_owner = closing;
    counted_by_owner.counted_by = desk.owner.user;
    EXPECT_EQ(outcome(&counted_by_owner, desk.owner), "four_eyes");
    for (auto spoil : {+[](Closing& c) { c.needs_acknowledgement = false; },
                       +[](Closing& c) { c.acknowledged_at = Instant{1}; },
                       +[](Closing& c) { c.reopened_at = Instant{1}; }}) {
        Closing spoilt = closing;
        spoil(spoilt);
        EXPECT_EQ(outcome(&spoilt, desk.owner), "invalid_transition");
    }
    const Event event = decide(desk.at(), &closing, command, desk.by(desk.owner)).value();
    EXPECT_EQ(std::get<VarianceAcknowledged>(event.payload).variance_minor, -900);
    EXPECT_EQ(event.affected_report_dates, std::vector{closing.date});
}

}  // namespace
}  // namespace daybook::test
