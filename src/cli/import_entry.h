// An entry as a row of a file gives it, before its property has an id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.h"
#include "base/json_writer.h"
#include "cli/place.h"
#include "domain/entry.h"

namespace daybook::cli {

struct ImportEntry {
    std::string property;  // a name, or an id
    domain::EntryKind kind = domain::EntryKind::expense;
    // content.external_id is always set: it is what makes a second import add nothing.
    domain::EntryContent content;
    Place place;              // of its row
    Place date_place;         // of the cell with its business date
    std::string date_column;  // and its name
    Place key_place;          // of its category or source, or of its row
    std::string key_column;   // and its name
    Place property_place;     // of the property's name, or of its row
    std::string property_column;
};

// One element of "entries" in POST /v1/finance/entries:batch.
void write_import_entry(JsonWriter& json, const ImportEntry& entry, PropertyId property);

}  // namespace daybook::cli
