// Need: nothing. Goal: every rule of adding an entry refuses with its own code at its own field,
// and what is accepted becomes one event that says everything. Seed: none.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <tuple>

#include "base/limits.h"
#include "support/desk.h"

namespace daybook::test {
namespace {

using namespace domain;

// What is sent, to what, by whom: each case spoils one thing.
struct Attempt {
    Desk desk;
    AddEntry add;
    AddEntryState state;
    Principal who;

    explicit Attempt(EntryKind kind)
        : add(desk.add(kind)), state(desk.add_state()), who(desk.owner) {}
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;
    [[nodiscard]] Result<Event> decided() const { return decide(state, add, desk.by(who)); }
};

struct Refusal {
    std::string name;
    std::function<void(Attempt&)> spoil;
    std::string_view code;
    std::string_view pointer;
    EntryKind kind = EntryKind::expense;
};

void PrintTo(const Refusal& refusal, std::ostream* out) {
    *out << refusal.name;
}

class AddEntryRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(AddEntryRefusal, NamesItsRuleAndItsField) {
    Attempt attempt(GetParam().kind);
    ASSERT_EQ(outcome_of(attempt.decided()), "ok");
    GetParam().spoil(attempt);
    const auto refused = attempt.decided();
    EXPECT_EQ(outcome_of(refused), GetParam().code);
    EXPECT_EQ(pointer_of(refused), GetParam().pointer);
    EXPECT_FALSE(refused.error().detail.empty());
}

std::vector<Refusal> money_refusals() {
    return {
        {"no_amount", [](Attempt& a) { a.add.content.amount.minor = 0; }, "amount_out_of_range",
         "/amountMinor"},
        {"negative_amount", [](Attempt& a) { a.add.content.amount.minor = -1; },
         "amount_out_of_range", "/amountMinor"},
        {"amount_above_limit",
         [](Attempt& a) { a.add.content.amount.minor = limits::kAmountMinorMax + 1; },
         "amount_out_of_range", "/amountMinor"},
        {"other_currency", [](Attempt& a) { a.add.content.amount.currency = currency("USD"); },
         "currency_mismatch", "/currency"},
        {"negative_tax", [](Attempt& a) { a.add.content.tax_minor = -1; }, "tax_exceeds_amount",
         "/taxMinor"},
        {"tax_above_amount", [](Attempt& a) { a.add.content.tax_minor = 10'001; },
         "tax_exceeds_amount", "/taxMinor"},
        {"transfer_to_itself", [](Attempt& a) { a.add.content.to = TransferEnd::cash; },
         "same_account", "/to", EntryKind::transfer},
        {"transfer_outside",
         [](Attempt& a) {
             a.add.content.from = TransferEnd::owner;
             a.add.content.to = TransferEnd::loan;
         },
         "same_account", "/from", EntryKind::transfer},
    };
}

std::vector<Refusal> other_refusals() {
    return {
        {"inactive_property", [](Attempt& a) { a.desk.property.active = false; },
         "property_inactive", ""},
        {"before_books_start", [](Attempt& a) { a.add.business_date = day("2025-12-31"); },
         "before_books_start", "/businessDate"},
        {"two_days_ahead", [](Attempt& a) { a.add.business_date = day("2026-03-17"); },
         "future_date", "/businessDate"},
        {"manager_too_far_back",
         [](Attempt& a) {
             a.who = a.desk.manager;
             a.add.business_date = day("2026-02-11");
         },
         "too_far_back", "/businessDate"},
        {"unknown_category", [](Attempt& a) { a.state.category = nullptr; }, "unknown_category",
         "/category"},
        {"unknown_source", [](Attempt& a) { a.state.category = nullptr; }, "unknown_category",
         "/source", EntryKind::revenue},
        {"inactive_category", [](Attempt& a) { a.state.category = &a.desk.old_key; },
         "inactive_category", "/category"},
        {"duplicate", [](Attempt& a) { a.state.same_external_id = EntryId{numbered_uuid(99)}; },
         "duplicate", "/externalId"},
        {"reverses_without_reversal",
         [](Attempt& a) { a.add.content.reverses = EntryId{numbered_uuid(98)}; }, "invalid_value",
         "/reversesId"},
        {"reverses_nothing_here",
         [](Attempt& a) {
             a.add.content.reversal = true;
             a.add.content.reverses = EntryId{numbered_uuid(98)};
         },
         "not_reversible", "/reversesId"},
        {"long_party", [](Attempt& a) { a.add.content.party.value.assign(121, 'x'); },
         "invalid_value", "/party"},
        {"long_description", [](Attempt& a) { a.add.content.description.value.assign(2'001, 'x'); },
         "invalid_value", "/description"},
        {"long_reference", [](Attempt& a) { a.add.content.reference.value.assign(201, 'x'); },
         "invalid_value", "/reference"},
        {"long_method", [](Attempt& a) { a.add.content.method.assign(41, 'x'); }, "invalid_value",
         "/method"},
        {"long_external_id", [](Attempt& a) { a.add.content.external_id.assign(201, 'x'); },
         "invalid_value", "/externalId"},
        {"broken_utf8", [](Attempt& a) { a.add.content.party.value = "\xC3"; }, "invalid_value",
         "/party"},
    };
}

const auto name_of_refusal = [](const testing::TestParamInfo<Refusal>& each) {
    return each.param.name;
};
INSTANTIATE_TEST_SUITE_P(Money, AddEntryRefusal, testing::ValuesIn(money_refusals()),
                         name_of_refusal);
INSTANTIATE_TEST_SUITE_P(Other, AddEntryRefusal, testing::ValuesIn(other_refusals()),
                         name_of_refusal);

TEST(AddEntry, ADuplicateNamesTheEntryThatIsThere) {
    Attempt attempt(EntryKind::expense);
    attempt.state.same_external_id = EntryId{numbered_uuid(99)};
    EXPECT_EQ(fact_of(attempt.decided(), "entryId"), numbered_uuid(99).to_string());
}

TEST(AddEntry, BoundsBelongToWhatIsAllowed) {
    const std::pair<std::string_view, std::function<void(Attempt&)>> cases[] = {
        {"amount 1", [](Attempt& a) { a.add.content.amount.minor = 1; }},
        {"amount max", [](Attempt& a) { a.add.content.amount.minor = limits::kAmountMinorMax; }},
        {"tax is all", [](Attempt& a) { a.add.content.tax_minor = 10'000; }},
        {"first day", [](Attempt& a) { a.add.business_date = day("2026-01-01"); }},
        {"tomorrow", [](Attempt& a) { a.add.business_date = day("2026-03-16"); }},
        {"manager, 31 days back",
         [](Attempt& a) {
             a.who = a.desk.manager;
             a.add.business_date = day("2026-02-12");
         }},
        {"admin, long ago", [](Attempt& a) { a.who = a.desk.limited_admin; }},
        {"occurred long before", [](Attempt& a) { a.add.content.occurred_on = day("2019-12-31"); }},
        {"party of 120 bytes", [](Attempt& a) { a.add.content.party.value.assign(120, 'x'); }},
    };
    for (const auto& [name, change] : cases) {
        Attempt attempt(EntryKind::expense);
        change(attempt);
        EXPECT_EQ(outcome_of(attempt.decided()), "ok") << name;
    }
}

TEST(AddEntry, TheRoleDecidesTheStatus) {
    const Desk desk;
    for (const auto& [who, status] : {std::tuple{&desk.owner, EntryStatus::approved},
                                      std::tuple{&desk.admin, EntryStatus::approved},
                                      std::tuple{&desk.limited_admin, EntryStatus::approved},
                                      std::tuple{&desk.manager, EntryStatus::pending}}) {
        const Event event = decide(desk.add_state(), desk.add(), desk.by(*who)).value();
        const Entry entry = desk.applied(nullptr, event, *who);
        EXPECT_EQ(entry.status, status) << role_name(who->role);
        EXPECT_EQ(entry.decided_by.has_value(), status == EntryStatus::approved);
        EXPECT_EQ(entry.decided_at.has_value(), status == EntryStatus::approved);
        EXPECT_EQ(entry.created_by, who->user);
    }
    // An admin of another property approves nothing here.
    Principal elsewhere = desk.admin;
    elsewhere.scope = Scope{false, {desk.other_property.id}};
    const Event event = decide(desk.add_state(), desk.add(), desk.by(elsewhere)).value();
    EXPECT_EQ(std::get<EntryChanged>(event.payload).status_after, EntryStatus::pending);
}

TEST(AddEntry, MakesOneEventThatSaysEverything) {
    Desk desk;
    desk.counters.next_number = 7;
    AddEntry add = desk.add();
    add.content.party.value = "Bakery";
    add.content.tax_minor = 500;
    add.content.external_id = "till-1";
    const Event event = decide(desk.add_state(), add, desk.by(desk.manager)).value();
    EXPECT_EQ(event.type, EventType::expense_added);
    EXPECT_EQ(event.property, desk.property.id);
    EXPECT_EQ(event.entity, (EntityRef{EntityType::entry, add.id.value}));
    EXPECT_EQ(event.affected_report_dates, std::vector{day("2026-03-14")});
    const auto& change = std::get<EntryChanged>(event.payload);
    EXPECT_EQ(change.number, 7);
    EXPECT_EQ(change.version, 1);
    EXPECT_FALSE(change.status_before.has_value());
    EXPECT_FALSE(change.before.has_value());
    EXPECT_EQ(change.texts, (TextsSet{true, false, false}));
    EXPECT_EQ(change.content.business_date, day("2026-03-14"));
    EXPECT_EQ(change.content.party.value, "Bakery");
    EXPECT_EQ(change.content.external_id, "till-1");
}

TEST(AddEntry, WithoutADateCountsToday) {
    const Desk desk;
    AddEntry add = desk.add();
    add.business_date.reset();
    add.content.business_date = day("1999-01-01");
    const Event event = decide(desk.add_state(), add, desk.by(desk.owner)).value();
    EXPECT_EQ(event.affected_report_dates, std::vector{day(kDeskToday)});
    EXPECT_EQ(std::get<EntryChanged>(event.payload).content.business_date, day(kDeskToday));
}

TEST(AddEntry, TheTypeOfTheEventFollowsTheKind) {
    const Desk desk;
    for (const auto& [kind, type] : {std::tuple{EntryKind::expense, EventType::expense_added},
                                     std::tuple{EntryKind::revenue, EventType::revenue_added},
                                     std::tuple{EntryKind::transfer, EventType::transfer_added}}) {
        EXPECT_EQ(decide(desk.add_state(), desk.add(kind), desk.by(desk.owner)).value().type, type);
    }
    // A refund that names no original is an addition too.
    AddEntry refund = desk.add();
    refund.content.reversal = true;
    EXPECT_EQ(decide(desk.add_state(), refund, desk.by(desk.owner)).value().type,
              EventType::expense_added);
}

// An event has no place for them: the entry must be what a fold of its event gives.
TEST(AddEntry, DropsWhatTheKindDoesNotHave) {
    const Desk desk;
    AddEntry transfer = desk.add(EntryKind::transfer);
    transfer.content.key = "supplies";
    transfer.content.payment_mode = Account::bank;
    const Event moved = decide(desk.add_state(), transfer, desk.by(desk.owner)).value();
    EXPECT_EQ(std::get<EntryChanged>(moved.payload).content.key, "");
    EXPECT_EQ(std::get<EntryChanged>(moved.payload).content.payment_mode, Account::cash);

    AddEntry expense = desk.add();
    expense.content.from = TransferEnd::loan;
    expense.content.to = TransferEnd::owner;
    const Event spent = decide(desk.add_state(), expense, desk.by(desk.owner)).value();
    EXPECT_EQ(std::get<EntryChanged>(spent.payload).content.from, EntryContent{}.from);
    EXPECT_EQ(std::get<EntryChanged>(spent.payload).content.to, EntryContent{}.to);
}

TEST(AddEntry, ATransferHasAnEndInThePropertyAndNoCategory) {
    Desk desk;
    AddEntryState state = desk.add_state();
    state.category = nullptr;
    using enum TransferEnd;
    for (const TransferEnd from : {cash, bank, owner, loan, deposit, in_transit, other}) {
        for (const TransferEnd to : {cash, bank, owner, loan, deposit, in_transit, other}) {
            AddEntry add = desk.add(EntryKind::transfer);
            add.content.from = from;
            add.content.to = to;
            const bool allowed =
                from != to && (from == cash || from == bank || to == cash || to == bank);
            EXPECT_EQ(outcome_of(decide(state, add, desk.by(desk.owner))),
                      allowed ? "ok" : "same_account")
                << transfer_key(from, to);
        }
    }
}

}  // namespace
}  // namespace daybook::test
