// What the daily gate asks for, and whom events are news for: loads and folds.
#include "app/unit_of_work.h"
#include "base/check.h"
#include "domain/notification.h"

namespace daybook::app {

using namespace domain;

Result<Gate> UnitOfWork::undecided_before(const UndecidedKey& key) {
    for (const auto& [date, count] : TRY(transaction_.undecided_before(key))) {
        const UndecidedKey at{key.org, key.property, key.user, date};
        const std::int64_t committed = count;
        (void)TRY(undecided_.get(
            at,
            [&](const UndecidedKey&) -> Result<std::optional<std::int64_t>> { return committed; }));
    }
    Gate gate;
    undecided_.each_from({key.org, key.property, key.user, BusinessDate{}},
                         [&](const UndecidedKey& at, std::int64_t count) {
                             if (!(at < key)) return false;
                             if (count > 0 && !gate.oldest) gate.oldest = at.date;
                             gate.undecided += count;
                             return true;
                         });
    return gate;
}

Result<const DailyApproval*> UnitOfWork::daily_approval(const DailyApprovalKey& key) {
    return daily_approvals_.get(
        key, [this](const DailyApprovalKey& at) { return transaction_.daily_approval(at); });
}

Result<const Notification*> UnitOfWork::notification(const NotificationKey& key) {
    return notifications_.get(
        key, [this](const NotificationKey& at) { return transaction_.notification(at); });
}

Result<ReadMarks> UnitOfWork::read_marks(const UserKey& key) {
    const ReadMarks* found = TRY(
        read_marks_.get(key, [this](const UserKey& at) { return transaction_.read_marks(at); }));
    return found == nullptr ? ReadMarks{} : *found;
}

void UnitOfWork::put_read_marks(const UserKey& key, ReadMarks marks) {
    read_marks_.put(key, std::move(marks));
}

Status UnitOfWork::count_undecided(OrgId org, const Entry* before, const Entry& after) {
    const auto key_of = [&](const Entry& entry) {
        return UndecidedKey{org, entry.property, entry.created_by, entry.content.business_date};
    };
    const bool was = before != nullptr && before->status == EntryStatus::pending;
    const bool is = after.status == EntryStatus::pending;
    if (was && is && key_of(*before) == key_of(after)) return {};
    if (was) TRY(add_undecided(key_of(*before), -1));
    if (is) TRY(add_undecided(key_of(after), 1));
    return {};
}

Status UnitOfWork::add_undecided(const UndecidedKey& key, std::int64_t change) {
    return undecided_.change(
        key, [this](const UndecidedKey& at) { return transaction_.undecided(at); },
        [&](std::int64_t before) {
            CHECK(before + change >= 0);
            return before + change;
        });
}

Status UnitOfWork::notify(const RecordedEvent& event) {
    // Nobody is told of what they did themselves.
    const auto tell = [&](std::optional<UserId> whom) {
        if (!whom || *whom == event.user) return;
        notifications_.put({event.org, *whom, event.position}, Notification{event.event.property});
    };
    switch (notified_of(event.event.type)) {
        case Notified::nobody: return {};
        case Notified::author: {
            const Entry* entry = TRY(this->entry({event.org, EntryId{event.event.entity.id}}));
            CHECK(entry != nullptr);
            tell(entry->created_by);
            tell(requester_of(event.event));
            break;
        }
        case Notified::requester: tell(requester_of(event.event)); break;
        case Notified::subject: tell(subject_of(event.event)); break;
    }
    return {};
}

}  // namespace daybook::app
