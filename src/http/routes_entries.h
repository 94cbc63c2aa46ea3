// Expenses, revenues and transfers: adding, changing, deciding, listing.
#pragma once

#include <optional>

#include "domain/commands.h"
#include "domain/entry.h"
#include "http/routes_call.h"

namespace daybook::http {

MakeWrite add_entry(domain::EntryKind kind);
Read get_entry(domain::EntryKind kind);
// Of all kinds if none is given.
Read list_entries(std::optional<domain::EntryKind> kind);

// Acts on an entry look it up first: one of another kind is not under this path.
MakeWrite update_entry(domain::EntryKind kind);
MakeWrite delete_entry(domain::EntryKind kind);
MakeWrite decide_entry(domain::EntryKind kind, domain::Decision decision);
MakeWrite restore_entry(domain::EntryKind kind);
MakeWrite reverse_entry(domain::EntryKind kind);
MakeWrite move_entry(domain::EntryKind kind);
MakeWrite erase_entry_text(domain::EntryKind kind);

Result<Write> add_batch(const WriteCall& call);

}  // namespace daybook::http
