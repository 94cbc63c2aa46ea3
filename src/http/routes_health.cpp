// What operators and their machines ask.
#include "http/routes_health.h"

#include "base/json_optional.h"
#include "base/time_zone.h"
#include "http/openapi.h"
#include "http/routes_cache.h"
#include "http/routes_delivery.h"

namespace daybook::http {
namespace {

void append_gauge(std::string& out, std::string_view name, std::string_view help,
                  std::int64_t value) {
    append_metric_family(out, {name, "gauge", help});
    append_metric(out, name, "", value);
}

std::string_view bus_state(const Service& service) {
    if (!service.bus_connected) return "off";
    return service.bus_connected() ? "connected" : "disconnected";
}

}  // namespace

Result<Response> get_health(const Request& request, const Service&) {
    TRY(QueryReader(request).finish());
    return json_response(200, R"({"status":"ok"})");
}

Result<Response> get_readiness(const Request& request, const Service& service) {
    TRY(QueryReader(request).finish());
    const app::Store::Health health = service.store.health();
    std::string body;
    JsonWriter json(body);
    json.begin_object();
    json.key("status").string(health.accepts_writes ? "ready" : "unavailable");
    json.key("acceptsWrites").boolean(health.accepts_writes);
    write_text_or_null(json, "reason", health.reason);
    json.key("queuedCommands").integer(health.queued_commands);
    json.key("walBytes").integer(health.wal_bytes);
    json.key("bus").string(bus_state(service));
    json.key("timeZoneVersion").string(time_zone_version());
    json.end_object();
    return json_response(health.accepts_writes ? 200 : 503, std::move(body));
}

Result<Response> get_metrics(const Request& request, const Service& service) {
    TRY(QueryReader(request).finish());
    const app::Store::Health health = service.store.health();
    Response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    append_metrics(response.body, service.metrics);
    append_gauge(response.body, "daybook_store_accepts_writes", "1 while writes are taken.",
                 health.accepts_writes ? 1 : 0);
    append_gauge(response.body, "daybook_store_queued_commands",
                 "Commands that wait for the writer.", health.queued_commands);
    append_gauge(response.body, "daybook_store_wal_bytes", "Size of the write-ahead log.",
                 health.wal_bytes);
    if (service.bus_connected) {
        append_gauge(response.body, "daybook_bus_connected", "1 while other nodes can be heard.",
                     service.bus_connected() ? 1 : 0);
    }
    append_gauge(response.body, "daybook_reads_waiting", "Reads that wait for a worker.",
                 static_cast<std::int64_t>(service.workers.waiting()));
    append_cache_metrics(response.body, service.reports.cache());
    append_delivery_metrics(response.body, service.delivery);
    return response;
}

Result<Response> get_openapi(const Request& request, const Service&) {
    TRY(QueryReader(request).finish());
    return json_response(200, std::string(openapi_document()));
}

}  // namespace daybook::http
