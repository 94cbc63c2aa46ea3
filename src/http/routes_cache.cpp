// Counters as JSON and as Prometheus lines; a selection to drop.
#include "http/routes_cache.h"

#include <array>
#include <utility>

#include "http/body_reader.h"
#include "http/body_words.h"

namespace daybook::http {
namespace {

using reports::CacheKind;
using reports::CacheMetrics;
using reports::CacheMetricsByKind;

// The cache is one for all properties of an org: what it holds tells of all of them.
Status check_administers(const domain::Principal& principal) {
    if (principal.administers()) return {};
    return fail(ErrorCode::forbidden,
                "The report cache is for owners, and for admins who are not limited to some "
                "properties.");
}

// Whole hundredths of a percent, for there is no need for fractions.
std::int64_t hit_rate_bps(const CacheMetrics& metrics) {
    const std::int64_t all = metrics.hits + metrics.joined + metrics.misses + metrics.stale;
    return all == 0 ? 0 : metrics.hits * 10'000 / all;
}

void write_metrics(JsonWriter& json, const CacheMetrics& metrics) {
    json.key("entries").integer(metrics.entries);
    json.key("bytes").integer(metrics.bytes);
    json.key("hits").integer(metrics.hits);
    json.key("joined").integer(metrics.joined);
    json.key("misses").integer(metrics.misses);
    json.key("staleDrops").integer(metrics.stale);
    json.key("evictions").integer(metrics.evictions);
    json.key("fills").integer(metrics.fills);
    json.key("fillsInFlight").integer(metrics.fills_in_flight);
    json.key("hitRateBps").integer(hit_rate_bps(metrics));
    json.key("fillMeanUs").integer(metrics.fill_mean_us);
    json.key("fillP99Us").integer(metrics.fill_p99_us);
}

struct Family {
    MetricFamily family;
    std::int64_t CacheMetrics::* member;
};
constexpr std::array kFamilies{
    Family{{"daybook_report_cache_entries", "gauge", "Answers and parts that are kept."},
           &CacheMetrics::entries},
    Family{{"daybook_report_cache_bytes", "gauge", "What they take."}, &CacheMetrics::bytes},
    Family{{"daybook_report_cache_hits_total", "counter", "Found, and right."},
           &CacheMetrics::hits},
    Family{{"daybook_report_cache_joined_total", "counter", "Waited for a fill under way."},
           &CacheMetrics::joined},
    Family{{"daybook_report_cache_misses_total", "counter", "Not found."}, &CacheMetrics::misses},
    Family{{"daybook_report_cache_stale_drops_total", "counter", "Found, and no longer right."},
           &CacheMetrics::stale},
    Family{{"daybook_report_cache_evictions_total", "counter", "Dropped at a limit."},
           &CacheMetrics::evictions},
    Family{{"daybook_report_cache_fills_total", "counter", "Read from the books."},
           &CacheMetrics::fills},
    Family{{"daybook_report_cache_fill_microseconds_total", "counter", "Time that reading took."},
           &CacheMetrics::fill_sum_us},
    Family{{"daybook_report_cache_fills_in_flight", "gauge", "Being read now."},
           &CacheMetrics::fills_in_flight},
};

std::optional<domain::DateRange> read_dates(BodyReader& body) {
    const auto from =
        body.parsed("from", Presence::optional, domain::BusinessDate::parse, kDateForm);
    const auto to = body.parsed("to", Presence::optional, domain::BusinessDate::parse, kDateForm);
    if (!from && !to) return std::nullopt;
    const domain::DateRange dates{from.value_or(to.value_or(domain::BusinessDate())),
                                  to.value_or(from.value_or(domain::BusinessDate()))};
    if (dates.to < dates.from) {
        body.wrong("to", ErrorCode::invalid_value, "The period ends before it begins.");
    }
    return dates;
}

}  // namespace

Result<Response> get_cache_metrics(const NodeCall& call) {
    TRY(QueryReader(call.request).finish());
    TRY(check_administers(call.principal));
    const CacheMetricsByKind metrics = call.service.reports.cache().metrics(call.principal.org);
    std::string body;
    JsonWriter json(body);
    json.begin_object().key("kinds").begin_array();
    for (std::size_t kind = 0; kind < metrics.size(); ++kind) {
        json.begin_object();
        json.key("kind").string(reports::cache_kind_name(static_cast<CacheKind>(kind)));
        write_metrics(json, metrics.at(kind));
        json.end_object();
    }
    json.end_array().end_object();
    return json_response(200, std::move(body));
}

Result<Response> clear_cache(const ReadCall& call) {
    TRY(QueryReader(call.request).finish());
    TRY(check_administers(call.principal));
    const auto selection = TRY(read_body(call.request, BodyNeed::optional, [](BodyReader& body) {
        reports::ReportCache::Selection selected;
        selected.property =
            body.parsed("propertyId", Presence::optional, PropertyId::parse, kPropertyForm);
        selected.dates = read_dates(body);
        return selected;
    }));
    if (selection.property) {
        TRY(visible_property(call.snapshot, call.principal, *selection.property));
    }
    const std::int64_t cleared = call.service.reports.cache().clear(call.principal.org, selection);
    TRY(call.store.clear_caches(call.principal.org));
    std::string body;
    JsonWriter json(body);
    json.begin_object().key("cleared").integer(cleared).end_object();
    return json_response(200, std::move(body));
}

void append_cache_metrics(std::string& out, const reports::ReportCache& cache) {
    const CacheMetricsByKind totals = cache.totals();
    for (const auto& [family, member] : kFamilies) {
        append_metric_family(out, family);
        for (std::size_t kind = 0; kind < totals.size(); ++kind) {
            const std::string label =
                "kind=\"" + std::string(reports::cache_kind_name(static_cast<CacheKind>(kind))) +
                '"';
            append_metric(out, family.name, label, totals.at(kind).*member);
        }
    }
}

}  // namespace daybook::http
