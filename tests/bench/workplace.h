// A data directory with one org, one property and an owner's token, made by the real program.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/business_date.h"
#include "support/http_client.h"
#include "support/process.h"

namespace daybook::bench {

domain::BusinessDate utc_today();

// Runs daybook and gives its standard output without the last line feed. Throws std::runtime_error
// if it fails.
std::string daybook(const std::vector<std::string>& arguments);

// The body of the answer to an authorised GET. Throws std::runtime_error if it is not 200.
std::string get(test::HttpClient& client, std::string_view token, std::string_view target);

// The values of all members "id" of a list, in its order.
std::vector<std::string> ids_in(std::string_view json);

// The resident memory of a process: all pages that it has in memory, those of its file included.
double resident_kib(pid_t pid);

// Temporary directories are in memory while it lives, where a sync costs nothing.
class InMemory {
 public:
    InMemory();
    ~InMemory();
    InMemory(const InMemory&) = delete;
    InMemory& operator=(const InMemory&) = delete;

 private:
    std::optional<std::string> before_;
};

inline constexpr std::int64_t kEntryDays = 30;
// The body of an expense of the property; `i` makes its externalId and spreads its dates over the
// last so many days.
std::string expense_json(std::string_view property, std::int64_t i, std::int64_t days = kEntryDays);

class Workplace {
 public:
    Workplace();

    [[nodiscard]] std::filesystem::path data() const { return directory_.path() / "data"; }
    [[nodiscard]] std::filesystem::path database() const { return data() / "daybook.db"; }
    // A file beside the data, for baselines.
    [[nodiscard]] std::filesystem::path beside(const std::string& name) const {
        return directory_.path() / name;
    }
    [[nodiscard]] const std::string& token() const { return token_; }
    [[nodiscard]] const std::string& property() const { return property_; }

    [[nodiscard]] std::string expense_json(std::int64_t i) const {
        return bench::expense_json(property_, i);
    }

 private:
    test::TemporaryDirectory directory_;
    std::string token_;
    std::string property_;
};

}  // namespace daybook::bench
