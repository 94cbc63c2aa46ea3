// The load of a soak: writes, reports, lists, and streams that come and go, each at its own steady
// rate on a thread of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/http_client.h"
#include "workplace.h"

namespace daybook::bench {

// Over as many days as keep a day's report from growing much meanwhile.
inline constexpr std::int64_t kSoakDays = 360;
std::string soak_entry(const Workplace& place, std::int64_t i);
// The target of a list of one of these days.
std::string soak_list(const Workplace& place, std::int64_t i);

class SoakLoad {
 public:
    // Begins; `first_entry` is the number of the next entry, for soak_entry().
    SoakLoad(const Workplace& place, std::uint16_t port, std::int64_t first_entry);
    // Ends it and waits for its threads.
    ~SoakLoad();
    SoakLoad(const SoakLoad&) = delete;
    SoakLoad& operator=(const SoakLoad&) = delete;

    // Milliseconds by kind of request, since the last time; sorted.
    std::map<std::string, std::vector<double>> take_latencies();
    // Entries that were acknowledged.
    [[nodiscard]] std::int64_t acknowledged() const { return acknowledged_; }
    // What went wrong first.
    [[nodiscard]] std::optional<std::string> failure() const;
    void end();

 private:
    struct Request {
        std::string_view method;
        std::string target;
        std::string body;
    };
    // On a thread of its own; what it throws is the failure.
    void start(std::function<void()> work);
    // Does it so often a second until the end.
    void repeat(double per_second, const std::function<void(std::int64_t)>& work);
    void send(test::HttpClient& client, const std::string& kind, const Request& request);
    void add_entry(test::HttpClient& client, std::string body);
    void follow_streams();
    void fail(std::string words);
    [[nodiscard]] test::HttpClient connect() const { return test::HttpClient::connect_tcp(port_); }

    const Workplace& place_;
    std::uint16_t port_;
    std::atomic<bool> is_over_ = false;
    std::atomic<std::int64_t> next_entry_;
    std::atomic<std::int64_t> acknowledged_ = 0;
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<double>> latencies_ms_;
    std::optional<std::string> failure_;
    std::vector<std::thread> threads_;
};

}  // namespace daybook::bench
