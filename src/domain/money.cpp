// The currency table, decimal text, and the limits of an amount.
#include "domain/money.h"

#include <algorithm>

#include "base/limits.h"

namespace daybook::domain {
namespace {

// Codes by exponent, ISO 4217:2015 with amendments up to 2024. Funds, metals and test codes are
// left out.
constexpr std::string_view kExponent2 =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
    "CAD CDF "
    "CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD "
    "HKD HNL "
    "HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK "
    "MNT MOP "
    "MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB "
    "SAR SBD "
    "SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD "
    "UYU UZS "
    "VED VES WST XCD XCG YER ZAR ZMW ZWG";
constexpr std::string_view kExponent0 =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
constexpr std::string_view kExponent3 = "BHD IQD JOD KWD LYD OMR TND";

bool listed(std::string_view codes, std::string_view code) {
    for (std::size_t at = 0; at + 3 <= codes.size(); at += 4) {
        if (codes.substr(at, 3) == code) return true;
    }
    return false;
}

constexpr std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

Currency::Currency(std::string_view code, int exponent)
    : letters_{code[0], code[1], code[2]}, exponent_(static_cast<std::int8_t>(exponent)) {}

std::optional<Currency> Currency::parse(std::string_view code) {
    if (code.size() != 3) return std::nullopt;
    if (listed(kExponent2, code)) return Currency(code, 2);
    if (listed(kExponent0, code)) return Currency(code, 0);
    if (listed(kExponent3, code)) return Currency(code, 3);
    return std::nullopt;
}

std::vector<Currency> all_currencies() {
    std::vector<Currency> all;
    for (const std::string_view codes : {kExponent2, kExponent0, kExponent3}) {
        for (std::size_t at = 0; at + 3 <= codes.size(); at += 4) {
            all.push_back(*Currency::parse(codes.substr(at, 3)));
        }
    }
    std::ranges::sort(all);
    return all;
}

std::string decimal_text(std::int64_t minor, Currency currency) {
    const auto exponent = static_cast<std::size_t>(currency.exponent());
    const bool negative = minor < 0;
    std::string digits = std::to_string(minor);
    if (negative) digits.erase(0, 1);
    if (digits.size() <= exponent) digits.insert(0, exponent + 1 - digits.size(), '0');
    if (exponent > 0) digits.insert(digits.size() - exponent, ".");
    return negative ? "-" + digits : digits;
}

Result<std::int64_t> parse_decimal(std::string_view text, Currency currency) {
    const auto not_a_number = [&] {
        return fail(
            ErrorCode::invalid_value,
            "'" + std::string(text.substr(0, 40)) +
                "' is not a decimal amount. Write it as 1234.50: digits, a point, no grouping.");
    };
    const bool negative = text.starts_with('-');
    std::string_view rest = negative ? text.substr(1) : text;
    const std::size_t point = rest.find('.');
    const std::string_view whole = rest.substr(0, point);
    std::string_view fraction;
    if (point != std::string_view::npos) {
        fraction = rest.substr(point + 1);
        if (fraction.empty()) return not_a_number();
    }
    if (whole.empty() || !std::ranges::all_of(whole, is_digit) ||
        !std::ranges::all_of(fraction, is_digit)) {
        return not_a_number();
    }
    if (whole.size() > 15) {
        return fail(ErrorCode::amount_out_of_range,
                    "The amount is above the limit of 10^12 minor units.");
    }
    const auto exponent = static_cast<std::size_t>(currency.exponent());
    while (fraction.size() > exponent && fraction.ends_with('0')) fraction.remove_suffix(1);
    if (fraction.size() > exponent) {
        return fail(ErrorCode::invalid_value, "'" + std::string(text.substr(0, 40)) +
                                                  "' has a fraction of a minor unit; " +
                                                  std::string(currency.code()) + " has " +
                                                  std::to_string(exponent) + " decimals.");
    }
    std::int64_t minor = 0;
    for (const char c : whole) minor = minor * 10 + (c - '0');
    for (const char c : fraction) minor = minor * 10 + (c - '0');
    const std::int64_t scale = power_of_ten(static_cast<int>(exponent - fraction.size()));
    if (__builtin_mul_overflow(minor, scale, &minor)) {
        return fail(ErrorCode::amount_out_of_range,
                    "The amount is above the limit of 10^12 minor units.");
    }
    return negative ? -minor : minor;
}

Status check_amount(std::int64_t minor, std::string_view pointer) {
    if (minor >= 1 && minor <= limits::kAmountMinorMax) return {};
    return fail_field(
        ErrorCode::amount_out_of_range, std::string(pointer),
        "An amount is 1 to 1000000000000 minor units. To take money back, add a reversal.");
}

}  // namespace daybook::domain
