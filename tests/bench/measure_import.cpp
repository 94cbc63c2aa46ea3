// `daybook import` of a bank's CSV beside a bare SQLite loop that writes the same rows.
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <stdexcept>

#include "bare_loop.h"
#include "domain/business_date.h"
#include "measurements.h"
#include "scale.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

constexpr int kRuns = 5;
constexpr std::int64_t kRows = 100'000;
constexpr std::int64_t kRowsPerDay = 140;
constexpr std::int64_t kBatch = 1'000;

constexpr const char* kMapping = R"({
  "name": "bench", "delimiter": ";",
  "fields": {
    "externalId": {"template": "bank:{Number}"},
    "property": {"constant": "House"},
    "kind": {"column": "Type", "values": {"in": "revenue", "out": "expense"}},
    "businessDate": {"column": "Date", "format": "DD.MM.YYYY"},
    "amount": {"column": "Amount", "currency": "EUR", "decimalMark": ","},
    "paymentMode": {"constant": "bank"},
    "category": {"constant": "supplies"},
    "source": {"constant": "room"},
    "party": {"column": "Name"},
    "description": {"column": "Purpose"}
  }
})";

void write_file(const std::filesystem::path& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary);
    if (!file.write(text.data(), std::ssize(text)).flush())
        throw std::runtime_error("cannot write " + path.string());
}

std::string statement_csv(std::int64_t rows) {
    std::string csv = "Number;Date;Type;Amount;Name;Purpose\r\n";
    const auto first = *domain::BusinessDate::from_civil(2023, 1, 1);
    for (std::int64_t i = 0; i < rows; ++i) {
        const CivilDate date = first.plus(static_cast<std::int32_t>(i / kRowsPerDay)).civil();
        csv += fmt::format("{};{:02}.{:02}.{};{};{},{:02};Guest {};\"Booking {}; two nights\"\r\n",
                           i, date.day, date.month, date.year, i % 3 == 0 ? "out" : "in",
                           20 + i % 400, i % 100, i % 700, i);
    }
    return csv;
}

}  // namespace

std::vector<Figure> measure_import() {
    Figure rate{"import", "entries/s",          {},   "bare SQLite, batches of 1,000",
                {},       "ratio at least 0.7", false};
    const std::int64_t rows = by_scale(kRows, kRows / 10);
    for (int run = 0; run < by_scale(kRuns, 2); ++run) {
        const Workplace place;
        write_file(place.beside("mapping.json"), kMapping);
        write_file(place.beside("statement.csv"), statement_csv(rows));
        const auto start = std::chrono::steady_clock::now();
        daybook({"import", "--data", place.data().string(), "--mapping",
                 place.beside("mapping.json").string(), place.beside("statement.csv").string()});
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
        rate.values.push_back(static_cast<double>(rows) / took.count());
        const BareLoop bare(place.database());
        if (bare.commands() != rows) throw std::runtime_error("not all rows became entries");
        rate.baseline_values.push_back(bare.run(place.beside("bare.db"), kBatch));
        say(fmt::format("import {}: {:.0f}/s, bare {:.0f}/s", run + 1, rate.values.back(),
                        rate.baseline_values.back()));
    }
    rate.met = ratio(rate).value() >= 0.7;
    return {rate};
}

}  // namespace daybook::bench
