// The fold, entity by entity. Events of things that carry their whole state need no function here.
#include "domain/apply.h"

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

bool is_decision(EntryVerb verb) {
    return verb == EntryVerb::approved || verb == EntryVerb::rejected;
}

}  // namespace

Entry apply(const Entry* before, const EntryChanged& change, const RecordedEvent& event) {
    const auto type = as_entry_event(event.event.type);
    CHECK(type.has_value() && event.event.property.has_value());
    Entry entry;
    if (before != nullptr) {
        entry = *before;
    } else {
        entry.id = change.id;
        entry.property = *event.event.property;
        entry.kind = type->kind;
        entry.number = change.number;
        entry.created_by = event.user;
        entry.created_at = event.at;
    }
    const EntryStatus status_before = entry.status;
    EntryContent content = change.content;
    if (before != nullptr) keep_texts(content, before->content, change.texts);
    entry.content = std::move(content);
    entry.status = change.status_after;
    entry.version = change.version;
    entry.updated_by = event.user;
    entry.updated_at = event.at;
    if (type->verb == EntryVerb::deleted) entry.status_before_delete = status_before;
    if (!change.reason.empty()) entry.reason = change.reason;
    const bool approved_at_once = before == nullptr && change.status_after == EntryStatus::approved;
    if (is_decision(type->verb) || approved_at_once) {
        entry.decided_by = event.user;
        entry.decided_at = event.at;
        if (type->verb == EntryVerb::approved) entry.reason = {};
    } else if (entry.status == EntryStatus::pending) {
        entry.decided_by.reset();
        entry.decided_at.reset();
    }
    return entry;
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
