// Cached reports over loopback HTTP: beside nginx serving files of the same bytes, and beside a
// plain SQL scan of the entries.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <fstream>
#include <stdexcept>

#include "bare_sqlite.h"
#include "http_load.h"
#include "ledger.h"
#include "measurements.h"
#include "nginx.h"
#include "scale.h"
#include "support/http_client.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
constexpr int kConnections = 64;
constexpr double kRatioMin = 0.7;
constexpr double kP99RatioMax = 1.5;

void add_entries(int port, const Workplace& place, std::int64_t bulks, std::int64_t in_each) {
    run_clean_load(port, 4, bulks, [&](std::int64_t bulk) {
        std::string body = R"({"mode":"atomic","entries":[)";
        for (std::int64_t i = 0; i < in_each; ++i) {
            if (i > 0) body += ',';
            body += R"({"kind":"expense",)" + place.expense_json(bulk * in_each + i).substr(1);
        }
        return request_text("POST", "/v1/finance/entries:batch", place.token(), body + "]}");
    });
}

struct Size {
    std::string name;
    std::string file;
    std::string target;
    int requests;  // in one run
    double p99_ms_max;
};

LoadResult load(int port, std::int64_t requests, const std::string& text) {
    return run_clean_load(port, kConnections, requests, [&](std::int64_t) { return text; });
}

// One size: Daybook and nginx in turn.
std::vector<Figure> measure_size(const Size& size, const Workplace& place, int port,
                                 const Nginx& nginx) {
    auto client = test::HttpClient::connect_tcp(static_cast<std::uint16_t>(port));
    const std::string body = get(client, place.token(), size.target);
    const auto file = place.beside(size.file);
    std::ofstream(file) << body;
    const std::string baseline =
        fmt::format("nginx, 1 worker, a file of the same {} bytes", body.size());
    Figure rate{size.name, "answers/s", {}, baseline, {}, "ratio at least 0.7", false};
    Figure p99{size.name + "_p99_ms",
               "ms",
               {},
               baseline,
               {},
               fmt::format("ratio at most 1.5, within {} ms", size.p99_ms_max),
               false};
    const std::string ours = request_text("GET", size.target, place.token(), "");
    const std::string theirs = request_text("GET", "/" + size.file, place.token(), "");
    load(port, size.requests / 10, ours);
    load(nginx.port(), size.requests / 10, theirs);
    for (int run = 0; run < kRuns; ++run) {
        const LoadResult own = load(port, size.requests, ours);
        const LoadResult other = load(nginx.port(), size.requests, theirs);
        rate.values.push_back(own.per_second());
        rate.baseline_values.push_back(other.per_second());
        p99.values.push_back(own.percentile_ms(0.99));
        p99.baseline_values.push_back(other.percentile_ms(0.99));
        say(fmt::format("{} {}/{}: {:.0f}/s, p99 {:.2f} ms; nginx {:.0f}/s, p99 {:.2f} ms",
                        size.name, run + 1, kRuns, own.per_second(), p99.values.back(),
                        other.per_second(), p99.baseline_values.back()));
    }
    rate.met = ratio(rate).value() >= kRatioMin;
    p99.met = ratio(p99).value() <= kP99RatioMax && median(p99.values) <= size.p99_ms_max;
    return {rate, p99};
}

}  // namespace

std::vector<Figure> measure_cached_report() {
    const Workplace place;
    test::Serving serving(place.data());
    constexpr std::int64_t kEntries = 30;  // one a day: 2 KB
    add_entries(serving.port(), place, 1, kEntries);
    const std::string property = "propertyId=" + place.property();
    constexpr int kDays = 145;  // 100 KB
    const std::array sizes{
        Size{
            "cached_report", "2k.json",
            fmt::format("/v1/reports/daily?date={}&{}", utc_today().plus(-2).to_string(), property),
            by_scale(100'000, 2'000), 5},
        Size{"cached_report_100kb", "100k.json",
             fmt::format("/v1/reports/range?from={}&to={}&{}", utc_today().plus(-kDays).to_string(),
                         utc_today().to_string(), property),
             by_scale(20'000, 500), 10}};
    const Nginx nginx(place.beside(""), 1, fmt::format("root {};", place.beside("").string()));
    say(nginx.configuration());
    std::vector<Figure> figures;
    for (const Size& size : sizes) {
        for (Figure& each : measure_size(size, place, serving.port(), nginx)) {
            figures.push_back(std::move(each));
        }
    }
    serving.stop();
    return figures;
}

std::vector<Figure> measure_cached_vs_scan() {
    constexpr double kRatio = 20;
    const Ledger ledger(by_scale(million_ledger(), small_ledger()));
    Figure rate{"cached_vs_scan",
                "answers/s",
                {},
                fmt::format("a plain SQL scan of {} entries", ledger.entries()),
                {},
                "ratio at least 20",
                false};
    test::Serving serving(ledger.data());
    const auto last = ledger.first().plus(ledger.days() - 1);
    const std::string text = request_text(
        "GET",
        fmt::format("/v1/reports/monthly?propertyId={}&year={}&month={}",
                    ledger.properties().front(), last.civil().year, last.civil().month),
        ledger.token(), "");
    // What a month is made of, from the entries alone.
    const std::string scan = fmt::format(
        "select kind, key, payment_mode, status, count(*), sum(amount_minor) from entries "
        "where business_date between {} and {} group by 1, 2, 3, 4",
        last.plus(-29).key(), last.key());
    const DatabaseHandle database = open_database(ledger.database());
    for (int run = 0; run < kRuns; ++run) {
        rate.values.push_back(load(serving.port(), by_scale(50'000, 1'000), text).per_second());
        const auto begun = std::chrono::steady_clock::now();
        if (read_rows(database.get(), scan).empty()) throw std::runtime_error("nothing scanned");
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        rate.baseline_values.push_back(1 / took.count());
        say(fmt::format("cached_vs_scan {}/{}: {:.0f}/s, scans {:.1f}/s", run + 1, kRuns,
                        rate.values.back(), rate.baseline_values.back()));
    }
    rate.met = ratio(rate).value() >= kRatio;
    serving.stop();
    return {rate};
}

}  // namespace daybook::bench
