// Money: an integer of minor units with its currency (I9). No floating point anywhere.
//
// Currencies and their exponents: ISO 4217, the active codes of list one that are money in daily
// use.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace daybook::domain {

class Currency {
 public:
    // XXX, "no currency" (ISO 4217): only to be assigned over.
    Currency() : letters_{'X', 'X', 'X'}, exponent_(0) {}
    // Three upper-case letters of ISO 4217; nullopt if unknown.
    static std::optional<Currency> parse(std::string_view code);

    [[nodiscard]] std::string_view code() const { return {letters_.data(), letters_.size()}; }
    // Digits after the decimal point: 0 (JPY), 2 (EUR) or 3 (KWD).
    [[nodiscard]] int exponent() const { return exponent_; }

    auto operator<=>(const Currency&) const = default;

 private:
    Currency(std::string_view code, int exponent);
    std::array<char, 3> letters_;
    std::int8_t exponent_;
};

std::vector<Currency> all_currencies();

struct Money {
    std::int64_t minor = 0;
    Currency currency;

    auto operator<=>(const Money&) const = default;
};

// "1234.50" for 123450 cents; a minus sign in front, no grouping. Exponent 0 has no point.
std::string decimal_text(std::int64_t minor, Currency currency);

// Reads "1234.5", "-0.05", "1234": at most `exponent` digits after the point, no grouping, no
// exponent form. Errors: invalid_value (not a decimal number, or a fraction of a minor unit),
// amount_out_of_range.
Result<std::int64_t> parse_decimal(std::string_view text, Currency currency);

// 1 to 10^12 minor units, as an entry has it. Error: amount_out_of_range at `pointer`.
Status check_amount(std::int64_t minor, std::string_view pointer);

}  // namespace daybook::domain
