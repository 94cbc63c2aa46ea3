// Exports: everything of a kind that the caller may see, streamed page by page.
//
// Each page is read in a snapshot of its own (no read transaction lives long), in an order that no
// later write disturbs: entries as they were recorded, events by position. What is recorded after
// the export began is left out of events, and comes last among entries.
#pragma once

#include "http/routes_call.h"

namespace daybook::http {

Result<Response> export_entries(const ReadCall& call);
Result<Response> export_events(const ReadCall& call);

}  // namespace daybook::http
