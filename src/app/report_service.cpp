// Resolves, asks the cache, and says what is to be read.
#include "app/report_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/authorise.h"
#include "app/business_day.h"
#include "app/position.h"
#include "app/report_changes.h"
#include "base/log.h"

namespace daybook::app {
namespace {

using domain::Property;
using reports::CacheOutcome;
using reports::ReportCache;
using reports::SharedReport;

// What a reader sees of the books at some moment.
struct Books {
    const domain::Org& org;
    const std::vector<Property>& properties;
    const domain::Scope& scope;
    Instant now;
};

// `asked` is sorted.
Result<std::vector<Property>> properties_asked(const Books& books,
                                               const std::vector<PropertyId>& asked) {
    std::vector<Property> found;
    for (const Property& each : books.properties) {
        const bool is_asked = asked.empty() || std::ranges::binary_search(asked, each.id);
        if (is_asked && books.scope.covers(each.id)) found.push_back(each);
    }
    if (asked.empty() || found.size() == asked.size()) return found;
    return fail_field(ErrorCode::not_found, "/propertyId",
                      "There is no such property. GET /v1/properties lists yours.");
}

std::vector<PropertyId> ids_of(const std::vector<Property>& properties) {
    std::vector<PropertyId> ids;
    ids.reserve(properties.size());
    for (const Property& each : properties) ids.push_back(each.id);
    return ids;
}

void drop_repeated(std::vector<PropertyId>& ids) {
    std::ranges::sort(ids);
    const auto repeated = std::ranges::unique(ids);
    ids.erase(repeated.begin(), repeated.end());
}

// `all`: the subject of all properties, if it is known.
Result<ReportWanted> resolve(const Books& books, ReportAsked asked,
                             const reports::SharedSubject& all) {
    ReportWanted wanted;
    wanted.org = books.org.id;
    const bool takes_all = asked.properties.empty() && books.scope.all;
    drop_repeated(asked.properties);
    std::vector<Property> some;
    if (!takes_all) some = TRY(properties_asked(books, asked.properties));
    const std::vector<Property>& properties = takes_all ? books.properties : some;
    wanted.subject = takes_all && all ? all : reports::make_subject(ids_of(properties));
    wanted.query.properties = std::move(asked.properties);
    wanted.query.format = asked.format;
    wanted.query.period = asked.period(TRY(latest_business_date(properties, books.now)));
    wanted.plan = TRY(reports::plan_of(wanted.query.period, books.org, properties));
    return wanted;
}

void log_answer(const ReportWanted& wanted, const ReportCache::Answer& answer) {
    if (!would_log(LogLevel::debug)) return;
    log(LogLevel::debug,
        fmt::format("report {} {} over {} properties of org {}: {} at position {}",
                    reports::cache_kind_name(reports::cache_kind(wanted.plan.kind)),
                    wanted.plan.period.label, wanted.subject->properties.size(),
                    wanted.org.to_string(), reports::cache_outcome_name(answer.outcome),
                    answer.position));
}

}  // namespace

ReportService::ReportService(ReportParts parts, const reports::CacheLimits& limits)
    : parts_(std::move(parts)), cache_(parts_.clock, limits) {}

std::optional<ReportWork> ReportService::answer(const domain::Principal& principal,
                                                ReportAsked asked, Position wanted,
                                                ReportDone done) {
    // Before the directory, which includes what is raised.
    const Position raised = cache_.raised(principal.org);
    if (wanted > raised) {
        return work_past_cache(principal, std::move(asked), wanted, std::move(done));
    }
    const auto refuse = [&](Error why) {
        done({std::unexpected(std::move(why)), raised, CacheOutcome::miss});
        return std::nullopt;
    };
    const SharedOrgEntry books = directory_.find(principal.org);
    if (!books || books->may_be_old) {
        return work_past_cache(principal, std::move(asked), raised, std::move(done));
    }
    auto resolved = resolve({books->org, books->properties, principal.scope, parts_.clock.now()},
                            std::move(asked), books->all);
    if (!resolved) return refuse(std::move(resolved).error());
    const auto report = std::make_shared<const ReportWanted>(*std::move(resolved));
    auto flight =
        cache_.ask({report->org, reports::key_of(report->query, report->plan, *report->subject),
                    report->subject, report->plan.period.dates.to},
                   [report, done = std::move(done)](ReportCache::Answer answer) mutable {
                       log_answer(*report, answer);
                       done(std::move(answer));
                   });
    if (!flight) return std::nullopt;
    return ReportWork(
        [this, report] {
            return ReportReader(parts_.store, cache_, parts_.monotonic_us).read(*report);
        },
        [this, flight](Result<SharedReport> made, std::int64_t took_us) {
            cache_.land(flight, std::move(made), took_us);
        },
        parts_.monotonic_us);
}

// The client has seen more than this node has raised, or others have committed more than it knows,
// or the org is not kept: everything comes from a snapshot then, also who may see what.
ReportWork ReportService::work_past_cache(const domain::Principal& principal, ReportAsked asked,
                                          Position position, ReportDone done) {
    const auto head = std::make_shared<Position>(0);
    return ReportWork(
        [this, principal, asked = std::move(asked), position,
         head]() mutable -> Result<SharedReport> {
            const auto snapshot = TRY(parts_.store.snapshot(principal.org));
            *head = TRY(snapshot->head());
            TRY(check_position(position, *head));
            const domain::Org org = TRY(snapshot->org());
            auto properties = TRY(snapshot->properties());
            const ReportWanted wanted = TRY(resolve(
                {org, properties, principal.scope, parts_.clock.now()}, std::move(asked), nullptr));
            std::erase_if(properties,
                          [&](const Property& each) { return !wanted.subject->has(each.id); });
            return reports::finish(
                TRY(reports::render(*snapshot, wanted.query, std::move(properties))));
        },
        [head, done = std::move(done)](Result<SharedReport> made, std::int64_t) mutable {
            done({std::move(made), *head, CacheOutcome::miss});
        },
        parts_.monotonic_us);
}

void ReportService::committed(const Changes& changes) {
    directory_.committed(changes);
    for (const auto& [org, found] : changes.found) {
        const bool is_anew = found.skipped && directory_.find(org);
        if (is_anew) cache_.begin_anew(org, changes.heads.at(org).position);
    }
    for (const auto& [org, each] : report_changes(changes)) {
        if (!directory_.find(org)) continue;
        cache_.raise(org, each.raises, each.head);
        if (each.erased) cache_.clear(org, {});
    }
    for (const OrgId org : changes.cleared_caches) cache_.clear(org, {});
}

// What may be asked once it is loaded is raised by then.
void ReportService::loaded(OrgId org, const Changes& kept) {
    cache_.begin_anew(org, kept.heads.at(org).position);
    std::vector<Property> properties;
    for (const auto& [key, property] : kept.properties) properties.push_back(property);
    directory_.put(kept.orgs.at(org), std::move(properties));
}

void ReportService::forgotten(OrgId org) {
    directory_.erase(org);
    cache_.forget(org);
}

Result<domain::Principal> ReportService::operator_of(OrgId org) const {
    const SharedOrgEntry books = directory_.find(org);
    if (!books) return std::unexpected(not_loaded());
    return operator_principal(books->org);
}

}  // namespace daybook::app
