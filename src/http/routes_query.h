// Reads the query parameters of a request, strictly: unknown ones, repeated ones and wrong values
// are errors that name the parameter.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "domain/business_date.h"
#include "http/body_reader.h"
#include "http/message.h"

namespace daybook::http {

class QueryReader {
 public:
    explicit QueryReader(const Request& request);

    // The value of a parameter that may be given once.
    std::optional<std::string> text(std::string_view name);
    // Through a parser that gives an optional; `expected` completes "Use …".
    template <class Parse>
    auto parsed(std::string_view name, Parse&& parse, std::string_view expected)
        -> decltype(parse(std::string_view())) {
        const auto given = text(name);
        if (!given) return std::nullopt;
        auto value = parse(std::string_view(*given));
        if (!value) wrong(name, expected);
        return value;
    }
    // All values of a parameter that may be repeated.
    template <class Parse>
    auto parsed_all(std::string_view name, Parse&& parse, std::string_view expected) {
        std::vector<typename decltype(parse(std::string_view()))::value_type> values;
        for (const std::string_view given : all(name)) {
            auto value = parse(given);
            if (!value) {
                wrong(name, expected);
                break;
            }
            values.push_back(*std::move(value));
        }
        return values;
    }
    // A whole number within the range, both ends included.
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
    // true or false.
    std::optional<bool> flag(std::string_view name);
    // `limit`: 1 to limits::kPageMax, by default limits::kPageDefault.
    std::size_t limit();

    // Whether it was given at all, also with a wrong value.
    [[nodiscard]] bool has(std::string_view name) const;
    void wrong(std::string_view name, std::string_view expected);

    // What was wrong, and any parameter that was not asked for. Errors: invalid_value,
    // unknown_parameter.
    Status finish();

 private:
    std::vector<std::string_view> all(std::string_view name);

    const Request& request_;
    std::vector<std::string_view> known_;
    BodyErrors errors_;
};

// An integer without a plus sign or spaces.
std::optional<std::int64_t> parse_integer(std::string_view text);

// from..to of a query, at most limits::kRangeDaysMax days. Errors: invalid_value (to before from),
// range_too_long.
Result<domain::DateRange> date_range(domain::BusinessDate from, domain::BusinessDate to);

}  // namespace daybook::http
