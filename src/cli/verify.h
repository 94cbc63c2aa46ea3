// Proves the books of one org: the chain of its log, and its totals against its entries.
//
// The log is read by pages and the totals by months, each in a snapshot of its own, so it runs
// beside a serving process.
#pragma once

#include <cstdint>
#include <functional>

#include "app/store.h"
#include "base/ids.h"
#include "base/result.h"

namespace daybook::cli {

using ReportProgress = std::function<void(std::size_t done, std::size_t all)>;

struct ChainVerdict {
    Position head = 0;
    Hash head_hash{};
    std::int64_t erased_texts = 0;    // events whose texts are gone; they verify
    std::int64_t unknown_events = 0;  // of a newer program; their bytes and hashes verify
    std::int64_t frozen_reports = 0;  // of closed days, each the one that its event names
};
// From position 1 to the head: positions are dense, each hash is SHA-256(prevHash ‖ bytes), the
// bytes are of this org and position, and what is left of the texts has the hashes in the bytes,
// and the report of each closed day is the one that its event names. Error: corrupt, naming the
// first bad position.
Result<ChainVerdict> verify_chain(app::Store& store, OrgId org, const ReportProgress& progress);

struct TotalsVerdict {
    std::int64_t properties = 0;
    std::int64_t months = 0;
    std::int64_t entries = 0;
};
// Every total of a day, month and year is the sum of the entries and adjustments of that time.
// Error: corrupt, naming the first total that is not.
Result<TotalsVerdict> verify_totals(app::Store& store, OrgId org, const ReportProgress& progress);

}  // namespace daybook::cli
