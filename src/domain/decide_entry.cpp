// The rules of entries: adding, changing, deleting, restoring, reversing, moving. What is decided
// about them, and about changes of them, is in decide_approval.cpp.
#include <algorithm>

#include "domain/decide.h"
#include "domain/entry_rules.h"

namespace daybook::domain {
namespace {

// Whether a second person is wanted for the new entry.
bool is_under_four_eyes(const AddEntryState& state, const AddEntry& command,
                        const Context& context) {
    const ApprovalPolicy& policy = context.org.approvals;
    if (policy.needs_four_eyes(command.content.amount.minor)) return true;
    // Or an original could be taken back in parts.
    if (state.original != nullptr && needs_four_eyes(*state.original, context)) return true;
    if (!command.moved_from || !command.moved_from->four_eyes) return false;
    return policy.four_eyes_above_minor || command.moved_from->status != EntryStatus::approved;
}

bool counts_at_once(const AddEntryState& state, const AddEntry& command, const Context& context) {
    // Another person approves it.
    if (command.moved_from && command.moved_from->requested_by) return true;
    const PropertyId property = state.at.property.id;
    if (context.principal.approves(property)) return !is_under_four_eyes(state, command, context);
    // A trusted token decides nothing, so what it moves waits.
    return context.principal.adds_trusted(property) && !command.moved_from;
}

std::vector<UserId> authors_of(const Entry& entry) {
    std::vector<UserId> authors = entry.co_authors;
    authors.insert(std::ranges::upper_bound(authors, entry.created_by), entry.created_by);
    return authors;
}

}  // namespace

Result<Event> decide(const AddEntryState& state, const AddEntry& command, const Context& context) {
    const Property& property = state.at.property;
    TRY(check_active(property));
    EntryContent content = command.content;
    drop_foreign_members(command.kind, content);
    content.business_date = state.at.date_or_first_open(command.business_date);
    TRY(check_content(command.kind, content, property));
    TRY(check_open(content.business_date, state.at, "/businessDate"));
    TRY(check_date(content.business_date, state.at, context, "/businessDate"));
    // A reversal may go to a category that is no longer in use: its original is there.
    if (command.kind != EntryKind::transfer && !content.reverses) {
        TRY(check_category(command.kind, state.category, content.key));
    }
    if (content.reverses) {
        TRY(check_same_kind(state.original, command.kind));
        TRY(check_same_place(state.original, command.kind, content));
        TRY(check_reversal_sum(state.original, state.reversed_minor, content.amount.minor));
    }
    if (state.same_external_id) {
        Error refused =
            field_error(ErrorCode::duplicate, "/externalId",
                        "An entry with this externalId exists; it was not added again.");
        refused.facts.emplace_back("entryId", state.same_external_id->to_string());
        return fail(std::move(refused));
    }
    TRY(check_gate(state.gate));
    const EntryStatus status =
        counts_at_once(state, command, context) ? EntryStatus::approved : EntryStatus::pending;
    const EntryVerb verb = content.reverses ? EntryVerb::reversed : EntryVerb::added;
    const BusinessDate date = content.business_date;
    const TextsSet texts = texts_of(content);
    EntryChanged change{command.id, state.at.counters.next_number,
                        1,          std::nullopt,
                        status,     std::move(content),
                        texts,      std::nullopt,
                        {}};
    change.four_eyes = is_under_four_eyes(state, command, context);
    if (command.moved_from) {
        change.requested_by = command.moved_from->requested_by;
        change.co_authors = command.moved_from->authors;
        std::erase(change.co_authors, change.requested_by.value_or(context.principal.user));
    }
    return Event{entry_event_type(command.kind, verb),
                 property.id,
                 EntityRef{EntityType::entry, command.id.value},
                 std::move(change),
                 {date}};
}

EntryContent patched(const Entry& entry, const EntryPatch& patch) {
    EntryContent content = entry.content;
    if (patch.business_date) content.business_date = *patch.business_date;
    if (patch.amount_minor) content.amount.minor = *patch.amount_minor;
    if (patch.currency) content.amount.currency = *patch.currency;
    if (patch.payment_mode) content.payment_mode = *patch.payment_mode;
    if (patch.key) content.key = *patch.key;
    if (patch.from) content.from = *patch.from;
    if (patch.to) content.to = *patch.to;
    if (patch.method) content.method = *patch.method;
    if (patch.tax_minor) content.tax_minor = *patch.tax_minor;
    if (patch.occurred_on) content.occurred_on = *patch.occurred_on;
    if (patch.party) content.party = Text{*patch.party, false};
    if (patch.description) content.description = Text{*patch.description, false};
    if (patch.reference) content.reference = Text{*patch.reference, false};
    return content;
}

Result<Event> decide(const EntryState& state, const UpdateEntry& command, const Context& context) {
    const Entry& entry = state.entry;
    TRY(check_version(command.version, entry.version));
    if (entry.status == EntryStatus::deleted)
        return wrong_state(entry, "restore it before editing.");
    TRY(check_no_request(entry));
    TRY(check_reason(command.reason, Need::optional));
    EntryContent after = patched(entry, command.patch);
    drop_foreign_members(entry.kind, after);
    TRY(check_update(state, after, context));
    if (after == entry.content) {
        return fail(ErrorCode::nothing_to_change, "The entry already reads like this.");
    }
    if (after.business_date >= state.at.today) TRY(check_gate(state.gate));
    const std::int64_t amount = after.amount.minor;
    const EntryStatus status =
        entry.status == EntryStatus::rejected ? EntryStatus::pending : entry.status;
    Event event = updated_event(entry, std::move(after), status);
    if (needs_request(entry, amount, context)) {
        return as_request(entry, std::move(event), ChangeKind::update, command.reason);
    }
    auto& change = std::get<EntryChanged>(event.payload);
    change.reason = Text{command.reason, false};
    const ApprovalPolicy& policy = context.org.approvals;
    change.four_eyes = entry.four_eyes || policy.needs_four_eyes(entry.content.amount.minor) ||
                       policy.needs_four_eyes(amount);
    return event;
}

Result<Event> decide(const EntryState& state, const DeleteEntry& command, const Context& context) {
    TRY(check_version(command.version, state.entry.version));
    if (state.entry.status == EntryStatus::deleted) {
        return wrong_state(state.entry, "there is nothing left to delete.");
    }
    TRY(check_no_request(state.entry));
    if (state.entry.status == EntryStatus::approved) {
        TRY(check_open(state.entry.content.business_date, state.at, "/businessDate"));
    }
    TRY(check_no_reversals(state));
    if (command.to_property) TRY(check_gate(state.gate));
    TRY(check_reason(command.reason, Need::optional));
    if (needs_request(state.entry, state.entry.content.amount.minor, context)) {
        Event asked = changed_status(state.entry, EntryVerb::change_requested, state.entry.status,
                                     command.reason);
        std::get<EntryChanged>(asked.payload).to_property = command.to_property;
        return as_request(state.entry, std::move(asked),
                          command.to_property ? ChangeKind::move : ChangeKind::remove,
                          command.reason);
    }
    return changed_status(state.entry, EntryVerb::deleted, EntryStatus::deleted, command.reason);
}

Result<Event> decide(const EntryState& state, const RestoreEntry& command, const Context& context) {
    const Entry& entry = state.entry;
    TRY(check_version(command.version, entry.version));
    if (entry.status != EntryStatus::deleted)
        return wrong_state(entry, "only a deleted entry can be restored.");
    TRY(check_active(state.at.property));
    // Whoever restores an entry adds it once more.
    TRY(check_gate(state.gate));
    EntryStatus after = entry.status_before_delete;
    const bool counted = after == EntryStatus::approved;
    if (counted) TRY(check_may_decide(entry, context));
    // It would count again by the will of one person.
    const bool waits = counted && needs_four_eyes(entry, context);
    if (waits) after = EntryStatus::pending;
    TRY(check_open(entry.content.business_date, state.at, "/businessDate"));
    TRY(check_date(entry.content.business_date, state.at, context, "/businessDate"));
    if (entry.content.reverses && after != EntryStatus::rejected) {
        TRY(check_reversal_sum(state.original, state.original_reversed_minor,
                               entry.content.amount.minor));
    }
    Event event = changed_status(entry, EntryVerb::restored, after, {});
    if (waits) {
        auto& change = std::get<EntryChanged>(event.payload);
        change.four_eyes = true;
        change.co_authors = {context.principal.user};
    }
    return event;
}

Result<Event> decide(const EntryState& state, const EraseText& command, const Context& context) {
    const Entry& entry = state.entry;
    if (context.principal.role != Role::owner) {
        return fail(ErrorCode::forbidden, "Only an owner erases texts.");
    }
    TRY(check_version(command.version, entry.version));
    TRY(check_no_request(entry));
    TRY(check_reason(command.reason, Need::required));
    return Event{EventType::text_erased,
                 entry.property,
                 EntityRef{EntityType::entry, entry.id.value},
                 TextErased{entry.version + 1, Text{command.reason, false}},
                 {entry.content.business_date}};
}

Result<AddEntry> reversal_of(const Entry& original, std::int64_t already_reversed,
                             const ReverseEntry& command) {
    const std::int64_t left = original.content.amount.minor - already_reversed;
    const std::int64_t amount = command.amount_minor.value_or(left);
    TRY(check_reversal_sum(&original, already_reversed, amount));
    if (left == 0) {
        return fail(ErrorCode::reversal_exceeds_original,
                    "Nothing of this entry is left to reverse.");
    }
    AddEntry add{command.reversal_id, original.property, original.kind, command.business_date,
                 original.content};
    add.content.amount.minor = amount;
    add.content.tax_minor = 0;
    add.content.payment_mode = command.payment_mode.value_or(original.content.payment_mode);
    add.content.reversal = true;
    add.content.reverses = original.id;
    add.content.external_id.clear();
    add.content.occurred_on.reset();
    add.content.description = Text{command.description, false};
    if (add.content.party.erased) add.content.party = {};
    if (add.content.reference.erased) add.content.reference = {};
    return add;
}

Result<AddEntry> moved_entry(const Entry& entry, const Property& to, const MoveEntry& command) {
    if (entry.property == to.id) {
        return fail_field(ErrorCode::nothing_to_change, "/propertyId",
                          "The entry is in that property already.");
    }
    if (entry.content.reverses) {
        return fail(ErrorCode::property_fixed, "A reversal stays in the property of its original.");
    }
    AddEntry add{command.new_id, to.id, entry.kind, entry.content.business_date, entry.content};
    add.moved_from = MovedFrom{authors_of(entry), entry.four_eyes, entry.status};
    if (add.content.party.erased) add.content.party = {};
    if (add.content.description.erased) add.content.description = {};
    if (add.content.reference.erased) add.content.reference = {};
    return add;
}

Result<AddEntry> moved_entry(const Entry& entry, const Property& to, const ChangeRequest& request,
                             const DecideChange& command) {
    MoveEntry move{entry.id, command.version, to.id, command.new_id, {}};
    AddEntry add = TRY(moved_entry(entry, to, move));
    add.moved_from->requested_by = request.by;
    return add;
}

}  // namespace daybook::domain
