// Durable writes over loopback HTTP beside a bare SQLite loop that writes the same rows.
#include <fmt/format.h>

#include <filesystem>

#include "bare_loop.h"
#include "http_load.h"
#include "measurements.h"
#include "scale.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
constexpr std::int64_t kSingles = 20'000;
constexpr std::int64_t kBulks = 40;
constexpr std::int64_t kEntriesPerBulk = 1'000;
constexpr int kConnections = 64;
constexpr std::int64_t kBatch = 64;
constexpr double kP99MsMax = 40;
constexpr double kWalMibMax = 64;

double wal_mib(const Workplace& place) {
    std::error_code none;
    const auto bytes = std::filesystem::file_size(place.database().string() + "-wal", none);
    return none ? 0 : static_cast<double>(bytes) / (1 << 20);
}

}  // namespace

std::vector<Figure> measure_append_http() {
    const std::int64_t singles = by_scale(kSingles, kSingles / 10);
    Figure rate{"append_http_durable",
                "entries/s",
                {},
                "bare SQLite, batches of 64",
                {},
                "ratio at least 0.5; p99 within 40 ms; WAL within 64 MiB",
                false};
    Figure p99{"append_http_p99_ms", "ms", {}, "", {}, "within 40", false};
    Figure wal{"append_http_wal_mib", "MiB", {}, "", {}, "within 64", false};
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        const Workplace place;
        {
            test::Serving serving(place.data());
            const LoadResult result =
                run_clean_load(serving.port(), kConnections, singles, [&](std::int64_t i) {
                    return request_text("POST", "/v1/finance/expenses", place.token(),
                                        place.expense_json(i),
                                        fmt::format("Idempotency-Key: bench-{}\r\n", i));
                });
            rate.values.push_back(result.per_second());
            p99.values.push_back(result.percentile_ms(0.99));
            wal.values.push_back(wal_mib(place));
            serving.stop();
        }
        rate.baseline_values.push_back(
            BareLoop(place.database()).run(place.beside("bare.db"), kBatch));
        say(fmt::format("append_http_durable {}: {:.0f}/s, bare {:.0f}/s, p99 {:.1f} ms", run + 1,
                        rate.values.back(), rate.baseline_values.back(), p99.values.back()));
    }
    p99.met = median(p99.values) <= kP99MsMax;
    wal.met = median(wal.values) <= kWalMibMax;
    rate.met = ratio(rate).value() >= 0.5 && p99.met && wal.met;
    return {rate, p99, wal};
}

std::vector<Figure> measure_append_bulk() {
    const std::int64_t bulks = by_scale(kBulks, kBulks / 8);
    Figure rate{"append_bulk",        "entries/s", {}, "bare SQLite, batches of 64", {},
                "ratio at least 0.8", false};
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        const Workplace place;
        {
            test::Serving serving(place.data());
            const LoadResult result =
                run_clean_load(serving.port(), 4, bulks, [&](std::int64_t request) {
                    std::string body = R"({"mode":"atomic","entries":[)";
                    for (std::int64_t i = 0; i < kEntriesPerBulk; ++i) {
                        if (i > 0) body += ',';
                        body += R"({"kind":"expense",)";
                        body += place.expense_json(request * kEntriesPerBulk + i).substr(1);
                    }
                    body += "]}";
                    return request_text("POST", "/v1/finance/entries:batch", place.token(), body,
                                        fmt::format("Idempotency-Key: bulk-{}\r\n", request));
                });
            rate.values.push_back(result.per_second() * static_cast<double>(kEntriesPerBulk));
            serving.stop();
        }
        rate.baseline_values.push_back(
            BareLoop(place.database()).run(place.beside("bare.db"), kBatch));
        say(fmt::format("append_bulk {}: {:.0f}/s, bare {:.0f}/s", run + 1, rate.values.back(),
                        rate.baseline_values.back()));
    }
    rate.met = ratio(rate).value() >= 0.8;
    return {rate};
}

}  // namespace daybook::bench
