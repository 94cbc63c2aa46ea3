// Buckets and text lines.
#include "http/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace daybook::http {
namespace {

// 250 us reads 0.00025: seconds are what Prometheus wants, and integers are exact.
std::string seconds_text(std::uint64_t microseconds) {
    std::string text = fmt::format("{}.{:06}", microseconds / 1'000'000, microseconds % 1'000'000);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text;
}

template <class Number>
std::int64_t read(const std::atomic<Number>& counter) {
    return static_cast<std::int64_t>(counter.load(std::memory_order_relaxed));
}

void append_requests(std::string& out, const Metrics& metrics) {
    constexpr std::string_view kName = "daybook_http_requests_total";
    append_metric_family(out, {kName, "counter", "Answers sent, by method and class of status."});
    for (std::size_t method = 0; method < metrics.requests.size(); ++method) {
        const std::string_view name =
            method < kMethodCount ? method_name(static_cast<Method>(method)) : "none";
        for (std::size_t status = 0; status < Metrics::kStatusClasses; ++status) {
            const std::int64_t count = read(metrics.requests.at(method).at(status));
            if (count == 0) continue;
            append_metric(out, kName, fmt::format(R"(method="{}",status="{}xx")", name, status + 1),
                          count);
        }
    }
}

void append_one(std::string& out, const MetricFamily& family, std::int64_t value) {
    append_metric_family(out, family);
    append_metric(out, family.name, "", value);
}

}  // namespace

void LatencyHistogram::record(std::int64_t latency_us) {
    const auto bound = std::ranges::lower_bound(kBoundsUs, latency_us);
    const auto index = static_cast<std::size_t>(bound - kBoundsUs.begin());
    buckets_.at(index).fetch_add(1, std::memory_order_relaxed);
    sum_us_.fetch_add(static_cast<std::uint64_t>(latency_us), std::memory_order_relaxed);
}

void LatencyHistogram::append(std::string& out, std::string_view name) const {
    std::int64_t total = 0;
    const std::string bucket = fmt::format("{}_bucket", name);
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        total += read(buckets_.at(i));
        const std::string bound = i < kBoundsUs.size()
                                      ? seconds_text(static_cast<std::uint64_t>(kBoundsUs.at(i)))
                                      : "+Inf";
        append_metric(out, bucket, fmt::format(R"(le="{}")", bound), total);
    }
    fmt::format_to(std::back_inserter(out), "{}_sum {}\n", name,
                   seconds_text(sum_us_.load(std::memory_order_relaxed)));
    append_metric(out, fmt::format("{}_count", name), "", total);
}

void Metrics::count_request(std::optional<Method> method, int status) {
    const std::size_t row = method ? static_cast<std::size_t>(*method) : kMethodCount;
    const auto column = static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
    requests.at(row).at(column).fetch_add(1, std::memory_order_relaxed);
}

void append_metrics(std::string& out, const Metrics& metrics) {
    append_requests(out, metrics);
    constexpr std::string_view kLatency = "daybook_http_request_duration_seconds";
    append_metric_family(out, {kLatency, "histogram", "From the request's head to its last byte."});
    metrics.latency.append(out, kLatency);
    append_one(out, {"daybook_http_connections_open", "gauge", "Connections open now."},
               read(metrics.connections_open));
    append_one(out, {"daybook_http_connections_accepted_total", "counter", "Connections served."},
               read(metrics.connections_accepted));
    append_one(out, {"daybook_http_connections_refused_total", "counter", "Above the limit: 503."},
               read(metrics.connections_refused));
    append_one(out, {"daybook_http_timeouts_total", "counter", "Connections that were too slow."},
               read(metrics.timeouts));
    append_one(out, {"daybook_http_received_bytes_total", "counter", "Bytes of requests."},
               read(metrics.bytes_received));
    append_one(out, {"daybook_http_sent_bytes_total", "counter", "Bytes of answers."},
               read(metrics.bytes_sent));
    append_one(out, {"daybook_streams_open", "gauge", "Event streams open now."},
               read(metrics.streams_open));
    append_one(out, {"daybook_polls_waiting", "gauge", "Polls that wait for an event."},
               read(metrics.polls_waiting));
    append_one(out, {"daybook_stream_frames_sent_total", "counter", "Frames given to streams."},
               read(metrics.stream_frames_sent));
    append_one(out,
               {"daybook_streams_cut_off_total", "counter", "Streams whose client was too slow."},
               read(metrics.streams_cut_off));
}

void append_metric_family(std::string& out, const MetricFamily& family) {
    fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", family.name,
                   family.help, family.name, family.type);
}

void append_metric(std::string& out, std::string_view name, std::string_view labels,
                   std::int64_t value) {
    if (labels.empty()) {
        fmt::format_to(std::back_inserter(out), "{} {}\n", name, value);
    } else {
        fmt::format_to(std::back_inserter(out), "{}{{{}}} {}\n", name, labels, value);
    }
}

}  // namespace daybook::http
