// The values of the desk.
#include "support/desk.h"

namespace daybook::test {

using namespace domain;

Desk::Desk() {
    Books books = empty_books();
    org = books.org;
    property = test::add_property(books, "Alfama", "EUR");
    property.books_start_on = day("2026-01-01");
    other_property = test::add_property(books, "Graca", "EUR");
    supplies = Category{CategoryId{numbered_uuid(40)},
                        CategoryKind::category,
                        "supplies",
                        "Supplies",
                        {},
                        true,
                        10,
                        {},
                        1};
    old_key = supplies;
    old_key.id = CategoryId{numbered_uuid(41)};
    old_key.key = "old";
    old_key.active = false;
    const auto principal = [this](Role role, Scope scope, std::uint8_t number) {
        return Principal{org.id, UserId{numbered_uuid(number)}, role, std::move(scope), Via{}, {}};
    };
    owner = principal(Role::owner, {}, 50);
    admin = principal(Role::admin, {}, 51);
    limited_admin = principal(Role::admin, Scope{false, {property.id}}, 52);
    manager = principal(Role::manager, {}, 53);
    auditor = principal(Role::auditor, {}, 54);
}

AddEntry Desk::add(EntryKind kind) const {
    AddEntry add;
    add.id = EntryId{numbered_uuid(60)};
    add.property = property.id;
    add.kind = kind;
    add.business_date = day("2026-03-14");
    add.content.amount = {10'000, property.currency};
    if (kind != EntryKind::transfer) add.content.key = "supplies";
    return add;
}

AddEntryState Desk::add_state() const {
    return AddEntryState{at(), &supplies, std::nullopt, nullptr, 0};
}

EntryState Desk::state(const Entry& entry) const {
    return EntryState{at(), entry, &supplies, 0, nullptr, 0};
}

Entry Desk::applied(const Entry* before, const Event& event, const Principal& who) const {
    RecordedEvent recorded;
    recorded.org = org.id;
    recorded.at = now;
    recorded.user = who.user;
    recorded.event = event;
    return apply(before, std::get<EntryChanged>(event.payload), recorded);
}

Entry Desk::entry(EntryStatus status) const {
    Entry entry = applied(nullptr, decide(add_state(), add(), by(manager)).value(), manager);
    entry.status = status;
    if (status == EntryStatus::approved || status == EntryStatus::rejected) {
        entry.decided_by = owner.user;
        entry.decided_at = now;
    }
    return entry;
}

Entry Desk::reversal(const Entry& original, std::int64_t minor, EntryStatus status) const {
    Entry made = entry(status);
    made.id = EntryId{numbered_uuid(61)};
    made.content.amount.minor = minor;
    made.content.reversal = true;
    made.content.reverses = original.id;
    return made;
}

}  // namespace daybook::test
