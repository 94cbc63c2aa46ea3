// Options whose values have a form, such as dates: read while the command line is parsed.
//
// Why: a value that cannot be is a mistake of usage. It ends with kExitUsage before any books are
// opened, and is told in the same words everywhere, after the name of its option:
//   --month: '2026-13' is no month. Write it as YYYY-MM, from 1970 to 2199.
// What takes two options together to see is checked by their command (commands.h, check()).
#pragma once

#include <CLI/App.hpp>
#include <CLI/Option.hpp>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "domain/business_date.h"
#include "domain/principal.h"

namespace daybook::cli {

// "'x' is no <noun>. <advice>"
struct ValueWords {
    std::string noun;
    std::string advice;  // a sentence
};
std::string refusal(std::string_view text, const ValueWords& words);

// `parse` makes an optional of a text; none is refused in these words. `value` is what is in it, or
// an optional itself, and outlives the parsing.
template <class Value, class Parse>
CLI::Option* add_value(CLI::App& app, const std::string& name, const std::string& help,
                       Value& value, Parse parse, const ValueWords& words) {
    const auto keep = [&value, parse](const std::string& text) {
        const auto parsed = parse(text);
        if constexpr (std::is_same_v<Value, std::remove_const_t<decltype(parsed)>>) {
            value = parsed;
        } else if (parsed) {
            value = *parsed;
        }
    };
    const auto check = [parse, words](const std::string& text) {
        return parse(text) ? std::string() : refusal(text, words);
    };
    return app.add_option_function<std::string>(name, keep, help)->check(check);
}

// The value of a name, such as a format.
template <class Value, std::size_t size>
using Choices = std::array<std::pair<std::string_view, Value>, size>;

template <class Value, std::size_t size>
std::optional<Value> choose(const Choices<Value, size>& choices, std::string_view text) {
    for (const auto& [name, value] : choices)
        if (name == text) return value;
    return std::nullopt;
}

struct NumberRange {
    int least;
    int most;
};
std::optional<int> parse_number(std::string_view text, NumberRange range);

template <class Value>
CLI::Option* add_number(CLI::App& app, const std::string& name, const std::string& help,
                        Value& value, NumberRange range, const std::string& noun) {
    const auto parse = [range](std::string_view text) { return parse_number(text, range); };
    return add_value(
        app, name, help, value, parse,
        {noun, "Use " + std::to_string(range.least) + " to " + std::to_string(range.most) + "."});
}

CLI::Option* add_date(CLI::App& app, const std::string& name, const std::string& help,
                      std::optional<domain::BusinessDate>& value);
// An instant: RFC 3339, in UTC.
CLI::Option* add_moment(CLI::App& app, const std::string& name, const std::string& help,
                        std::optional<Instant>& value);
CLI::Option* add_role(CLI::App& app, domain::Role& value);
CLI::Option* add_port(CLI::App& app, int& value);
// A name or a reason: anything but blank. How long it may be is a rule of the books.
CLI::Option* add_words(CLI::App& app, const std::string& name, const std::string& help,
                       std::string& value);

// Error: invalid_value, if both are there and `to` is before `from`.
Status check_order(const std::optional<domain::BusinessDate>& from,
                   const std::optional<domain::BusinessDate>& to);

}  // namespace daybook::cli
