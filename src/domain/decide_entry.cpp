// The rules of entries: adding, changing, deciding, deleting, restoring, reversing, moving.
#include <algorithm>

#include "base/check.h"
#include "base/limits.h"
#include "domain/decide.h"
#include "domain/rules.h"

namespace daybook::domain {
namespace {

Status check_texts(const EntryContent& content) {
    TRY(check_text(content.party.value, limits::kNameBytesMax, "/party"));
    TRY(check_text(content.description.value, limits::kTextBytesMax, "/description"));
    TRY(check_text(content.reference.value, limits::kReferenceBytesMax, "/reference"));
    TRY(check_text(content.method, limits::kMethodBytesMax, "/method"));
    TRY(check_text(content.external_id, limits::kExternalIdBytesMax, "/externalId"));
    return {};
}

Status check_money(const EntryContent& content, const Property& property) {
    if (content.amount.currency != property.currency) {
        return fail_field(ErrorCode::currency_mismatch, "/currency",
                          "The books of this property are kept in " +
                              std::string(property.currency.code()) +
                              ". Enter the amount that was paid in that currency.");
    }
    TRY(check_amount(content.amount.minor, "/amountMinor"));
    if (content.tax_minor < 0 || content.tax_minor > content.amount.minor) {
        return fail_field(ErrorCode::tax_exceeds_amount, "/taxMinor",
                          "The tax is contained in the amount: from 0 to the amount itself.");
    }
    return {};
}

Status check_category(EntryKind kind, const Category* category, std::string_view key) {
    const std::string pointer = kind == EntryKind::revenue ? "/source" : "/category";
    if (category == nullptr) {
        return fail_field(ErrorCode::unknown_category, pointer,
                          "There is no '" + std::string(key.substr(0, limits::kKeyBytesMax)) +
                              "'. Use a key that GET /v1/finance/categories lists, or add one.");
    }
    if (!category->active) {
        return fail_field(
            ErrorCode::inactive_category, pointer,
            "'" + category->key + "' is no longer in use. Choose another, or activate it.");
    }
    return {};
}

Status check_transfer(const EntryContent& content) {
    if (content.from == content.to) {
        return fail_field(ErrorCode::same_account, "/to",
                          "A transfer moves money between two different ends.");
    }
    if (!account_at(content.from) && !account_at(content.to)) {
        return fail_field(ErrorCode::same_account, "/from",
                          "One end of a transfer must be the property's cash or bank.");
    }
    return {};
}

// What holds for the content of any entry, new or changed, but its category and date.
Status check_content(EntryKind kind, const EntryContent& content, const Property& property) {
    TRY(check_money(content, property));
    TRY(check_texts(content));
    if (kind == EntryKind::transfer) TRY(check_transfer(content));
    if (content.reverses && !content.reversal) {
        return fail_field(ErrorCode::invalid_value, "/reversesId",
                          "Only a reversal names what it reverses.");
    }
    return {};
}

// Members that the kind does not have are not in its events: what a command has there is dropped,
// or the books would differ from a fold of their events.
void drop_foreign_members(EntryKind kind, EntryContent& content) {
    const EntryContent none;
    if (kind == EntryKind::transfer) {
        content.key.clear();
        content.payment_mode = none.payment_mode;
    } else {
        content.from = none.from;
        content.to = none.to;
    }
}

// Together, reversals never take more than their original has.
Status check_reversal_sum(const Entry* original, std::int64_t taken_by_others,
                          std::int64_t amount) {
    if (original == nullptr) {
        return fail_field(ErrorCode::not_reversible, "/reversesId",
                          "The entry to reverse is not in this property's books.");
    }
    if (original->status != EntryStatus::approved || original->content.reversal) {
        return fail_field(ErrorCode::not_reversible, "/reversesId",
                          "Only an approved entry that is no reversal itself can be reversed. "
                          "Edit or delete it instead.");
    }
    const std::int64_t left = original->content.amount.minor - taken_by_others;
    if (amount <= left) return {};
    Error refused = field_error(
        ErrorCode::reversal_exceeds_original, "/amountMinor",
        "At most " + std::to_string(left) + " minor units of the original are left to reverse.");
    refused.facts.emplace_back("leftMinor", std::to_string(left));
    return fail(std::move(refused));
}

Status check_same_kind(const Entry* original, EntryKind kind) {
    if (original == nullptr || original->kind == kind) return {};
    return fail_field(ErrorCode::not_reversible, "/reversesId",
                      "A reversal is an entry of the same kind as its original.");
}

// A reversal counts with a minus where its original counts: in its category or source, or between
// its ends.
Status check_same_place(const Entry* original, EntryKind kind, const EntryContent& content) {
    if (original == nullptr) return {};
    const EntryContent& there = original->content;
    if (content.key == there.key && content.from == there.from && content.to == there.to) return {};
    const std::string_view pointer = kind == EntryKind::transfer  ? "/from"
                                     : kind == EntryKind::revenue ? "/source"
                                                                  : "/category";
    return fail_field(
        ErrorCode::not_reversible, std::string(pointer),
        "A reversal stays where its original is: use '" +
            (kind == EntryKind::transfer ? transfer_key(there.from, there.to) : there.key) + "'.");
}

std::vector<BusinessDate> sorted_dates(BusinessDate one, BusinessDate other) {
    if (one == other) return {one};
    return {std::min(one, other), std::max(one, other)};
}

TextsSet texts_of(const EntryContent& content) {
    return {!content.party.empty(), !content.description.empty(), !content.reference.empty()};
}

TextsSet texts_changed(const EntryContent& before, const EntryContent& after) {
    return {before.party != after.party, before.description != after.description,
            before.reference != after.reference};
}

void drop_texts(EntryContent& content, const TextsSet& keep) {
    if (!keep.party) content.party = {};
    if (!keep.description) content.description = {};
    if (!keep.reference) content.reference = {};
}

// An event on an existing entry that leaves its content alone.
Event changed_status(const Entry& entry, EntryVerb verb, EntryStatus after, std::string reason) {
    EntryChanged change{entry.id,     entry.number, entry.version + 1,
                        entry.status, after,        entry.content,
                        {},           std::nullopt, Text{std::move(reason), false}};
    drop_texts(change.content, change.texts);
    return Event{entry_event_type(entry.kind, verb),
                 entry.property,
                 EntityRef{EntityType::entry, entry.id.value},
                 std::move(change),
                 {entry.content.business_date}};
}

// The entry counts on the first open day; the date of its paper stays known.
Result<Event> approved_on_open_day(const EntryState& state, const std::string& reason) {
    const Entry& entry = state.entry;
    const BusinessDate date = state.at.first_open_date();
    if (date > state.at.today.plus(limits::kDaysAheadMax)) {
        return fail_field(ErrorCode::period_locked, "/businessDate",
                          "The first open day, " + date.to_string() +
                              ", has not come yet. Decide the entry then.");
    }
    Event event = changed_status(entry, EntryVerb::approved, EntryStatus::approved, reason);
    auto& change = std::get<EntryChanged>(event.payload);
    change.before = change.content;
    change.content.business_date = date;
    if (!change.content.occurred_on) change.content.occurred_on = entry.content.business_date;
    event.affected_report_dates = sorted_dates(entry.content.business_date, date);
    return event;
}

// Approved entries change only by the hand of someone who may approve them.
Status check_may_change(const Entry& entry, const Context& context) {
    const bool is_approved = entry.status == EntryStatus::approved;
    if (!is_approved || context.principal.approves(entry.property)) return {};
    return fail(ErrorCode::forbidden,
                "This entry is approved; only an owner or admin of the property may change it.");
}

Status check_may_decide(const Entry& entry, const Context& context) {
    if (context.principal.approves(entry.property)) return {};
    return fail(ErrorCode::forbidden, "Only an owner or admin of the property decides entries.");
}

std::unexpected<Error> wrong_state(const Entry& entry, std::string_view wish) {
    Error refused =
        error(ErrorCode::invalid_transition,
              "This entry is " + std::string(status_name(entry.status)) + "; " + std::string(wish));
    refused.facts.emplace_back("entryStatus", std::string(status_name(entry.status)));
    return fail(std::move(refused));
}

// An entry with reversals stays approved until they are gone.
Status check_no_reversals(const EntryState& state) {
    if (state.reversed_minor == 0) return {};
    return fail(ErrorCode::invalid_transition,
                "This entry has reversals. Delete or reject them first.");
}

Status check_update(const EntryState& state, const EntryContent& after, const Context& context) {
    const EntryContent& before = state.entry.content;
    TRY(check_content(state.entry.kind, after, state.at.property));
    // What does not count changes nothing of a closed day, and may stay there.
    if (state.entry.status == EntryStatus::approved) {
        TRY(check_open(before.business_date, state.at, "/businessDate"));
    }
    if (after.business_date != before.business_date) {
        TRY(check_open(after.business_date, state.at, "/businessDate"));
        TRY(check_date(after.business_date, state.at, context, "/businessDate"));
    }
    if (state.entry.kind != EntryKind::transfer && after.key != before.key) {
        TRY(check_category(state.entry.kind, state.category, after.key));
    }
    if (state.reversed_minor > after.amount.minor) {
        return fail_field(ErrorCode::reversal_exceeds_original, "/amountMinor",
                          "Reversals of this entry already take " +
                              std::to_string(state.reversed_minor) + " minor units.");
    }
    if (after.reverses) {
        if (after.key != before.key || after.from != before.from || after.to != before.to) {
            TRY(check_same_place(state.original, state.entry.kind, after));
        }
        const std::int64_t others = state.original_reversed_minor - reversed_minor(state.entry);
        TRY(check_reversal_sum(state.original, others, after.amount.minor));
    }
    return {};
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
        context.principal.adds_approved(property.id) ? EntryStatus::approved : EntryStatus::pending;
    const EntryVerb verb = content.reverses ? EntryVerb::reversed : EntryVerb::added;
    const BusinessDate date = content.business_date;
    const TextsSet texts = texts_of(content);
    EntryChanged change{command.id, state.at.counters.next_number,
                        1,          std::nullopt,
                        status,     std::move(content),
                        texts,      std::nullopt,
                        {}};
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
    TRY(check_may_change(entry, context));
    EntryContent after = patched(entry, command.patch);
    drop_foreign_members(entry.kind, after);
    TRY(check_update(state, after, context));
    if (after == entry.content) {
        return fail(ErrorCode::nothing_to_change, "The entry already reads like this.");
    }
    const EntryStatus status =
        entry.status == EntryStatus::rejected ? EntryStatus::pending : entry.status;
    const auto dates = sorted_dates(entry.content.business_date, after.business_date);
    const TextsSet texts = texts_changed(entry.content, after);
    EntryContent before = entry.content;
    drop_texts(before, texts);
    drop_texts(after, texts);
    EntryChanged change{entry.id,
                        entry.number,
                        entry.version + 1,
                        entry.status,
                        status,
                        std::move(after),
                        texts,
                        std::move(before),
                        {}};
    return Event{entry_event_type(entry.kind, EntryVerb::updated), entry.property,
                 EntityRef{EntityType::entry, entry.id.value}, std::move(change), dates};
}

Result<Event> decide(const EntryState& state, const DeleteEntry& command, const Context& context) {
    TRY(check_version(command.version, state.entry.version));
    if (state.entry.status == EntryStatus::deleted) {
        return wrong_state(state.entry, "there is nothing left to delete.");
    }
    TRY(check_may_change(state.entry, context));
    if (state.entry.status == EntryStatus::approved) {
        TRY(check_open(state.entry.content.business_date, state.at, "/businessDate"));
    }
    TRY(check_no_reversals(state));
    TRY(check_reason(command.reason, Need::optional));
    return changed_status(state.entry, EntryVerb::deleted, EntryStatus::deleted, command.reason);
}

Result<Event> decide(const EntryState& state, const DecideEntry& command, const Context& context) {
    const Entry& entry = state.entry;
    TRY(check_may_decide(entry, context));
    if (command.decision == Decision::send_back) {
        TRY(check_version(command.version, entry.version));
        if (entry.status != EntryStatus::approved && entry.status != EntryStatus::rejected) {
            return wrong_state(entry, "only a decision that was taken can be taken back.");
        }
        TRY(check_open(entry.content.business_date, state.at, "/businessDate"));
        TRY(check_no_reversals(state));
        TRY(check_reason(command.reason, Need::required));
        if (entry.content.reverses && entry.status == EntryStatus::rejected) {
            TRY(check_reversal_sum(state.original, state.original_reversed_minor,
                                   entry.content.amount.minor));
        }
        return changed_status(entry, EntryVerb::returned, EntryStatus::pending, command.reason);
    }
    if (entry.status != EntryStatus::pending) {
        Error refused = error(ErrorCode::not_pending, "This entry is " +
                                                          std::string(status_name(entry.status)) +
                                                          ", so there is nothing to decide.");
        refused.facts.emplace_back("entryStatus", std::string(status_name(entry.status)));
        refused.facts.emplace_back("currentVersion", std::to_string(entry.version));
        return fail(std::move(refused));
    }
    TRY(check_version(command.version, entry.version));
    if (command.decision == Decision::approve) {
        TRY(check_reason(command.reason, Need::optional));
        if (command.on_closed_day == OnClosedDay::first_open_date &&
            !check_open(entry.content.business_date, state.at, "/businessDate")) {
            return approved_on_open_day(state, command.reason);
        }
        TRY(check_open(entry.content.business_date, state.at, "/businessDate"));
        return changed_status(entry, EntryVerb::approved, EntryStatus::approved, command.reason);
    }
    TRY(check_reason(command.reason, Need::required));
    return changed_status(entry, EntryVerb::rejected, EntryStatus::rejected, command.reason);
}

Result<Event> decide(const EntryState& state, const RestoreEntry& command, const Context& context) {
    const Entry& entry = state.entry;
    TRY(check_version(command.version, entry.version));
    if (entry.status != EntryStatus::deleted)
        return wrong_state(entry, "only a deleted entry can be restored.");
    TRY(check_active(state.at.property));
    // Whoever restores an entry adds it once more.
    TRY(check_gate(state.gate));
    const EntryStatus after = entry.status_before_delete;
    if (after == EntryStatus::approved) TRY(check_may_decide(entry, context));
    TRY(check_open(entry.content.business_date, state.at, "/businessDate"));
    TRY(check_date(entry.content.business_date, state.at, context, "/businessDate"));
    if (entry.content.reverses && after != EntryStatus::rejected) {
        TRY(check_reversal_sum(state.original, state.original_reversed_minor,
                               entry.content.amount.minor));
    }
    return changed_status(entry, EntryVerb::restored, after, {});
}

Result<Event> decide(const EntryState& state, const EraseText& command, const Context& context) {
    const Entry& entry = state.entry;
    if (context.principal.role != Role::owner) {
        return fail(ErrorCode::forbidden, "Only an owner erases texts.");
    }
    TRY(check_version(command.version, entry.version));
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
    if (add.content.party.erased) add.content.party = {};
    if (add.content.description.erased) add.content.description = {};
    if (add.content.reference.erased) add.content.reference = {};
    return add;
}

}  // namespace daybook::domain
