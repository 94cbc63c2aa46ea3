// Reports, from the cache wherever possible: who may see what, which period is meant, and what to
// read where nothing is cached.
//
// Operation: answer() resolves the request from memory (org_directory.h) and asks the cache. What
// is cached is answered at once, without a read; otherwise answer() gives back the work of reading,
// for a thread that may wait. Told of every commit, it brings its directory up to date and then
// raises the versions of the cache (report_changes.h). It keeps what was asked about (Store::load),
// and reads all of an org that is not kept. Guarantee: an answer includes every write
// that was acknowledged before answer() was called (I6). Threads: answer() from any; it never
// blocks. committed() on the store's writer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/org_directory.h"
#include "app/report_reader.h"
#include "app/report_work.h"
#include "app/store.h"
#include "base/clock.h"
#include "base/result.h"
#include "domain/principal.h"
#include "reports/report_cache.h"

namespace daybook::app {

// What a request names.
struct ReportAsked {
    std::vector<PropertyId> properties;  // none: all that the reader may see
    // The period, with what was left out filled in from `today`.
    std::function<reports::PeriodAsked(domain::BusinessDate today)> period;
    reports::Format format = reports::Format::json;
};

using ReportDone = reports::ReportCache::Waiter;

struct ReportParts {
    Store& store;
    const Clock& clock;
    ReportReader::Ticks monotonic_us;  // from any thread
};

class ReportService final : public CommitListener {
 public:
    explicit ReportService(ReportParts parts, const reports::CacheLimits& limits = {});

    // The answer must be known to include the position `wanted`. `done` is called once: at once,
    // or when the work is done that is given back, or that somebody else has begun for the same.
    // Errors: not_found; position_unknown; those of reports::render() and of the store's snapshot;
    // those with which the work is refused.
    [[nodiscard]] std::optional<ReportWork> answer(const domain::Principal& principal,
                                                   ReportAsked asked, Position wanted,
                                                   ReportDone done);

    void committed(const Changes& changes) override;
    void loaded(OrgId org, const Changes& kept) override;
    void forgotten(OrgId org) override;

    // The command line's principal in an org. Error: busy, if it is not loaded.
    Result<domain::Principal> operator_of(OrgId org) const;

    [[nodiscard]] const OrgDirectory& directory() const { return directory_; }
    [[nodiscard]] reports::ReportCache& cache() { return cache_; }

 private:
    ReportWork work_past_cache(const domain::Principal& principal, ReportAsked asked,
                               Position position, ReportDone done);

    const ReportParts parts_;
    OrgDirectory directory_;
    reports::ReportCache cache_;
};

}  // namespace daybook::app
