// What a report and an edit cost on ten years of 200 properties, beside one year of two.
//
// The two servers run at the same time and are asked in turns, so that what else the machine does
// falls on both. The large database is about as big as the machine's memory, so a day that nobody
// has asked for lies on the disk: what is measured is asked once before, on both, so that its pages
// are in memory, and the cache of reports is cleared then. What a report costs whose pages lie on
// the disk is beside it.
#include <fmt/format.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ledger.h"
#include "measurements.h"
#include "scale.h"
#include "served_ledger.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 7;
constexpr std::size_t kSamples = 100;
constexpr std::size_t kTurn = 5;
constexpr double kGrowthMax = 1.5;

// The medians of one run: of the small ledger and of the large one, asked in turns of a few.
std::pair<double, double> run_in_turns(ServedLedger& small, ServedLedger& large,
                                       ServedLedger::MakeRequest make) {
    const auto to_small = small.requests_for(kSamples, make);
    const auto to_large = large.requests_for(kSamples, make);
    std::vector<double> small_ms;
    std::vector<double> large_ms;
    for (std::size_t i = 0; i < kSamples; i += kTurn) {
        small.send(std::span(to_small).subspan(i, kTurn), small_ms);
        large.send(std::span(to_large).subspan(i, kTurn), large_ms);
    }
    return {median(std::move(small_ms)), median(std::move(large_ms))};
}

// Of the large ledger alone: of the small one all pages are in memory after a few answers.
Figure measure_from_disk(ServedLedger& large, std::string name, ServedLedger::MakeRequest make) {
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

std::vector<Figure> measure_growth(std::string name, ServedLedger::MakeRequest make) {
    Figure growth{std::move(name),     "ms", {}, "the same on 2 properties and 1 year", {},
                  "ratio at most 1.5", false};
    ServedLedger small(small_ledger());
    ServedLedger large(large_ledger());
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
    return measure_growth("cold_report_growth", &ServedLedger::report_request);
}

std::vector<Figure> measure_edit_growth() {
    return measure_growth("back_dated_growth", &ServedLedger::edit_request);
}

}  // namespace daybook::bench
