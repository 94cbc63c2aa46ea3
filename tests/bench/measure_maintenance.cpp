// Rebuilding and proving a million events, beside the bare work that nobody could leave out.
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "bare_sqlite.h"
#include "bare_tables.h"
#include "base/clock.h"
#include "cli/verify.h"
#include "growth.h"
#include "ledger.h"
#include "measurements.h"
#include "scale.h"
#include "storage/sqlite/store.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
// A rebuild has the old and the new tables side by side: of the large ledger that takes more disk
// than its 25 GB.
constexpr std::int64_t kRebuiltEntriesMax = 2'000'000;
constexpr double kMicrosecondsPerSecond = 1e6;
constexpr const char* kUpkeep = "growth_upkeep";
constexpr const char* kEntries = "entries in the org";

struct UpkeepGrowths {
    Growth verify{"growth_verify", "µs/event", kUpkeep, kEntries};
    Growth rebuild{"growth_rebuild", "µs/entry", kUpkeep, kEntries};
    Growth memory{"growth_memory", "MiB", kUpkeep, kEntries};
    Growth file{"growth_file", "bytes/entry", kUpkeep, kEntries};
};

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

const cli::ReportProgress kQuiet = [](std::size_t, std::size_t) {};

// A ledger's store, for reading.
class OpenBooks {
 public:
    explicit OpenBooks(const Ledger& ledger)
        : store_(value_of(storage::sqlite::open_store(
              {ledger.data(), clock_, random_, storage::sqlite::Access::read, {}}))),
          org_(value_of(store_->orgs()).at(0).id) {}

    [[nodiscard]] app::Store& store() const { return *store_; }
    [[nodiscard]] OrgId org() const { return org_; }

    // What proving its chain takes.
    [[nodiscard]] double seconds_per_event() const {
        double events = 0;
        const double took = seconds_of([&] {
            events = static_cast<double>(value_of(cli::verify_chain(*store_, org_, kQuiet)).head);
        });
        return took / events;
    }

 private:
    SystemClock clock_;
    SystemRandom random_;
    std::unique_ptr<app::Store> store_;
    OrgId org_;
};

double events_of(const Ledger& ledger) {
    const DatabaseHandle database = open_database(ledger.database());
    return static_cast<double>(
        read_integer(database.get(), "select count(*) from finance_event_store"));
}

// What a ledger of one size costs to keep.
void measure_upkeep(const LedgerShape& shape, UpkeepGrowths& growths) {
    const Ledger ledger(shape);
    const auto entries = static_cast<double>(ledger.entries());
    const auto bytes = std::filesystem::file_size(ledger.database());
    growths.file.add(entries, static_cast<double>(bytes) / entries);
    const bool is_largest = ledger.entries() > kRebuiltEntriesMax;
    for (int run = 0; run < (is_largest ? 1 : by_scale(kRuns, 1)); ++run) {
        test::Serving serving(ledger.data());
        test::HttpClient client = test::HttpClient::connect_tcp(serving.port());
        (void)get(client, ledger.token(),
                  fmt::format("/v1/reports/daily?propertyId={}&date={}",
                              ledger.properties().front(), ledger.first().to_string()));
        growths.memory.add(entries, resident_kib(serving.pid()) / 1'024);
        serving.stop();
        growths.verify.add(entries, OpenBooks(ledger).seconds_per_event() * kMicrosecondsPerSecond);
        if (is_largest) continue;
        const double took =
            seconds_of([&] { daybook({"rebuild", "--data", ledger.data().string()}); });
        growths.rebuild.add(entries, took / entries * kMicrosecondsPerSecond);
    }
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
    const OpenBooks books(ledger);
    const double events = events_of(ledger);
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        chain.values.push_back(1 / books.seconds_per_event());
        chain.baseline_values.push_back(events / hash_events(ledger.database()));
        double entries = 0;
        const double took_totals = seconds_of([&] {
            entries = static_cast<double>(
                value_of(cli::verify_totals(books.store(), books.org(), kQuiet)).entries);
        });
        totals.values.push_back(entries / took_totals);
        say(fmt::format("verify {}: {:.0f}/s, bare {:.0f}/s; totals {:.0f}/s", run + 1,
                        chain.values.back(), chain.baseline_values.back(), totals.values.back()));
    }
    chain.met = ratio(chain).value() >= 0.5;
    return {chain, totals};
}

std::vector<Figure> measure_upkeep_growth() {
    UpkeepGrowths growths;
    for (const LedgerShape& shape : ledgers_of_every_size()) measure_upkeep(shape, growths);
    const auto from = static_cast<double>(Ledger(small_ledger()).entries());
    std::vector<Figure> figures;
    for (const Growth* each : {&growths.verify, &growths.rebuild, &growths.memory, &growths.file}) {
        figures.push_back(each->figure(from, std::nullopt));
    }
    return figures;
}

}  // namespace daybook::bench
