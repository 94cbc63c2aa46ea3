// Entries as results of a bulk and as items of lists; as rows of a CSV: reports/render_entry_csv.h.
#pragma once

#include <string>
#include <string_view>

#include "app/command.h"
#include "base/json_writer.h"
#include "domain/entry.h"
#include "reports/render_entry_csv.h"

namespace daybook::http {

using reports::append_entry_csv;
using reports::entries_csv_header;

inline constexpr std::string_view kCsvType = "text/csv; charset=utf-8; header=present";

// "/v1/finance/expenses/<id>".
std::string entry_path(const domain::Entry& entry);

// {"results": [{"index", "status", "entry": {…}} | {"index", "status", "code", "title"}]}. Nothing
// here is worded for the occasion, so that a replay reads the same byte for byte.
// `status_done`: of an item that was done; an item that was there already has 200.
std::string results_json(const app::Outcome& outcome, int status_done);

}  // namespace daybook::http
