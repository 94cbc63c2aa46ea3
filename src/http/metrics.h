// Counters of the HTTP server, and the Prometheus text format (version 0.0.4) for them and for
// others.
//
// Labels are methods and classes of status, never orgs, people or entries.
// Threads: counted on the I/O thread, read from any; each number is true by itself, not with the
// others.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"

namespace daybook::http {

// Time from the last byte of the head to the last byte of the answer, in fixed buckets.
class LatencyHistogram {
 public:
    static constexpr std::array<std::int64_t, 14> kBoundsUs{
        100,    250,    500,     1'000,   2'500,     5'000,     10'000,
        25'000, 50'000, 100'000, 250'000, 1'000'000, 5'000'000, 30'000'000};

    void record(std::int64_t latency_us);
    void append(std::string& out, std::string_view name) const;

 private:
    std::array<std::atomic<std::uint64_t>, kBoundsUs.size() + 1> buckets_{};
    std::atomic<std::uint64_t> sum_us_ = 0;
};

struct Metrics {
    static constexpr std::size_t kStatusClasses = 5;  // 1xx to 5xx

    // Refused heads have no method.
    void count_request(std::optional<Method> method, int status);

    std::array<std::array<std::atomic<std::uint64_t>, kStatusClasses>, kMethodCount + 1> requests{};
    LatencyHistogram latency;
    std::atomic<std::int64_t> connections_open = 0;
    std::atomic<std::uint64_t> connections_accepted = 0;
    std::atomic<std::uint64_t> connections_refused = 0;  // above the limit
    std::atomic<std::uint64_t> timeouts = 0;
    std::atomic<std::uint64_t> bytes_received = 0;
    std::atomic<std::uint64_t> bytes_sent = 0;
    std::atomic<std::int64_t> streams_open = 0;
    std::atomic<std::int64_t> polls_waiting = 0;
    std::atomic<std::uint64_t> stream_frames_sent = 0;
    std::atomic<std::uint64_t> streams_cut_off = 0;  // took too little
};

void append_metrics(std::string& out, const Metrics& metrics);

// Building blocks, for other parts' metrics: "# HELP" and "# TYPE" (counter, gauge, histogram), and
// one line.
struct MetricFamily {
    std::string_view name;
    std::string_view type;
    std::string_view help;
};
void append_metric_family(std::string& out, const MetricFamily& family);
// `labels` without braces, such as method="GET"; may be empty.
void append_metric(std::string& out, std::string_view name, std::string_view labels,
                   std::int64_t value);

}  // namespace daybook::http
