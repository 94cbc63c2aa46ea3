// Need: nothing. Goal: reversals together never take more than their original, whatever becomes of
// them or of it, and every kind of entry adds up with the right signs. Seed: none.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "support/desk.h"

namespace daybook::test {
namespace {

using namespace domain;
using enum EntryStatus;

AddEntry reversing(const Desk& desk, const Entry& original, std::int64_t minor) {
    AddEntry add = desk.add(original.kind);
    add.id = EntryId{numbered_uuid(61)};
    add.content.amount.minor = minor;
    add.content.reversal = true;
    add.content.reverses = original.id;
    return add;
}

std::string added(const Desk& desk, const AddEntry& add, const Entry* original,
                  std::int64_t taken) {
    AddEntryState state = desk.add_state();
    state.original = original;
    state.reversed_minor = taken;
    return outcome_of(decide(state, add, desk.by(desk.manager)));
}

TEST(Reversal, TakesUpToWhatIsLeft) {
    const Desk desk;
    const Entry original = desk.entry();
    EXPECT_EQ(added(desk, reversing(desk, original, 10'000), &original, 0), "ok");
    EXPECT_EQ(added(desk, reversing(desk, original, 10'001), &original, 0),
              "reversal_exceeds_original");
    EXPECT_EQ(added(desk, reversing(desk, original, 1'000), &original, 9'000), "ok");
    EXPECT_EQ(added(desk, reversing(desk, original, 1'001), &original, 9'000),
              "reversal_exceeds_original");
    AddEntryState state = desk.add_state();
    state.original = &original;
    state.reversed_minor = 9'000;
    const auto refused = decide(state, reversing(desk, original, 1'001), desk.by(desk.owner));
    EXPECT_EQ(fact_of(refused, "leftMinor"), "1000");
}

TEST(Reversal, IsOfAnApprovedEntryThatIsNone) {
    const Desk desk;
    for (const EntryStatus status : {pending, rejected, deleted}) {
        const Entry original = desk.entry(status);
        EXPECT_EQ(added(desk, reversing(desk, original, 1), &original, 0), "not_reversible");
    }
    const Entry original = desk.entry();
    const Entry reversal = desk.reversal(original, 100, approved);
    EXPECT_EQ(added(desk, reversing(desk, reversal, 1), &reversal, 0), "not_reversible");
    EXPECT_EQ(added(desk, reversing(desk, original, 1), nullptr, 0), "not_reversible");
}

TEST(Reversal, CountsWhereItsOriginalCounts) {
    Desk desk;
    Entry original = desk.entry();
    AddEntry revenue = reversing(desk, original, 1);
    revenue.kind = EntryKind::revenue;
    EXPECT_EQ(added(desk, revenue, &original, 0), "not_reversible");
    AddEntry elsewhere = reversing(desk, original, 1);
    elsewhere.content.key = "staff";
    EXPECT_EQ(added(desk, elsewhere, &original, 0), "not_reversible");
    // From the other account: a refund in cash of what was paid by card.
    AddEntry in_cash = reversing(desk, original, 1);
    in_cash.content.payment_mode = Account::bank;
    EXPECT_EQ(added(desk, in_cash, &original, 0), "ok");
    // The category has gone out of use since.
    original.content.key = "old";
    AddEntry old = reversing(desk, original, 1);
    old.content.key = "old";
    AddEntryState state = desk.add_state();
    state.category = &desk.old_key;
    state.original = &original;
    EXPECT_EQ(outcome_of(decide(state, old, desk.by(desk.owner))), "ok");

    Entry transfer = original;
    transfer.kind = EntryKind::transfer;
    transfer.content.key.clear();
    AddEntry back = reversing(desk, transfer, 1);
    EXPECT_EQ(added(desk, back, &transfer, 0), "ok");
    back.content.to = TransferEnd::owner;
    EXPECT_EQ(added(desk, back, &transfer, 0), "not_reversible");
}

TEST(Reversal, HasAnEventOfItsOwnType) {
    const Desk desk;
    const Entry original = desk.entry();
    AddEntryState state = desk.add_state();
    state.original = &original;
    const Event event = decide(state, reversing(desk, original, 1), desk.by(desk.owner)).value();
    EXPECT_EQ(event.type, EventType::expense_reversed);
    EXPECT_EQ(std::get<EntryChanged>(event.payload).content.reverses, original.id);
}

TEST(ReversalOf, IsTheOriginalTheOtherWayRound) {
    const Desk desk;
    Entry original = desk.entry();
    original.content.external_id = "till-1";
    original.content.occurred_on = day("2026-03-01");
    original.content.tax_minor = 500;
    original.content.party = Text{{}, true};
    original.content.reference.value = "R-1";
    ReverseEntry command{original.id, EntryId{numbered_uuid(61)}, {}, {}, {}, "Came back"};
    const AddEntry whole = reversal_of(original, 4'000, command).value();
    EXPECT_EQ(whole.content.amount.minor, 6'000);
    EXPECT_TRUE(whole.content.reversal);
    EXPECT_EQ(whole.content.reverses, original.id);
    EXPECT_EQ(whole.content.key, original.content.key);
    EXPECT_EQ(whole.content.tax_minor, 0);
    EXPECT_TRUE(whole.content.external_id.empty());
    EXPECT_FALSE(whole.content.occurred_on.has_value());
    EXPECT_TRUE(whole.content.party.empty());
    EXPECT_EQ(whole.content.reference.value, "R-1");
    EXPECT_EQ(whole.content.description.value, "Came back");

    EXPECT_EQ(outcome_of(reversal_of(original, 10'000, command)), "reversal_exceeds_original");
    command.amount_minor = 6'001;
    EXPECT_EQ(outcome_of(reversal_of(original, 4'000, command)), "reversal_exceeds_original");
    command.amount_minor = 6'000;
    command.payment_mode = Account::bank;
    EXPECT_EQ(reversal_of(original, 4'000, command).value().content.payment_mode, Account::bank);
    for (const EntryStatus status : {pending, rejected, deleted})
        EXPECT_EQ(outcome_of(reversal_of(desk.entry(status), 0, command)), "not_reversible");
}

// The original while reversals stand.
TEST(Reversal, HoldsItsOriginal) {
    const Desk desk;
    const Entry original = desk.entry();
    EntryState state = desk.state(original);
    state.reversed_minor = 4'000;
    const Context context = desk.by(desk.owner);
    EXPECT_EQ(outcome_of(decide(state, DeleteEntry{original.id, 1, {}}, context)),
              "invalid_transition");
    EXPECT_EQ(
        outcome_of(decide(state, DecideEntry{original.id, 1, Decision::send_back, "why"}, context)),
        "invalid_transition");
    UpdateEntry edit{original.id, 1, {}};
    edit.patch.amount_minor = 3'999;
    EXPECT_EQ(outcome_of(decide(state, edit, context)), "reversal_exceeds_original");
    edit.patch.amount_minor = 4'000;
    EXPECT_EQ(outcome_of(decide(state, edit, context)), "ok");
}

// The reversal: what the others take is left to them.
TEST(Reversal, IsEditedRestoredAndReturnedWithinWhatIsLeft) {
    const Desk desk;
    const Entry original = desk.entry();
    const Context context = desk.by(desk.owner);
    // It takes 3,000 itself where it stands; 5,000 are taken by others.
    const auto state_of = [&](const Entry& reversal) {
        EntryState state = desk.state(reversal);
        state.original = &original;
        state.original_reversed_minor = 5'000 + reversed_minor(reversal);
        return state;
    };
    const auto edited = [&](const Entry& reversal, std::int64_t minor) {
        UpdateEntry edit{reversal.id, 1, {}};
        edit.patch.amount_minor = minor;
        return outcome_of(decide(state_of(reversal), edit, context));
    };
    for (const EntryStatus status : {pending, approved, rejected}) {
        const Entry reversal = desk.reversal(original, 3'000, status);
        EXPECT_EQ(edited(reversal, 5'000), "ok") << status_name(status);
        EXPECT_EQ(edited(reversal, 5'001), "reversal_exceeds_original") << status_name(status);
    }
    // Too much has been taken since it was rejected or deleted.
    for (const auto& [minor, expected] :
         {std::tuple{5'000, "ok"}, std::tuple{5'001, "reversal_exceeds_original"}}) {
        const Entry was_rejected = desk.reversal(original, minor, rejected);
        EXPECT_EQ(outcome_of(decide(state_of(was_rejected),
                                    DecideEntry{was_rejected.id, 1, Decision::send_back, "why"},
                                    context)),
                  expected);
        for (const EntryStatus before : {pending, approved}) {
            Entry was_deleted = desk.reversal(original, minor, deleted);
            was_deleted.status_before_delete = before;
            EXPECT_EQ(
                outcome_of(decide(state_of(was_deleted), RestoreEntry{was_deleted.id, 1}, context)),
                expected);
        }
    }
    // One that was rejected before takes nothing when it comes back.
    Entry harmless = desk.reversal(original, 9'000, deleted);
    harmless.status_before_delete = rejected;
    EXPECT_EQ(outcome_of(decide(state_of(harmless), RestoreEntry{harmless.id, 1}, context)), "ok");
    // It does not leave its original's category.
    const Entry reversal = desk.reversal(original, 100, pending);
    UpdateEntry edit{reversal.id, 1, {}};
    edit.patch.key = "staff";
    EXPECT_EQ(outcome_of(decide(state_of(reversal), edit, context)), "not_reversible");
}

TEST(Reversal, TakesNothingWhileItIsRejectedOrDeleted) {
    const Desk desk;
    const Entry original = desk.entry();
    for (const auto& [status, taken] : {std::tuple{pending, 70}, std::tuple{approved, 70},
                                        std::tuple{rejected, 0}, std::tuple{deleted, 0}}) {
        EXPECT_EQ(reversed_minor(desk.reversal(original, 70, status)), taken);
    }
}

struct Sums {
    AccountTotals cash;
    AccountTotals bank;
};

// What the design says, kind by kind, for an amount of 10,000 that counts.
Sums expected_sums(const Entry& entry) {
    const std::int64_t amount = entry.content.reversal ? -10'000 : 10'000;
    Sums sums;
    AccountTotals& paid = entry.content.payment_mode == Account::cash ? sums.cash : sums.bank;
    if (entry.kind == EntryKind::expense) paid.out = amount;
    if (entry.kind == EntryKind::revenue) paid.in = amount;
    if (entry.kind != EntryKind::transfer) return sums;
    if (entry.content.from == TransferEnd::cash) sums.cash.transfer_out = amount;
    if (entry.content.from == TransferEnd::bank) sums.bank.transfer_out = amount;
    if (entry.content.to == TransferEnd::cash) sums.cash.transfer_in = amount;
    if (entry.content.to == TransferEnd::bank) sums.bank.transfer_in = amount;
    return sums;
}

void expect_effect(const Entry& entry) {
    const EntryEffect effect = effect_of(entry);
    const Sums sums = expected_sums(entry);
    const std::int64_t amount = entry.content.reversal ? -10'000 : 10'000;
    const bool counts = entry.status == approved;
    const bool waits = entry.status == pending;
    EXPECT_EQ(effect.date, entry.content.business_date);
    EXPECT_EQ(effect.kind, entry.kind);
    EXPECT_EQ(effect.accounts[0], counts ? sums.cash : AccountTotals{});
    EXPECT_EQ(effect.accounts[1], counts ? sums.bank : AccountTotals{});
    EXPECT_EQ(effect.category, (counts ? CategoryTotals{amount, 1} : CategoryTotals{}));
    EXPECT_EQ(effect.pending, (waits ? PendingTotals{amount, 1, sums.cash.net(), sums.bank.net()}
                                     : PendingTotals{}));
    EXPECT_EQ(effect.turnover_minor, counts || waits ? 10'000 : 0);
}

TEST(EffectOf, EveryKindModeReversalAndStatus) {
    const Desk desk;
    for (const EntryStatus status : {pending, approved, rejected, deleted}) {
        for (const bool reversal : {false, true}) {
            Entry entry = desk.entry(status);
            entry.content.reversal = reversal;
            for (const EntryKind kind : {EntryKind::expense, EntryKind::revenue}) {
                for (const Account mode : kAccounts) {
                    entry.kind = kind;
                    entry.content.payment_mode = mode;
                    expect_effect(entry);
                    EXPECT_EQ(effect_of(entry).key, "supplies");
                }
            }
            entry.kind = EntryKind::transfer;
            using enum TransferEnd;
            for (const auto& [from, to] :
                 {std::tuple{cash, bank}, std::tuple{bank, cash}, std::tuple{owner, cash},
                  std::tuple{bank, in_transit}, std::tuple{deposit, bank}}) {
                entry.content.from = from;
                entry.content.to = to;
                expect_effect(entry);
            }
            EXPECT_EQ(effect_of(entry).key, "deposit:bank");
        }
    }
}

TEST(EffectOf, AReversalUndoesItsOriginal) {
    const Desk desk;
    const Entry original = desk.entry();
    AccountTotals sum = effect_of(original).accounts[0];
    sum += effect_of(desk.reversal(original, 10'000, approved)).accounts[0];
    EXPECT_TRUE(sum.is_zero());
}

}  // namespace
}  // namespace daybook::test
