// Rebuilding and proving a million events, beside the bare work that nobody could leave out.
#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

#include "bare_sqlite.h"
#include "bare_tables.h"
#include "base/clock.h"
#include "cli/verify.h"
#include "ledger.h"
#include "measurements.h"
#include "scale.h"
#include "storage/sqlite/store.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;

template <class Work>
double seconds_of(Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

template <class Value>
Value value_of(Result<Value> result) {
    if (result) return std::move(result).value();
    throw std::runtime_error(result.error().detail);
}

double events_of(const Ledger& ledger) {
    const DatabaseHandle database = open_database(ledger.database());
    return static_cast<double>(
        read_integer(database.get(), "select count(*) from finance_event_store"));
}

}  // namespace

std::vector<Figure> measure_rebuild() {
    Figure rate{
        "rebuild", "events/s",           {},   "bare load of the finished tables, indexes after",
        {},        "ratio at least 0.7", false};
    const Ledger ledger(million_ledger());
    const double events = events_of(ledger);
    const test::TemporaryDirectory directory;
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        const double took =
            seconds_of([&] { daybook({"rebuild", "--data", ledger.data().string()}); });
        rate.values.push_back(events / took);
        rate.baseline_values.push_back(
            events / load_tables(ledger.database(), directory.path() / "bare.db"));
        say(fmt::format("rebuild {}: {:.0f}/s, bare {:.0f}/s", run + 1, rate.values.back(),
                        rate.baseline_values.back()));
    }
    rate.met = ratio(rate).value() >= 0.7;
    return {rate};
}

std::vector<Figure> measure_verify() {
    Figure chain{"verify", "events/s",           {},   "bare read of the events, one SHA-256 each",
                 {},       "ratio at least 0.5", false};
    Figure totals{"verify_totals", "entries/s", {}, "", {}, "none: printed beside", true};
    const Ledger ledger(million_ledger());
    SystemClock clock;
    SystemRandom random;
    const auto store = value_of(storage::sqlite::open_store(
        {ledger.data(), clock, random, storage::sqlite::Access::read, {}}));
    const OrgId org = value_of(store->orgs()).at(0).id;
    const cli::ReportProgress quiet = [](std::size_t, std::size_t) {};
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        double events = 0;
        const double took = seconds_of([&] {
            events = static_cast<double>(value_of(cli::verify_chain(*store, org, quiet)).head);
        });
        chain.values.push_back(events / took);
        chain.baseline_values.push_back(events / hash_events(ledger.database()));
        double entries = 0;
        const double took_totals = seconds_of([&] {
            entries = static_cast<double>(value_of(cli::verify_totals(*store, org, quiet)).entries);
        });
        totals.values.push_back(entries / took_totals);
        say(fmt::format("verify {}: {:.0f}/s, bare {:.0f}/s; totals {:.0f}/s", run + 1,
                        chain.values.back(), chain.baseline_values.back(), totals.values.back()));
    }
    chain.met = ratio(chain).value() >= 0.5;
    return {chain, totals};
}

}  // namespace daybook::bench
