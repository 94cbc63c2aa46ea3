// The report cache under recorded mixes of reads and writes: how often it has the answer, and how
// many report queries that saves.
//
// A mix is drawn once from a fixed seed. 200 properties, the popular ones asked for more often
// (Zipf 0.99); reads: the daily report of today 60 %, this month 30 %, this year 10 %; writes are
// dated today.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include "http/body_json.h"
#include "http_load.h"
#include "measurements.h"
#include "scale.h"
#include "support/http_client.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kProperties = 200;
constexpr int kPercentMin = 90;

enum class Act { daily, monthly, yearly, write };
constexpr std::size_t kReportKinds = 3;

struct Request {
    Act act;
    std::size_t property;
};

std::vector<Request> draw_mix(int percent_writes, std::uint32_t seed) {
    std::vector<double> weights;
    for (int rank = 1; rank <= kProperties; ++rank) weights.push_back(std::pow(rank, -0.99));
    std::mt19937 random(seed);
    std::discrete_distribution<std::size_t> property(weights.begin(), weights.end());
    std::uniform_int_distribution<int> percent(0, 99);
    std::vector<Request> mix;
    for (std::int64_t i = 0; i < by_scale(50'000, 2'000); ++i) {
        const int kind = percent(random);
        const Act read = kind < 60 ? Act::daily : kind < 90 ? Act::monthly : Act::yearly;
        mix.push_back({percent(random) < percent_writes ? Act::write : read, property(random)});
    }
    return mix;
}

struct Counts {
    std::int64_t reads = 0;
    std::int64_t hits = 0;
    std::int64_t fills = 0;
};

// Reads that must be made anew: the first, and the first after a write to the property.
std::int64_t unavoidable_fills(const std::vector<Request>& mix) {
    std::array<std::array<bool, kReportKinds>, kProperties> known{};
    std::int64_t fills = 0;
    for (const Request& each : mix) {
        auto& kinds = known.at(each.property);
        if (each.act == Act::write) {
            kinds.fill(false);
        } else if (!std::exchange(kinds.at(static_cast<std::size_t>(each.act)), true)) {
            ++fills;
        }
    }
    return fills;
}

class Trial {
 public:
    Trial() : serving_(place_.data()) {
        check(run_load(serving_.port(), 4, kProperties - 1, [&](std::int64_t i) {
            return request_text(
                "POST", "/v1/properties", place_.token(),
                fmt::format(R"({{"name":"House {}","kind":"hotel","currency":"EUR",)"
                            R"("timeZone":"Europe/Lisbon"}})",
                            i));
        }));
        properties_ = ids_in(text_of("/v1/properties"));
        if (properties_.size() != kProperties) throw std::runtime_error("properties are missing");
    }

    Counts play(const std::vector<Request>& mix, int connections) {
        const Counts before = counts();
        check(run_load(serving_.port(), connections, std::ssize(mix),
                       [&](std::int64_t i) { return text(mix.at(static_cast<std::size_t>(i))); }));
        const Counts after = counts();
        return {after.reads - before.reads, after.hits - before.hits, after.fills - before.fills};
    }

 private:
    static void check(const LoadResult& result) {
        if (result.not_2xx == 0) return;
        throw std::runtime_error("an answer was not 2xx: " + result.first_refusal);
    }

    std::string text_of(std::string_view target) {
        auto client = test::HttpClient::connect_tcp(serving_.port());
        return get(client, place_.token(), target);
    }

    // Of the three kinds of reports together.
    Counts counts() {
        const auto metrics = http::parse_json(text_of("/v1/reports/cache/metrics")).value();
        Counts counts;
        for (const auto& kind : *metrics.member("kinds")->as<http::JsonValue::Array>()) {
            const auto number = [&](std::string_view name) {
                return *kind.member(name)->as<std::int64_t>();
            };
            counts.hits += number("hits");
            counts.fills += number("fills");
            counts.reads +=
                number("hits") + number("joined") + number("misses") + number("staleDrops");
        }
        return counts;
    }

    std::string text(const Request& request) const {
        const std::string& property = properties_.at(request.property);
        if (request.act == Act::write) {
            return request_text(
                "POST", "/v1/finance/expenses", place_.token(),
                fmt::format(R"({{"propertyId":"{}","amountMinor":1250,"currency":"EUR",)"
                            R"("paymentMode":"cash","category":"supplies"}})",
                            property));
        }
        constexpr std::array kPaths{"daily", "monthly", "yearly"};
        return request_text("GET",
                            fmt::format("/v1/reports/{}?propertyId={}",
                                        kPaths.at(static_cast<std::size_t>(request.act)), property),
                            place_.token(), "");
    }

    Workplace place_;
    test::Serving serving_;
    std::vector<std::string> properties_;
};

double percent(std::int64_t part, std::int64_t whole) {
    return 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::vector<Figure> measure_hit_rate() {
    Figure rate{"hit_rate", "%", {}, "", {}, "98 % reads, 8 connections: at least 90", false};
    Figure saved{"report_queries_saved",
                 "%",
                 {},
                 "",
                 {},
                 "of those without a cache, in the same mix: at least 90",
                 false};
    {
        Trial trial;
        const Counts counts = trial.play(draw_mix(2, 1), 8);
        rate.values.push_back(percent(counts.hits, counts.reads));
        saved.values.push_back(percent(counts.reads - counts.fills, counts.reads));
    }
    rate.met = rate.values.front() >= kPercentMin;
    saved.met = saved.values.front() >= kPercentMin;

    // One after the other, so that the trace says what is possible.
    const auto mix = draw_mix(20, 2);
    Trial trial;
    const Counts counts = trial.play(mix, 1);
    const std::int64_t best = unavoidable_fills(mix);
    Figure busy{"hit_rate_80_20",
                "%",
                {percent(counts.hits, counts.reads)},
                "the best possible for this trace",
                {percent(counts.reads - best, counts.reads)},
                "no avoidable miss: as many fills as there must be",
                counts.fills == best};
    say(fmt::format("hit_rate_80_20: {} reads, {} fills, of which {} had to be", counts.reads,
                    counts.fills, best));
    return {rate, saved, busy};
}

}  // namespace daybook::bench
