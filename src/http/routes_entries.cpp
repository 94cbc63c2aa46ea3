// Writes about entries. Reads are in routes_entry_lists.cpp.
#include "http/routes_entries.h"

#include <utility>

#include "http/body_entry.h"
#include "http/render_change.h"
#include "http/render_entity.h"
#include "http/render_entries.h"
#include "reports/render_entry.h"

namespace daybook::http {
namespace {

using namespace domain;

const Entry& entry_of(const app::Outcome& outcome, std::size_t index) {
    return std::get<Entry>(outcome.items.at(index).result.value());
}

Response one_entry(const app::Outcome& outcome) {
    const Entry& entry = entry_of(outcome, 0);
    return versioned(json_response(200, json_of(reports::write_entry, entry)), entry.version);
}

// The entry as it is now, or 202 and the change that only another person makes.
Response changed_entry(const app::Outcome& outcome) {
    const auto* request = std::get_if<ChangeRequest>(&outcome.items.at(0).result.value());
    return request == nullptr ? one_entry(outcome) : change_requested(*request);
}

Response new_entry(const app::Outcome& outcome) {
    return created(one_entry(outcome), entry_path(entry_of(outcome, 0)));
}

// Both of a pair, the new one or the one named first in front.
Response two_entries(const app::Outcome& outcome) {
    const auto write = [&](JsonWriter& json) {
        for (std::size_t i = 0; i < outcome.items.size(); ++i) {
            reports::write_entry(json, entry_of(outcome, i));
        }
    };
    return created(json_response(201, list_json(write, std::nullopt)),
                   entry_path(entry_of(outcome, 0)));
}

// The pair; or, where the move is only asked for, that.
Response moved_pair(const app::Outcome& outcome) {
    const auto* request = std::get_if<ChangeRequest>(&outcome.items.at(0).result.value());
    return request == nullptr ? two_entries(outcome) : change_requested(*request);
}

// The entry that the path names, if it is of the kind and the caller may see it.
Result<EntryId> known_entry(const WriteCall& call, EntryKind kind) {
    const EntryId id = TRY(path_id<EntryId>(call.request, kNoSuchEntry));
    const auto entry = TRY(call.snapshot->entry(id));
    if (entry && entry->kind == kind && call.principal.scope.covers(entry->property)) return id;
    return fail(ErrorCode::not_found, std::string(kNoSuchEntry));
}

struct Target {
    EntryId id;
    std::int64_t version = 0;
};
Result<Target> known_version(const WriteCall& call, EntryKind kind) {
    const EntryId id = TRY(known_entry(call, kind));
    return Target{id, TRY(if_match(call.request))};
}

// A body of {"reason"}, or none.
Result<std::string> reason_of(const WriteCall& call) {
    return read_body(call.request, BodyNeed::optional, read_reason);
}

// Out of one property into transit, and out of transit into the other.
app::AddLinkedTransfer linked_transfer(AddEntry here, PropertyId to_property, EntryId other_id) {
    AddEntry there = here;
    there.id = other_id;
    there.property = to_property;
    there.content.from = TransferEnd::in_transit;
    here.content.to = TransferEnd::in_transit;
    return {std::move(here), std::move(there)};
}

}  // namespace

MakeWrite add_entry(EntryKind kind) {
    return [kind](const WriteCall& call) -> Result<Write> {
        NewEntry read = TRY(read_body(call.request, BodyNeed::required, [kind](BodyReader& body) {
            return read_new_entry(body, kind);
        }));
        read.entry.id = new_id<EntryId>(call.now, call.random);
        if (read.to_property) {
            return Write{linked_transfer(std::move(read.entry), *read.to_property,
                                         new_id<EntryId>(call.now, call.random)),
                         two_entries};
        }
        app::AddEntries add;
        add.entries.push_back(std::move(read.entry));
        return Write{std::move(add), new_entry};
    };
}

MakeWrite update_entry(EntryKind kind) {
    return [kind](const WriteCall& call) -> Result<Write> {
        const auto read = [kind](BodyReader& body) {
            UpdateEntry update;
            update.patch = read_entry_patch(body, kind);
            update.reason = read_reason(body);
            return update;
        };
        UpdateEntry update = TRY(read_body(call.request, BodyNeed::required, read));
        const Target target = TRY(known_version(call, kind));
        update.id = target.id;
        update.version = target.version;
        return Write{std::move(update), changed_entry};
    };
}

MakeWrite delete_entry(EntryKind kind) {
    return [kind](const WriteCall& call) -> Result<Write> {
        std::string reason = TRY(reason_of(call));
        const Target target = TRY(known_version(call, kind));
        return Write{DeleteEntry{target.id, target.version, std::move(reason)}, changed_entry};
    };
}

MakeWrite decide_entry(EntryKind kind, Decision decision) {
    return [kind, decision](const WriteCall& call) -> Result<Write> {
        const auto read = [decision](BodyReader& body) {
            if (decision == Decision::approve) return read_approval(body);
            DecideEntry decide;
            decide.reason = read_reason(body);
            return decide;
        };
        DecideEntry decide = TRY(read_body(call.request, BodyNeed::optional, read));
        const Target target = TRY(known_version(call, kind));
        decide.id = target.id;
        decide.version = target.version;
        decide.decision = decision;
        return Write{std::move(decide), changed_entry};
    };
}

MakeWrite restore_entry(EntryKind kind) {
    return [kind](const WriteCall& call) -> Result<Write> {
        TRY(read_body(call.request, BodyNeed::optional, [](BodyReader&) { return true; }));
        const Target target = TRY(known_version(call, kind));
        return Write{RestoreEntry{target.id, target.version}, one_entry};
    };
}

MakeWrite reverse_entry(EntryKind kind) {
    return [kind](const WriteCall& call) -> Result<Write> {
        ReverseEntry reverse = TRY(read_body(call.request, BodyNeed::optional, read_reversal));
        reverse.id = TRY(known_entry(call, kind));
        reverse.reversal_id = new_id<EntryId>(call.now, call.random);
        return Write{std::move(reverse), new_entry};
    };
}

MakeWrite move_entry(EntryKind kind) {
    return [kind](const WriteCall& call) -> Result<Write> {
        MoveEntry move = TRY(read_body(call.request, BodyNeed::required, read_move));
        const Target target = TRY(known_version(call, kind));
        move.id = target.id;
        move.version = target.version;
        move.new_id = new_id<EntryId>(call.now, call.random);
        return Write{std::move(move), moved_pair};
    };
}

MakeWrite erase_entry_text(EntryKind kind) {
    return [kind](const WriteCall& call) -> Result<Write> {
        std::string reason = TRY(reason_of(call));
        const Target target = TRY(known_version(call, kind));
        return Write{EraseText{target.id, target.version, std::move(reason)}, one_entry};
    };
}

Result<Write> add_batch(const WriteCall& call) {
    app::AddEntries add = TRY(read_body(call.request, BodyNeed::required, read_batch));
    if (add.entries.empty()) {
        return fail_field(ErrorCode::invalid_value, "/entries", "Send at least one entry.");
    }
    const bool is_import = add.mode == app::BatchMode::skip_existing;
    if (is_import && !call.principal.administers()) {
        return fail_field(ErrorCode::forbidden, "/mode",
                          "Only an owner or an admin of all properties imports. Use per_item.");
    }
    for (AddEntry& each : add.entries) each.id = new_id<EntryId>(call.now, call.random);
    const int status = add.mode == app::BatchMode::atomic ? 201 : 200;
    return Write{std::move(add), [status](const app::Outcome& outcome) {
                     return json_response(status, results_json(outcome, 201));
                 }};
}

}  // namespace daybook::http
