// Makes ledgers over HTTP, and knows again those that it has made.
#include "ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>

#include "figure.h"
#include "http_load.h"
#include "scale.h"
#include "support/process.h"
#include "workplace.h"

namespace daybook::bench {
namespace {

// Of the generator: raised whenever it makes something else.
constexpr int kVersion = 1;
constexpr std::int64_t kBytesPerEntry = 2'400;
constexpr std::int64_t kGigabyte = 1'000'000'000;
constexpr std::int64_t kEntriesPerBulk = 1'000;
constexpr int kConnections = 4;
constexpr int kFirstYear = 2015;
constexpr std::int32_t kYear = 365;
constexpr std::int32_t kTenYears = 3'653;
// Of a day's entries the first are revenues, the rest expenses.
constexpr std::int64_t kRevenuesPerDay = 9;

constexpr std::array<std::string_view, kRevenuesPerDay> kSources{
    "room", "room", "addon", "room", "advance", "room", "addon", "room", "other"};
constexpr std::array<std::string_view, kEntriesPerDay - kRevenuesPerDay> kCategories{
    "housekeeping", "supplies", "commission", "utilities", "staff"};

// A number without a pattern, the same for the same `i` (splitmix64).
std::uint64_t scatter(std::int64_t i) {
    std::uint64_t x = static_cast<std::uint64_t>(i) + 0x9E3779B97F4A7C15;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EB;
    return x ^ (x >> 31U);
}

void check_room(const std::filesystem::path& folder, const LedgerShape& shape,
                std::int64_t entries) {
    const auto wanted = entries * kBytesPerEntry;
    const auto there = static_cast<std::int64_t>(std::filesystem::space(folder).available);
    if (there >= wanted) return;
    throw std::runtime_error(fmt::format(
        "The {} ledger has {} entries and wants {} GB of free disk; {} has {} GB. Make "
        "room, or see with --quick that all works.",
        shape.name, entries, wanted / kGigabyte + 1, folder.string(), there / kGigabyte));
}

void check(const LoadResult& result) {
    if (result.not_2xx == 0) return;
    throw std::runtime_error(fmt::format("the generator was refused {} times: {}", result.not_2xx,
                                         result.first_refusal));
}

}  // namespace

LedgerShape large_ledger() {
    return {by_scale("large", "large-quick"), by_scale(200, 10), by_scale(kTenYears, 2 * kYear)};
}

LedgerShape small_ledger() {
    return {"small", 2, kYear};
}

LedgerShape million_ledger() {
    return {by_scale("million", "million-quick"), by_scale(20, 5), by_scale(kTenYears, kYear)};
}

std::vector<LedgerShape> ledgers_of_every_size() {
    std::vector<LedgerShape> shapes{{"thousand", 2, 36}, small_ledger()};
    if (scale() == Scale::quick) return shapes;
    shapes.insert(shapes.end(),
                  {{"hundred-thousand", 20, kYear}, million_ledger(), large_ledger()});
    return shapes;
}

Ledger::Ledger(const LedgerShape& shape)
    : folder_(std::filesystem::path("build/ledgers") / shape.name),
      data_(folder_ / "data"),
      first_(*domain::BusinessDate::from_civil(kFirstYear, 1, 1)),
      days_(shape.days) {
    if (read_note() && std::ssize(properties_) == shape.properties) return;
    properties_.clear();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    check_room(folder_, shape, std::int64_t{shape.properties} * days_ * kEntriesPerDay);
    make(shape);
}

// The note is written last, so a ledger without one was not finished.
bool Ledger::read_note() {
    std::ifstream note(folder_ / "note");
    int version = 0;
    if (!(note >> version >> token_) || version != kVersion) return false;
    for (std::string id; note >> id;) properties_.push_back(id);
    return true;
}

void Ledger::write_note() const {
    std::ofstream note(folder_ / "note");
    note << kVersion << '\n' << token_ << '\n';
    for (const std::string& id : properties_) note << id << '\n';
    if (!note.flush()) throw std::runtime_error("cannot write the note of a ledger");
}

void Ledger::make(const LedgerShape& shape) {
    const std::string data = data_.string();
    daybook({"org", "create", "--data", data, "--name", "Bench"});
    token_ = daybook({"token", "create", "--data", data, "--role", "owner", "--name", "bench"});
    test::Serving serving(data_);
    add_properties(serving.port(), shape.properties);
    add_entries(serving.port(), shape.name);
    if (serving.stop() != 0) throw std::runtime_error("daybook serve did not end well");
    write_note();
}

void Ledger::add_properties(int port, int count) {
    const LoadResult result = run_load(port, 1, count, [&](std::int64_t i) {
        const std::string body =
            fmt::format(R"({{"name":"House {:03}","kind":"hotel","currency":"EUR",)"
                        R"("timeZone":"Europe/Lisbon","booksStartOn":"{}"}})",
                        i + 1, first_.to_string());
        return request_text("POST", "/v1/properties", token_, body);
    });
    check(result);
    test::HttpClient client = test::HttpClient::connect_tcp(static_cast<std::uint16_t>(port));
    properties_ = ids_in(get(client, token_, "/v1/properties"));
    if (std::ssize(properties_) != count) throw std::runtime_error("not all properties are there");
}

void Ledger::add_entries(int port, const std::string& name) {
    const std::int64_t bulks = (entries() + kEntriesPerBulk - 1) / kEntriesPerBulk;
    const std::int64_t tenth = bulks / 10 + 1;
    say(fmt::format("making the {} ledger: {} entries", name, entries()));
    const LoadResult result = run_load(port, kConnections, bulks, [&](std::int64_t bulk) {
        if (bulk % tenth == 0 && bulk > 0) say(fmt::format("  {} entries", bulk * kEntriesPerBulk));
        const std::int64_t from = bulk * kEntriesPerBulk;
        return request_text("POST", "/v1/finance/entries:batch", token_,
                            bulk_json(from, std::min(from + kEntriesPerBulk, entries())));
    });
    check(result);
    say(fmt::format("  made in {:.0f} s", result.seconds));
}

std::string Ledger::bulk_json(std::int64_t from, std::int64_t to) const {
    std::string body = R"({"mode":"atomic","entries":[)";
    for (std::int64_t i = from; i < to; ++i) {
        if (i > from) body += ',';
        body += entry_json(i);
    }
    return body + "]}";
}

// Entry 0 is of the first property on the first day, entry 1 of the second property on that day.
std::string Ledger::entry_json(std::int64_t i) const {
    const std::int64_t properties = std::ssize(properties_);
    const std::int64_t turn = i / properties;
    const std::int64_t place = turn % kEntriesPerDay;
    const auto day = first_.plus(static_cast<std::int32_t>(turn / kEntriesPerDay));
    const std::string& property = properties_[static_cast<std::size_t>(i % properties)];
    const std::uint64_t random = scatter(i);
    const auto common = fmt::format(
        R"("propertyId":"{}","businessDate":"{}","amountMinor":{},"currency":"EUR",)"
        R"("paymentMode":"{}","externalId":"bench:{}")",
        property, day.to_string(), 500 + random % 40'000, random % 3 == 0 ? "cash" : "bank", i);
    if (place < kRevenuesPerDay) {
        return fmt::format(R"({{"kind":"revenue","source":"{}","reference":"booking-{}",{}}})",
                           kSources.at(static_cast<std::size_t>(place)), i, common);
    }
    return fmt::format(R"({{"kind":"expense","category":"{}","party":"Linen Service",)"
                       R"("description":"Delivery {}",{}}})",
                       kCategories.at(static_cast<std::size_t>(place - kRevenuesPerDay)), i,
                       common);
}

}  // namespace daybook::bench
