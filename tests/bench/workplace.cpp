// Sets up through the command line, as a person would.
#include "workplace.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "base/clock.h"

namespace daybook::bench {
namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;

}  // namespace

domain::BusinessDate utc_today() {
    return domain::BusinessDate::from_days(
        static_cast<std::int32_t>(SystemClock().now().ms / kMsPerDay));
}

std::string daybook(const std::vector<std::string>& arguments) {
    test::Finished finished = test::run_daybook(arguments);
    if (finished.exit_code != 0) {
        throw std::runtime_error(fmt::format("daybook {} ended {}: {}", arguments.front(),
                                             finished.exit_code, finished.errors));
    }
    while (finished.output.ends_with('\n')) finished.output.pop_back();
    return finished.output;
}

std::string get(test::HttpClient& client, std::string_view token, std::string_view target) {
    const auto answer =
        client.request("GET", target, fmt::format("Authorization: Bearer {}\r\n", token));
    if (answer && answer->status == 200) return answer->body;
    throw std::runtime_error(
        fmt::format("GET {}: {}", target, answer ? answer->body : "no answer"));
}

std::vector<std::string> ids_in(std::string_view json) {
    constexpr std::string_view kName = R"("id":")";
    constexpr std::size_t kIdLength = 36;
    std::vector<std::string> ids;
    for (std::size_t at = json.find(kName); at != std::string_view::npos;
         at = json.find(kName, at + kName.size())) {
        ids.emplace_back(json.substr(at + kName.size(), kIdLength));
    }
    return ids;
}

double resident_kib(pid_t pid) {
    std::ifstream status(fmt::format("/proc/{}/status", pid));
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stod(line.substr(6));
    }
    throw std::runtime_error("the server is gone");
}

InMemory::InMemory() {
    if (const char* before = std::getenv("TMPDIR")) before_ = before;
    ::setenv("TMPDIR", "/dev/shm", 1);
}

InMemory::~InMemory() {
    if (before_) {
        ::setenv("TMPDIR", before_->c_str(), 1);
    } else {
        ::unsetenv("TMPDIR");
    }
}

std::string expense_json(std::string_view property, std::int64_t i, std::int64_t days) {
    const auto date = utc_today().plus(-1 - static_cast<std::int32_t>(i % days));
    return fmt::format(
        R"({{"propertyId":"{}","amountMinor":{},"currency":"EUR","category":"{}",)"
        R"("paymentMode":"{}","businessDate":"{}","description":"Fresh towels and soap, )"
        R"(delivery {}","party":"Linen Service","externalId":"bench-{}"}})",
        property, 1'000 + i % 5'000, i % 2 == 0 ? "supplies" : "maintenance",
        i % 3 == 0 ? "bank" : "cash", date.to_string(), i, i);
}

Workplace::Workplace() {
    const std::string data = this->data().string();
    daybook({"org", "create", "--data", data, "--name", "Bench"});
    property_ = daybook({"property", "add", "--data", data, "--name", "House", "--currency", "EUR",
                         "--time-zone", "Europe/Lisbon", "--books-start-on", "2015-01-01"});
    property_.erase(0, property_.find_last_of(" \n") + 1);
    token_ = daybook({"token", "create", "--data", data, "--role", "owner", "--name", "bench"});
}

}  // namespace daybook::bench
