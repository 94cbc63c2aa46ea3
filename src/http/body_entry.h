// Bodies about entries: new ones, patches, bulks, and what goes with acts on one.
//
// What these functions accept has the right form; whether it is allowed is decided by domain. Ids
// of new things are left for the caller to choose.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/command.h"
#include "domain/commands.h"
#include "http/body_reader.h"

namespace daybook::http {

struct NewEntry {
    domain::AddEntry entry;
    // Transfers only: the other property of a linked pair.
    std::optional<PropertyId> to_property;
};
NewEntry read_new_entry(BodyReader& body, domain::EntryKind kind);

// A merge patch. Error noted besides those of the reader: property_fixed.
domain::EntryPatch read_entry_patch(BodyReader& body, domain::EntryKind kind);

// {"mode", "entries": [{"kind", …}]}; at most limits::kBulkEntriesMax. With skip_existing each
// needs its externalId.
app::AddEntries read_batch(BodyReader& body);

// {"decisions": [{"type", "id" | "propertyId" and "date", "version", "decision", "reason"}]}. Error
// noted besides those of the reader: if_match_required, where the version is missing.
app::DecideMany read_decisions(BodyReader& body);

// {"reason", "onClosedDay"}, both of which may be missing: what approving takes.
domain::DecideEntry read_approval(BodyReader& body);

// {"reason"}, which may be missing.
std::string read_reason(BodyReader& body);

domain::ReverseEntry read_reversal(BodyReader& body);
// {"propertyId", "reason"}.
domain::MoveEntry read_move(BodyReader& body);

}  // namespace daybook::http
