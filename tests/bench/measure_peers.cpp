// Beside what one would use instead: PocketBase for adding entries over HTTP and reading a day of
// them, message-db for appending events.
//
// PocketBase does not sync each write, Daybook does. So both are measured twice: on the disk, each
// with what it promises, and in memory, where a sync costs neither anything. PostgreSQL syncs.
#include <fmt/format.h>

#include <functional>

#include "http_load.h"
#include "measurements.h"
#include "message_db.h"
#include "pocketbase.h"
#include "scale.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
constexpr int kConnections = 64;
constexpr std::int64_t kWrites = 20'000;
constexpr std::int64_t kEntriesADay = 20;
constexpr double kWriteRatioMin = 5;
constexpr double kReadRatioMin = 20;
constexpr double kAppendRatioMin = 3;

LoadResult load(int port, std::int64_t count,
                const std::function<std::string(std::int64_t)>& make) {
    return run_clean_load(port, kConnections, count, make);
}

std::string add_request(const Workplace& place, std::int64_t i) {
    return request_text("POST", "/v1/finance/expenses", place.token(), place.expense_json(i),
                        fmt::format("Idempotency-Key: bench-{}\r\n", i));
}

// Entries a second over HTTP, into a fresh directory.
double write_ours(const Workplace& place, std::int64_t writes) {
    test::Serving serving(place.data());
    const LoadResult result =
        load(serving.port(), writes, [&](std::int64_t i) { return add_request(place, i); });
    serving.stop();
    return result.per_second();
}

void measure_writes(Figure& rate, std::int64_t writes) {
    const Workplace place;
    rate.values.push_back(write_ours(place, writes));
    const PocketBase peer(place.beside(""));
    rate.baseline_values.push_back(load(peer.port(), writes, [&](std::int64_t i) {
                                       return peer.add_request(place.expense_json(i));
                                   }).per_second());
    say(fmt::format("{}: {:.0f}/s, PocketBase {:.0f}/s", rate.name, rate.values.back(),
                    rate.baseline_values.back()));
}

}  // namespace

std::vector<Figure> measure_pocketbase_writes() {
    const std::int64_t writes = by_scale(kWrites, kWrites / 20);
    Figure durable{
        "peer_pocketbase_writes", "entries/s", {}, "PocketBase, the same records, not synced", {},
        "ratio at least 5",       false};
    Figure in_memory{"peer_pocketbase_writes_in_memory",
                     "entries/s",
                     {},
                     "PocketBase, the same, both in /dev/shm",
                     {},
                     "none: printed beside",
                     true};
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        measure_writes(durable, writes);
        const InMemory memory;
        measure_writes(in_memory, writes);
    }
    durable.met = ratio(durable).value() >= kWriteRatioMin;
    return {durable, in_memory};
}

std::vector<Figure> measure_pocketbase_reads() {
    const Workplace place;
    test::Serving serving(place.data());
    const PocketBase peer(place.beside(""));
    constexpr std::int64_t kEntries = kEntriesADay * kEntryDays;
    load(serving.port(), kEntries, [&](std::int64_t i) { return add_request(place, i); });
    load(peer.port(), kEntries,
         [&](std::int64_t i) { return peer.add_request(place.expense_json(i)); });
    const std::string yesterday = utc_today().plus(-1).to_string();
    const std::string ours = request_text(
        "GET", fmt::format("/v1/reports/daily?date={}&propertyId={}", yesterday, place.property()),
        place.token(), "");
    const std::string theirs = peer.day_request(place.property(), yesterday);
    Figure rate{"peer_pocketbase_reads",
                "answers/s",
                {},
                fmt::format("PocketBase, the list of the day's {} records", kEntriesADay),
                {},
                "ratio at least 20",
                false};
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        rate.values.push_back(load(serving.port(), by_scale(50'000, 1'000), [&](std::int64_t) {
                                  return ours;
                              }).per_second());
        rate.baseline_values.push_back(load(peer.port(), by_scale(5'000, 200), [&](std::int64_t) {
                                           return theirs;
                                       }).per_second());
        say(fmt::format("peer_pocketbase_reads {}: {:.0f}/s, PocketBase {:.0f}/s", run + 1,
                        rate.values.back(), rate.baseline_values.back()));
    }
    rate.met = ratio(rate).value() >= kReadRatioMin;
    serving.stop();
    return {rate};
}

std::vector<Figure> measure_message_db() {
    using Categories = MessageDb::Categories;
    const std::int64_t each = by_scale(kWrites, kWrites / 20) / kConnections;
    const std::string clients = fmt::format("message-db by pgbench, {} clients", kConnections);
    Figure ordered{"peer_message_db_appends",
                   "events/s",
                   {},
                   clients + ", one category, which orders them",
                   {},
                   "ratio at least 3",
                   false};
    Figure apart{"peer_message_db_appends_apart",
                 "events/s",
                 {},
                 clients + ", a category each, in no order",
                 {},
                 "none: printed beside",
                 true};
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        const Workplace place;
        const double ours = write_ours(place, each * kConnections);
        MessageDb peer;
        for (Figure* rate : {&ordered, &apart}) {
            const auto categories = rate == &ordered ? Categories::one : Categories::one_each;
            rate->values.push_back(ours);
            rate->baseline_values.push_back(
                peer.append(kConnections, each, place.expense_json(0), categories));
            say(fmt::format("{} {}: {:.0f}/s, message-db {:.0f}/s", rate->name, run + 1, ours,
                            rate->baseline_values.back()));
        }
    }
    ordered.met = ratio(ordered).value() >= kAppendRatioMin;
    return {ordered, apart};
}

}  // namespace daybook::bench
