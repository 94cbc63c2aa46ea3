// What an append and a report cost in an org of a thousand to ten million entries.
//
// The servers of all sizes run at the same time and are asked in turns, so that what else the
// machine does falls on all. A first turn is not measured: it brings pages into memory. Appends go
// to two properties at every size, and to copies of the ledgers; the largest is too large for that,
// and keeps what is added (some thousandths of it).
#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "growth.h"
#include "http_load.h"
#include "measurements.h"
#include "scale.h"
#include "served_ledger.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
constexpr int kConnections = 64;
constexpr std::int64_t kAppends = 4'000;
constexpr std::int64_t kAnswers = 30'000;
// The smallest ledger has 72 days.
constexpr std::size_t kDays = 50;
constexpr double kGrowthMax = 1.5;
constexpr double kMicrosecondsPerSecond = 1e6;
constexpr const char* kEntries = "entries in the org";

using Ledgers = std::vector<std::unique_ptr<ServedLedger>>;

double entries_of(const ServedLedger& served) {
    return static_cast<double>(served.ledger().entries());
}

Ledgers serve_ledgers(ServedLedger::Data data) {
    Ledgers ledgers;
    const auto shapes = ledgers_of_every_size();
    for (const LedgerShape& shape : shapes) {
        const bool is_too_large = shape.name == large_ledger().name;
        ledgers.push_back(std::make_unique<ServedLedger>(
            shape, is_too_large ? ServedLedger::Data::itself : data));
    }
    return ledgers;
}

// `cost(ledger)` is what one turn costs there.
template <class Cost>
std::vector<Figure> measure(const char* name, const char* unit, Ledgers ledgers, Cost&& cost) {
    Growth growth(name, unit, name, kEntries);
    for (const auto& each : ledgers) (void)cost(*each);
    for (int run = 0; run < by_scale(kRuns, 1); ++run) {
        for (const auto& each : ledgers) growth.add(entries_of(*each), cost(*each));
    }
    return {growth.figure(entries_of(*ledgers.at(1)), kGrowthMax)};
}

double microseconds_each(const LoadResult& result) {
    return kMicrosecondsPerSecond / result.per_second();
}

}  // namespace

std::vector<Figure> measure_append_growth() {
    // Never the same again, also when the largest ledger is measured another time.
    std::int64_t next = SystemClock().now().ms * 100;
    return measure("growth_append", "µs/entry", serve_ledgers(ServedLedger::Data::copy),
                   [&](const ServedLedger& served) {
                       const std::int64_t first = next;
                       next += kAppends;
                       const auto make = [&](std::int64_t i) {
                           const auto& properties = served.ledger().properties();
                           return request_text(
                               "POST", "/v1/finance/expenses", served.ledger().token(),
                               expense_json(properties[static_cast<std::size_t>(i % 2)], first + i),
                               fmt::format("Idempotency-Key: growth-{}\r\n", first + i));
                       };
                       return microseconds_each(run_clean_load(
                           served.port(), kConnections, by_scale(kAppends, kAppends / 4), make));
                   });
}

std::vector<Figure> measure_cold_report_growth() {
    return measure("growth_cold_report", "ms", serve_ledgers(ServedLedger::Data::itself),
                   [](ServedLedger& served) {
                       std::vector<double> took_ms;
                       served.send(served.requests_for(kDays, &ServedLedger::report_request),
                                   took_ms);
                       return median(std::move(took_ms));
                   });
}

std::vector<Figure> measure_cached_report_growth() {
    return measure(
        "growth_cached_report", "µs/answer", serve_ledgers(ServedLedger::Data::itself),
        [](ServedLedger& served) {
            const auto requests = served.requests_for(kDays, &ServedLedger::report_request);
            std::vector<double> fills_ms;
            served.send(requests, fills_ms);
            return microseconds_each(run_clean_load(
                served.port(), kConnections, by_scale(kAnswers, kAnswers / 10),
                [&](std::int64_t i) { return requests[static_cast<std::size_t>(i) % kDays]; }));
        });
}

}  // namespace daybook::bench
