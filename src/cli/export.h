// Exports of one org's books: its event log, its entries, its journal for hledger.
//
// Everything is read by pages or months, each in a snapshot of its own, so that no read transaction
// lives long and memory stays bounded. Events end at the head of the moment the export began;
// entries come in the order in which they were recorded, which no later write disturbs.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "app/store.h"
#include "base/result.h"
#include "domain/business_date.h"
#include "domain/property.h"

namespace daybook::cli {

// Takes the next piece of the export.
using Sink = std::function<Status(std::string_view)>;

struct ExportRequest {
    domain::Org org;
    std::vector<PropertyId> properties;  // empty: all, and what belongs to the whole org
    std::optional<domain::BusinessDate> from;
    std::optional<domain::BusinessDate> to;
};

// One JSON object a line: {"event": the stored bytes, "hash", "prevHash", "private"}. With a
// property or dates: only events of those, so that the chain cannot be followed through.
Status export_events(app::Store& store, const ExportRequest& request, const Sink& sink);
// CSV with decimal amounts, in any status but deleted.
Status export_entries(app::Store& store, const ExportRequest& request, const Sink& sink);
// The journal (reports/hledger.h). From a date on, it opens with the balances of that day.
Status export_hledger(app::Store& store, const ExportRequest& request, const Sink& sink);

}  // namespace daybook::cli
