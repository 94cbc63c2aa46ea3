// Rules that several decisions about entries share. Internal to domain/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/decide.h"
#include "domain/rules.h"

namespace daybook::domain {

Status check_category(EntryKind kind, const Category* category, std::string_view key);
// What holds for the content of any entry, new or changed, but its category and date.
Status check_content(EntryKind kind, const EntryContent& content, const Property& property);
// Members that the kind does not have are not in its events: what a command has there is dropped,
// or the books would differ from a fold of their events.
void drop_foreign_members(EntryKind kind, EntryContent& content);
// Whether the content may take the place of what the entry has.
Status check_update(const EntryState& state, const EntryContent& after, const Context& context);

// Together, reversals never take more than their original has.
Status check_reversal_sum(const Entry* original, std::int64_t taken_by_others, std::int64_t amount);
Status check_same_kind(const Entry* original, EntryKind kind);
// A reversal counts with a minus where its original counts: in its category or source, or between
// its ends.
Status check_same_place(const Entry* original, EntryKind kind, const EntryContent& content);
// An entry with reversals stays approved until they are gone.
Status check_no_reversals(const EntryState& state);

Status check_may_decide(const Entry& entry, const Context& context);
std::unexpected<Error> wrong_state(const Entry& entry, std::string_view wish);
// A change that waits is decided or withdrawn before anything else is done. Errors: change_open.
Status check_no_request(const Entry& entry);
// Nobody decides what they wrote under four eyes. Errors: four_eyes.
Status check_not_author(const Entry& entry, const Context& context);

// The policy in force wants a second person for what is done to the entry.
bool needs_four_eyes(const Entry& entry, const Context& context);
// The principal can only ask for a change of the entry, with that amount afterwards.
bool needs_request(const Entry& entry, std::int64_t amount_after, const Context& context);

std::vector<BusinessDate> sorted_dates(BusinessDate one, BusinessDate other);
TextsSet texts_of(const EntryContent& content);
// An event on an existing entry that leaves its content alone.
Event changed_status(const Entry& entry, EntryVerb verb, EntryStatus after, std::string reason);
// The entry with other content; `status` afterwards.
Event updated_event(const Entry& entry, EntryContent after, EntryStatus status);
// The same event as a request. Errors: reason_required.
Result<Event> as_request(const Entry& entry, Event event, ChangeKind change,
                         const std::string& reason);

}  // namespace daybook::domain
