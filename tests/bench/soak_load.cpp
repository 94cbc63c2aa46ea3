// Threads that keep a rhythm.
#include "soak_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

#include "http_load.h"
#include "stream_load.h"

namespace daybook::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kWritesPerSecond = 20;
constexpr double kReportsPerSecond = 100;
// After a write for an earlier day each is made again.
constexpr double kColdReportsPerSecond = 5;
constexpr double kListsPerSecond = 10;
constexpr int kStreams = 10;
constexpr int kEventsPerStream = 20;
constexpr double kStreamedWritesPerSecond = 4;
constexpr std::int64_t kReportedDays = 30;

std::string date_before_today(std::int64_t days) {
    return utc_today().plus(-static_cast<std::int32_t>(days)).to_string();
}

}  // namespace

std::string soak_entry(const Workplace& place, std::int64_t i) {
    return expense_json(place.property(), i, kSoakDays);
}

std::string soak_list(const Workplace& place, std::int64_t i) {
    const std::string date = date_before_today(1 + i % kSoakDays);
    return fmt::format("/v1/finance/expenses?propertyId={}&from={}&to={}&limit=50",
                       place.property(), date, date);
}

SoakLoad::SoakLoad(const Workplace& place, std::uint16_t port, std::int64_t first_entry)
    : place_(place), port_(port), next_entry_(first_entry) {
    const auto paced = [&](double per_second, std::string kind, auto make) {
        start([this, per_second, kind = std::move(kind), make] {
            test::HttpClient client = connect();
            repeat(per_second,
                   [&](std::int64_t i) { send(client, kind, Request{"GET", make(i), {}}); });
        });
    };
    start([this] {
        test::HttpClient client = connect();
        repeat(kWritesPerSecond,
               [&](std::int64_t) { add_entry(client, soak_entry(place_, next_entry_++)); });
    });
    // A day before all that is written: nothing makes it again.
    paced(kReportsPerSecond, "cached", [&](std::int64_t) {
        return fmt::format("/v1/reports/daily?propertyId={}&date={}", place_.property(),
                           date_before_today(2 * kSoakDays));
    });
    paced(kColdReportsPerSecond, "cold", [&](std::int64_t i) {
        return fmt::format("/v1/reports/daily?propertyId={}&date={}", place_.property(),
                           date_before_today(1 + i % kReportedDays));
    });
    paced(kListsPerSecond, "list", [&](std::int64_t i) { return soak_list(place_, i); });
    start([this] { follow_streams(); });
}

SoakLoad::~SoakLoad() {
    end();
}

void SoakLoad::end() {
    is_over_ = true;
    for (std::thread& each : threads_) each.join();
    threads_.clear();
}

std::map<std::string, std::vector<double>> SoakLoad::take_latencies() {
    std::map<std::string, std::vector<double>> taken;
    {
        const std::lock_guard lock(mutex_);
        taken.swap(latencies_ms_);
    }
    for (auto& [kind, values] : taken) std::ranges::sort(values);
    return taken;
}

std::optional<std::string> SoakLoad::failure() const {
    const std::lock_guard lock(mutex_);
    return failure_;
}

void SoakLoad::fail(std::string words) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(words);
}

void SoakLoad::start(std::function<void()> work) {
    threads_.emplace_back([this, work = std::move(work)] {
        try {
            work();
        } catch (const std::exception& problem) {
            fail(problem.what());
        }
    });
}

void SoakLoad::repeat(double per_second, const std::function<void(std::int64_t)>& work) {
    const std::chrono::duration<double> step(1 / per_second);
    const auto start = Clock::now();
    for (std::int64_t i = 0; !is_over_; ++i) {
        std::this_thread::sleep_until(start +
                                      std::chrono::duration_cast<Clock::duration>(step * i));
        work(i);
    }
}

void SoakLoad::send(test::HttpClient& client, const std::string& kind, const Request& request) {
    const auto sent_at = Clock::now();
    const auto answer =
        client.request(request.method, request.target,
                       fmt::format("Authorization: Bearer {}\r\nContent-Type: application/json\r\n",
                                   place_.token()),
                       request.body);
    const std::chrono::duration<double, std::milli> took = Clock::now() - sent_at;
    if (!answer || answer->status / 100 != 2) {
        throw std::runtime_error(fmt::format("{}: {} {}", request.target,
                                             answer ? answer->status : 0,
                                             answer ? answer->body : "no answer"));
    }
    const std::lock_guard lock(mutex_);
    latencies_ms_[kind].push_back(took.count());
}

void SoakLoad::add_entry(test::HttpClient& client, std::string body) {
    send(client, "write", Request{"POST", "/v1/finance/expenses", std::move(body)});
    ++acknowledged_;
}

// Clients come, must get every event of theirs, and go; one stays. It also keeps the kernel from
// ending its receive timestamps between the others, and the first entry is for these to begin.
void SoakLoad::follow_streams() {
    const std::string request =
        request_text("GET", "/v1/reports/realtime/stream", place_.token(), {});
    StreamLoad staying(port_, request, 1);
    staying.wait_until_served();
    test::HttpClient client = connect();
    add_entry(client, soak_entry(place_, next_entry_++));
    repeat(kStreamedWritesPerSecond / kEventsPerStream, [&](std::int64_t) {
        StreamLoad streams(port_, request, kStreams);
        streams.wait_until_served();
        (void)streams.measure(kEventsPerStream, kStreamedWritesPerSecond, [&](std::int64_t event) {
            std::string body = soak_entry(place_, next_entry_++);
            body.insert(body.size() - 1, R"(,"reference":")" + marker(event) + '"');
            add_entry(client, std::move(body));
        });
    });
}

}  // namespace daybook::bench
