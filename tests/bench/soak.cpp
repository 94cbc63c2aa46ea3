// The rule for "it grows": what a quantity is in the last third of the minutes beside what it was
// in the first third, medians of both. The first tenth is not counted, and before it the books are
// filled until the caches, which have limits of their own, are full.
#include "soak.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bare_sqlite.h"
#include "base/json_writer.h"
#include "document.h"
#include "figure.h"
#include "http_load.h"
#include "soak_load.h"
#include "support/process.h"
#include "support/webhook_receiver.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr std::int64_t kFilledEntries = 60'000;
constexpr std::int64_t kFillReads = 20'000;
constexpr int kFillConnections = 64;
constexpr double kMemoryGrowthMax = 1.05;
constexpr double kMemoryGrowthMibMax = 4;  // what is less is none, of however little
constexpr double kHandlesMoreMax = 4;
constexpr double kWalMibMax = 64;
constexpr int kSamplesPerMinute = 12;
constexpr auto kPatience = std::chrono::seconds(60);

// Of one minute: the medians of memory and handles, the most of the log.
struct Minute {
    double rss_mib = 0;
    double handles = 0;
    double wal_mib = 0;
    std::map<std::string, std::vector<double>> latencies_ms;
};

double percentile(const std::vector<double>& sorted, double share) {
    if (sorted.empty()) return 0;
    return sorted[static_cast<std::size_t>(static_cast<double>(sorted.size() - 1) * share)];
}

void print(int number, const Minute& minute, std::int64_t entries, std::int64_t delivered) {
    std::string line;
    JsonWriter json(line);
    json.begin_object();
    json.key("minute").integer(number);
    json.key("rssMib").raw(number_text(minute.rss_mib));
    json.key("handles").raw(number_text(minute.handles));
    json.key("walMib").raw(number_text(minute.wal_mib));
    for (const auto& [kind, values] : minute.latencies_ms) {
        json.key(kind + "P50Ms").raw(number_text(percentile(values, 0.5)));
        json.key(kind + "P99Ms").raw(number_text(percentile(values, 0.99)));
    }
    json.key("entries").integer(entries);
    json.key("delivered").integer(delivered);
    json.end_object();
    (void)std::printf("%s\n", line.c_str());
    (void)std::fflush(stdout);
}

class Soak {
 public:
    Soak() {
        const auto filled =
            run_clean_load(serving_.port(), kFillConnections, kFilledEntries, [&](std::int64_t i) {
                return request_text("POST", "/v1/finance/expenses", place_.token(),
                                    soak_entry(place_, i));
            });
        // From many connections at once, so that every reader's cache of pages is filled.
        run_clean_load(serving_.port(), kFillConnections, kFillReads, [&](std::int64_t i) {
            return request_text("GET", soak_list(place_, i), place_.token(), {});
        });
        auto client = test::HttpClient::connect_tcp(serving_.port());
        const auto made = client.request(
            "POST", "/v1/webhooks",
            "Authorization: Bearer " + place_.token() + "\r\nContent-Type: application/json\r\n",
            fmt::format(R"({{"url":"{}"}})", receiver_.url()));
        if (!made || made->status != 201) throw std::runtime_error("no webhook");
        say(fmt::format("filled with {} entries", filled.answers));
    }

    bool run(int minutes) {
        SoakLoad load(place_, serving_.port(), kFilledEntries);
        for (int number = 1; number <= minutes && !load.failure(); ++number) {
            minutes_.push_back(watch(load));
            print(number, minutes_.back(), load.acknowledged(), delivered_);
        }
        load.end();
        const auto failure = load.failure();
        if (failure) say("broken: " + *failure);
        return invariants_hold(load.acknowledged()) && !failure;
    }

    // Of the minutes that count.
    [[nodiscard]] std::vector<Figure> figures() const {
        Figure memory = grown("soak_rss_mib", "MiB", &Minute::rss_mib);
        const double before = median(memory.baseline_values);
        memory.goal =
            fmt::format("at most {} times, or {} MiB more", kMemoryGrowthMax, kMemoryGrowthMibMax);
        memory.met = median(memory.values) <=
                     std::max(before * kMemoryGrowthMax, before + kMemoryGrowthMibMax);
        Figure handles = grown("soak_handles", "file handles", &Minute::handles);
        handles.goal = fmt::format("at most {} more", kHandlesMoreMax);
        handles.met = median(handles.values) <= median(handles.baseline_values) + kHandlesMoreMax;
        Figure log = grown("soak_wal_mib", "MiB", &Minute::wal_mib);
        log.goal = fmt::format("within {}", kWalMibMax);
        log.met = std::ranges::max(log.values) <= kWalMibMax;
        std::vector<Figure> figures{memory, handles, log};
        for (const auto& [kind, values] : minutes_.front().latencies_ms) {
            figures.push_back(latency(kind));
        }
        return figures;
    }

 private:
    [[nodiscard]] Minute watch(SoakLoad& load) const {
        Minute minute;
        std::vector<double> rss;
        std::vector<double> handles;
        for (int i = 0; i < kSamplesPerMinute && !load.failure(); ++i) {
            std::this_thread::sleep_for(std::chrono::seconds(60) / kSamplesPerMinute);
            rss.push_back(resident_kib(serving_.pid()) / 1'024);
            const std::filesystem::path open = fmt::format("/proc/{}/fd", serving_.pid());
            handles.push_back(
                static_cast<double>(std::distance(std::filesystem::directory_iterator(open), {})));
            std::error_code none;
            const auto log = std::filesystem::file_size(place_.database().string() + "-wal", none);
            if (!none)
                minute.wal_mib = std::max(minute.wal_mib, static_cast<double>(log) / (1 << 20));
        }
        minute.rss_mib = median(std::move(rss));
        minute.handles = median(std::move(handles));
        minute.latencies_ms = load.take_latencies();
        return minute;
    }

    // The values of the last third, beside those of the first.
    template <class Value>
    [[nodiscard]] Figure compared(std::string name, std::string unit, const Value& value) const {
        Figure figure{
            std::move(name), std::move(unit), {}, "the same in the first third", {}, {}, true};
        const std::size_t skipped = minutes_.size() / 10;
        const std::size_t third = std::max<std::size_t>(1, (minutes_.size() - skipped) / 3);
        for (std::size_t i = 0; i < third; ++i) {
            figure.baseline_values.push_back(value(minutes_[skipped + i]));
            figure.values.push_back(value(minutes_[minutes_.size() - third + i]));
        }
        return figure;
    }
    [[nodiscard]] Figure grown(std::string name, std::string unit, double Minute::* value) const {
        return compared(std::move(name), std::move(unit),
                        [&](const Minute& minute) { return minute.*value; });
    }
    [[nodiscard]] Figure latency(const std::string& kind) const {
        Figure figure =
            compared(fmt::format("soak_{}_p50_ms", kind), "ms", [&](const Minute& minute) {
                const auto found = minute.latencies_ms.find(kind);
                return found == minute.latencies_ms.end() ? 0 : percentile(found->second, 0.5);
            });
        figure.goal = "none: printed beside";
        return figure;
    }

    // What was acknowledged is there, once; it was delivered; the chain and the totals are right.
    bool invariants_hold(std::int64_t acknowledged) {
        const auto end = std::chrono::steady_clock::now() + kPatience;
        while (delivered_ < acknowledged && std::chrono::steady_clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        const int ended = serving_.stop();
        const auto verified = test::run_daybook({"verify", "--data", place_.data().string()});
        const DatabaseHandle database = open_database(place_.database());
        const auto entries = read_integer(database.get(), "select count(*) from entries");
        say(fmt::format("acknowledged {}, there {}, delivered {}; the server ended {}, verify {}",
                        kFilledEntries + acknowledged, entries, delivered_.load(), ended,
                        verified.exit_code));
        return entries == kFilledEntries + acknowledged && delivered_ >= acknowledged &&
               ended == 0 && verified.exit_code == 0;
    }

    Workplace place_;
    std::atomic<std::int64_t> delivered_ = 0;
    test::WebhookReceiver receiver_{[this](const test::Received&) -> std::optional<std::string> {
        ++delivered_;
        return test::answer_with(200);
    }};
    test::Serving serving_{place_.data(), {"--webhooks-allow-private"}};
    std::vector<Minute> minutes_;
};

}  // namespace

bool soak(int minutes) {
    Soak soak;
    const bool is_sound = soak.run(minutes);
    const std::vector<Figure> figures = soak.figures();
    for (const Figure& each : figures) print(each);
    if (minutes >= kSoakRecordedMinutes && is_sound) write_document(figures);
    return is_sound && std::ranges::all_of(figures, &Figure::met);
}

}  // namespace daybook::bench
