// A closed-loop HTTP/1.1 load generator over loopback: N keep-alive connections on one thread, by
// epoll.
//
// Each connection sends its next request when the answer to the last has arrived whole. Cheap on
// purpose: it shares two cores with what it measures.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace daybook::bench {

struct LoadResult {
    std::int64_t answers = 0;
    std::int64_t not_2xx = 0;
    std::string first_refusal;  // the first answer that was not 2xx, for the message
    double seconds = 0;
    std::vector<double> latencies_ms;  // sorted

    [[nodiscard]] double per_second() const { return static_cast<double>(answers) / seconds; }
    // The latency that a share of the answers, such as 0.99, stayed within.
    [[nodiscard]] double percentile_ms(double share) const;
};

// Sends the requests 0 … count − 1, made by `request_text(i)`, over `connections` connections.
// Throws std::runtime_error when a connection breaks.
LoadResult run_load(int port, int connections, std::int64_t count,
                    const std::function<std::string(std::int64_t)>& request_text);

// The same, and throws std::runtime_error with the first answer that was not 2xx.
LoadResult run_clean_load(int port, int connections, std::int64_t count,
                          const std::function<std::string(std::int64_t)>& request_text);

// A whole request with the headers that the API wants.
std::string request_text(std::string_view method, std::string_view target, std::string_view token,
                         std::string_view body, std::string_view extra_headers = {});

}  // namespace daybook::bench
