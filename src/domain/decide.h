// decide(state, command, context) -> events: every rule of the books, as functions of values.
//
// No clock, randomness, I/O or JSON: time, ids and the principal come in as arguments. A refusal
// names its rule (ErrorCode) and says what to do next. Access is checked before: what a principal
// may not see does not reach here; who may decide what is checked here.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "domain/commands.h"
#include "domain/events.h"
#include "domain/property.h"

namespace daybook::domain {

// Who, when, and what the org has set.
struct Context {
    const Principal& principal;
    const Org& org;
    Instant now;
};

// A property as entries need it.
struct PropertyState {
    const Property& property;
    const Counters& counters;
    BusinessDate today;  // its business date now
    // The greatest date of the locks that hold for whoever asks.
    std::optional<BusinessDate> locked_through = std::nullopt;

    // The last day that may not change: closed, or locked.
    [[nodiscard]] std::optional<BusinessDate> settled_through() const {
        return std::max(counters.closed_through, locked_through);
    }
    [[nodiscard]] BusinessDate first_open_date() const {
        const auto settled = settled_through();
        const BusinessDate start = property.books_start_on;
        return settled ? std::max(settled->plus(1), start) : start;
    }
    // What a left-out business date means: today, or the first open day after it.
    [[nodiscard]] BusinessDate date_or_first_open(std::optional<BusinessDate> date) const {
        return date.value_or(std::max(today, first_open_date()));
    }
};

struct AddEntryState {
    PropertyState at;
    const Category* category = nullptr;  // of the content's key; none for transfers or unknown keys
    std::optional<EntryId> same_external_id;  // an entry that has it already
    const Entry* original = nullptr;  // where content.reverses names one of the same property
    std::int64_t reversed_minor = 0;  // what reversals of the original already take
    Gate gate = {};                   // of whoever adds
};
Result<Event> decide(const AddEntryState& state, const AddEntry& command, const Context& context);

// What an act on an existing entry needs. An update, a deletion or a return of an approved entry
// by somebody who may not do that alone gives the event of a request (change_requested).
struct EntryState {
    PropertyState at;
    const Entry& entry;
    const Category* category = nullptr;  // of the key that the entry has afterwards
    std::int64_t reversed_minor = 0;     // taken by reversals of this entry
    const Entry* original = nullptr;     // where this entry is a reversal of one
    std::int64_t original_reversed_minor = 0;
    // Of whoever restores it; of an update or a move, the one that the entry keeps closed.
    Gate gate = {};
    const ChangeRequest* request = nullptr;  // that waits
};
Result<Event> decide(const EntryState& state, const UpdateEntry& command, const Context& context);
Result<Event> decide(const EntryState& state, const DeleteEntry& command, const Context& context);
Result<Event> decide(const EntryState& state, const DecideEntry& command, const Context& context);
// Errors besides those of what was asked for, as the books are now: forbidden, invalid_transition
// (none waits), four_eyes (who asked decides nothing), reason_required. Of a move that is approved
// this is the deletion; the addition goes with it.
Result<Event> decide(const EntryState& state, const DecideChange& command, const Context& context);
// Whether it is for the principal to decide what waits: an approver there, and not whose it is.
bool may_decide(const Entry& entry, const Context& context);
// Of a change that means approving it: of a move, in both properties.
bool may_decide(const ChangeRequest& request, const Entry& entry, const Context& context);
bool may_decide(const Closing& closing, const Context& context);
Result<Event> decide(const EntryState& state, const RestoreEntry& command, const Context& context);
Result<Event> decide(const EntryState& state, const EraseText& command, const Context& context);

// The content afterwards, before it is checked.
EntryContent patched(const Entry& entry, const EntryPatch& patch);
// The reversal that ReverseEntry asks for. Errors: not_reversible, reversal_exceeds_original.
Result<AddEntry> reversal_of(const Entry& original, std::int64_t already_reversed,
                             const ReverseEntry& command);
// The addition in the other property that MoveEntry asks for. Errors: nothing_to_change (it is
// there already), property_fixed (a reversal of another entry).
Result<AddEntry> moved_entry(const Entry& entry, const Property& to, const MoveEntry& command);
// The same of a move that was asked for and is approved.
Result<AddEntry> moved_entry(const Entry& entry, const Property& to, const ChangeRequest& request,
                             const DecideChange& command);

Result<Event> decide(const PropertyState& state, const RecordCount& command,
                     const Context& context);
// The same of a property that is not in use any more, whose days may still be closed.
Result<Event> counted_event(const PropertyState& state, const RecordCount& command,
                            const Context& context);
Result<Event> decide(const PropertyState& state, const PostCorrection& command,
                     const Context& context);
Result<Event> decide(const PropertyState& state, const DeclareOpening& command,
                     const Context& context);

// The days that the command closes and freezes, the first one first; sealed ones are before it.
// Errors: day_closed, period_locked, before_books_start, future_date, earlier_days_open,
// too_many_days, invalid_value.
Result<DateRange> days_to_close(const PropertyState& state, const CloseDay& command);
// A day as it stands before it is closed.
struct OpenDay {
    PropertyState at;
    BusinessDate date;
    std::array<std::int64_t, 2> expected_minor{};  // by Account
    std::array<std::int64_t, 2> pending_minor{};   // of everything undecided up to the day
    std::int64_t basis_minor = 0;                  // as Count has it
    std::int64_t undecided = 0;                    // entries of the day
    std::array<const Count*, 2> counts{};          // the last ones
    const Closing* last = nullptr;                 // its latest revision
};
// Its next revision, still without a report. Errors: undecided_entries, missing_field (not
// counted), count_stale, reason_required.
Result<Closing> decide(const OpenDay& day, const CloseDay& command, const Context& context);
// The event that posts the variance, or takes it back; none if there is none.
std::optional<Event> over_short_event(const Property& property, const Closing& closing,
                                      std::int64_t minor, AdjustmentId id, const Context& context);
Event closed_event(const PropertyState& state, Closing closing, const CloseDay& command);

// The days that are reopened: to the last closed one. `closings` are the latest revisions of those
// that have one, in ascending order; `newest` is the property's last event. Errors: forbidden,
// invalid_transition (it is open), period_locked, too_many_days, reason_required.
struct ClosedDays {
    PropertyState at;
    const std::vector<Closing>& closings;
    Position newest = 0;
};
Result<DateRange> days_to_reopen(const ClosedDays& state, const ReopenDay& command,
                                 const Context& context);
Event reopened_event(const Property& property, BusinessDate date, const Closing* closing,
                     std::string reason);

// `closing` is the day's latest revision. Errors: forbidden, invalid_transition (nothing waits),
// four_eyes.
Result<Event> decide(const PropertyState& state, const Closing* closing,
                     const AcknowledgeVariance& command, const Context& context);

// `before` is the lock as it stands, if there ever was one. Errors: forbidden, reason_required,
// nothing_to_change.
Result<Event> decide(const PeriodLock* before, const SetLock& command, const Context& context);
struct LockExceptionState {
    const PeriodLock* lock = nullptr;
    const LockException* before = nullptr;
};
Result<Event> decide(const LockExceptionState& state, const ExceptFromLock& command,
                     const Context& context);

// `before` is the approval of that person, property and date as it stands, if there ever was one.
// Errors: forbidden, nothing_to_change, invalid_value (a date that is over or far off).
struct DailyApprovalState {
    PropertyState at;
    const DailyApproval* before = nullptr;
};
Result<Event> decide(const DailyApprovalState& state, const SetDailyApproval& command,
                     const Context& context);

// The org and its starter categories.
Result<std::vector<Event>> decide(const CreateOrg& command, const Context& context);
// `approvers`: the fewest people that could approve at one property. Errors: forbidden,
// too_few_approvers, invalid_value, nothing_to_change.
Result<Event> decide(std::size_t approvers, const ChangeSettings& command, const Context& context);

// `same_name`: another property of the org that has the name asked for. `zone_exists`: whether the
// zone asked for is known. `today_there`: the business date of now by the zone and cutoff asked
// for.
struct NewPropertyState {
    std::optional<PropertyId> same_name;
    bool zone_exists = true;
    BusinessDate today_there;
};
Result<Event> decide(const NewPropertyState& state, const AddProperty& command,
                     const Context& context);
struct PropertyUpdateState {
    PropertyState at;
    std::optional<PropertyId> same_name;
    bool zone_exists = true;
};
Result<Event> decide(const PropertyUpdateState& state, const UpdateProperty& command,
                     const Context& context);

Result<Event> decide(const Category* same_key, const AddCategory& command, const Context& context);
struct CategoryState {
    const Category& category;
    const Category* merge_into = nullptr;
};
Result<Event> decide(const CategoryState& state, const UpdateCategory& command,
                     const Context& context);

Result<Event> decide(const CreateToken& command, const Context& context);
Result<Event> decide(const Token& token, const RevokeToken& command, const Context& context);
Result<Event> decide(const Token& token, const ScopeToken& command, const Context& context);

// `alive`: webhooks of the org that are not deleted.
Result<Event> decide(std::int64_t alive, const AddWebhook& command, const Context& context);
Result<Event> decide(const Webhook& webhook, const UpdateWebhook& command, const Context& context);
Result<Event> decide(const Webhook& webhook, const DeleteWebhook& command, const Context& context);

// What an admin does to a subscription or a dead letter. Errors: forbidden, reason_required (to
// discard), invalid_value.
Result<Event> decide(const DeliveryChanged& change, const Context& context);
// `users`: everybody in the org, also those who were removed.
struct PeopleState {
    std::span<const User> users;
};
// Errors: forbidden, already_exists (the e-mail address), invalid_value, too_large.
Result<Event> decide(const PeopleState& state, const InviteUser& command, const Context& context);
struct UserState {
    const User& user;
    std::span<const User> users;
};
// One event for who the user is and one for the grant, whichever changes. Errors besides:
// last_owner.
Result<std::vector<Event>> decide(const UserState& state, const ChangeUser& command,
                                  const Context& context);
Result<Event> decide(const UserState& state, const ChangeMe& command, const Context& context);
Result<Event> decide(const UserState& state, const RemoveUser& command, const Context& context);
// Whether the principal may make an invitation or a reset link for the user: those who look after
// people; for owners and admins only owners, and under four eyes for whoever may write. Errors:
// forbidden, invalid_transition.
Status check_may_link(const User& user, const Context& context);
// What somebody who opens a link may say of the user. Errors: invalid_value.
Status check_opening(const User& user, const std::optional<std::string>& name);
// The user opens an account that was made for them, perhaps under another name.
Result<Event> join(const User& user, const std::optional<std::string>& name);
// An owner who needs no invitation: with whom an org begins.
Result<Event> found(const InviteUser& owner, Instant now);
// What happened to a credential of the user; it is named by its id.
Event credential_event(EventType type, UserId user, CredentialKind kind, Uuid credential);

// 412 stale_version, naming the version that holds now.
Status check_version(std::int64_t seen, std::int64_t current);

}  // namespace daybook::domain
