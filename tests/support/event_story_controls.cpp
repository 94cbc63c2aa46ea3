// The part of a small hotel's story in which it is controlled: four eyes, days, locks, the gate.
#include <utility>

#include "support/event_story.h"
#include "support/sample_books.h"

namespace daybook::test {

using namespace domain;

// What four eyes add to the events of an entry.
void Story::changes(EntryKind kind) {
    const auto number = static_cast<std::uint8_t>(70 + static_cast<int>(kind));
    const UserId author{numbered_uuid(4)};
    EntryChanged added{EntryId{numbered_uuid(number)},
                       7 + static_cast<int>(kind),
                       1,
                       std::nullopt,
                       EntryStatus::pending,
                       content(kind),
                       {true, true, true},
                       {},
                       {}};
    added.co_authors = {author};
    added.four_eyes = true;
    if (kind == EntryKind::expense) entry(kind, EntryVerb::added, added, "moved");
    using enum EntryStatus;
    EntryChanged asked = step(added, approved, approved, "the bill says so");
    asked.co_authors.clear();
    asked.before = asked.content;
    asked.content.amount.minor = 99'000;
    asked.texts = {true, false, false};
    asked.content.party = Text{"Outra", false};
    asked.before->party = content(kind).party;
    asked.requested = ChangeKind::update;
    entry(kind, EntryVerb::change_requested, asked);
    EntryChanged dropped = step(added, approved, approved, "it does not");
    dropped.co_authors.clear();
    entry(kind, EntryVerb::change_rejected, dropped);
    entry(kind, EntryVerb::change_withdrawn, dropped);
    if (kind != EntryKind::expense) return;
    EntryChanged taken_back = step(added, approved, approved, "twice");
    taken_back.co_authors.clear();
    taken_back.requested = ChangeKind::send_back;
    entry(kind, EntryVerb::change_requested, taken_back, "return");
    EntryChanged done = step(added, approved, deleted, "twice");
    done.co_authors.clear();
    done.requested_by = author;
    entry(kind, EntryVerb::deleted, done, "requested");
}

// A move that is asked for, and the addition in the other property when it is approved.
void Story::moves() {
    using enum EntryStatus;
    const EntryKind kind = EntryKind::expense;
    EntryChanged asked{EntryId{numbered_uuid(70)}, 7, 4, approved, approved, content(kind), {}, {},
                       Text{"wrong house", false}};
    asked.content.party = {};
    asked.content.description = {};
    asked.content.reference = {};
    asked.requested = ChangeKind::move;
    asked.to_property = PropertyId{numbered_uuid(5)};
    entry(kind, EntryVerb::change_requested, asked, "move");
    EntryChanged added{EntryId{numbered_uuid(74)}, 8,  1, std::nullopt, approved, content(kind),
                       {true, true, true},         {}, {}};
    added.co_authors = {UserId{numbered_uuid(4)}};
    added.requested_by = UserId{numbered_uuid(6)};
    entry(kind, EntryVerb::added, added, "asked_for");
}

void Story::policy() {
    const Org before{org_, "Casa Alfama", 1, 7, user_, kStart, 3};
    Org after = before;
    after.approvals = {50'000};
    after.version = 4;
    add(EventType::setting_changed, "four_eyes", std::nullopt, {EntityType::org, org_.value},
        SettingChanged{before, after});
}

void Story::days() {
    const BusinessDate date = day("2026-03-28");
    const EntityRef entity{EntityType::day, day_entity(property_, date)};
    DayClosed closed;
    closed.closing.property = property_;
    closed.closing.date = date;
    closed.closing.number = 1;
    closed.closing.counted = {CountedAccount{15'250, -500}, CountedAccount{-1'400, 0}};
    closed.closing.expected_minor = 15'500;
    closed.closing.pending_cash_minor = 250;
    closed.closing.counted_by = user_;
    closed.closing.needs_acknowledgement = true;
    closed.closing.report.fill(0xAB);
    closed.currency = currency("EUR");
    closed.sealed_from = day("2026-03-15");
    add(EventType::day_closed, "", property_, entity, closed, {*closed.sealed_from, date});
    add(EventType::variance_acknowledged, "", property_, entity,
        VarianceAcknowledged{date, 1, 1, -500, currency("EUR"), Text{"I counted too", false}},
        {date});
    add(EventType::day_reopened, "", property_, entity,
        DayReopened{date, 1, 1, day("2026-03-27"), Text{"a bill turned up", false}}, {date});
    DayReopened first{day("2026-03-15"), std::nullopt, std::nullopt, std::nullopt, {}};
    add(EventType::day_reopened, "sealed", property_,
        {EntityType::day, day_entity(property_, first.date)}, first, {first.date});
    DayClosed again;
    again.closing.property = property_;
    again.closing.date = date;
    again.closing.number = 1;
    again.closing.revision = 2;
    again.closing.report.fill(0xCD);
    again.currency = currency("EUR");
    add(EventType::day_closed, "uncounted", property_, entity, again, {date});
}

void Story::locks() {
    const EntityRef entity{EntityType::lock, property_.value};
    PeriodLock lock;
    lock.property = property_;
    lock.through = day("2026-02-28");
    lock.reason = Text{"the accountant has it", false};
    add(EventType::lock_set, "", property_, entity, LockChanged{lock, std::nullopt});
    LockException exception;
    exception.property = property_;
    exception.user = user_;
    exception.until = Instant{kStart.ms + 3'600'000};
    exception.reason = Text{"one late invoice", false};
    add(EventType::lock_exception_granted, "", property_, entity, LockExceptionChanged{exception});
    exception.revoked = true;
    exception.reason = Text{"it is booked", false};
    add(EventType::lock_exception_revoked, "", property_, entity, LockExceptionChanged{exception});
    PeriodLock lifted = lock;
    lifted.lifted = true;
    lifted.reason = Text{"the year is over", false};
    lifted.version = 2;
    add(EventType::lock_lifted, "", property_, entity, LockChanged{lifted, lock});
    PeriodLock of_org = lock;
    of_org.property.reset();
    add(EventType::lock_set, "org", std::nullopt, {EntityType::lock, org_.value},
        LockChanged{of_org, std::nullopt});
}

void Story::daily_gate() {
    const Org before{org_, "Casa Alfama", 1, 7, user_, kStart, 3};
    Org after = before;
    after.daily_gate = true;
    after.version = 4;
    add(EventType::setting_changed, "gate", std::nullopt, {EntityType::org, org_.value},
        SettingChanged{before, after});
    DailyApproval approval;
    approval.property = property_;
    approval.user = UserId{numbered_uuid(22)};
    approval.date = day("2026-03-29");
    const EntityRef entity{EntityType::daily_approval,
                           daily_approval_entity(property_, approval.user, approval.date)};
    approval.reason = Text{"the invoices are on my desk", false};
    add(EventType::daily_approval_granted, "", property_, entity, DailyApprovalChanged{approval});
    approval.reason = {};
    approval.revoked = true;
    add(EventType::daily_approval_revoked, "", property_, entity, DailyApprovalChanged{approval});
}

void Story::rules_of_days() {
    Org before{org_, "Casa Alfama", 1, 7, user_, kStart, 2};
    Org after = before;
    after.day_rules = {true, 1'000};
    after.version = 3;
    add(EventType::setting_changed, "days", std::nullopt, {EntityType::org, org_.value},
        SettingChanged{before, after});
    Count count;
    count.id = CountId{numbered_uuid(26)};
    count.property = property_;
    count.date = day("2026-03-29");
    count.counted_minor = 15'250;
    count.basis_minor = 15'750;
    add(EventType::cash_balance_updated, "count_basis", property_,
        {EntityType::count, count.id.value}, CountRecorded{count, currency("EUR")}, {count.date});
}

}  // namespace daybook::test
