// Finished reports that are never stale, and one fill for everybody who waits for the same one.
//
// Operation: an answer has a stamp, the org's head in the snapshot that it was made from. It may be
// given out while stamp ≥ version(subject, end of its period), which the writer raises between
// COMMIT and the acknowledgement (report_versions.h). So no answer misses a write that was
// acknowledged before its request arrived (I6), and nobody's change makes anybody else's reports
// stale. A slow reader cannot store old rows: what it read is kept only if its stamp still
// suffices. A request joins a fill only if nothing that affects its period came since that fill
// began: under (key, version on arrival). Who may see what is checked before, on every request.
// Threads: any; one mutex, held for about a microsecond and never while a waiter is told or
// anything is read. Limits: CacheLimits; kCacheDailyMsMax and kCachePeriodMsMax as a safety net.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "reports/cache_store.h"
#include "reports/fill_times.h"
#include "reports/report_versions.h"

namespace daybook::reports {

// `hit`: it was there. `stale`: it was there and no longer right, so it was made anew. `miss`: it
// was not there.
enum class CacheOutcome : std::uint8_t { hit, miss, stale };
std::string_view cache_outcome_name(CacheOutcome outcome);

struct CacheMetrics {
    std::int64_t entries = 0;
    std::int64_t bytes = 0;
    std::int64_t hits = 0;
    std::int64_t joined = 0;  // waited for a fill that was under way
    std::int64_t misses = 0;
    std::int64_t stale = 0;
    std::int64_t evictions = 0;
    std::int64_t fills = 0;
    std::int64_t fills_in_flight = 0;
    std::int64_t fill_sum_us = 0;
    std::int64_t fill_mean_us = 0;
    std::int64_t fill_p99_us = 0;

    CacheMetrics& operator+=(const CacheMetrics& other);
};
using CacheMetricsByKind = std::array<CacheMetrics, kCacheKinds>;

class ReportCache {
 public:
    struct Question {
        OrgId org;
        CacheKey key;
        SharedSubject subject;
        domain::BusinessDate ends_on;
    };
    struct Answer {
        Result<SharedReport> report;
        Position position = 0;  // what it is known to include
        CacheOutcome outcome = CacheOutcome::miss;
    };
    // Called once: inside ask(), or by whoever lands the flight.
    using Waiter = std::move_only_function<void(Answer)>;
    // A fill under way; its members are the cache's own.
    struct Flight {
        Question question;
        Position version = 0;
        CacheOutcome outcome = CacheOutcome::miss;
        std::vector<std::pair<Waiter, Position>> waiting;  // with what was raised on arrival
    };
    using SharedFlight = std::shared_ptr<Flight>;

    struct KeptPart {
        SharedPart part;
        Position stamp = 0;
    };
    struct PartQuestion {
        CacheKey key;
        SharedSubject subject;  // one property
    };

    ReportCache(const Clock& clock, const CacheLimits& limits);

    // As ReportVersions::raise().
    void raise(OrgId org, const std::vector<Raise>& raises, Position head) EXCLUDES(mutex_);
    // Events are known from here on only: nothing that was kept of the org is.
    void begin_anew(OrgId org, Position raised) EXCLUDES(mutex_);
    // Nothing of the org is kept until it begins anew, its counters neither.
    void forget(OrgId org) EXCLUDES(mutex_);
    [[nodiscard]] Position raised(OrgId org) const EXCLUDES(mutex_);
    // False if that takes longer; `monotonic_us` is a clock that never jumps.
    bool wait_until_raised(OrgId org, Position position, std::int64_t ms_max,
                           const std::function<std::int64_t()>& monotonic_us) EXCLUDES(mutex_);

    // Answers, joins a fill, or asks the caller to fill: it then must land() the flight, always.
    [[nodiscard]] SharedFlight ask(Question question, Waiter waiter) EXCLUDES(mutex_);
    // Keeps the report if it is still right, and tells all who wait.
    void land(const SharedFlight& flight, Result<SharedReport> report, std::int64_t took_us)
        EXCLUDES(mutex_);

    // The parts that are right now, each where its question is.
    std::vector<std::optional<KeptPart>> parts(OrgId org,
                                               const std::vector<PartQuestion>& questions)
        EXCLUDES(mutex_);
    void keep_part(OrgId org, const PartQuestion& question, domain::DateRange dates, KeptPart part,
                   std::int64_t took_us) EXCLUDES(mutex_);
    // Parts with these stamps, read from different snapshots: the position at which all of them
    // are right together; none if one of them is stale, or if not all of what they include is
    // raised.
    std::optional<Position> together(OrgId org, const std::vector<PartQuestion>& questions,
                                     const std::vector<Position>& stamps,
                                     domain::BusinessDate ends_on) EXCLUDES(mutex_);

    // What to drop: of one property, of a period that shares a day with the dates; by default all.
    struct Selection {
        std::optional<PropertyId> property;
        std::optional<domain::DateRange> dates;
    };
    std::int64_t clear(OrgId org, const Selection& selection) EXCLUDES(mutex_);

    [[nodiscard]] CacheMetricsByKind metrics(OrgId org) const EXCLUDES(mutex_);
    // Of all orgs together; without the percentile.
    [[nodiscard]] CacheMetricsByKind totals() const EXCLUDES(mutex_);

 private:
    struct Counters {
        CacheMetrics metrics;
        FillTimes times;
    };
    struct Book {
        std::array<Counters, kCacheKinds> counters;
        std::vector<SharedFlight> flights;  // newest of each key
    };

    Counters& counters(OrgId org, CacheKind kind) REQUIRES(mutex_);
    [[nodiscard]] CacheMetricsByKind metrics_of(OrgId org, const Book& book) const REQUIRES(mutex_);
    // The entry if it is right; otherwise it goes, and the outcome says why there is none.
    std::pair<const CacheStore::Entry*, CacheOutcome> current(OrgId org, const CacheKey& key,
                                                              const Subject& subject)
        REQUIRES(mutex_);
    [[nodiscard]] bool is_expired(const CacheStore::Entry& entry) const;
    void add_flight(const SharedFlight& flight) REQUIRES(mutex_);
    SharedFlight flight_to_join(const Question& question, Position version) REQUIRES(mutex_);

    const Clock& clock_;
    mutable Mutex mutex_;
    Condition raised_changed_;
    int waiting_for_raise_ GUARDED_BY(mutex_) = 0;
    ReportVersions versions_ GUARDED_BY(mutex_);
    CacheStore store_ GUARDED_BY(mutex_);
    std::unordered_map<OrgId, Book> books_ GUARDED_BY(mutex_);
};

}  // namespace daybook::reports
