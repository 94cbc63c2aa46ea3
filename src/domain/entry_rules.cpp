// What entries may read like, who may change them, and the events of changing them.
#include "domain/entry_rules.h"

#include <algorithm>

#include "base/limits.h"

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

TextsSet texts_changed(const EntryContent& before, const EntryContent& after) {
    return {before.party != after.party, before.description != after.description,
            before.reference != after.reference};
}

void drop_texts(EntryContent& content, const TextsSet& keep) {
    if (!keep.party) content.party = {};
    if (!keep.description) content.description = {};
    if (!keep.reference) content.reference = {};
}

}  // namespace

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

Event changed_status(const Entry& entry, EntryVerb verb, EntryStatus after, std::string reason) {
    EntryChanged change{entry.id,     entry.number, entry.version + 1,
                        entry.status, after,        entry.content,
                        {},           std::nullopt, Text{std::move(reason), false}};
    drop_texts(change.content, change.texts);
    change.four_eyes = entry.four_eyes;
    return Event{entry_event_type(entry.kind, verb),
                 entry.property,
                 EntityRef{EntityType::entry, entry.id.value},
                 std::move(change),
                 {entry.content.business_date}};
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

Status check_no_request(const Entry& entry) {
    if (!entry.change_requested) return {};
    Error refused =
        error(ErrorCode::change_open,
              "A change of this entry waits for a decision. Have it decided, or withdraw it, "
              "before anything else is changed.");
    refused.facts.emplace_back("currentVersion", std::to_string(entry.version));
    return fail(std::move(refused));
}

Status check_not_author(const Entry& entry, const Context& context) {
    const bool is_under =
        entry.four_eyes || context.org.approvals.needs_four_eyes(entry.content.amount.minor);
    if (!is_under || !entry.is_by(context.principal.user)) return {};
    return fail(ErrorCode::four_eyes,
                "You wrote this entry, or a part of it; another person decides it.");
}

bool needs_four_eyes(const Entry& entry, const Context& context) {
    const ApprovalPolicy& policy = context.org.approvals;
    return policy.four_eyes_above_minor &&
           (entry.four_eyes || policy.needs_four_eyes(entry.content.amount.minor));
}

bool needs_request(const Entry& entry, std::int64_t amount_after, const Context& context) {
    if (entry.status != EntryStatus::approved) return false;
    if (!context.principal.approves(entry.property)) return true;
    return needs_four_eyes(entry, context) || context.org.approvals.needs_four_eyes(amount_after);
}

Event updated_event(const Entry& entry, EntryContent after, EntryStatus status) {
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
    change.four_eyes = entry.four_eyes;
    return Event{entry_event_type(entry.kind, EntryVerb::updated), entry.property,
                 EntityRef{EntityType::entry, entry.id.value}, std::move(change), dates};
}

Result<Event> as_request(const Entry& entry, Event event, ChangeKind change,
                         const std::string& reason) {
    TRY(check_reason(reason, Need::required));
    event.type = entry_event_type(entry.kind, EntryVerb::change_requested);
    event.affected_report_dates = {entry.content.business_date};
    auto& asked = std::get<EntryChanged>(event.payload);
    asked.status_after = entry.status;
    asked.four_eyes = entry.four_eyes;
    asked.reason = Text{reason, false};
    asked.requested = change;
    return event;
}

}  // namespace daybook::domain
