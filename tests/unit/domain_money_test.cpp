// Need: nothing. Goal: amounts are read and written exactly, for currencies with 0, 2 and 3
// decimals, and texts, keys and names are what they may be. Seed: none.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <tuple>

#include "base/limits.h"
#include "domain/money.h"
#include "domain/rules.h"
#include "domain/text.h"
#include "support/desk.h"

namespace daybook::test {
namespace {

using namespace domain;

TEST(Currency, KnowsItsDecimals) {
    for (const auto& [code, exponent] :
         {std::tuple{"EUR", 2}, std::tuple{"INR", 2}, std::tuple{"JPY", 0}, std::tuple{"ISK", 0},
          std::tuple{"KWD", 3}, std::tuple{"TND", 3}}) {
        EXPECT_EQ(currency(code).exponent(), exponent) << code;
        EXPECT_EQ(currency(code).code(), code);
    }
    for (const std::string_view code : {"", "EU", "EURO", "eur", "XXX", "XAU", "UR ", " EU", "R E"})
        EXPECT_FALSE(Currency::parse(code).has_value()) << code;
}

TEST(Currency, IsListedOnceAndInOrder) {
    const auto all = all_currencies();
    EXPECT_GT(all.size(), 150U);
    for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LT(all[i - 1].code(), all[i].code());
}

TEST(Decimal, IsReadExactly) {
    const struct {
        std::string_view text;
        std::string_view currency;
        std::int64_t minor;
    } cases[] = {
        {"1234.50", "EUR", 123'450},
        {"1234.5", "EUR", 123'450},
        {"1234", "EUR", 123'400},
        {"0", "EUR", 0},
        {"-0.05", "EUR", -5},
        {"-1234.5", "EUR", -123'450},
        {"0.10", "EUR", 10},
        {"007.01", "EUR", 701},
        {"1.5000", "EUR", 150},
        {"1234", "JPY", 1'234},
        {"1234.000", "JPY", 1'234},
        {"-7", "JPY", -7},
        {"1.234", "KWD", 1'234},
        {"1.2", "KWD", 1'200},
        {"-0.001", "KWD", -1},
        {"999999999999999.99", "EUR", 99'999'999'999'999'999},
        {"999999999999999.999", "KWD", 999'999'999'999'999'999},
    };
    for (const auto& each : cases) {
        EXPECT_EQ(parse_decimal(each.text, currency(each.currency)).value(), each.minor)
            << each.text;
    }
}

TEST(Decimal, RefusesWhatIsNotOne) {
    for (const std::string_view text :
         {"",     "-",     ".",   ".5", "5.", "-.5", "+5",   "1,5", "1 234",    "1,234.00", "1e5",
          "0x10", "1.2.3", "--1", "1-", " 1", "1 ",  "1.2x", "NaN", "\xD9\xA1", "1.-5"}) {
        EXPECT_EQ(outcome_of(parse_decimal(text, currency("EUR"))), "invalid_value") << text;
    }
    for (const auto& [text, code] :
         {std::tuple{"1.001", "EUR"}, std::tuple{"1.5", "JPY"}, std::tuple{"0.0001", "KWD"}}) {
        EXPECT_EQ(outcome_of(parse_decimal(text, currency(code))), "invalid_value") << text;
    }
    for (const std::string_view text :
         {"1000000000000000", "-1000000000000000", "99999999999999999999"})
        EXPECT_EQ(outcome_of(parse_decimal(text, currency("EUR"))), "amount_out_of_range") << text;
}

// What was sent comes back in the detail, but never all of a megabyte.
TEST(Decimal, ARefusalQuotesLittle) {
    const std::string fraction = "0." + std::string(1'000'000, '0') + "1";
    const std::string letters(1'000'000, 'x');
    for (const std::string& text : {fraction, letters}) {
        EXPECT_LT(parse_decimal(text, currency("EUR")).error().detail.size(), 200U);
    }
}

TEST(Decimal, IsWrittenSoThatItReadsBack) {
    const struct {
        std::int64_t minor;
        std::string_view currency;
        std::string_view text;
    } cases[] = {
        {123'450, "EUR", "1234.50"},
        {-5, "EUR", "-0.05"},
        {0, "EUR", "0.00"},
        {100, "EUR", "1.00"},
        {-100, "EUR", "-1.00"},
        {7, "JPY", "7"},
        {-7, "JPY", "-7"},
        {0, "JPY", "0"},
        {1, "KWD", "0.001"},
        {-1'234, "KWD", "-1.234"},
        {limits::kAmountMinorMax, "EUR", "10000000000.00"},
        {std::numeric_limits<std::int64_t>::max(), "EUR", "92233720368547758.07"},
        {std::numeric_limits<std::int64_t>::min(), "EUR", "-92233720368547758.08"},
    };
    for (const auto& each : cases) {
        const Currency kept = currency(each.currency);
        EXPECT_EQ(decimal_text(each.minor, kept), each.text);
        if (each.text.size() < 18) EXPECT_EQ(parse_decimal(each.text, kept).value(), each.minor);
    }
}

TEST(Amount, IsOneToATrillion) {
    for (const std::int64_t minor : {std::int64_t{1}, limits::kAmountMinorMax})
        EXPECT_TRUE(check_amount(minor, "/amountMinor").has_value()) << minor;
    for (const std::int64_t minor :
         {std::int64_t{0}, std::int64_t{-1}, limits::kAmountMinorMax + 1,
          std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
        const auto refused = check_amount(minor, "/amountMinor");
        EXPECT_EQ(outcome_of(refused), "amount_out_of_range") << minor;
        EXPECT_EQ(pointer_of(refused), "/amountMinor");
    }
}

TEST(Texts, AreUtf8WithoutControlCharacters) {
    for (const std::string_view text :
         {std::string_view(""), std::string_view("a\tb\nc"), std::string_view("Zürich €😀")}) {
        EXPECT_TRUE(check_text(text, 20, "/note").has_value()) << text;
    }
    for (const std::string_view text :
         {std::string_view("a\0b", 3), std::string_view("a\rb"), std::string_view("\x1B[31m"),
          std::string_view("\x7F"), std::string_view("\xFF"), std::string_view("\xC3"),
          std::string_view("\xED\xA0\x80"), std::string_view("123456789012345678901")}) {
        const auto refused = check_text(text, 20, "/note");
        EXPECT_EQ(outcome_of(refused), "invalid_value") << text;
        EXPECT_EQ(pointer_of(refused), "/note");
    }
    EXPECT_TRUE(check_text(std::string(20, 'x'), 20, "/note").has_value());
}

TEST(Texts, KeysAreShortAndPlain) {
    for (const std::string& key : {std::string("a"), std::string("0-_z"), std::string(40, 'a')})
        EXPECT_TRUE(check_key(key, "/key").has_value()) << key;
    for (const std::string& key :
         {std::string(), std::string("_a"), std::string("-a"), std::string("A"), std::string("a b"),
          std::string("a:b"), std::string("ä"), std::string(41, 'a')}) {
        EXPECT_EQ(outcome_of(check_key(key, "/key")), "invalid_value") << key;
    }
}

TEST(Texts, NamesAreOneLineWithoutSpacesAtTheirEnds) {
    for (const std::string& name :
         {std::string("A"), std::string("Hotel Zur Post"), std::string(120, 'x')})
        EXPECT_TRUE(check_name(name, "/name").has_value()) << name;
    for (const std::string& name :
         {std::string(), std::string(" a"), std::string("a "), std::string("a\nb"),
          std::string("a\tb"), std::string(121, 'x')}) {
        EXPECT_EQ(outcome_of(check_name(name, "/name")), "invalid_value") << name;
    }
}

TEST(Texts, AReasonMaySayNothingOnlyWhereItIsOptional) {
    EXPECT_EQ(outcome_of(check_reason("", Need::optional)), "ok");
    for (const std::string_view blank : {"", " ", " \t\n "})
        EXPECT_EQ(outcome_of(check_reason(blank, Need::required)), "reason_required");
    EXPECT_EQ(outcome_of(check_reason("typo", Need::required)), "ok");
    EXPECT_EQ(outcome_of(check_reason(std::string(2'001, 'x'), Need::required)), "invalid_value");
}

}  // namespace
}  // namespace daybook::test
