// Reads what the cache has not: one report from one snapshot, or the sum over several properties
// from cached parts and a snapshot for those that are missing.
//
// A sum of parts from different snapshots is used only when all of them are right together, at one
// position that this node has raised; otherwise everything is read again from one snapshot.
// Threads: any that may wait; it keeps nothing itself.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "app/store.h"
#include "base/result.h"
#include "reports/query.h"
#include "reports/report_cache.h"

namespace daybook::app {

// A report as it is asked of the cache.
struct ReportWanted {
    OrgId org;
    reports::ReportQuery query;
    reports::PeriodPlan plan;
    reports::SharedSubject subject;
};

class ReportReader {
 public:
    // Microseconds that never jump.
    using Ticks = std::function<std::int64_t()>;

    ReportReader(Store& store, reports::ReportCache& cache, const Ticks& monotonic_us)
        : store_(store), cache_(cache), monotonic_us_(monotonic_us) {}

    // Errors: those of reports::render() and of the store's snapshot.
    Result<reports::SharedReport> read(const ReportWanted& wanted);

 private:
    using Kept = std::vector<std::optional<reports::ReportCache::KeptPart>>;
    using Questions = std::vector<reports::ReportCache::PartQuestion>;

    Result<reports::SharedReport> read_whole(const ReportWanted& wanted);
    Result<reports::SharedReport> read_sum(const ReportWanted& wanted);
    // False if the period means other dates in the snapshot than when it was asked for.
    Result<bool> read_missing(const ReportWanted& wanted, const Questions& questions, Kept& kept);
    static Result<reports::SharedReport> assemble(const ReportWanted& wanted, const Kept& kept,
                                                  Position stamp);

    Store& store_;
    reports::ReportCache& cache_;
    const Ticks& monotonic_us_;
};

}  // namespace daybook::app
