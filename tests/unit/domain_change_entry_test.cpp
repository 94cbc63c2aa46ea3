// Need: nothing. Goal: editing, deleting, deciding, restoring and erasing follow one table of
// statuses and roles, and their events name every date they touch. Seed: none.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "support/desk.h"

namespace daybook::test {
namespace {

using namespace domain;
using enum EntryStatus;

const EntryChanged& change_of(const Result<Event>& event) {
    return std::get<EntryChanged>(event.value().payload);
}

Entry with_status(const Desk& desk, EntryStatus status, EntryStatus before_delete = pending) {
    Entry entry = desk.entry(status);
    entry.status_before_delete = before_delete;
    return entry;
}

UpdateEntry edit(std::int64_t version = 1) {
    UpdateEntry command{EntryId{numbered_uuid(60)}, version, {}};
    command.patch.amount_minor = 9'999;
    return command;
}

// Every act on every status by an approver and by a manager: what comes of it.
TEST(ChangeEntry, TheTableOfStatusesAndRoles) {
    const Desk desk;
    const auto outcome = [&](const std::string& act, const Entry& entry, const Principal& who) {
        const EntryState state = desk.state(entry);
        const Context context = desk.by(who);
        const EntryId id = entry.id;
        if (act == "edit") {
            UpdateEntry command = edit();
            command.reason = "why";
            return decide(state, command, context);
        }
        if (act == "delete") return decide(state, DeleteEntry{id, 1, "why"}, context);
        if (act == "restore") return decide(state, RestoreEntry{id, 1}, context);
        const Decision decision = act == "approve"  ? Decision::approve
                                  : act == "reject" ? Decision::reject
                                                    : Decision::send_back;
        return decide(state, DecideEntry{id, 1, decision, "why"}, context);
    };
    const auto shown = [](const Result<Event>& event) {
        if (!event) return std::string(code_name(event.error().code));
        if (event->type == EventType::expense_change_requested) return std::string("requested");
        return std::string(status_name(std::get<EntryChanged>(event->payload).status_after));
    };
    struct Row {
        std::string act;
        EntryStatus status;
        std::string approver;
        std::string manager;
    };
    const Row rows[] = {
        {"edit", pending, "pending", "pending"},
        {"edit", approved, "approved", "requested"},
        {"edit", rejected, "pending", "pending"},
        {"edit", deleted, "invalid_transition", "invalid_transition"},
        {"delete", pending, "deleted", "deleted"},
        {"delete", approved, "deleted", "requested"},
        {"delete", rejected, "deleted", "deleted"},
        {"delete", deleted, "invalid_transition", "invalid_transition"},
        {"approve", pending, "approved", "forbidden"},
        {"approve", approved, "not_pending", "forbidden"},
        {"approve", rejected, "not_pending", "forbidden"},
        {"approve", deleted, "not_pending", "forbidden"},
        {"reject", pending, "rejected", "forbidden"},
        {"reject", approved, "not_pending", "forbidden"},
        {"reject", rejected, "not_pending", "forbidden"},
        {"reject", deleted, "not_pending", "forbidden"},
        {"return", pending, "invalid_transition", "invalid_transition"},
        {"return", approved, "pending", "requested"},
        {"return", rejected, "pending", "forbidden"},
        {"return", deleted, "invalid_transition", "invalid_transition"},
        {"restore", pending, "invalid_transition", "invalid_transition"},
        {"restore", approved, "invalid_transition", "invalid_transition"},
        {"restore", rejected, "invalid_transition", "invalid_transition"},
        {"restore", deleted, "pending", "pending"},
    };
    for (const Row& row : rows) {
        const Entry entry = with_status(desk, row.status);
        const std::string name = row.act + " " + std::string(status_name(row.status));
        for (const Principal* who : {&desk.owner, &desk.admin, &desk.limited_admin}) {
            EXPECT_EQ(shown(outcome(row.act, entry, *who)), row.approver) << name;
        }
        EXPECT_EQ(shown(outcome(row.act, entry, desk.manager)), row.manager) << name;
    }
}

TEST(ChangeEntry, EveryEventNamesStatusesVersionAndDate) {
    const Desk desk;
    const Context context = desk.by(desk.owner);
    Entry entry = with_status(desk, pending);
    entry.version = 4;
    const auto expect = [&](const Result<Event>& event, EventType type, EntryStatus before,
                            EntryStatus after) {
        EXPECT_EQ(event.value().type, type);
        EXPECT_EQ(event.value().affected_report_dates, std::vector{day("2026-03-14")});
        EXPECT_EQ(event.value().entity, (EntityRef{EntityType::entry, entry.id.value}));
        EXPECT_EQ(change_of(event).status_before, before);
        EXPECT_EQ(change_of(event).status_after, after);
        EXPECT_EQ(change_of(event).version, 5);
        EXPECT_EQ(change_of(event).number, entry.number);
    };
    const EntryId id = entry.id;
    const auto decided = [&](Decision decision) {
        return decide(desk.state(entry), DecideEntry{id, 4, decision, "why"}, context);
    };
    expect(decided(Decision::approve), EventType::expense_approved, pending, approved);
    expect(decided(Decision::reject), EventType::expense_rejected, pending, rejected);
    expect(decide(desk.state(entry), edit(4), context), EventType::expense_updated, pending,
           pending);
    expect(decide(desk.state(entry), DeleteEntry{id, 4, {}}, context), EventType::expense_deleted,
           pending, deleted);
    entry.status = approved;
    expect(decided(Decision::send_back), EventType::expense_returned, approved, pending);
    entry.status = deleted;
    entry.status_before_delete = approved;
    expect(decide(desk.state(entry), RestoreEntry{id, 4}, context), EventType::expense_restored,
           deleted, approved);
}

TEST(ChangeEntry, AnOldVersionIsRefusedAndTheNewOneNamed) {
    const Desk desk;
    const Context context = desk.by(desk.owner);
    for (const std::int64_t seen : {std::int64_t{0}, std::int64_t{2}, std::int64_t{4}}) {
        Entry entry = with_status(desk, pending);
        entry.version = 3;
        const EntryState state = desk.state(entry);
        const EntryId id = entry.id;
        for (const auto& refused :
             {decide(state, edit(seen), context), decide(state, DeleteEntry{id, seen, {}}, context),
              decide(state, DecideEntry{id, seen, Decision::approve, {}}, context),
              decide(state, DecideEntry{id, seen, Decision::reject, "why"}, context),
              decide(state, DecideEntry{id, seen, Decision::send_back, "why"}, context),
              decide(state, RestoreEntry{id, seen}, context),
              decide(state, EraseText{id, seen, "why"}, context)}) {
            EXPECT_EQ(outcome_of(refused), "stale_version");
            EXPECT_EQ(fact_of(refused, "currentVersion"), "3");
        }
    }
}

TEST(ChangeEntry, RejectingReturningAndErasingNeedAReason) {
    const Desk desk;
    const Context context = desk.by(desk.owner);
    const Entry open = with_status(desk, pending);
    const Entry taken = with_status(desk, approved);
    for (const std::string& blank : {std::string(), std::string(" \n")}) {
        for (const auto& refused :
             {decide(desk.state(open), DecideEntry{open.id, 1, Decision::reject, blank}, context),
              decide(desk.state(taken), DecideEntry{open.id, 1, Decision::send_back, blank},
                     context),
              decide(desk.state(open), EraseText{open.id, 1, blank}, context)}) {
            EXPECT_EQ(outcome_of(refused), "reason_required");
            EXPECT_EQ(pointer_of(refused), "/reason");
        }
    }
    EXPECT_EQ(outcome_of(decide(desk.state(open), DecideEntry{open.id, 1, Decision::approve, {}},
                                context)),
              "ok");
}

// An edit checks what it changes, and leaves alone what it does not.
TEST(UpdateEntry, ChecksWhatItChanges) {
    Desk desk;
    Entry entry = with_status(desk, pending);
    const auto outcome = [&](auto&& change, const Principal& who) {
        UpdateEntry command{entry.id, 1, {}};
        change(command.patch);
        EntryState state = desk.state(entry);
        if (command.patch.key == "old") state.category = &desk.old_key;
        if (command.patch.key == "gone") state.category = nullptr;
        return outcome_of(decide(state, command, desk.by(who)));
    };
    const Principal& owner = desk.owner;
    EXPECT_EQ(outcome([](EntryPatch& p) { p.amount_minor = 0; }, owner), "amount_out_of_range");
    EXPECT_EQ(outcome([](EntryPatch& p) { p.tax_minor = 10'001; }, owner), "tax_exceeds_amount");
    EXPECT_EQ(outcome([](EntryPatch& p) { p.currency = currency("USD"); }, owner),
              "currency_mismatch");
    EXPECT_EQ(outcome([](EntryPatch& p) { p.key = "old"; }, owner), "inactive_category");
    EXPECT_EQ(outcome([](EntryPatch& p) { p.key = "gone"; }, owner), "unknown_category");
    EXPECT_EQ(outcome([](EntryPatch& p) { p.business_date = day("2025-12-31"); }, owner),
              "before_books_start");
    EXPECT_EQ(outcome([](EntryPatch& p) { p.business_date = day("2026-03-17"); }, owner),
              "future_date");
    EXPECT_EQ(outcome([](EntryPatch& p) { p.business_date = day("2026-02-01"); }, desk.manager),
              "too_far_back");
    EXPECT_EQ(outcome([](EntryPatch& p) { p.party = std::string(121, 'x'); }, owner),
              "invalid_value");
    EXPECT_EQ(outcome([](EntryPatch&) {}, owner), "nothing_to_change");
    EXPECT_EQ(outcome([](EntryPatch& p) { p.amount_minor = 10'000; }, owner), "nothing_to_change");
    // A transfer's ends mean nothing to an expense.
    EXPECT_EQ(outcome([](EntryPatch& p) { p.to = TransferEnd::loan; }, owner), "nothing_to_change");
    // Its category is no longer in use and its date too far back: neither is touched.
    entry.content.key = "old";
    entry.content.business_date = day("2026-01-02");
    EXPECT_EQ(outcome([](EntryPatch& p) { p.amount_minor = 5; }, desk.manager), "ok");
}

TEST(UpdateEntry, NamesBothDatesOfAMoveInTime) {
    const Desk desk;
    const Entry entry = with_status(desk, approved);
    for (const std::string_view to : {"2026-03-01", "2026-03-16"}) {
        UpdateEntry command{entry.id, 1, {}};
        command.patch.business_date = day(to);
        const auto event = decide(desk.state(entry), command, desk.by(desk.owner));
        std::vector both{day(to), day("2026-03-14")};
        std::ranges::sort(both);
        EXPECT_EQ(event.value().affected_report_dates, both);
        EXPECT_EQ(change_of(event).before.value().business_date, day("2026-03-14"));
        EXPECT_EQ(change_of(event).content.business_date, day(to));
    }
}

TEST(UpdateEntry, SetsOnlyTheTextsThatChange) {
    const Desk desk;
    Entry entry = with_status(desk, pending);
    entry.content.party.value = "Bakery";
    entry.content.description.value = "Bread";
    UpdateEntry command{entry.id, 1, {}};
    command.patch.description = "";
    command.patch.reference = "R-1";
    const auto event = decide(desk.state(entry), command, desk.by(desk.owner));
    EXPECT_EQ(change_of(event).texts, (TextsSet{false, true, true}));
    EXPECT_TRUE(change_of(event).content.party.empty());
    EXPECT_EQ(change_of(event).before.value().description.value, "Bread");
    EXPECT_TRUE(change_of(event).before.value().party.empty());
    const Entry after = desk.applied(&entry, event.value(), desk.owner);
    EXPECT_EQ(after.content.party.value, "Bakery");
    EXPECT_TRUE(after.content.description.empty());
    EXPECT_EQ(after.content.reference.value, "R-1");
}

TEST(UpdateEntry, ClearsTheDateOfThePaper) {
    const Desk desk;
    Entry entry = with_status(desk, pending);
    entry.content.occurred_on = day("2026-03-01");
    UpdateEntry command{entry.id, 1, {}};
    command.patch.occurred_on = std::optional<BusinessDate>{};
    const auto event = decide(desk.state(entry), command, desk.by(desk.owner));
    EXPECT_FALSE(change_of(event).content.occurred_on.has_value());
    EXPECT_EQ(change_of(event).before.value().occurred_on, day("2026-03-01"));
}

TEST(RestoreEntry, BringsBackTheStatusBefore) {
    Desk desk;
    for (const auto& [before, manager_outcome] :
         {std::tuple{pending, "ok"}, std::tuple{approved, "forbidden"},
          std::tuple{rejected, "ok"}}) {
        const Entry entry = with_status(desk, deleted, before);
        const RestoreEntry command{entry.id, 1};
        const auto event = decide(desk.state(entry), command, desk.by(desk.owner));
        EXPECT_EQ(change_of(event).status_after, before);
        EXPECT_EQ(outcome_of(decide(desk.state(entry), command, desk.by(desk.manager))),
                  manager_outcome);
    }
    const Entry entry = with_status(desk, deleted, approved);
    desk.property.active = false;
    EXPECT_EQ(outcome_of(decide(desk.state(entry), RestoreEntry{entry.id, 1}, desk.by(desk.owner))),
              "property_inactive");
    desk.property.active = true;
    desk.property.books_start_on = day("2026-03-15");
    EXPECT_EQ(outcome_of(decide(desk.state(entry), RestoreEntry{entry.id, 1}, desk.by(desk.owner))),
              "before_books_start");
}

TEST(EraseText, IsForOwnersAndKeepsWhatCounts) {
    const Desk desk;
    Entry entry = with_status(desk, approved);
    entry.content.party.value = "Bakery";
    entry.reason.value = "why";
    const EraseText command{entry.id, 1, "asked to"};
    for (const Principal* who : {&desk.admin, &desk.limited_admin, &desk.manager})
        EXPECT_EQ(outcome_of(decide(desk.state(entry), command, desk.by(*who))), "forbidden");
    const auto event = decide(desk.state(entry), command, desk.by(desk.owner));
    EXPECT_EQ(event.value().type, EventType::text_erased);
    EXPECT_EQ(event.value().affected_report_dates, std::vector{day("2026-03-14")});
    const Entry after = apply(entry, std::get<TextErased>(event.value().payload));
    EXPECT_EQ(after.content.party.shown(), kErasedText);
    EXPECT_EQ(after.reason.shown(), kErasedText);
    EXPECT_TRUE(after.content.description.empty());  // there was none
    EXPECT_EQ(after.version, 2);
    EXPECT_EQ(after.content.amount, entry.content.amount);
    EXPECT_EQ(after.status, approved);
}

// Who decided, and why, belongs to the decision that holds.
TEST(Decisions, AreForgottenWhenTheyAreTakenBack) {
    const Desk desk;
    Entry entry = with_status(desk, pending);
    const auto act = [&](const auto& command) {
        const auto event = decide(desk.state(entry), command, desk.by(desk.admin));
        entry = desk.applied(&entry, event.value(), desk.admin);
    };
    act(DecideEntry{entry.id, 1, Decision::reject, "no paper"});
    EXPECT_EQ(entry.decided_by, desk.admin.user);
    EXPECT_EQ(entry.reason.value, "no paper");
    act(edit(2));
    EXPECT_EQ(entry.status, pending);
    EXPECT_FALSE(entry.decided_by || entry.decided_at);
    act(DecideEntry{entry.id, 3, Decision::approve, {}});
    EXPECT_EQ(entry.decided_by, desk.admin.user);
    EXPECT_TRUE(entry.reason.empty());
    act(DeleteEntry{entry.id, 4, "twice"});
    EXPECT_EQ(entry.status_before_delete, approved);
    act(RestoreEntry{entry.id, 5});
    EXPECT_EQ(entry.status, approved);
    EXPECT_EQ(entry.decided_by, desk.admin.user);
    act(DecideEntry{entry.id, 6, Decision::send_back, "too early"});
    EXPECT_FALSE(entry.decided_by || entry.decided_at);
    EXPECT_EQ(entry.reason.value, "too early");
    EXPECT_EQ(entry.version, 7);
}

TEST(MovedEntry, IsTheSameEntryInTheOtherProperty) {
    const Desk desk;
    Entry entry = with_status(desk, approved);
    entry.content.party = Text{{}, true};
    entry.content.description.value = "Bread";
    const MoveEntry command{entry.id, 1, desk.other_property.id, EntryId{numbered_uuid(70)}, {}};
    const AddEntry add = moved_entry(entry, desk.other_property, command).value();
    EXPECT_EQ(add.id, command.new_id);
    EXPECT_EQ(add.property, desk.other_property.id);
    EXPECT_EQ(add.business_date, entry.content.business_date);
    EXPECT_EQ(add.content.amount, entry.content.amount);
    EXPECT_EQ(add.content.description.value, "Bread");
    EXPECT_TRUE(add.content.party.empty());  // what was erased is not written anew

    EXPECT_EQ(outcome_of(moved_entry(entry, desk.property, command)), "nothing_to_change");
    const Entry refund = desk.reversal(entry, 1, approved);
    EXPECT_EQ(outcome_of(moved_entry(refund, desk.other_property, command)), "property_fixed");
}

}  // namespace
}  // namespace daybook::test
