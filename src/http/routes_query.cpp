// Parameters by name.
#include "http/routes_query.h"

#include <algorithm>
#include <charconv>

#include "base/limits.h"

namespace daybook::http {

QueryReader::QueryReader(const Request& request) : request_(request) {}

std::vector<std::string_view> QueryReader::all(std::string_view name) {
    known_.push_back(name);
    std::vector<std::string_view> values;
    for (const Parameter& each : request_.query) {
        if (each.name == name) values.emplace_back(each.value);
    }
    return values;
}

bool QueryReader::has(std::string_view name) const {
    return std::ranges::find(request_.query, name, &Parameter::name) != request_.query.end();
}

std::optional<std::string> QueryReader::text(std::string_view name) {
    const auto values = all(name);
    if (values.empty()) return std::nullopt;
    if (values.size() > 1) {
        errors_.add(ErrorCode::invalid_value, "/" + std::string(name), "Give it once.");
    }
    return std::string(values.front());
}

std::optional<std::int64_t> QueryReader::integer(std::string_view name, std::int64_t min,
                                                 std::int64_t max) {
    const auto in_range = [&](std::string_view given) {
        auto number = parse_integer(given);
        if (number && (*number < min || *number > max)) number.reset();
        return number;
    };
    return parsed(name, in_range,
                  "a whole number from " + std::to_string(min) + " to " + std::to_string(max));
}

std::optional<bool> QueryReader::flag(std::string_view name) {
    const auto parse = [](std::string_view given) -> std::optional<bool> {
        if (given != "true" && given != "false") return std::nullopt;
        return given == "true";
    };
    return parsed(name, parse, "true or false");
}

std::size_t QueryReader::limit() {
    constexpr auto kMax = static_cast<std::int64_t>(limits::kPageMax);
    const auto given = integer("limit", 1, kMax);
    return given ? static_cast<std::size_t>(*given) : limits::kPageDefault;
}

void QueryReader::wrong(std::string_view name, std::string_view expected) {
    errors_.add(ErrorCode::invalid_value, "/" + std::string(name),
                "Use " + std::string(expected) + ".");
}

Status QueryReader::finish() {
    for (const Parameter& each : request_.query) {
        if (std::ranges::find(known_, each.name) != known_.end()) continue;
        errors_.add(ErrorCode::unknown_parameter, "/" + each.name.substr(0, limits::kNameBytesMax),
                    "There is no such query parameter here; see /openapi.json.");
    }
    if (errors_.empty()) return {};
    return fail(errors_.to_error());
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

Result<domain::DateRange> date_range(domain::BusinessDate from, domain::BusinessDate to) {
    if (to < from) {
        return fail_field(ErrorCode::invalid_value, "/to", "The range ends before it begins.");
    }
    const domain::DateRange range{from, to};
    if (range.days() > limits::kRangeDaysMax) {
        return fail_field(
            ErrorCode::range_too_long, "/to",
            "A range has at most " + std::to_string(limits::kRangeDaysMax) + " days.");
    }
    return range;
}

}  // namespace daybook::http
