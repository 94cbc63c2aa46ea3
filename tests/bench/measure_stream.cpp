// From a write to the screens of many clients, beside nginx's module nchan with the same clients.
//
// Both are timed from the request that publishes. Daybook's data lies in memory (/dev/shm), for
// nchan keeps nothing on disk: what is compared is the way from a committed event to its readers,
// and the figure still includes authenticating, deciding and writing the entry.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "growth.h"
#include "http_load.h"
#include "measurements.h"
#include "nchan.h"
#include "scale.h"
#include "stream_load.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
constexpr int kClients = 1'000;
constexpr double kWritesPerSecond = 20;
constexpr double kP50MsMax = 5;
constexpr double kP99MsMax = 20;
constexpr double kIdleKibMax = 8;
constexpr double kFanoutMsMax = 150;
constexpr double kRatioMax = 1.25;
constexpr std::string_view kNchan = "nginx with nchan";

// A server of streams and a way to publish, of either kind.
struct Broadcaster {
    virtual ~Broadcaster() = default;
    [[nodiscard]] virtual int port() const = 0;
    [[nodiscard]] virtual pid_t pid() const = 0;
    [[nodiscard]] virtual std::string request() const = 0;
    virtual void publish(std::int64_t number) = 0;
};

class DaybookStreams final : public Broadcaster {
 public:
    [[nodiscard]] int port() const override { return serving_.port(); }
    [[nodiscard]] pid_t pid() const override { return serving_.pid(); }
    [[nodiscard]] std::string request() const override {
        return request_text("GET", "/v1/reports/realtime/stream", place_.token(), {});
    }
    void publish(std::int64_t number) override {
        std::string body = place_.expense_json(entries_++);
        body.insert(body.size() - 1, R"(,"reference":")" + marker(number) + '"');
        const auto answer = client_.request(
            "POST", "/v1/finance/expenses",
            "Authorization: Bearer " + place_.token() + "\r\nContent-Type: application/json\r\n",
            body);
        if (!answer || answer->status != 201) throw std::runtime_error("an entry was refused");
    }
    void stop() { serving_.stop(); }
    // One of its envelopes, so that nchan sends the same bytes.
    std::string envelope(std::int64_t number) {
        publish(number);
        const std::string body =
            get(client_, place_.token(), "/v1/reports/realtime/poll?after=0&limit=1000");
        const std::size_t begin = body.rfind("{\"specversion\"");
        return body.substr(begin, body.rfind("],\"next\"") - begin);
    }

 private:
    InMemory in_memory_;
    Workplace place_;
    test::Serving serving_{place_.data()};
    test::HttpClient client_ = test::HttpClient::connect_tcp(serving_.port());
    std::int64_t entries_ = 0;
};

class NchanStreams final : public Broadcaster {
 public:
    explicit NchanStreams(std::string envelope) : envelope_(std::move(envelope)) {}
    [[nodiscard]] int port() const override { return nchan_.port(); }
    [[nodiscard]] pid_t pid() const override { return nchan_.pid(); }
    [[nodiscard]] std::string request() const override { return nchan_.subscribe_request(); }
    void publish(std::int64_t number) override {
        const std::string text = marker(number);
        envelope_.replace(envelope_.find("seq-"), text.size(), text);
        Nchan::publish(client_, envelope_);
    }

 private:
    std::string envelope_;
    Nchan nchan_;
    test::HttpClient client_ =
        test::HttpClient::connect_tcp(static_cast<std::uint16_t>(nchan_.port()));
};

std::string an_envelope() {
    return DaybookStreams().envelope(0);
}

StreamLoad::Result deliver(Broadcaster& server, int clients, int events, double per_second) {
    StreamLoad load(server.port(), server.request(), clients);
    load.wait_until_served();
    return load.measure(events, per_second, [&](std::int64_t i) { server.publish(i); });
}

// What one idle client costs, and one event to all of them: the median of some.
struct Crowd {
    double idle_kib = 0;
    double fanout_ms = 0;
};
Crowd crowd(Broadcaster& server, int clients) {
    const double before_kib = resident_kib(server.pid());
    StreamLoad load(server.port(), server.request(), clients);
    load.wait_until_served();
    Crowd crowd;
    crowd.idle_kib = (resident_kib(server.pid()) - before_kib) / clients;
    const auto sent = load.measure(5, 2, [&](std::int64_t i) { server.publish(i); });
    crowd.fanout_ms = median(sent.last_ms);
    return crowd;
}

// The highest of these rates at which both goals hold.
double rate_held(const std::function<StreamLoad::Result(double)>& deliver_at) {
    double held = 0;
    for (const double rate : {20., 40., 60., 80., 100., 120., 140., 160., 200., 250., 300.}) {
        const auto result = deliver_at(rate);
        if (result.percentile_ms(0.5) > kP50MsMax || result.percentile_ms(0.99) > kP99MsMax) break;
        held = rate;
    }
    return held;
}

bool is_within(const Figure& figure, double most) {
    return median(figure.values) <= most && ratio(figure).value() <= kRatioMax;
}

}  // namespace

std::vector<Figure> measure_stream_latency() {
    Figure p50{"stream_p50_ms",
               "ms",
               {},
               std::string(kNchan),
               {},
               "within 5; at most 1.25 times nchan",
               false};
    Figure p99{"stream_p99_ms",
               "ms",
               {},
               std::string(kNchan),
               {},
               "within 20; at most 1.25 times nchan",
               false};
    const std::string envelope = an_envelope();
    const int events = by_scale(200, 20);
    for (int run = 0; run < by_scale(kRuns, 1); ++run) {
        DaybookStreams ours;
        const auto mine = deliver(ours, kClients, events, kWritesPerSecond);
        NchanStreams theirs(envelope);
        const auto other = deliver(theirs, kClients, events, kWritesPerSecond);
        p50.values.push_back(mine.percentile_ms(0.5));
        p50.baseline_values.push_back(other.percentile_ms(0.5));
        p99.values.push_back(mine.percentile_ms(0.99));
        p99.baseline_values.push_back(other.percentile_ms(0.99));
        say(fmt::format("stream {}: p50 {:.2f} ms, p99 {:.2f} ms; nchan {:.2f} and {:.2f}", run + 1,
                        p50.values.back(), p99.values.back(), p50.baseline_values.back(),
                        p99.baseline_values.back()));
    }
    p50.met = is_within(p50, kP50MsMax);
    p99.met = is_within(p99, kP99MsMax);
    return {p50, p99};
}

std::vector<Figure> measure_stream_rate() {
    Figure held{"stream_rate_held",
                "deliveries/s",
                {},
                std::string(kNchan),
                {},
                "p50 within 5 ms and p99 within 20 ms; at least 20000",
                false};
    const std::string envelope = an_envelope();
    const double seconds = by_scale(3., 0.5);
    const auto at = [&](Broadcaster& server, double rate) {
        return deliver(server, kClients, static_cast<int>(rate * seconds), rate);
    };
    for (int run = 0; run < by_scale(3, 1); ++run) {
        DaybookStreams ours;
        held.values.push_back(kClients * rate_held([&](double rate) { return at(ours, rate); }));
        NchanStreams theirs(envelope);
        held.baseline_values.push_back(kClients *
                                       rate_held([&](double rate) { return at(theirs, rate); }));
        say(fmt::format("stream rate {}: {:.0f}/s; nchan {:.0f}/s", run + 1, held.values.back(),
                        held.baseline_values.back()));
    }
    held.met = median(held.values) >= kClients * kWritesPerSecond;
    return {held};
}

std::vector<Figure> measure_stream_crowd() {
    const int clients = by_scale(10'000, 500);
    Figure idle{"idle_stream_kib", "KiB", {}, std::string(kNchan), {}, "within 8", false};
    Figure fanout{"fanout_10000_ms",
                  "ms",
                  {},
                  std::string(kNchan),
                  {},
                  "within 150; at most 1.25 times nchan",
                  false};
    const std::string envelope = an_envelope();
    for (int run = 0; run < by_scale(kRuns, 1); ++run) {
        DaybookStreams ours;
        const Crowd mine = crowd(ours, clients);
        NchanStreams theirs(envelope);
        const Crowd other = crowd(theirs, clients);
        idle.values.push_back(mine.idle_kib);
        idle.baseline_values.push_back(other.idle_kib);
        fanout.values.push_back(mine.fanout_ms);
        fanout.baseline_values.push_back(other.fanout_ms);
        say(fmt::format("crowd {}: {:.2f} KiB, {:.1f} ms; nchan {:.2f} KiB, {:.1f} ms", run + 1,
                        mine.idle_kib, mine.fanout_ms, other.idle_kib, other.fanout_ms));
    }
    idle.met = median(idle.values) <= kIdleKibMax;
    fanout.met = is_within(fanout, kFanoutMsMax);
    return {idle, fanout};
}

std::vector<Figure> measure_stream_growth() {
    Growth last("growth_streams", "ms to the last", "growth_streams", "streams");
    Growth each("growth_streams_delivery", "µs/delivery", "growth_streams", "streams");
    const auto sizes = by_scale(std::vector{1, 10, 100, 1'000, 10'000}, std::vector{1, 10});
    DaybookStreams server;
    for (const int clients : sizes) {
        StreamLoad load(server.port(), server.request(), clients);
        load.wait_until_served();
        for (int run = 0; run < by_scale(kRuns, 1); ++run) {
            const auto sent = load.measure(10, 4, [&](std::int64_t i) { server.publish(i); });
            last.add(clients, median(sent.last_ms));
            each.add(clients, median(sent.last_ms) / clients * 1'000);
        }
    }
    server.stop();
    return {last.figure(sizes.front(), std::nullopt),
            each.figure(sizes.at(sizes.size() - 2), std::nullopt)};
}

}  // namespace daybook::bench
