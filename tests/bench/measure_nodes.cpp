// From a commit on one node to the screens of another: three nodes on one PostgreSQL, with NATS
// between them.
//
// Timed from the request that writes, so the figure includes deciding, the synced commit in
// PostgreSQL, the hint, and the other node's reading of the log.
#include <fmt/format.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>

#include "http_load.h"
#include "measurements.h"
#include "scale.h"
#include "stream_load.h"
#include "support/nats_server.h"
#include "support/postgres_server.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
constexpr int kNodes = 3;
constexpr int kClients = 20;
constexpr double kWritesPerSecond = 200;
constexpr double kP50MsMax = 10;
constexpr double kP99MsMax = 50;

class Nodes {
 public:
    Nodes() {
        const std::string address = database_.address();
        daybook({"move", "--from", place_.data().string(), "--to", address});
        for (int i = 0; i < kNodes; ++i) {
            nodes_.at(static_cast<std::size_t>(i)) = std::make_unique<test::Serving>(
                place_.beside(fmt::format("node{}", i)),
                std::vector<std::string>{"--store", address, "--bus", nats_.address()});
        }
        writer_ = std::make_unique<test::HttpClient>(
            test::HttpClient::connect_tcp(nodes_.front()->port()));
    }

    [[nodiscard]] int reading_port() const { return nodes_.back()->port(); }
    [[nodiscard]] std::string request() const {
        return request_text("GET", "/v1/reports/realtime/stream", place_.token(), {});
    }
    void publish(std::int64_t number) {
        std::string body = place_.expense_json(number);
        body.insert(body.size() - 1, R"(,"reference":")" + marker(number) + '"');
        const auto answer = writer_->request(
            "POST", "/v1/finance/expenses",
            "Authorization: Bearer " + place_.token() + "\r\nContent-Type: application/json\r\n",
            body);
        if (!answer || answer->status != 201) throw std::runtime_error("an entry was refused");
    }

 private:
    test::NatsServer nats_;
    test::LentDatabase database_;
    Workplace place_;
    std::array<std::unique_ptr<test::Serving>, kNodes> nodes_;
    std::unique_ptr<test::HttpClient> writer_;
};

}  // namespace

std::vector<Figure> measure_nodes() {
    Figure p50{"nodes_stream_p50_ms", "ms", {}, {}, {}, "at 200 writes/s, within 10", false};
    Figure p99{"nodes_stream_p99_ms", "ms", {}, {}, {}, "at 200 writes/s, within 50", false};
    const int events = by_scale(2'000, 40);
    for (int run = 0; run < by_scale(kRuns, 1); ++run) {
        Nodes nodes;
        StreamLoad load(nodes.reading_port(), nodes.request(), kClients);
        load.wait_until_served();
        const auto sent = load.measure(events, kWritesPerSecond,
                                       [&](std::int64_t number) { nodes.publish(number); });
        p50.values.push_back(sent.percentile_ms(0.5));
        p99.values.push_back(sent.percentile_ms(0.99));
        say(fmt::format("nodes {}: p50 {:.2f} ms, p99 {:.2f} ms", run + 1, p50.values.back(),
                        p99.values.back()));
    }
    p50.met = median(p50.values) <= kP50MsMax;
    p99.met = median(p99.values) <= kP99MsMax;
    return {p50, p99};
}

}  // namespace daybook::bench
