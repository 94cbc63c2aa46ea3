// decide(state, command, context) -> events: every rule of the books, as functions of values.
//
// No clock, randomness, I/O or JSON: time, ids and the principal come in as arguments. A refusal
// names its rule (ErrorCode) and says what to do next. Access is checked before: what a principal
// may not see does not reach here; who may decide what is checked here.
#pragma once

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
};

struct AddEntryState {
    PropertyState at;
    const Category* category = nullptr;  // of the content's key; none for transfers or unknown keys
    std::optional<EntryId> same_external_id;  // an entry that has it already
    const Entry* original = nullptr;  // where content.reverses names one of the same property
    std::int64_t reversed_minor = 0;  // what reversals of the original already take
};
Result<Event> decide(const AddEntryState& state, const AddEntry& command, const Context& context);

// What an act on an existing entry needs.
struct EntryState {
    PropertyState at;
    const Entry& entry;
    const Category* category = nullptr;  // of the key that the entry has afterwards
    std::int64_t reversed_minor = 0;     // taken by reversals of this entry
    const Entry* original = nullptr;     // where this entry is a reversal of one
    std::int64_t original_reversed_minor = 0;
};
Result<Event> decide(const EntryState& state, const UpdateEntry& command, const Context& context);
Result<Event> decide(const EntryState& state, const DeleteEntry& command, const Context& context);
Result<Event> decide(const EntryState& state, const DecideEntry& command, const Context& context);
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

Result<Event> decide(const PropertyState& state, const RecordCount& command,
                     const Context& context);
Result<Event> decide(const PropertyState& state, const PostCorrection& command,
                     const Context& context);
Result<Event> decide(const PropertyState& state, const DeclareOpening& command,
                     const Context& context);

// The org and its starter categories.
Result<std::vector<Event>> decide(const CreateOrg& command, const Context& context);
Result<Event> decide(const ChangeSettings& command, const Context& context);

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
// people; for owners and admins only owners. Errors: forbidden, invalid_transition.
Status check_may_link(const User& user, const Context& context);
// The user opens an account that was made for them, perhaps under another name.
Result<Event> join(const User& user, const std::optional<std::string>& name);
// An owner who needs no invitation: with whom an org begins.
Result<Event> found(const InviteUser& owner, Instant now);
// What happened to a credential of the user; it is named by its id.
Event credential_event(EventType type, UserId user, CredentialKind kind, Uuid credential);

// 412 stale_version, naming the version that holds now.
Status check_version(std::int64_t seen, std::int64_t current);

}  // namespace daybook::domain
