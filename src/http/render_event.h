// An event of the history as JSON: the stored bytes as they are, and the texts that they seal.
#pragma once

#include <optional>
#include <string_view>

#include "base/json_writer.h"
#include "base/result.h"
#include "domain/events.h"

namespace daybook::http {

// {"position", "hash", "prevHash", "event": the stored bytes, "text": {path: shown value}}. A path
// is the member's name in metadata ("reason", "before.party"), or "address". A text that was erased
// reads "erased". Salts are never shown. With a frozen report, of a day_closed event, its bytes as
// they are: "report". Errors: corrupt (bytes that are no JSON).
Status write_event(JsonWriter& json, const domain::StoredEvent& event,
                   std::optional<std::string_view> frozen_report = std::nullopt);

}  // namespace daybook::http
