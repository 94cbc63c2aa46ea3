// Days go round the whole ledger; copies are plain copies of files that nobody has open.
#include "served_ledger.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <stdexcept>

#include "workplace.h"

namespace daybook::bench {
namespace {

// A prime that goes round the property-days of every ledger without meeting one twice.
constexpr std::int64_t kStride = 500'009;

// The directory to serve: the ledger's own, or one with a copy of its database.
std::filesystem::path data_of(const Ledger& ledger,
                              const std::optional<test::TemporaryDirectory>& copy) {
    if (!copy) return ledger.data();
    for (const char* suffix : {"", "-wal"}) {
        const std::filesystem::path file = ledger.database().string() + suffix;
        if (std::filesystem::exists(file))
            std::filesystem::copy_file(file, copy->path() / file.filename());
    }
    return copy->path();
}

}  // namespace

ServedLedger::ServedLedger(const LedgerShape& shape, Data data) : ledger_(shape) {
    if (data == Data::copy) copy_.emplace();
    serving_.emplace(data_of(ledger_, copy_));
}

ServedLedger::Day ServedLedger::next_day() {
    const std::int64_t properties = std::ssize(ledger_.properties());
    const std::int64_t place = used_++ * kStride % (properties * ledger_.days());
    const auto date = ledger_.first().plus(static_cast<std::int32_t>(place / properties));
    return {ledger_.properties()[static_cast<std::size_t>(place % properties)], date.to_string()};
}

std::string ServedLedger::report_request(const Day& day) {
    return request_text(
        "GET", fmt::format("/v1/reports/daily?propertyId={}&date={}", day.property, day.date),
        ledger_.token(), {});
}

std::string ServedLedger::edit_request(const Day& day) {
    test::HttpClient client = connect();
    const std::string list =
        get(client, ledger_.token(),
            fmt::format("/v1/finance/expenses?propertyId={}&from={}&to={}&limit=1", day.property,
                        day.date, day.date));
    const boost::json::value parsed = boost::json::parse(list);
    const boost::json::value& entry = parsed.at("data").at(0);
    const std::int64_t amount = entry.at("amountMinor").as_int64();
    return request_text(
        "PATCH", fmt::format("/v1/finance/expenses/{}", entry.at("id").as_string().c_str()),
        ledger_.token(),
        fmt::format(R"({{"amountMinor":{}}})", amount % 2 == 0 ? amount + 1 : amount - 1),
        fmt::format("If-Match: \"{}\"\r\n", entry.at("version").as_int64()));
}

std::vector<std::string> ServedLedger::requests_for(std::size_t count, MakeRequest make) {
    std::vector<Day> days;
    std::vector<std::string> requests;
    for (std::size_t i = 0; i < count; ++i) {
        days.push_back(next_day());
        requests.push_back((this->*make)(days.back()));
    }
    std::vector<double> not_measured;
    send(requests, not_measured);
    clear_reports();
    requests.clear();
    for (const Day& day : days) requests.push_back((this->*make)(day));
    return requests;
}

void ServedLedger::clear_reports() {
    const auto answer = connect().request(
        "POST", "/v1/reports/cache/clear",
        "Authorization: Bearer " + ledger_.token() + "\r\nContent-Type: application/json\r\n",
        "{}");
    if (!answer || answer->status / 100 != 2) throw std::runtime_error("cannot clear reports");
}

void ServedLedger::forget_pages() const {
    const int file = ::open(ledger_.database().c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw std::runtime_error("cannot open " + ledger_.database().string());
    ::fdatasync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
}

void ServedLedger::send(std::span<const std::string> requests, std::vector<double>& took_ms) const {
    const LoadResult result =
        run_load(serving_->port(), 1, std::ssize(requests),
                 [&](std::int64_t i) { return requests[static_cast<std::size_t>(i)]; });
    if (result.not_2xx > 0) throw std::runtime_error(result.first_refusal);
    took_ms.insert(took_ms.end(), result.latencies_ms.begin(), result.latencies_ms.end());
}

}  // namespace daybook::bench
