// An entry as JSON: the one renderer, for reports, lists and answers to writes.
#pragma once

#include "base/json_writer.h"
#include "domain/entry.h"

namespace daybook::reports {

// Writes one object. All members are always there, null where they do not apply or were left out:
// paymentMode of a transfer; category but of an expense; source but of a revenue; from and to but
// of a transfer. Erased text reads "erased".
void write_entry(JsonWriter& json, const domain::Entry& entry);
// The members that an edit may change, into an object that the caller has begun and ends.
void write_entry_content(JsonWriter& json, domain::EntryKind kind,
                         const domain::EntryContent& content);

}  // namespace daybook::reports
