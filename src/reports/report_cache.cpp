// Look-ups, flights and counters.
#include "reports/report_cache.h"

#include <algorithm>

#include "base/check.h"

namespace daybook::reports {

using domain::BusinessDate;

std::string_view cache_outcome_name(CacheOutcome outcome) {
    switch (outcome) {
        case CacheOutcome::hit: return "hit";
        case CacheOutcome::miss: return "miss";
        case CacheOutcome::stale: return "stale";
    }
    CHECK(false);
}

CacheMetrics& CacheMetrics::operator+=(const CacheMetrics& other) {
    entries += other.entries;
    bytes += other.bytes;
    hits += other.hits;
    joined += other.joined;
    misses += other.misses;
    stale += other.stale;
    evictions += other.evictions;
    fills += other.fills;
    fills_in_flight += other.fills_in_flight;
    fill_sum_us += other.fill_sum_us;
    return *this;
}

ReportCache::ReportCache(const Clock& clock, const CacheLimits& limits)
    : clock_(clock), versions_(limits.staircase_max), store_(limits) {}

void ReportCache::raise(OrgId org, const std::vector<Raise>& raises, Position head) {
    const Lock lock(mutex_);
    versions_.raise(org, raises, head);
    if (waiting_for_raise_ > 0) raised_changed_.notify_all();
}

void ReportCache::begin_anew(OrgId org, Position raised) {
    const Lock lock(mutex_);
    store_.erase_if(org, [](const CacheStore::Entry&) { return true; });
    versions_.begin(org, raised);
    if (waiting_for_raise_ > 0) raised_changed_.notify_all();
}

void ReportCache::forget(OrgId org) {
    const Lock lock(mutex_);
    store_.erase_if(org, [](const CacheStore::Entry&) { return true; });
    versions_.forget(org);
    const auto book = books_.find(org);
    const bool is_read = book != books_.end() && !book->second.flights.empty();
    if (!is_read) books_.erase(org);
}

Position ReportCache::raised(OrgId org) const {
    const Lock lock(mutex_);
    return versions_.raised(org);
}

bool ReportCache::wait_until_raised(OrgId org, Position position, std::int64_t ms_max,
                                    const std::function<std::int64_t()>& monotonic_us) {
    const std::int64_t end_us = monotonic_us() + ms_max * 1'000;
    const Lock lock(mutex_);
    ++waiting_for_raise_;
    while (versions_.raised(org) < position) {
        const std::int64_t left_ms = (end_us - monotonic_us() + 999) / 1'000;
        if (left_ms <= 0) break;
        raised_changed_.wait_for(mutex_, left_ms);
    }
    --waiting_for_raise_;
    return versions_.raised(org) >= position;
}

ReportCache::SharedFlight ReportCache::ask(Question question, Waiter waiter) {
    Answer answer;
    {
        const Lock lock(mutex_);
        const Position raised = versions_.raised(question.org);
        const auto [entry, outcome] = current(question.org, question.key, *question.subject);
        Counters& counted = counters(question.org, question.key.kind);
        if (entry == nullptr) {
            const Position version =
                versions_.version(question.org, *question.subject, question.ends_on);
            SharedFlight flight = flight_to_join(question, version);
            if (flight) {
                ++counted.metrics.joined;
                flight->waiting.emplace_back(std::move(waiter), raised);
                return nullptr;
            }
            ++(outcome == CacheOutcome::stale ? counted.metrics.stale : counted.metrics.misses);
            ++counted.metrics.fills_in_flight;
            flight = std::make_shared<Flight>(Flight{std::move(question), version, outcome, {}});
            flight->waiting.emplace_back(std::move(waiter), raised);
            add_flight(flight);
            return flight;
        }
        ++counted.metrics.hits;
        answer = {std::get<SharedReport>(entry->value), std::max(entry->stamp, raised),
                  CacheOutcome::hit};
    }
    waiter(std::move(answer));
    return nullptr;
}

void ReportCache::land(const SharedFlight& flight, Result<SharedReport> report,
                       std::int64_t took_us) {
    const Question& question = flight->question;
    std::vector<std::pair<Waiter, Position>> waiting;
    {
        const Lock lock(mutex_);
        Book& book = books_[question.org];
        std::erase(book.flights, flight);
        waiting.swap(flight->waiting);
        Counters& counted = counters(question.org, question.key.kind);
        --counted.metrics.fills_in_flight;
        if (report) {
            ++counted.metrics.fills;
            counted.times.add(took_us);
            const FinishedReport& made = **report;
            if (versions_.is_current(question.org, *question.subject, made.dates.to, made.stamp)) {
                store_.put(question.org, {question.key, question.subject, made.dates, made.stamp,
                                          clock_.now(), *report, made.bytes.capacity(), 0});
            }
        }
    }
    for (auto& [waiter, raised] : waiting) {
        const Position position = report ? std::max((*report)->stamp, raised) : raised;
        waiter({report, position, flight->outcome});
    }
}

std::vector<std::optional<ReportCache::KeptPart>> ReportCache::parts(
    OrgId org, const std::vector<PartQuestion>& questions) {
    std::vector<std::optional<KeptPart>> found(questions.size());
    const Lock lock(mutex_);
    Counters& counted = counters(org, CacheKind::part);
    for (std::size_t i = 0; i < questions.size(); ++i) {
        const auto [entry, outcome] = current(org, questions[i].key, *questions[i].subject);
        if (entry != nullptr) {
            ++counted.metrics.hits;
            found[i] = {std::get<SharedPart>(entry->value), entry->stamp};
        } else {
            ++(outcome == CacheOutcome::stale ? counted.metrics.stale : counted.metrics.misses);
        }
    }
    return found;
}

void ReportCache::keep_part(OrgId org, const PartQuestion& question, domain::DateRange dates,
                            KeptPart part, std::int64_t took_us) {
    const std::size_t bytes = bytes_of(*part.part);
    const Lock lock(mutex_);
    Counters& counted = counters(org, CacheKind::part);
    ++counted.metrics.fills;
    counted.times.add(took_us);
    if (!versions_.is_current(org, *question.subject, dates.to, part.stamp)) return;
    store_.put(org, {question.key, question.subject, dates, part.stamp, clock_.now(),
                     std::move(part.part), bytes, 0});
}

std::optional<Position> ReportCache::together(OrgId org, const std::vector<PartQuestion>& questions,
                                              const std::vector<Position>& stamps,
                                              BusinessDate ends_on) {
    CHECK(questions.size() == stamps.size());
    const Lock lock(mutex_);
    const Position raised = versions_.raised(org);
    for (std::size_t i = 0; i < questions.size(); ++i) {
        if (stamps[i] > raised) return std::nullopt;
        if (!versions_.is_current(org, *questions[i].subject, ends_on, stamps[i])) {
            return std::nullopt;
        }
    }
    return raised;
}

std::int64_t ReportCache::clear(OrgId org, const Selection& selection) {
    const Lock lock(mutex_);
    return store_.erase_if(org, [&](const CacheStore::Entry& entry) {
        if (selection.property && !entry.subject->has(*selection.property)) return false;
        return !selection.dates ||
               (selection.dates->from <= entry.dates.to && entry.dates.from <= selection.dates->to);
    });
}

CacheMetricsByKind ReportCache::metrics(OrgId org) const {
    const Lock lock(mutex_);
    const auto book = books_.find(org);
    return book == books_.end() ? CacheMetricsByKind{} : metrics_of(org, book->second);
}

CacheMetricsByKind ReportCache::totals() const {
    CacheMetricsByKind sums;
    const Lock lock(mutex_);
    for (const auto& [org, book] : books_) {
        const CacheMetricsByKind each = metrics_of(org, book);
        for (std::size_t kind = 0; kind < kCacheKinds; ++kind) sums[kind] += each[kind];
    }
    return sums;
}

CacheMetricsByKind ReportCache::metrics_of(OrgId org, const Book& book) const {
    CacheMetricsByKind metrics;
    for (std::size_t kind = 0; kind < kCacheKinds; ++kind) {
        const auto& [counted, times] = book.counters[kind];
        const CacheStore::Size size = store_.size(org, static_cast<CacheKind>(kind));
        CacheMetrics& each = metrics[kind];
        each = counted;
        each.entries = size.entries;
        each.bytes = size.bytes;
        each.evictions = size.evictions;
        each.fill_sum_us = times.sum_us();
        each.fill_mean_us = times.mean_us();
        each.fill_p99_us = times.p99_us();
    }
    return metrics;
}

ReportCache::Counters& ReportCache::counters(OrgId org, CacheKind kind) {
    return books_[org].counters.at(static_cast<std::size_t>(kind));
}

std::pair<const CacheStore::Entry*, CacheOutcome> ReportCache::current(OrgId org,
                                                                       const CacheKey& key,
                                                                       const Subject& subject) {
    const CacheStore::Entry* entry = store_.find(org, key);
    if (entry == nullptr) return {nullptr, CacheOutcome::miss};
    const bool is_right = versions_.is_current(org, subject, entry->dates.to, entry->stamp);
    if (is_right && !is_expired(*entry)) return {entry, CacheOutcome::hit};
    store_.erase(org, key);
    return {nullptr, is_right ? CacheOutcome::miss : CacheOutcome::stale};
}

// Also of what seems to come from the future, for clocks are set back.
bool ReportCache::is_expired(const CacheStore::Entry& entry) const {
    const std::int64_t age_ms = clock_.now().ms - entry.at.ms;
    const std::int64_t most_ms = entry.key.report == ReportKind::daily ? limits::kCacheDailyMsMax
                                                                       : limits::kCachePeriodMsMax;
    return age_ms < 0 || age_ms >= most_ms;
}

void ReportCache::add_flight(const SharedFlight& flight) {
    auto& flights = books_[flight->question.org].flights;
    std::erase_if(flights, [&](const SharedFlight& each) {
        return each->question.key == flight->question.key;
    });
    flights.push_back(flight);
}

ReportCache::SharedFlight ReportCache::flight_to_join(const Question& question, Position version) {
    for (const SharedFlight& each : books_[question.org].flights) {
        if (each->question.key == question.key && each->version == version) return each;
    }
    return nullptr;
}

}  // namespace daybook::reports
