// The fold, entity by entity. Events of things that carry their whole state need no function here.
#include "domain/apply.h"

#include <algorithm>

#include "base/check.h"

namespace daybook::domain {
namespace {

// The texts that an event does not set stay as they were.
void keep_texts(EntryContent& content, const EntryContent& before, const TextsSet& set) {
    if (!set.party) content.party = before.party;
    if (!set.description) content.description = before.description;
    if (!set.reference) content.reference = before.reference;
}

void erase(Text& text) {
    if (text.empty()) return;
    text = Text{{}, true};
}

void join_authors(Entry& entry, UserId user) {
    if (entry.is_by(user)) return;
    entry.co_authors.insert(std::ranges::upper_bound(entry.co_authors, user), user);
}

struct Step {
    EntryEventType type;
    const EntryChanged& change;
    const RecordedEvent& event;
    bool is_new = false;
};

// Who decided what now holds: a decision, an addition that counts at once, or a change that was
// asked for.
void note_decision(Entry& entry, const Step& step) {
    const EntryVerb verb = step.type.verb;
    const bool approved_at_once = step.is_new && entry.status == EntryStatus::approved;
    const bool is_decision = verb == EntryVerb::approved || verb == EntryVerb::rejected ||
                             approved_at_once || step.change.requested_by.has_value();
    if (entry.status == EntryStatus::pending) {
        entry.decided_by.reset();
        entry.decided_at.reset();
    } else if (is_decision) {
        entry.decided_by = step.event.user;
        entry.decided_at = step.event.at;
        if (verb == EntryVerb::approved) entry.reason = {};
    }
}

}  // namespace

Entry apply(const Entry* before, const EntryChanged& change, const RecordedEvent& event) {
    const auto type = as_entry_event(event.event.type);
    CHECK(type.has_value() && event.event.property.has_value());
    if (is_about_change(type->verb)) {
        CHECK(before != nullptr);
        Entry entry = *before;
        entry.version = change.version;
        entry.change_requested = type->verb == EntryVerb::change_requested;
        return entry;
    }
    const UserId author = change.requested_by.value_or(event.user);
    Entry entry;
    if (before != nullptr) {
        entry = *before;
    } else {
        entry.id = change.id;
        entry.property = *event.event.property;
        entry.kind = type->kind;
        entry.number = change.number;
        entry.created_by = author;
        entry.created_at = event.at;
    }
    const EntryStatus status_before = entry.status;
    EntryContent content = change.content;
    if (before != nullptr) keep_texts(content, before->content, change.texts);
    entry.content = std::move(content);
    entry.status = change.status_after;
    entry.version = change.version;
    entry.updated_by = author;
    entry.updated_at = event.at;
    entry.four_eyes = change.four_eyes;
    entry.change_requested = false;
    if (type->verb == EntryVerb::updated) join_authors(entry, author);
    for (const UserId each : change.co_authors) join_authors(entry, each);
    if (type->verb == EntryVerb::deleted) entry.status_before_delete = status_before;
    if (!change.reason.empty() && type->verb != EntryVerb::updated) entry.reason = change.reason;
    note_decision(entry, {*type, change, event, before == nullptr});
    return entry;
}

ChangeRequest requested_change(const Entry& before, const EntryChanged& change,
                               const RecordedEvent& event) {
    ChangeRequest request;
    request.entry = before.id;
    request.property = before.property;
    request.kind = before.kind;
    request.change = change.requested.value_or(ChangeKind::update);
    request.version = change.version;
    request.content = change.content;
    keep_texts(request.content, before.content, change.texts);
    request.reason = change.reason;
    request.by = event.user;
    request.at = event.at;
    request.to_property = change.to_property;
    return request;
}

Entry apply(const Entry& before, const TextErased& erased) {
    Entry entry = before;
    entry.version = erased.version;
    erase(entry.content.party);
    erase(entry.content.description);
    erase(entry.content.reference);
    erase(entry.reason);
    return entry;
}

Count apply(const CountRecorded& recorded, const RecordedEvent& event) {
    Count count = recorded.count;
    count.by = event.user;
    count.at = event.at;
    return count;
}

Adjustment apply(const AdjustmentPosted& posted, const RecordedEvent& event) {
    Adjustment adjustment = posted.adjustment;
    adjustment.by = event.user;
    adjustment.at = event.at;
    return adjustment;
}

Closing apply(const DayClosed& closed, const RecordedEvent& event) {
    Closing closing = closed.closing;
    closing.property = event.event.property.value();
    closing.by = event.user;
    closing.at = event.at;
    closing.position = event.position;
    return closing;
}

Closing apply(const Closing* before, const DayReopened& reopened, const RecordedEvent& event) {
    Closing closing;
    if (before != nullptr) {
        closing = *before;
    } else {
        closing.property = event.event.property.value();
        closing.date = reopened.date;
        closing.revision = 0;
    }
    closing.reopened_by = event.user;
    closing.reopened_at = event.at;
    return closing;
}

Closing apply_acknowledgement(const Closing& before, const RecordedEvent& event) {
    Closing closing = before;
    closing.acknowledged_by = event.user;
    closing.acknowledged_at = event.at;
    return closing;
}

PeriodLock apply(const LockChanged& changed, const RecordedEvent& event) {
    PeriodLock lock = changed.after;
    lock.by = event.user;
    lock.at = event.at;
    return lock;
}

LockException apply(const LockExceptionChanged& changed, const RecordedEvent& event) {
    LockException exception = changed.after;
    exception.by = event.user;
    exception.at = event.at;
    return exception;
}

DailyApproval apply(const DailyApprovalChanged& changed, const RecordedEvent& event) {
    DailyApproval approval = changed.after;
    approval.by = event.user;
    approval.at = event.at;
    return approval;
}

Property apply(const Property& before, const OpeningDeclared& declared) {
    Property property = before;
    property.books_start_on = declared.books_start_on;
    property.opening_minor = declared.opening_minor;
    property.version = declared.version;
    return property;
}

}  // namespace daybook::domain
