// The handlers of entries: load, decide, append.
#include <type_traits>
#include <utility>

#include "app/execution.h"
#include "base/check.h"
#include "base/limits.h"

namespace daybook::app {

using namespace domain;

namespace {

std::vector<Item> one(Item item) {
    std::vector<Item> items;
    items.push_back(std::move(item));
    return items;
}

CategoryKind category_kind(EntryKind kind) {
    return kind == EntryKind::revenue ? CategoryKind::source : CategoryKind::category;
}

}  // namespace

Result<const Category*> Execution::category_of(EntryKind kind, std::string_view key) {
    if (kind == EntryKind::transfer) return nullptr;
    return work_.category_by_key({principal_.org, category_kind(kind), std::string(key)});
}

Result<Item> Execution::append_entry(Event event) {
    const EntryKey key{principal_.org, EntryId{event.entity.id}};
    const auto type = as_entry_event(event.type);
    const bool asks = type && type->verb == EntryVerb::change_requested;
    const Position position = TRY(append(std::move(event)));
    if (asks) {
        const ChangeRequest* request = TRY(work_.change_request(key));
        CHECK(request != nullptr);
        return Item{Entity(*request), position};
    }
    const Entry* entry = TRY(work_.entry(key));
    CHECK(entry != nullptr);
    return Item{Entity(*entry), position};
}

Result<Event> Execution::decided_addition(const AddEntry& command) {
    const AtProperty place = TRY(at(command.property));
    const EntryContent& content = command.content;
    AddEntryState state{place.state(), TRY(category_of(command.kind, content.key)), {}, nullptr, 0};
    // Asking for a move adds nothing, and who approves it is not gated.
    const bool is_asked_for = command.moved_from && command.moved_from->requested_by;
    if (!is_asked_for) state.gate = TRY(gate(place));
    if (!content.external_id.empty()) {
        state.same_external_id = TRY(work_.entry_by_external_id(
            {principal_.org, command.property, command.kind, content.external_id}));
    }
    if (content.reverses) {
        const EntryKey original{principal_.org, *content.reverses};
        const Entry* found = TRY(work_.entry(original));
        if (found != nullptr && found->property == command.property) state.original = found;
        state.reversed_minor = TRY(work_.reversed_minor(original));
    }
    return decide(state, command, TRY(context()));
}

Result<Item> Execution::add_entry(const AddEntry& command) {
    Item item = TRY(append_entry(TRY(decided_addition(command))));
    const bool is_undecided = std::get<Entry>(*item.result).status == EntryStatus::pending;
    if (is_undecided) gates_.erase(command.property);
    return item;
}

Result<Item> Execution::add_or_skip(const AddEntry& command) {
    const auto existing = TRY(work_.entry_by_external_id(
        {principal_.org, command.property, command.kind, command.content.external_id}));
    if (!existing) return add_entry(command);
    TRY(writable_property(work_, principal_, command.property));
    const Entry* entry = TRY(work_.entry({principal_.org, *existing}));
    CHECK(entry != nullptr);
    return Item{Entity(*entry), std::nullopt};
}

Result<std::vector<Item>> Execution::operator()(const AddEntries& command) {
    std::vector<Item> items;
    for (std::size_t i = 0; i < command.entries.size(); ++i) {
        const AddEntry& each = command.entries[i];
        auto item = command.mode == BatchMode::skip_existing ? add_or_skip(each) : add_entry(each);
        if (item) {
            items.push_back(*std::move(item));
        } else if (command.mode == BatchMode::per_item && !is_store_failure(item.error())) {
            items.push_back(Item{std::unexpected(std::move(item).error()), std::nullopt});
        } else {
            return std::unexpected(command.mode == BatchMode::single
                                       ? std::move(item).error()
                                       : at_item(std::move(item).error(), i));
        }
    }
    return items;
}

Result<std::vector<Item>> Execution::operator()(const AddLinkedTransfer& command) {
    if (command.here.property == command.there.property) {
        return fail_field(ErrorCode::same_account, "/toPropertyId",
                          "Name another property, or leave it out for a transfer within this one.");
    }
    std::vector<Item> items;
    items.push_back(TRY(add_entry(command.here)));
    items.push_back(TRY(add_entry(command.there)));
    // Whoever makes the command copies one transfer, so that nothing is lost or made in transit.
    CHECK(command.here.content.to == TransferEnd::in_transit);
    CHECK(command.there.content.from == TransferEnd::in_transit);
    CHECK(command.here.content.amount == command.there.content.amount);
    return items;
}

Result<const ChangeRequest*> Execution::open_request(const Entry& entry) {
    if (!entry.change_requested) return nullptr;
    return work_.change_request({principal_.org, entry.id});
}

template <class Act>
Result<Event> Execution::decided(const Act& act, std::string_view key_after) {
    const Entry entry = *TRY(writable_entry(work_, principal_, act.id));
    const AtProperty place = TRY(at(entry.property));
    EntryState state{place.state(), entry, TRY(category_of(entry.kind, key_after)), 0, nullptr, 0};
    state.reversed_minor = TRY(work_.reversed_minor({principal_.org, entry.id}));
    if (entry.content.reverses) {
        const EntryKey original{principal_.org, *entry.content.reverses};
        state.original = TRY(work_.entry(original));
        state.original_reversed_minor = TRY(work_.reversed_minor(original));
    }
    if constexpr (std::is_same_v<Act, RestoreEntry>) state.gate = TRY(gate(place));
    if constexpr (std::is_same_v<Act, UpdateEntry> || std::is_same_v<Act, DeleteEntry>) {
        state.gate = TRY(gate_kept_by(entry, place));
    }
    std::optional<ChangeRequest> request;
    if (const ChangeRequest* found = TRY(open_request(entry))) request = *found;
    if (request) state.request = &*request;
    return decide(state, act, TRY(context()));
}

template <class Act>
Result<Item> Execution::act_on_entry(const Act& act, std::string_view key_after) {
    return append_entry(TRY(decided(act, key_after)));
}

Result<std::vector<Item>> Execution::operator()(const UpdateEntry& command) {
    const Entry* entry = TRY(writable_entry(work_, principal_, command.id));
    const bool is_transfer = entry->kind == EntryKind::transfer;
    const EntryPatch& patch = command.patch;
    if (is_transfer ? patch.key || patch.payment_mode : patch.from || patch.to) {
        return fail(ErrorCode::invalid_value, is_transfer
                                                  ? "A transfer has from and to, and no category."
                                                  : "Only a transfer has from and to.");
    }
    return one(TRY(act_on_entry(command, patch.key.value_or(entry->content.key))));
}

Result<std::vector<Item>> Execution::operator()(const DeleteEntry& command) {
    return one(TRY(act_on_entry(command, {})));
}

Result<std::vector<Item>> Execution::operator()(const RestoreEntry& command) {
    return one(TRY(act_on_entry(command, {})));
}

Result<std::vector<Item>> Execution::operator()(const EraseText& command) {
    return one(TRY(act_on_entry(command, {})));
}

Result<Item> Execution::decide_one(const DecideEntry& command) {
    return act_on_entry(command, {});
}

Result<std::vector<Item>> Execution::operator()(const DecideEntry& command) {
    return one(TRY(decide_one(command)));
}

// What the change says decides which category has to be known.
Result<Item> Execution::decide_one(const DecideChange& command) {
    const Entry* entry = TRY(writable_entry(work_, principal_, command.id));
    std::optional<ChangeRequest> request;
    if (const ChangeRequest* found = TRY(open_request(*entry))) request = *found;
    Event event = TRY(decided(command, request ? request->content.key : std::string()));
    const bool moves = command.decision == ChangeDecision::approve && request->to_property;
    if (moves) return move_as_asked(command, *request, std::move(event));
    return append_entry(std::move(event));
}

// A decision in a bulk is not rolled back by itself, so what may be refused comes first.
Result<Item> Execution::move_as_asked(const DecideChange& command, const ChangeRequest& request,
                                      Event gone) {
    const Entry entry = *TRY(writable_entry(work_, principal_, command.id));
    const AtProperty there = TRY(at(*request.to_property));
    TRY(add_entry(TRY(moved_entry(entry, there.property, request, command))));
    return append_entry(std::move(gone));
}

Result<std::vector<Item>> Execution::operator()(const DecideChange& command) {
    return one(TRY(decide_one(command)));
}

Result<std::vector<Item>> Execution::operator()(const DecideMany& command) {
    std::vector<Item> items;
    for (const InboxDecision& each : command.decisions) {
        auto item = std::visit([&](const auto& decision) { return decide_one(decision); }, each);
        if (item) {
            items.push_back(*std::move(item));
        } else if (!is_store_failure(item.error())) {
            items.push_back(Item{std::unexpected(std::move(item).error()), std::nullopt});
        } else {
            return std::unexpected(std::move(item).error());
        }
    }
    return items;
}

Result<std::vector<Item>> Execution::operator()(const ReverseEntry& command) {
    const Entry original = *TRY(writable_entry(work_, principal_, command.id));
    const std::int64_t already = TRY(work_.reversed_minor({principal_.org, command.id}));
    return one(TRY(add_entry(TRY(reversal_of(original, already, command)))));
}

Result<std::vector<Item>> Execution::operator()(const MoveEntry& command) {
    const Entry entry = *TRY(writable_entry(work_, principal_, command.id));
    const AtProperty there = TRY(at(command.to_property));
    AddEntry add = TRY(moved_entry(entry, there.property, command));
    Event event = TRY(
        decided(DeleteEntry{command.id, command.version, command.reason, command.to_property}, {}));
    if (as_entry_event(event.type)->verb == EntryVerb::change_requested) {
        // What could not be added there needs nobody's decision.
        add.moved_from->requested_by = principal_.user;
        TRY(decided_addition(add));
        return one(TRY(append_entry(std::move(event))));
    }
    Item gone = TRY(append_entry(std::move(event)));
    std::vector<Item> items;
    items.push_back(TRY(add_entry(add)));
    items.push_back(std::move(gone));
    return items;
}

}  // namespace daybook::app
