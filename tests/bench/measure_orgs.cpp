// What an append and a report cost, and what an idle org takes, in a database of ten to a hundred
// thousand orgs.
//
// Appends go round all orgs in no order of theirs, so that with many each event dirties pages of
// its own: in Daybook and in the bare loop, which writes the same rows to a copy of the same
// database right after.
#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "bare_loop.h"
#include "growth.h"
#include "http_load.h"
#include "measurements.h"
#include "scale.h"
#include "support/process.h"
#include "town.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
constexpr int kConnections = 64;
constexpr std::int64_t kBatch = 64;
constexpr std::int64_t kAppends = 10'000;
constexpr std::int64_t kAnswers = 30'000;
constexpr std::int64_t kReports = 50;
// A prime that goes round the orgs without meeting one twice.
constexpr std::int64_t kStride = 500'009;
constexpr double kRatioFallMax = 1.2;
constexpr double kReportGrowthMax = 1.5;
constexpr double kBytesPerOrgMax = 200;
constexpr double kMicrosecondsPerSecond = 1e6;
constexpr const char* kBench = "growth_orgs";
constexpr const char* kOrgs = "orgs";

struct Growths {
    Growth append{"growth_orgs_append", "µs/entry", kBench, kOrgs};
    Growth bare{"bare SQLite", "µs/entry", kBench, kOrgs};
    // Of ours to that of the bare loop, in rates.
    Growth append_ratio{"growth_orgs", "of the bare loop's rate", kBench, kOrgs};
    Growth cold{"growth_orgs_cold_report", "ms", kBench, kOrgs};
    Growth cached{"growth_orgs_cached_report", "µs/answer", kBench, kOrgs};
    Growth memory{"growth_orgs_memory", "MiB", kBench, kOrgs};
};

// A served town, and what was asked there.
class ServedTown {
 public:
    explicit ServedTown(int orgs) : town_(orgs) {
        std::filesystem::copy_file(town_.database(), town_.beside("bare.db"));
        serving_.emplace(town_.data());
    }

    double resident_mib() const { return resident_kib(serving_->pid()) / 1'024; }

    double append_us() {
        const std::int64_t first = appends_;
        appends_ += kAppends;
        const auto make = [&](std::int64_t i) {
            const Town::House& house = house_at(first + i);
            return request_text("POST", "/v1/finance/expenses", house.token,
                                expense_json(house.property, first + i),
                                fmt::format("Idempotency-Key: orgs-{}\r\n", first + i));
        };
        return kMicrosecondsPerSecond /
               run_clean_load(serving_->port(), kConnections, kAppends, make).per_second();
    }

    // The appends that came last, by the bare loop, to a database that has all the earlier ones.
    double bare_us() const {
        return kMicrosecondsPerSecond /
               BareLoop(town_.database(), kAppends).append_to(town_.beside("bare.db"), kBatch);
    }

    double cold_report_ms() {
        const std::int64_t first = reports_;
        reports_ += kReports;
        return run_clean_load(serving_->port(), 1, kReports,
                              [&](std::int64_t i) { return report_request(first + i); })
            .percentile_ms(0.5);
    }

    // Of those that were asked for last.
    double cached_report_us() const {
        return kMicrosecondsPerSecond /
               run_clean_load(serving_->port(), kConnections, kAnswers, [&](std::int64_t i) {
                   return report_request(reports_ - 1 - i % kReports);
               }).per_second();
    }

 private:
    [[nodiscard]] const Town::House& house_at(std::int64_t i) const {
        const auto& houses = town_.houses();
        return houses[static_cast<std::size_t>(i * kStride % std::ssize(houses))];
    }
    // A day of an org that no other number has.
    [[nodiscard]] std::string report_request(std::int64_t i) const {
        const Town::House& house = house_at(i);
        const std::int64_t round = i / std::ssize(town_.houses());
        const auto date = utc_today().plus(-1 - static_cast<std::int32_t>(round % kEntryDays));
        return request_text("GET",
                            fmt::format("/v1/reports/daily?propertyId={}&date={}", house.property,
                                        date.to_string()),
                            house.token, {});
    }

    Town town_;
    std::optional<test::Serving> serving_;
    std::int64_t appends_ = 0;
    std::int64_t reports_ = 0;
};

void measure_town(int orgs, Growths& growths) {
    ServedTown town(orgs);
    growths.memory.add(orgs, town.resident_mib());
    (void)town.append_us();
    (void)town.bare_us();
    for (int run = 0; run < by_scale(kRuns, 1); ++run) {
        const double ours = town.append_us();
        const double bare = town.bare_us();
        growths.append.add(orgs, ours);
        growths.bare.add(orgs, bare);
        growths.append_ratio.add(orgs, bare / ours);
        growths.cold.add(orgs, town.cold_report_ms());
        growths.cached.add(orgs, town.cached_report_us());
    }
}

// How much less of the bare loop's rate is left at the most orgs: of 10 it is the whole.
Figure fall_of(const Growth& append_ratio, double fewest) {
    Figure fall = append_ratio.figure(fewest, std::nullopt);
    fall.goal = fmt::format("falls by at most {} times", kRatioFallMax);
    fall.met = ratio(fall).value() >= 1 / kRatioFallMax;
    return fall;
}

Figure memory_of(const Growth& memory, double fewest, double most) {
    Figure figure = memory.figure(fewest, std::nullopt);
    const double bytes =
        (median(figure.values) - median(figure.baseline_values)) * (1 << 20) / (most - fewest);
    figure.goal =
        fmt::format("an idle org under {} bytes; it takes {:.0f}", kBytesPerOrgMax, bytes);
    figure.met = bytes < kBytesPerOrgMax;
    return figure;
}

}  // namespace

std::vector<Figure> measure_orgs_growth() {
    const std::vector<int> sizes =
        by_scale(std::vector{10, 100, 1'000, 10'000, 100'000}, std::vector{10, 100});
    Growths growths;
    for (const int orgs : sizes) measure_town(orgs, growths);
    const double fewest = sizes.front();
    Figure append = growths.append.figure(fewest, std::nullopt);
    append.curve.lines.push_back(growths.bare.line("bare SQLite"));
    return {fall_of(growths.append_ratio, fewest), append,
            growths.cold.figure(fewest, kReportGrowthMax),
            growths.cached.figure(fewest, kReportGrowthMax),
            memory_of(growths.memory, fewest, sizes.back())};
}

}  // namespace daybook::bench
