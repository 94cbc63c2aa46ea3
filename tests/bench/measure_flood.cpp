// What one org's flood does to another's writes: alone, beside single writes and beside bulks at
// full speed, with the limits off and on.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "http_load.h"
#include "measurements.h"
#include "scale.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
constexpr std::int64_t kWrites = 3'000;
constexpr int kConnections = 4;
constexpr int kFloodConnections = 64;
constexpr int kBulkConnections = 4;
constexpr std::int64_t kEntriesPerBulk = 1'000;
constexpr double kShare = 0.99;

// The org that only wants to work.
struct Neighbour {
    std::string token;
    std::string property;
};

Neighbour add_neighbour(const Workplace& place) {
    const std::string data = place.data().string();
    daybook({"org", "create", "--data", data, "--name", "Neighbour"});
    Neighbour neighbour;
    neighbour.property = daybook({"property", "add", "--data", data, "--org", "Neighbour", "--name",
                                  "Home", "--currency", "EUR", "--time-zone", "Europe/Lisbon",
                                  "--books-start-on", "2015-01-01"});
    neighbour.token =
        daybook({"token", "create", "--data", data, "--org", "Neighbour", "--role", "owner"});
    return neighbour;
}

std::string expense_of(const Neighbour& neighbour) {
    return fmt::format(R"({{"propertyId":"{}","amountMinor":1250,"currency":"EUR",)"
                       R"("category":"supplies","paymentMode":"cash"}})",
                       neighbour.property);
}

// The 99th percentile of its writes, in milliseconds.
double p99_ms_of(const test::Serving& serving, const Neighbour& neighbour, std::int64_t writes) {
    const std::string body = expense_of(neighbour);
    const LoadResult result = run_load(serving.port(), kConnections, writes, [&](std::int64_t) {
        return request_text("POST", "/v1/finance/expenses", neighbour.token, body);
    });
    if (result.not_2xx > 0) throw std::runtime_error(result.first_refusal);
    return result.percentile_ms(kShare);
}

// Writes as fast as it can until it is told to stop.
class Flood {
 public:
    Flood(const test::Serving& serving, int connections, std::int64_t requests,
          std::function<std::string(std::int64_t)> make)
        : thread_([this, port = serving.port(), connections, requests, make = std::move(make)] {
              std::int64_t made = 0;
              while (!ends_) {
                  (void)run_load(port, connections, requests,
                                 [&](std::int64_t) { return make(made++); });
              }
          }) {}
    ~Flood() {
        ends_ = true;
        thread_.join();
    }
    Flood(const Flood&) = delete;
    Flood& operator=(const Flood&) = delete;

 private:
    std::atomic<bool> ends_ = false;
    std::thread thread_;
};

std::string bulk_json(const Workplace& place) {
    std::string body = R"({"mode":"atomic","entries":[)";
    const std::string entry =
        fmt::format(R"({{"kind":"expense","propertyId":"{}","amountMinor":1250,"currency":"EUR",)"
                    R"("category":"supplies","paymentMode":"cash"}})",
                    place.property());
    for (std::int64_t i = 0; i < kEntriesPerBulk; ++i) body += (i == 0 ? "" : ",") + entry;
    return body + "]}";
}

struct Measured {
    double quiet_ms = 0;
    double singles_ms = 0;
    double bulks_ms = 0;
};

Measured measure_run(test::Rates rates, std::int64_t writes) {
    const Workplace place;
    const Neighbour neighbour = add_neighbour(place);
    const test::Serving serving(place.data(), {}, rates);
    Measured measured;
    measured.quiet_ms = p99_ms_of(serving, neighbour, writes);
    {
        const Flood flood(serving, kFloodConnections, kFloodConnections * 20, [&](std::int64_t i) {
            return request_text("POST", "/v1/finance/expenses", place.token(),
                                place.expense_json(i));
        });
        measured.singles_ms = p99_ms_of(serving, neighbour, writes);
    }
    const std::string bulk = bulk_json(place);
    const Flood flood(serving, kBulkConnections, kBulkConnections, [&](std::int64_t) {
        return request_text("POST", "/v1/finance/entries:batch", place.token(), bulk);
    });
    measured.bulks_ms = p99_ms_of(serving, neighbour, writes);
    return measured;
}

// The larger of three times its quiet p99 and 25 ms.
double allowed_ms(const Figure& quiet) {
    return std::max(3 * median(quiet.values), 25.0);
}

}  // namespace

std::vector<Figure> measure_flood() {
    const std::int64_t writes = by_scale(kWrites, kWrites / 10);
    // With the limits on the neighbour stays within what may come at once.
    const std::int64_t limited_writes = by_scale(300, 300);
    const std::string near = "p99 within the larger of 3 times its quiet one and 25 ms";
    const auto figure = [](std::string name, std::string baseline, std::string goal) {
        return Figure{std::move(name), "ms", {}, std::move(baseline), {}, std::move(goal), false};
    };
    const std::string alone = "its own p99 with nobody beside it";
    Figure singles = figure("flood_p99_ratio", alone, near);
    Figure bulks = figure("flood_bulk_p99_ms", alone, "within 250 ms");
    Figure limited = figure("flood_limited_p99_ms", alone, near);
    Figure limited_bulks = figure("flood_limited_bulk_p99_ms", alone, near);
    Figure quiet = figure("quiet", "", "");
    Figure limited_quiet = quiet;
    for (int run = 0; run < by_scale(kRuns, 1); ++run) {
        const Measured off = measure_run(test::Rates::off, writes);
        const Measured on = measure_run(test::Rates::on, limited_writes);
        quiet.values.push_back(off.quiet_ms);
        limited_quiet.values.push_back(on.quiet_ms);
        singles.values.push_back(off.singles_ms);
        bulks.values.push_back(off.bulks_ms);
        limited.values.push_back(on.singles_ms);
        limited_bulks.values.push_back(on.bulks_ms);
        say(fmt::format(
            "flood {}: quiet {:.1f} ms, singles {:.1f}, bulks {:.1f}; with limits quiet "
            "{:.1f}, singles {:.1f}, bulks {:.1f}",
            run + 1, off.quiet_ms, off.singles_ms, off.bulks_ms, on.quiet_ms, on.singles_ms,
            on.bulks_ms));
    }
    singles.baseline_values = bulks.baseline_values = quiet.values;
    limited.baseline_values = limited_bulks.baseline_values = limited_quiet.values;
    constexpr double kBulksMsMax = 250;
    singles.met = median(singles.values) <= allowed_ms(quiet);
    bulks.met = median(bulks.values) <= kBulksMsMax;
    limited.met = median(limited.values) <= allowed_ms(limited_quiet);
    limited_bulks.met = median(limited_bulks.values) <= allowed_ms(limited_quiet);
    return {singles, bulks, limited, limited_bulks};
}

}  // namespace daybook::bench
