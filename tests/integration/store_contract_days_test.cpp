// Need: a directory for files. Goal: closing, reopening and locking do what they say in every
// store: numbers, variances, frozen reports, and refusals that leave nothing behind.
#include <gtest/gtest.h>

#include <algorithm>

#include "reports/daily.h"
#include "support/contents.h"
#include "support/store_kinds.h"

namespace daybook::test {
namespace {

using domain::Account;
using domain::Closing;
using domain::Entry;

class StoreContractDays : public StoreContract {
 protected:
    [[nodiscard]] domain::CloseDay close(std::string_view date, std::int64_t counted) {
        domain::CloseDay close;
        close.property = hotel_;
        close.date = day(date);
        close.counted_minor = counted;
        close.count_id = org_.new_id<CountId>();
        close.seal_before = org_.snapshot()->closings(hotel_, kAll).value().empty();
        return close;
    }
    // By the owner unless somebody else is named; the last of the closings.
    Closing closed(domain::CloseDay command) { return closed(org_.owner(), std::move(command)); }
    Closing closed(domain::Principal by, domain::CloseDay command) {
        const auto outcome = org_.run(std::move(by), std::move(command));
        EXPECT_TRUE(outcome) << outcome.error().detail;
        return std::get<Closing>(outcome->items.back().result.value());
    }
    Result<app::Outcome> reopen(std::string_view date, std::string reason = "A mistake.") {
        return org_.run(domain::ReopenDay{hotel_, day(date), std::move(reason)});
    }
    reports::DailyReport report(std::string_view date) {
        const auto snapshot = org_.snapshot();
        const auto property = snapshot->property(hotel_).value().value();
        const reports::Catalogue catalogue(snapshot->categories().value());
        return reports::daily_report(*snapshot, property, catalogue, day(date), 500).value();
    }
    domain::AddEntry dated(domain::AddEntry add, std::string_view date) {
        add.business_date = day(date);
        return add;
    }
    std::optional<domain::BusinessDate> closed_through() {
        return org_.snapshot()->closed_through(hotel_).value();
    }
    static domain::Principal another(domain::Principal principal) {
        principal.user = UserId{numbered_uuid(99)};
        return principal;
    }

    static inline const domain::DateRange kAll{day("2026-01-01"), day("2026-12-31")};
    TestOrg org_{store(), 1};
    PropertyId hotel_ = org_.add_property("Hotel");
};

TEST_P(StoreContractDays, PostsTheVarianceWithThePendingCashTakenIntoAccount) {
    org_.add(org_.revenue(hotel_, 10'000));
    const Entry undecided = org_.add(org_.manager(), org_.expense(hotel_, 300));
    domain::CloseDay command = close(kTestToday, 9'000);
    EXPECT_EQ(refusal(org_.run(command)), ErrorCode::undecided_entries);
    command.accept_pending = true;
    const Closing closing = closed(command);
    EXPECT_EQ(closing.number, 1);
    EXPECT_EQ(closing.over_short_minor(), 9'000 - 10'000 + 300);
    EXPECT_EQ(closed_through(), day(kTestToday));

    const auto shown = report(kTestToday);
    EXPECT_EQ(shown.status, reports::DayStatus::closed);
    EXPECT_EQ(shown.closing, reports::closing_of(closing));
    EXPECT_EQ(shown.numbers.cash.counted_minor, 9'000);
    EXPECT_EQ(shown.numbers.cash.variance_minor, -700);
    EXPECT_EQ(shown.numbers.cash.expected_minor, 10'000);
    EXPECT_EQ(shown.numbers.cash.closing_minor, 9'300);
    EXPECT_EQ(shown.numbers.totals.over_short_minor, -700);
    // The pending expense is paid from the drawer on the next day, and nothing is short.
    clock_.advance_ms(24 * 3'600'000);
    const auto approved = only<Entry>(org_.run(domain::DecideEntry{
        undecided.id, 1, domain::Decision::approve, {}, domain::OnClosedDay::first_open_date}));
    EXPECT_EQ(approved.content.business_date, day("2026-03-16"));
    EXPECT_EQ(approved.content.occurred_on, day(kTestToday));
    EXPECT_EQ(report("2026-03-16").numbers.cash.closing_minor, 9'000);
    // And the closed day keeps what it was closed with.
    EXPECT_EQ(report(kTestToday).numbers.cash.variance_minor, -700);
    EXPECT_EQ(report(kTestToday).numbers.pending.count, 0);
}

TEST_P(StoreContractDays, FreezesTheReportUnderItsHash) {
    domain::AddEntry add = org_.revenue(hotel_, 10'000);
    add.content.party.value = "Maria Santos";
    add.content.description.value = "Room 12";
    org_.add(add);
    const Closing closing = closed(close(kTestToday, 10'000));
    const std::string frozen = org_.snapshot()->frozen_report(closing.report).value().value();
    EXPECT_EQ(sha256({as_bytes(frozen)}), closing.report);
    EXPECT_NE(frozen.find("\"status\":\"closed\""), std::string::npos);
    EXPECT_NE(frozen.find("\"closing\":{\"number\":1,\"revision\":1"), std::string::npos);
    EXPECT_NE(frozen.find("\"countedMinor\":10000"), std::string::npos);
    EXPECT_EQ(frozen.find("Maria"), std::string::npos);
    EXPECT_EQ(frozen.find("Room 12"), std::string::npos);
    EXPECT_FALSE(org_.snapshot()->frozen_report(Hash{}).value());
    // Another org does not have it.
    TestOrg other(store(), 2);
    EXPECT_FALSE(other.snapshot()->frozen_report(closing.report).value());
}

TEST_P(StoreContractDays, CarriesEarlierDaysAlongEachWithItsOwnReport) {
    org_.add(dated(org_.revenue(hotel_, 500), "2026-03-12"));
    closed(close("2026-03-10", 0));
    domain::RecordCount count{
        org_.new_id<CountId>(), hotel_, Account::cash, day("2026-03-13"), 480, {}, {}};
    org_.run(count).value();
    domain::CloseDay command = close(kTestToday, 480);
    const auto refused = org_.run(command);
    ASSERT_EQ(refusal(refused), ErrorCode::earlier_days_open);
    EXPECT_EQ(refused.error().facts.at(1).second, "2026-03-11,2026-03-12,2026-03-13,2026-03-14");
    command.close_earlier = true;
    const auto outcome = org_.run(command);
    ASSERT_TRUE(outcome);
    ASSERT_EQ(outcome->items.size(), 5U);
    for (std::size_t i = 0; i < 5; ++i) {
        const auto& closing = std::get<Closing>(outcome->items[i].result.value());
        EXPECT_EQ(closing.date, day("2026-03-11").plus(static_cast<int>(i)));
        EXPECT_EQ(closing.number, static_cast<std::int64_t>(i) + 2);
        EXPECT_TRUE(org_.snapshot()->frozen_report(closing.report).value());
    }
    // What was counted on the 13th was short on the 13th.
    EXPECT_EQ(report("2026-03-12").numbers.cash.variance_minor, std::nullopt);
    EXPECT_EQ(report("2026-03-13").numbers.cash.variance_minor, -20);
    EXPECT_EQ(report("2026-03-14").numbers.cash.opening_minor, 480);
    EXPECT_EQ(report(kTestToday).numbers.cash.variance_minor, 0);
    EXPECT_EQ(report("2026-03-09").status, reports::DayStatus::closed);  // sealed
    EXPECT_EQ(report("2026-03-09").closing, std::nullopt);
}

TEST_P(StoreContractDays, RefusesAStaleCountUntilItIsTakenAnew) {
    org_.add(org_.revenue(hotel_, 500));
    const domain::RecordCount count{
        org_.new_id<CountId>(), hotel_, Account::cash, day(kTestToday), 500, {}, {}};
    org_.run(count).value();
    domain::CloseDay command = close(kTestToday, 0);
    command.counted_minor.reset();
    org_.add(dated(org_.revenue(hotel_, 70), "2026-03-16"));  // not of the day
    org_.add(org_.manager(), org_.expense(hotel_, 30));       // undecided, but out of the drawer
    command.accept_pending = true;
    EXPECT_EQ(refusal(org_.run(command)), ErrorCode::count_stale);
    command.accept_stale = true;
    EXPECT_EQ(closed(command).over_short_minor(), 30);
}

TEST_P(StoreContractDays, RefusesEveryChangeToWhatCountsOnAClosedDay) {
    const Entry entry = org_.add(org_.expense(hotel_, 100));
    const PropertyId hostel = org_.add_property("Hostel");
    closed(close(kTestToday, 0));
    const Contents before = contents_of(*org_.snapshot());
    const auto expect_closed = [&](app::CommandBody body) {
        EXPECT_EQ(refusal(org_.run(std::move(body))), ErrorCode::day_closed);
    };
    domain::UpdateEntry update{entry.id, 1, {}};
    update.patch.amount_minor = 1;
    expect_closed(single(org_.expense(hotel_, 5)));
    expect_closed(update);
    expect_closed(domain::DeleteEntry{entry.id, 1, {}});
    expect_closed(domain::DecideEntry{entry.id, 1, domain::Decision::send_back, "why"});
    expect_closed(domain::MoveEntry{entry.id, 1, hostel, org_.new_id<EntryId>(), "why"});
    expect_closed(
        domain::ReverseEntry{entry.id, org_.new_id<EntryId>(), {}, day(kTestToday), {}, {}});
    expect_closed(domain::PostCorrection{org_.new_id<AdjustmentId>(), hotel_, Account::bank,
                                         day(kTestToday), 5, "why"});
    expect_closed(domain::RecordCount{
        org_.new_id<CountId>(), hotel_, Account::bank, day(kTestToday), 5, {}, {}});
    for (const app::BatchMode mode : {app::BatchMode::atomic, app::BatchMode::skip_existing}) {
        app::AddEntries bulk;
        bulk.mode = mode;
        bulk.entries = {dated(org_.expense(hotel_, 1), "2026-03-16"), org_.expense(hotel_, 2)};
        bulk.entries[1].content.external_id = "x";
        expect_closed(bulk);
    }
    app::AddLinkedTransfer linked{org_.transfer(hostel, 5), org_.transfer(hotel_, 5)};
    linked.here.content.to = domain::TransferEnd::in_transit;
    linked.there.content.from = domain::TransferEnd::in_transit;
    expect_closed(linked);
    EXPECT_EQ(refusal(org_.run(domain::DeclareOpening{hotel_, Account::cash, day(kBooksStart), 9})),
              ErrorCode::opening_fixed);
    EXPECT_EQ(contents_of(*org_.snapshot()), before);
    // Erasing a text changes nothing that counts.
    EXPECT_TRUE(org_.run(domain::EraseText{entry.id, 1, "asked"}));
}

TEST_P(StoreContractDays, ReopensAllLaterDaysInOneActAndTakesTheirVariancesBack) {
    org_.add(dated(org_.revenue(hotel_, 1'000), "2026-03-13"));
    closed(close("2026-03-13", 990));
    closed(close("2026-03-14", 985));
    const Closing last = closed(close(kTestToday, 985));
    EXPECT_EQ(report(kTestToday).numbers.cash.closing_minor, 985);

    const auto outcome = reopen("2026-03-14");
    ASSERT_TRUE(outcome) << outcome.error().detail;
    EXPECT_EQ(outcome->items.size(), 2U);
    EXPECT_EQ(closed_through(), day("2026-03-13"));
    EXPECT_EQ(report("2026-03-13").status, reports::DayStatus::closed);
    EXPECT_EQ(report("2026-03-14").status, reports::DayStatus::reopened);
    EXPECT_EQ(report("2026-03-14").closing->number, 2);
    EXPECT_EQ(report(kTestToday).numbers.cash.closing_minor, 990);
    EXPECT_EQ(report("2026-03-14").numbers.totals.over_short_minor, 0);
    // Counts and frozen reports are kept.
    EXPECT_EQ(report("2026-03-14").numbers.cash.counted_minor, 985);
    EXPECT_TRUE(org_.snapshot()->frozen_report(last.report).value());
    EXPECT_EQ(refusal(reopen("2026-03-14")), ErrorCode::invalid_transition);

    domain::CloseDay again = close(kTestToday, 990);
    again.close_earlier = true;
    again.accept_stale = true;
    const Closing closing = closed(again);
    EXPECT_EQ(closing.number, 3);
    EXPECT_EQ(closing.revision, 2);
    const auto revisions = org_.snapshot()->revisions(hotel_, day(kTestToday)).value();
    ASSERT_EQ(revisions.size(), 2U);
    EXPECT_FALSE(revisions[0].stands());
    EXPECT_TRUE(revisions[1].stands());
    EXPECT_NE(revisions[0].report, revisions[1].report);
    EXPECT_EQ(report(kTestToday).numbers.cash.closing_minor, 990);
}

TEST_P(StoreContractDays, ReopensDaysThatWereSealed) {
    closed(close("2026-03-14", 0));
    ASSERT_TRUE(reopen("2026-03-12"));
    EXPECT_EQ(closed_through(), day("2026-03-11"));
    EXPECT_EQ(report("2026-03-13").status, reports::DayStatus::open);
    domain::CloseDay again = close("2026-03-14", 0);
    again.close_earlier = true;
    const auto outcome = org_.run(again);
    ASSERT_TRUE(outcome) << outcome.error().detail;
    // Numbers have no gaps; the day that had one keeps it.
    std::vector<std::int64_t> numbers;
    for (const app::Item& item : outcome->items) {
        numbers.push_back(std::get<Closing>(item.result.value()).number);
    }
    EXPECT_EQ(numbers, (std::vector<std::int64_t>{2, 3, 1}));
}

TEST_P(StoreContractDays, LetsWhoClosedTakeThatBackWhileNothingNewerIsWritten) {
    closed(org_.manager(), close(kTestToday, 0));
    const domain::ReopenDay undo{hotel_, day(kTestToday), {}};
    EXPECT_EQ(refusal(org_.run(another(org_.manager()), undo)), ErrorCode::forbidden);
    EXPECT_TRUE(org_.run(org_.manager(), undo));
    EXPECT_EQ(closed_through(), day("2026-03-14"));

    closed(org_.manager(), close(kTestToday, 0));
    org_.add(dated(org_.expense(hotel_, 5), "2026-03-16"));
    EXPECT_EQ(refusal(org_.run(org_.manager(), undo)), ErrorCode::forbidden);
}

TEST_P(StoreContractDays, DecidesCommandsOfOneBatchOneAfterTheOther) {
    std::vector<app::Command> commands;
    commands.push_back(org_.command(single(org_.revenue(hotel_, 900))));
    commands.push_back(org_.command(close(kTestToday, 890)));
    commands.push_back(org_.command(single(org_.revenue(hotel_, 1))));
    commands.push_back(org_.command(domain::ReopenDay{hotel_, day(kTestToday), "why"}));
    commands.push_back(org_.command(single(org_.revenue(hotel_, 100))));
    domain::CloseDay again = close(kTestToday, 1'000);
    again.seal_before = false;
    commands.push_back(org_.command(again));
    const auto outcomes = run_together(store(), std::move(commands));
    EXPECT_TRUE(outcomes[1]) << outcomes[1].error().detail;
    EXPECT_EQ(refusal(outcomes[2]), ErrorCode::day_closed);
    EXPECT_TRUE(outcomes[3]);
    EXPECT_TRUE(outcomes[4]);
    ASSERT_TRUE(outcomes[5]) << outcomes[5].error().detail;
    const auto closing = only<Closing>(outcomes[5]);
    EXPECT_EQ(closing.revision, 2);
    EXPECT_EQ(closing.over_short_minor(), 0);
    const auto revisions = org_.snapshot()->revisions(hotel_, day(kTestToday)).value();
    ASSERT_EQ(revisions.size(), 2U);
    for (const Closing& each : revisions) {
        const auto frozen = org_.snapshot()->frozen_report(each.report).value();
        ASSERT_TRUE(frozen);
        EXPECT_NE(frozen->find(each.revision == 1 ? "\"inMinor\":900," : "\"inMinor\":1000,"),
                  std::string::npos);
        EXPECT_NE(frozen->find(each.revision == 1 ? "\"entryCount\":1," : "\"entryCount\":2,"),
                  std::string::npos);
    }
}

TEST_P(StoreContractDays, ReplaysAClose) {
    org_.add(org_.revenue(hotel_, 50));
    app::Command command = org_.command(close(kTestToday, 40));
    command.idempotency = app::Idempotency{{1}, {2}};
    const auto first = run(store(), command);
    const auto second = run(store(), command);
    ASSERT_TRUE(first && second);
    EXPECT_FALSE(first->replayed);
    EXPECT_TRUE(second->replayed);
    EXPECT_EQ(only<Closing>(first), only<Closing>(second));
    // Also after the day was reopened: as it was.
    app::Command undo = org_.command(domain::ReopenDay{hotel_, day(kTestToday), "why"});
    undo.idempotency = app::Idempotency{{3}, {4}};
    const auto reopened = run(store(), undo);
    EXPECT_EQ(only<Closing>(run(store(), command)), only<Closing>(first));
    EXPECT_EQ(only<Closing>(run(store(), undo)), only<Closing>(reopened));
}

TEST_P(StoreContractDays, WaitsForAnotherPersonWhereTheVarianceIsAboveTheTolerance) {
    domain::ChangeSettings settings;
    settings.variance_tolerance_minor.emplace(5);
    org_.run(settings).value();
    domain::CloseDay command = close(kTestToday, 6);
    EXPECT_EQ(refusal(org_.run(org_.manager(), command)), ErrorCode::reason_required);
    EXPECT_EQ(closed_through(), std::nullopt);
    command.note = "Found under the till.";
    closed(another(org_.manager()), command);
    ASSERT_EQ(org_.snapshot()->unacknowledged().value().size(), 1U);
    const domain::AcknowledgeVariance seen{hotel_, day(kTestToday), {}};
    EXPECT_EQ(refusal(org_.run(another(org_.owner()), seen)), ErrorCode::four_eyes);
    const auto acknowledged = only<Closing>(org_.run(seen));
    EXPECT_EQ(acknowledged.acknowledged_by, org_.owner().user);
    EXPECT_TRUE(org_.snapshot()->unacknowledged().value().empty());
    EXPECT_EQ(refusal(org_.run(seen)), ErrorCode::invalid_transition);
}

TEST_P(StoreContractDays, LocksTheOrgOrAPropertyButForThePersonExcepted) {
    const PropertyId hostel = org_.add_property("Hostel");
    org_.run(domain::SetLock{std::nullopt, day("2026-03-10"), "audit"}).value();
    org_.run(domain::SetLock{hotel_, day("2026-03-12"), "audit"}).value();
    const auto adds = [&](PropertyId property, std::string_view date, domain::Principal by) {
        return refusal(org_.run(std::move(by), single(dated(org_.expense(property, 1), date))));
    };
    constexpr ErrorCode kDone = ErrorCode::internal;
    EXPECT_EQ(adds(hostel, "2026-03-10", org_.owner()), ErrorCode::period_locked);
    EXPECT_EQ(adds(hostel, "2026-03-11", org_.owner()), kDone);
    EXPECT_EQ(adds(hotel_, "2026-03-12", org_.owner()), ErrorCode::period_locked);

    const domain::Principal late = another(org_.manager());
    const Instant until{clock_.now().ms + 60'000};
    org_.run(domain::ExceptFromLock{hotel_, late.user, until, "late"}).value();
    EXPECT_EQ(adds(hotel_, "2026-03-12", late), kDone);
    EXPECT_EQ(adds(hotel_, "2026-03-12", org_.owner()), ErrorCode::period_locked);
    EXPECT_EQ(adds(hotel_, "2026-03-10", late), ErrorCode::period_locked);  // the org's
    clock_.advance_ms(60'000);
    EXPECT_EQ(adds(hotel_, "2026-03-12", late), ErrorCode::period_locked);

    org_.run(domain::SetLock{hotel_, std::nullopt, "done"}).value();
    EXPECT_EQ(adds(hotel_, "2026-03-12", org_.owner()), kDone);
    const auto locks = org_.snapshot()->locks().value();
    ASSERT_EQ(locks.size(), 2U);
    EXPECT_EQ(locks[0].property, std::nullopt);
    EXPECT_TRUE(locks[1].lifted);
    EXPECT_EQ(org_.snapshot()->lock_exceptions().value().size(), 1U);
}

DAYBOOK_TEST_ALL_STORES(StoreContractDays);

}  // namespace
}  // namespace daybook::test
