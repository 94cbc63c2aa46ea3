// Need: a directory for files. Goal: every kind of command does what it says, in every store.
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

#include "support/contents.h"
#include "support/store_kinds.h"

namespace daybook::test {
namespace {

using domain::Account;
using domain::Decision;
using domain::Entry;
using domain::EntryStatus;

const domain::DateRange kMarch{day("2026-03-01"), day("2026-03-31")};

class StoreContractCommands : public StoreContract {
 protected:
    // What the account shows on kTestToday; the same is in its month and year.
    domain::AccountTotals today(Account account = Account::cash) {
        const auto snapshot = org_.snapshot();
        domain::AccountTotals totals;
        for (const std::int32_t period : {20'260'315, 202'603, 2'026}) {
            totals = {};
            for (const auto& row : snapshot->account_rows(hotel_, {period, period}).value()) {
                if (row.account == account) totals = row.totals;
            }
            if (period == 20'260'315) day_ = totals;
            EXPECT_EQ(totals, day_) << period;
        }
        return totals;
    }

    domain::PendingTotals pending() {
        domain::PendingTotals sum;
        for (const auto& row : org_.snapshot()->pending_rows(hotel_, {2'026, 2'026}).value()) {
            sum += row.totals;
        }
        return sum;
    }

    TestOrg org_{store(), 1};
    PropertyId hotel_ = org_.add_property("Hotel");
    domain::AccountTotals day_;
};

TEST_P(StoreContractCommands, AddsPendingEntriesForManagersAndApprovedOnesForOwners) {
    const Entry pending_entry = org_.add(org_.manager(), org_.expense(hotel_, 700));
    EXPECT_EQ(pending_entry.status, EntryStatus::pending);
    EXPECT_EQ(pending_entry.number, 1);
    EXPECT_EQ(pending_entry.version, 1);
    EXPECT_FALSE(pending_entry.decided_by);
    EXPECT_EQ(pending(), (domain::PendingTotals{700, 1, -700, 0}));
    EXPECT_TRUE(today().is_zero());

    const Entry approved = org_.add(org_.revenue(hotel_, 500));
    EXPECT_EQ(approved.status, EntryStatus::approved);
    EXPECT_EQ(approved.number, 2);
    EXPECT_EQ(approved.decided_at, kTestStart);
    EXPECT_EQ(today().in, 500);
    EXPECT_EQ(org_.entry(approved.id), approved);
}

TEST_P(StoreContractCommands, DecidesEditsDeletesAndRestoresAnEntry) {
    const EntryId id = org_.add(org_.manager(), org_.expense(hotel_, 700)).id;
    domain::UpdateEntry update{id, 1, {}};
    update.patch.amount_minor = 900;
    update.patch.description = "Towels";
    EXPECT_EQ(only<Entry>(org_.run(org_.manager(), update)).content.description.value, "Towels");
    EXPECT_EQ(refusal(org_.run(update)), ErrorCode::stale_version);
    EXPECT_EQ(pending().amount, 900);

    org_.run(domain::DecideEntry{id, 2, Decision::approve, {}}).value();
    EXPECT_EQ(today().out, 900);
    EXPECT_EQ(pending().count, 0);
    org_.run(domain::DecideEntry{id, 3, Decision::send_back, "Which towels?"}).value();
    EXPECT_EQ(org_.entry(id).reason.value, "Which towels?");
    EXPECT_EQ(today().out, 0);
    org_.run(domain::DecideEntry{id, 4, Decision::reject, "No receipt."}).value();
    EXPECT_EQ(org_.entry(id).status, EntryStatus::rejected);
    EXPECT_EQ(pending().count, 0);

    org_.run(domain::DeleteEntry{id, 5, {}}).value();
    EXPECT_EQ(org_.entry(id).status, EntryStatus::deleted);
    const Entry restored = only<Entry>(org_.run(domain::RestoreEntry{id, 6}));
    EXPECT_EQ(restored.status, EntryStatus::rejected);
    EXPECT_EQ(restored.content.description.value, "Towels");
    EXPECT_EQ(restored, org_.entry(id));
}

TEST_P(StoreContractCommands, MovesAnEditedEntryBetweenDaysMonthsAndYears) {
    const EntryId id = org_.add(org_.expense(hotel_, 700)).id;
    domain::UpdateEntry update{id, 1, {}};
    update.patch.business_date = day("2026-02-28");
    update.patch.payment_mode = Account::bank;
    org_.run(update).value();
    const auto out = [&](std::int32_t period, Account account) {
        std::int64_t sum = 0;
        for (const auto& row : org_.snapshot()->account_rows(hotel_, {period, period}).value()) {
            if (row.account == account) sum += row.totals.out;
        }
        return sum;
    };
    for (const std::int32_t period : {20'260'315, 202'603, 20'260'228, 202'602, 2'026}) {
        const bool is_left = period == 20'260'315 || period == 202'603;
        EXPECT_EQ(out(period, Account::bank), is_left ? 0 : 700) << period;
        EXPECT_EQ(out(period, Account::cash), 0) << period;
    }
}

TEST_P(StoreContractCommands, DecidesManyEachOnItsOwn) {
    const EntryId first = org_.add(org_.manager(), org_.expense(hotel_, 1)).id;
    const EntryId second = org_.add(org_.manager(), org_.expense(hotel_, 2)).id;
    app::DecideMany decide;
    decide.decisions = {domain::DecideEntry{first, 1, Decision::approve, {}},
                        domain::DecideEntry{second, 7, Decision::approve, {}},
                        domain::DecideEntry{org_.new_id<EntryId>(), 1, Decision::approve, {}},
                        domain::DecideEntry{second, 1, Decision::reject, "No."}};
    const auto items = org_.run(decide).value().items;
    ASSERT_EQ(items.size(), 4U);
    EXPECT_EQ(std::get<Entry>(items[0].result.value()).status, EntryStatus::approved);
    EXPECT_EQ(items[1].result.error().code, ErrorCode::stale_version);
    EXPECT_EQ(items[2].result.error().code, ErrorCode::not_found);
    EXPECT_EQ(std::get<Entry>(items[3].result.value()).status, EntryStatus::rejected);
    EXPECT_EQ(*items[3].position, *items[0].position + 1);
}

TEST_P(StoreContractCommands, ReversesNoMoreThanTheOriginal) {
    const EntryId id = org_.add(org_.revenue(hotel_, 1'000)).id;
    domain::ReverseEntry reverse;
    reverse.id = id;
    reverse.reversal_id = org_.new_id<EntryId>();
    reverse.amount_minor = 400;
    const Entry part = only<Entry>(org_.run(reverse));
    EXPECT_TRUE(part.content.reversal);
    EXPECT_EQ(part.content.reverses, id);
    EXPECT_EQ(today().in, 600);
    EXPECT_EQ(org_.snapshot()->reversed_minor(id), 400);

    reverse.reversal_id = org_.new_id<EntryId>();
    reverse.amount_minor = 601;
    EXPECT_EQ(refusal(org_.run(reverse)), ErrorCode::reversal_exceeds_original);
    EXPECT_EQ(refusal(org_.run(domain::DeleteEntry{id, 1, {}})), ErrorCode::invalid_transition);
    reverse.amount_minor.reset();
    EXPECT_EQ(only<Entry>(org_.run(reverse)).content.amount.minor, 600);
    EXPECT_EQ(org_.snapshot()->reversed_minor(id), 1'000);
    EXPECT_EQ(today().in, 0);

    org_.run(domain::DeleteEntry{part.id, 1, {}}).value();
    EXPECT_EQ(org_.snapshot()->reversed_minor(id), 600);
    EXPECT_EQ(refusal(org_.run(domain::RestoreEntry{part.id, 1})), ErrorCode::stale_version);
    org_.run(domain::RestoreEntry{part.id, 2}).value();
    EXPECT_EQ(org_.snapshot()->reversed_minor(id), 1'000);
}

TEST_P(StoreContractCommands, MovesAnEntryAsTwoEventsOfOneProperty) {
    const PropertyId hostel = org_.add_property("Hostel");
    const Entry here = org_.add(org_.expense(hotel_, 700));
    domain::MoveEntry move{here.id, 1, hostel, org_.new_id<EntryId>(), "Wrong house."};
    const app::Outcome outcome = org_.run(move).value();
    ASSERT_EQ(outcome.items.size(), 2U);
    const Entry there = std::get<Entry>(outcome.items[0].result.value());
    EXPECT_EQ(there.property, hostel);
    EXPECT_EQ(there.number, 1);
    EXPECT_EQ(org_.entry(here.id).status, EntryStatus::deleted);
    EXPECT_TRUE(today().is_zero());
    const auto log = decoded_log(*org_.snapshot());
    const auto& last = log.back();
    const auto& last_but_one = log[log.size() - 2];
    EXPECT_NE(last.event.property, last_but_one.event.property);
    EXPECT_EQ(last.correlation, last_but_one.correlation);

    move.id = there.id;
    move.new_id = org_.new_id<EntryId>();
    EXPECT_EQ(refusal(org_.run(move)), ErrorCode::nothing_to_change);
}

TEST_P(StoreContractCommands, LinksATransferBetweenTwoPropertiesOrDoesNothing) {
    const PropertyId hostel = org_.add_property("Hostel");
    app::AddLinkedTransfer linked{org_.transfer(hotel_, 300), org_.transfer(hostel, 300)};
    linked.here.content.to = domain::TransferEnd::in_transit;
    linked.there.content.from = domain::TransferEnd::in_transit;
    linked.there.content.to = domain::TransferEnd::bank;
    EXPECT_EQ(org_.run(linked).value().items.size(), 2U);
    EXPECT_EQ(today().transfer_out, 300);
    EXPECT_EQ(org_.entry(linked.there.id).content.to, domain::TransferEnd::bank);

    const Contents before = contents_of(*org_.snapshot());
    linked.here.id = org_.new_id<EntryId>();
    linked.there.id = org_.new_id<EntryId>();
    linked.there.content.amount.minor = -1;
    EXPECT_EQ(refusal(org_.run(linked)), ErrorCode::amount_out_of_range);
    EXPECT_EQ(contents_of(*org_.snapshot()), before);
}

TEST_P(StoreContractCommands, KeepsEveryCountAndShowsTheLastOfEachDay) {
    domain::RecordCount count;
    count.property = hotel_;
    count.date = day(kTestToday);
    for (const std::int64_t minor : {100, 200, 300}) {
        clock_.advance_ms(1);
        count.id = org_.new_id<CountId>();
        count.counted_minor = minor;
        EXPECT_EQ(only<domain::Count>(org_.run(count)).counted_minor, minor);
    }
    clock_.advance_ms(1);
    count.id = org_.new_id<CountId>();
    count.date = day("2026-03-14");
    count.counted_minor.reset();
    count.denominations = {{5'000, 3}, {100, 1}};
    count.note = "After the bar closed";
    org_.run(count).value();
    const auto all = org_.snapshot()->counts(hotel_, kMarch).value();
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[0].counted_minor, 15'100);
    EXPECT_EQ(all[0].denominations, count.denominations);
    EXPECT_EQ(all[0].note.value, count.note);
    EXPECT_EQ(all[1].counted_minor, 100);
    EXPECT_EQ(all[3].counted_minor, 300);
    const auto last = org_.snapshot()->last_counts(hotel_, kMarch).value();
    ASSERT_EQ(last.size(), 2U);
    EXPECT_EQ(last[0], all[0]);
    EXPECT_EQ(last[1], all[3]);
    EXPECT_TRUE(today().is_zero());
}

TEST_P(StoreContractCommands, PostsCorrectionsAndOpenings) {
    domain::PostCorrection correction;
    correction.id = org_.new_id<AdjustmentId>();
    correction.property = hotel_;
    correction.account = Account::bank;
    correction.amount_minor = -250;
    correction.reason = "Bank charge of last year";
    EXPECT_EQ(only<domain::Adjustment>(org_.run(correction)).date, day(kTestToday));
    EXPECT_EQ(today(Account::bank).correction, -250);
    const auto kept = org_.snapshot()->adjustments(hotel_, kMarch).value();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept[0].reason.value, correction.reason);

    const domain::DeclareOpening opening{hotel_, Account::cash, day("2025-12-01"), 12'345};
    const auto property = only<domain::Property>(org_.run(opening));
    EXPECT_EQ(property.opening(Account::cash), 12'345);
    EXPECT_EQ(org_.snapshot()->property(hotel_).value(), property);
    EXPECT_EQ(refusal(org_.run(org_.manager(), opening)), ErrorCode::forbidden);
}

TEST_P(StoreContractCommands, ChangesSettingsAndProperties) {
    domain::ChangeSettings settings;
    settings.name = "Two Houses";
    settings.fiscal_start_month = 4;
    EXPECT_EQ(only<domain::Org>(org_.run(settings)).version, 2);
    EXPECT_EQ(org_.snapshot()->org().value().name, "Two Houses");
    EXPECT_EQ(store().orgs().value().at(0).fiscal_start_month, 4);

    domain::UpdateProperty update;
    update.id = hotel_;
    update.version = 1;
    update.name = "Grand Hotel";
    update.group = "North";
    update.cutoff_minutes = 240;
    const auto property = only<domain::Property>(org_.run(update));
    ASSERT_TRUE(property.next_clock);
    EXPECT_EQ(property.next_clock->from, day("2026-03-16"));
    EXPECT_EQ(org_.snapshot()->property(hotel_).value(), property);
    EXPECT_EQ(refusal(org_.run(update)), ErrorCode::stale_version);
    // The old name is free again.
    org_.add_property("Hotel");
    domain::AddProperty again;
    again.id = org_.new_id<PropertyId>();
    again.name = "Grand Hotel";
    again.currency = currency("EUR");
    again.zone = "Europe/Lisbon";
    EXPECT_EQ(refusal(org_.run(again)), ErrorCode::already_exists);
    EXPECT_EQ(org_.snapshot()->properties().value().size(), 2U);
}

// A unique index that is checked row by row would refuse this, in one order or the other.
TEST_P(StoreContractCommands, LetsNamesChangeHandsWithinABatch) {
    const PropertyId other = org_.add_property("Hostel");
    const auto renamed = [&](PropertyId id, std::int64_t version, std::string name) {
        domain::UpdateProperty update;
        update.id = id;
        update.version = version;
        update.name = std::move(name);
        return org_.command(update);
    };
    std::vector<app::Command> commands;
    commands.push_back(renamed(hotel_, 1, "Between"));
    commands.push_back(renamed(other, 1, "Hotel"));
    commands.push_back(renamed(hotel_, 2, "Hostel"));
    for (const auto& outcome : run_together(store(), std::move(commands))) {
        EXPECT_TRUE(outcome) << outcome.error().detail;
    }
    EXPECT_EQ(org_.snapshot()->property(hotel_).value()->name, "Hostel");
    EXPECT_EQ(org_.snapshot()->property(other).value()->name, "Hotel");
}

TEST_P(StoreContractCommands, AddsChangesAndMergesCategories) {
    domain::AddCategory add;
    add.id = org_.new_id<CategoryId>();
    add.key = "laundry";
    add.name = "Laundry";
    add.order = 5;
    org_.run(add).value();
    add.id = org_.new_id<CategoryId>();
    EXPECT_EQ(refusal(org_.run(add)), ErrorCode::already_exists);
    add.kind = domain::CategoryKind::source;
    org_.run(add).value();

    const auto categories = org_.snapshot()->categories().value();
    EXPECT_EQ(categories.size(), 15U);
    EXPECT_EQ(categories[0].key, "laundry");
    EXPECT_EQ(categories[0].kind, domain::CategoryKind::category);
    EXPECT_TRUE(std::ranges::is_sorted(categories, {}, [](const domain::Category& each) {
        return std::tuple(each.kind, each.order, each.key);
    }));

    domain::UpdateCategory merge;
    merge.id = categories[0].id;
    merge.version = 1;
    merge.merge_into = "housekeeping";
    EXPECT_EQ(only<domain::Category>(org_.run(merge)).merged_into, "housekeeping");
    const auto merged = org_.snapshot()->category(categories[0].id).value();
    EXPECT_FALSE(merged->active);
    domain::AddEntry entry = org_.expense(hotel_, 1);
    entry.content.key = "laundry";
    EXPECT_EQ(refusal(org_.run(single(entry))), ErrorCode::inactive_category);
}

TEST_P(StoreContractCommands, RecordsImports) {
    const domain::ImportCommitted import{org_.new_id<EntryId>().value, "bookings", "ab12", 3, 2, 1};
    org_.run(import).value();
    const auto last = decoded_log(*org_.snapshot()).back();
    EXPECT_EQ(std::get<domain::ImportCommitted>(last.event.payload), import);
}

TEST_P(StoreContractCommands, ShowsTheEntriesOfADayByNumber) {
    for (const std::int64_t minor : {30, 10, 20}) org_.add(org_.expense(hotel_, minor));
    domain::AddEntry other_day = org_.expense(hotel_, 40);
    other_day.business_date = day("2026-03-14");
    org_.add(other_day);
    const EntryId deleted = org_.add(org_.expense(hotel_, 50)).id;
    org_.run(domain::DeleteEntry{deleted, 1, {}}).value();
    const auto snapshot = org_.snapshot();
    const auto entries = snapshot->entries_of_day(hotel_, day(kTestToday), 500).value();
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_TRUE(std::ranges::is_sorted(entries, {}, &Entry::number));
    EXPECT_EQ(snapshot->entries_of_day(hotel_, day(kTestToday), 2).value().size(), 2U);
}

DAYBOOK_TEST_ALL_STORES(StoreContractCommands);

}  // namespace
}  // namespace daybook::test
