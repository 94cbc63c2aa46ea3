// What a report and an edit cost on ten years of 200 properties, beside one year of two.
//
// The two servers run at the same time and are asked in turns, so that what else the machine does
// falls on both. The large database is about as big as the machine's memory, so a day that nobody
// has asked for lies on the disk: what is measured is asked once before, on both, so that its pages
// are in memory, and the cache of reports is cleared then. What a report costs whose pages lie on
// the disk is beside it.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <span>
#include <stdexcept>
#include <utility>

#include "http_load.h"
#include "ledger.h"
#include "measurements.h"
#include "scale.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 7;
constexpr std::size_t kSamples = 100;
constexpr std::size_t kTurn = 5;
// A prime that goes round the property-days of every ledger without meeting one twice.
constexpr std::int64_t kStride = 500'009;
constexpr double kGrowthMax = 1.5;

// A ledger that is being served, and how many of its property-days were asked.
class Served {
 public:
    explicit Served(const LedgerShape& shape) : ledger_(shape), serving_(ledger_.data()) {}

    // Made where it is needed: the server ends one that waits while the other ledger is made.
    [[nodiscard]] test::HttpClient connect() const {
        return test::HttpClient::connect_tcp(serving_.port());
    }

    // A day of a property that was not asked for before.
    struct Day {
        std::string property;
        std::string date;
    };
    Day next_day() {
        const std::int64_t properties = std::ssize(ledger_.properties());
        const std::int64_t place = used_++ * kStride % (properties * ledger_.days());
        const auto date = ledger_.first().plus(static_cast<std::int32_t>(place / properties));
        return {ledger_.properties()[static_cast<std::size_t>(place % properties)],
                date.to_string()};
    }

    // Its daily report.
    std::string report_request(const Day& day) {
        return request_text(
            "GET", fmt::format("/v1/reports/daily?propertyId={}&date={}", day.property, day.date),
            ledger_.token(), {});
    }

    // One minor unit more or less for its first expense, as that stands now.
    std::string edit_request(const Day& day) {
        test::HttpClient client = connect();
        const std::string list =
            get(client, ledger_.token(),
                fmt::format("/v1/finance/expenses?propertyId={}&from={}&to={}&limit=1",
                            day.property, day.date, day.date));
        const boost::json::value parsed = boost::json::parse(list);
        const boost::json::value& entry = parsed.at("data").at(0);
        const std::int64_t amount = entry.at("amountMinor").as_int64();
        return request_text(
            "PATCH", fmt::format("/v1/finance/expenses/{}", entry.at("id").as_string().c_str()),
            ledger_.token(),
            fmt::format(R"({{"amountMinor":{}}})", amount % 2 == 0 ? amount + 1 : amount - 1),
            fmt::format("If-Match: \"{}\"\r\n", entry.at("version").as_int64()));
    }

    void clear_reports() {
        const auto answer = connect().request(
            "POST", "/v1/reports/cache/clear",
            "Authorization: Bearer " + ledger_.token() + "\r\nContent-Type: application/json\r\n",
            "{}");
        if (!answer || answer->status / 100 != 2) throw std::runtime_error("cannot clear reports");
    }

    // Lets the system forget the pages of the database.
    void forget_pages() const {
        const int file = ::open(ledger_.database().c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0) throw std::runtime_error("cannot open " + ledger_.database().string());
        ::fdatasync(file);
        ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        ::close(file);
    }

    // Sends them one after the other and adds how long each took, in milliseconds.
    void send(std::span<const std::string> requests, std::vector<double>& took_ms) const {
        const LoadResult result =
            run_load(serving_.port(), 1, std::ssize(requests),
                     [&](std::int64_t i) { return requests[static_cast<std::size_t>(i)]; });
        if (result.not_2xx > 0) throw std::runtime_error(result.first_refusal);
        took_ms.insert(took_ms.end(), result.latencies_ms.begin(), result.latencies_ms.end());
    }

 private:
    Ledger ledger_;
    test::Serving serving_;
    std::int64_t used_ = 0;
};

using MakeRequest = std::string (Served::*)(const Served::Day&);

// Requests for days whose pages are in memory, none of them in the cache of reports.
std::vector<std::string> requests_for(Served& served, MakeRequest make) {
    std::vector<Served::Day> days;
    std::vector<std::string> requests;
    for (std::size_t i = 0; i < kSamples; ++i) {
        days.push_back(served.next_day());
        requests.push_back((served.*make)(days.back()));
    }
    std::vector<double> not_measured;
    served.send(requests, not_measured);
    served.clear_reports();
    requests.clear();
    for (const Served::Day& day : days) requests.push_back((served.*make)(day));
    return requests;
}

// The medians of one run: of the small ledger and of the large one, asked in turns of a few.
std::pair<double, double> run_in_turns(Served& small, Served& large, MakeRequest make) {
    const auto to_small = requests_for(small, make);
    const auto to_large = requests_for(large, make);
    std::vector<double> small_ms;
    std::vector<double> large_ms;
    for (std::size_t i = 0; i < kSamples; i += kTurn) {
        small.send(std::span(to_small).subspan(i, kTurn), small_ms);
        large.send(std::span(to_large).subspan(i, kTurn), large_ms);
    }
    return {median(std::move(small_ms)), median(std::move(large_ms))};
}

// Of the large ledger alone: of the small one all pages are in memory after a few answers.
Figure measure_from_disk(Served& large, std::string name, MakeRequest make) {
    Figure figure{
        std::move(name), "ms", {}, "", {}, "none: printed beside, pages from the disk", true};
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        std::vector<std::string> requests;
        for (std::size_t i = 0; i < kSamples; ++i) {
            requests.push_back((large.*make)(large.next_day()));
        }
        large.forget_pages();
        std::vector<double> took_ms;
        large.send(requests, took_ms);
        figure.values.push_back(median(std::move(took_ms)));
    }
    return figure;
}

std::vector<Figure> measure_growth(std::string name, MakeRequest make) {
    Figure growth{std::move(name),     "ms", {}, "the same on 2 properties and 1 year", {},
                  "ratio at most 1.5", false};
    Served small(small_ledger());
    Served large(large_ledger());
    Figure from_disk = measure_from_disk(large, growth.name + "_from_disk", make);
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        const auto [small_ms, large_ms] = run_in_turns(small, large, make);
        growth.baseline_values.push_back(small_ms);
        growth.values.push_back(large_ms);
        say(fmt::format("{} {}: {:.3f} ms, small {:.3f} ms", growth.name, run + 1, large_ms,
                        small_ms));
    }
    growth.met = ratio(growth).value() <= kGrowthMax;
    return {growth, from_disk};
}

}  // namespace

std::vector<Figure> measure_report_growth() {
    return measure_growth("cold_report_growth", &Served::report_request);
}

std::vector<Figure> measure_edit_growth() {
    return measure_growth("back_dated_growth", &Served::edit_request);
}

}  // namespace daybook::bench
