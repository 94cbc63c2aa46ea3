// Need: nothing. Goal: counts, corrections, openings and properties keep their rules, and their
// events name every date that reads differently. Seed: none.
#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"
#include "support/desk.h"

namespace daybook::test {
namespace {

using namespace domain;

RecordCount count_of(const Desk& desk, std::int64_t minor) {
    return {CountId{numbered_uuid(70)},
            desk.property.id,
            Account::cash,
            day("2026-03-14"),
            minor,
            {},
            {}};
}

template <class Command>
Result<Event> decided(const Desk& desk, const Command& command, const Principal& who) {
    return decide(desk.at(), command, desk.by(who));
}

TEST(RecordCount, KeepsTheSumOrAddsUpThePieces) {
    const Desk desk;
    RecordCount command = count_of(desk, 12'345);
    command.note = "after lunch";
    const Event event = decided(desk, command, desk.manager).value();
    EXPECT_EQ(event.type, EventType::cash_balance_updated);
    EXPECT_EQ(event.entity.type, EntityType::count);
    EXPECT_EQ(event.affected_report_dates, std::vector{day("2026-03-14")});
    const Count& count = std::get<CountRecorded>(event.payload).count;
    EXPECT_EQ(count.counted_minor, 12'345);
    EXPECT_EQ(count.by, desk.manager.user);
    EXPECT_EQ(count.note.value, "after lunch");

    command.counted_minor.reset();
    command.denominations = {{5'000, 2}, {1, 7}, {200, 0}};
    const Event pieces = decided(desk, command, desk.manager).value();
    EXPECT_EQ(std::get<CountRecorded>(pieces.payload).count.counted_minor, 10'007);
    EXPECT_EQ(std::get<CountRecorded>(pieces.payload).count.denominations, command.denominations);
}

TEST(RecordCount, RefusesWhatIsNoCount) {
    Desk desk;
    const auto refused = [&](auto&& spoil) {
        RecordCount command = count_of(desk, 100);
        spoil(command);
        const auto result = decided(desk, command, desk.manager);
        return outcome_of(result) + " " + pointer_of(result);
    };
    using Command = RecordCount;
    EXPECT_EQ(refused([](Command& c) { c.counted_minor.reset(); }), "invalid_value /countedMinor");
    EXPECT_EQ(refused([](Command& c) { c.denominations = {{1, 1}}; }),
              "invalid_value /countedMinor");
    EXPECT_EQ(refused([](Command& c) { c.counted_minor = -1; }),
              "amount_out_of_range /countedMinor");
    EXPECT_EQ(refused([](Command& c) { c.counted_minor = limits::kBalanceMinorMax + 1; }),
              "amount_out_of_range /countedMinor");
    const auto pieces = [&](std::vector<Denomination> denominations, Account account) {
        return refused([&](Command& c) {
            c.counted_minor.reset();
            c.denominations = std::move(denominations);
            c.account = account;
        });
    };
    EXPECT_EQ(pieces({{0, 1}}, Account::cash), "amount_out_of_range /denominations");
    EXPECT_EQ(pieces({{1, -1}}, Account::cash), "amount_out_of_range /denominations");
    EXPECT_EQ(pieces({{std::int64_t{1} << 40, std::int64_t{1} << 40}}, Account::cash),
              "amount_out_of_range /denominations");
    EXPECT_EQ(pieces({{INT64_MAX, 1}, {1, 1}}, Account::cash),
              "amount_out_of_range /denominations");
    EXPECT_EQ(pieces({{limits::kBalanceMinorMax, 1}, {1, 1}}, Account::cash),
              "amount_out_of_range /denominations");
    EXPECT_EQ(pieces(std::vector<Denomination>(51, {1, 1}), Account::cash),
              "invalid_value /denominations");
    EXPECT_EQ(pieces({{1, 1}}, Account::bank), "invalid_value /denominations");
    EXPECT_EQ(refused([](Command& c) { c.date = day("2026-03-16"); }), "future_date /date");
    EXPECT_EQ(refused([](Command& c) { c.date = day("2025-12-30"); }), "before_books_start /date");
    EXPECT_EQ(refused([](Command& c) { c.note.assign(2'001, 'x'); }), "invalid_value /note");
    desk.property.active = false;
    EXPECT_EQ(refused([](Command&) {}), "property_inactive ");
}

TEST(RecordCount, TakesItsBounds) {
    const Desk desk;
    for (const std::int64_t minor : {std::int64_t{0}, limits::kBalanceMinorMax})
        EXPECT_EQ(outcome_of(decided(desk, count_of(desk, minor), desk.manager)), "ok");
    // The take-over balance is counted on the day before the books start.
    for (const std::string_view date : {std::string_view("2025-12-31"), kDeskToday}) {
        RecordCount command = count_of(desk, 1);
        command.date = day(date);
        EXPECT_EQ(outcome_of(decided(desk, command, desk.manager)), "ok") << date;
    }
    RecordCount overdrawn = count_of(desk, -5);
    overdrawn.account = Account::bank;
    EXPECT_EQ(outcome_of(decided(desk, overdrawn, desk.manager)), "ok");
}

PostCorrection correction(const Desk& desk, std::int64_t minor) {
    return {AdjustmentId{numbered_uuid(71)},
            desk.property.id,
            Account::bank,
            day("2026-03-10"),
            minor,
            "bank charge"};
}

TEST(PostCorrection, IsSignedWithAReasonAndByAnApprover) {
    Desk desk;
    for (const std::int64_t minor :
         {std::int64_t{1}, std::int64_t{-1}, limits::kAmountMinorMax, -limits::kAmountMinorMax}) {
        const Event event = decided(desk, correction(desk, minor), desk.limited_admin).value();
        EXPECT_EQ(event.entity.type, EntityType::adjustment);
        EXPECT_EQ(event.affected_report_dates, std::vector{day("2026-03-10")});
        const Adjustment& posted = std::get<AdjustmentPosted>(event.payload).adjustment;
        EXPECT_EQ(posted.kind, AdjustmentKind::correction);
        EXPECT_EQ(totals_of(posted).correction, minor);
        EXPECT_EQ(totals_of(posted).net(), minor);
    }
    for (const std::int64_t minor : {std::int64_t{0}, limits::kAmountMinorMax + 1,
                                     -limits::kAmountMinorMax - 1, INT64_MIN, INT64_MAX}) {
        EXPECT_EQ(outcome_of(decided(desk, correction(desk, minor), desk.owner)),
                  "amount_out_of_range");
    }
    EXPECT_EQ(outcome_of(decided(desk, correction(desk, 1), desk.manager)), "forbidden");
    const auto refused = [&](auto&& spoil) {
        PostCorrection command = correction(desk, 1);
        spoil(command);
        return outcome_of(decided(desk, command, desk.owner));
    };
    EXPECT_EQ(refused([](PostCorrection& c) { c.reason = " "; }), "reason_required");
    EXPECT_EQ(refused([](PostCorrection& c) { c.date = day("2025-12-31"); }), "before_books_start");
    EXPECT_EQ(refused([](PostCorrection& c) { c.date = day("2026-03-17"); }), "future_date");
    desk.property.active = false;
    EXPECT_EQ(refused([](PostCorrection&) {}), "property_inactive");
}

TEST(PostCorrection, OverShortAddsUpInItsOwnColumn) {
    Adjustment adjustment;
    adjustment.kind = AdjustmentKind::over_short;
    adjustment.amount_minor = -7;
    EXPECT_EQ(totals_of(adjustment).over_short, -7);
    EXPECT_EQ(totals_of(adjustment).correction, 0);
}

DeclareOpening opening(const Desk& desk, std::string_view start, std::int64_t minor) {
    return {desk.property.id, Account::cash, day(start), minor};
}

TEST(DeclareOpening, ReplacesOneAccountAndTheStart) {
    Desk desk;
    desk.property.opening_minor = {5, 7};
    const Event event =
        decided(desk, opening(desk, "2026-02-01", -300), desk.limited_admin).value();
    const auto& declared = std::get<OpeningDeclared>(event.payload);
    EXPECT_EQ(declared.opening_minor, (std::array<std::int64_t, 2>{-300, 7}));
    EXPECT_EQ(declared.opening_minor_before, (std::array<std::int64_t, 2>{5, 7}));
    const Property after = apply(desk.property, declared);
    EXPECT_EQ(after.books_start_on, day("2026-02-01"));
    EXPECT_EQ(after.opening(Account::cash), -300);
    EXPECT_EQ(after.version, desk.property.version + 1);
}

// The days before the start show the declared balance too (reports/balances.h).
TEST(DeclareOpening, TouchesEveryDateThatOpensWithIt) {
    const Desk desk;
    const auto dates = [&](std::string_view start) {
        return decided(desk, opening(desk, start, 1), desk.owner).value().affected_report_dates;
    };
    EXPECT_EQ(dates("2026-02-01"),
              (std::vector{kFirstBusinessDate, day("2026-01-01"), day("2026-02-01")}));
    EXPECT_EQ(dates("2025-06-01"),
              (std::vector{kFirstBusinessDate, day("2025-06-01"), day("2026-01-01")}));
    EXPECT_EQ(dates("2026-01-01"), (std::vector{kFirstBusinessDate, day("2026-01-01")}));
    EXPECT_EQ(dates("1970-01-01"), (std::vector{kFirstBusinessDate, day("2026-01-01")}));
}

TEST(DeclareOpening, RefusesWhatWouldNotFit) {
    Desk desk;
    EXPECT_EQ(outcome_of(decided(desk, opening(desk, "2026-01-01", 5), desk.manager)), "forbidden");
    EXPECT_EQ(outcome_of(decided(desk, opening(desk, "2026-01-01", 0), desk.owner)),
              "nothing_to_change");
    EXPECT_EQ(outcome_of(decided(desk, opening(desk, "2026-03-17", 0), desk.owner)), "future_date");
    EXPECT_EQ(outcome_of(decided(desk, opening(desk, "2026-03-16", 0), desk.owner)), "ok");
    for (const std::int64_t sign : {1, -1}) {
        const std::int64_t most = sign * limits::kBalanceMinorMax;
        EXPECT_EQ(outcome_of(decided(desk, opening(desk, "2026-01-01", most), desk.owner)), "ok");
        EXPECT_EQ(outcome_of(decided(desk, opening(desk, "2026-01-01", most + sign), desk.owner)),
                  "amount_out_of_range");
    }
    desk.counters.first_on = day("2026-01-20");
    EXPECT_EQ(outcome_of(decided(desk, opening(desk, "2026-01-20", 5), desk.owner)), "ok");
    EXPECT_EQ(outcome_of(decided(desk, opening(desk, "2026-01-21", 5), desk.owner)),
              "before_books_start");
}

AddProperty new_property() {
    AddProperty command;
    command.id = PropertyId{numbered_uuid(72)};
    command.name = "Baixa";
    command.currency = currency("EUR");
    command.zone = "Europe/Lisbon";
    command.cutoff_minutes = 240;
    command.opening_minor = {100, -5};
    return command;
}

TEST(AddProperty, BeginsTodayUnlessItSaysOtherwise) {
    const Desk desk;
    const NewPropertyState state{std::nullopt, true, day(kDeskToday)};
    const auto made = [&](const AddProperty& command) {
        const Event event = decide(state, command, desk.by(desk.owner)).value();
        return std::get<PropertyChanged>(event.payload).after;
    };
    AddProperty command = new_property();
    EXPECT_EQ(made(command).books_start_on, day(kDeskToday));
    EXPECT_EQ(made(command).opening(Account::bank), -5);
    command.books_start_on = day("2020-01-01");
    EXPECT_EQ(made(command).clock.from, day("2020-01-01"));
    // Books that start tomorrow do not make it tomorrow today.
    command.books_start_on = day("2026-03-16");
    const Property ahead = made(command);
    EXPECT_EQ(ahead.books_start_on, day("2026-03-16"));
    const WallClock noon{day(kDeskToday).days(), 720};
    EXPECT_EQ(business_date_at(ahead, noon, noon), day(kDeskToday));
}

TEST(AddProperty, RefusesWhatIsNone) {
    const Desk desk;
    const auto refused = [&](auto&& spoil) {
        NewPropertyState state{std::nullopt, true, day(kDeskToday)};
        AddProperty command = new_property();
        spoil(state, command);
        const auto result = decide(state, command, desk.by(desk.owner));
        return outcome_of(result) + " " + pointer_of(result);
    };
    using State = NewPropertyState;
    EXPECT_EQ(refused([](State& s, AddProperty&) { s.same_name = PropertyId{}; }),
              "already_exists /name");
    EXPECT_EQ(refused([](State& s, AddProperty&) { s.zone_exists = false; }),
              "invalid_value /timeZone");
    EXPECT_EQ(refused([](State&, AddProperty& c) { c.name = " "; }), "invalid_value /name");
    EXPECT_EQ(refused([](State&, AddProperty& c) { c.cutoff_minutes = 721; }),
              "invalid_value /dayCutoff");
    EXPECT_EQ(refused([](State&, AddProperty& c) { c.cutoff_minutes = -1; }),
              "invalid_value /dayCutoff");
    EXPECT_EQ(refused([](State&, AddProperty& c) { c.fiscal_start_month = 13; }),
              "invalid_value /fiscalStartMonth");
    EXPECT_EQ(refused([](State&, AddProperty& c) { c.opening_minor[1] = INT64_MIN; }),
              "amount_out_of_range /openingMinor");
    EXPECT_EQ(refused([](State&, AddProperty& c) { c.books_start_on = day("2026-03-17"); }),
              "future_date /booksStartOn");
    EXPECT_EQ(refused([](State&, AddProperty& c) { c.cutoff_minutes = 720; }), "ok ");
}

}  // namespace
}  // namespace daybook::test
