// The profile hotel-bookings: rates to cents, bookings to entries, and what is refused where.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cli/hotel_bookings.h"

namespace daybook::cli {
namespace {

TEST(RoundToCents, IsExactAndRoundsHalfAwayFromZero) {
    const struct {
        std::string_view text;
        std::optional<std::int64_t> cents;
    } cases[] = {
        {"0", 0},
        {"75", 7'500},
        {"75.5", 7'550},
        {"123.45", 12'345},
        {"0.005", 1},
        {"0.0049999", 0},
        {"1.005", 101},  // as a binary fraction it is below, and would round down
        {"2.675", 268},
        {"-6.38", -638},
        {"-0.005", -1},
        {"-0.004", 0},
        {"10000000000", 1'000'000'000'000},
        {"10000000000.004", 1'000'000'000'000},
        {"10000000000.005", std::nullopt},
        {"99999999999999999999", std::nullopt},
        {"", std::nullopt},
        {"-", std::nullopt},
        {".5", std::nullopt},
        {"5.", std::nullopt},
        {"1,5", std::nullopt},
        {"1e3", std::nullopt},
        {"+1", std::nullopt},
        {" 1", std::nullopt},
        {"NULL", std::nullopt},
    };
    for (const auto& each : cases) EXPECT_EQ(round_to_cents(each.text), each.cents) << each.text;
}

constexpr std::string_view kHeader =
    "hotel,adr,stays_in_weekend_nights,stays_in_week_nights,distribution_channel,deposit_type,"
    "reservation_status,reservation_status_date";

// The second line of a file with this header, mapped.
CellResult<MappedRow> map_row(std::string_view header, std::string_view row) {
    const InputFile file("b.csv", std::string(header) + "\n" + std::string(row) + "\n");
    CsvReader reader(file.name(), file.text());
    HotelBookings bookings;
    const auto read = bookings.read_header(reader.next().value().value());
    if (!read) return std::unexpected(read.error());
    return bookings.map(reader.next().value().value());
}

// "revenue room 30000 bank 2016-03-29 hotel-bookings:2:room" and so on.
std::vector<std::string> entries_of(std::string_view row) {
    std::vector<std::string> lines;
    for (const ImportEntry& entry : map_row(kHeader, row).value().entries) {
        const auto& content = entry.content;
        EXPECT_EQ(content.amount.currency.code(), "EUR");
        EXPECT_EQ(content.reference.value, "booking-2");
        lines.push_back(std::string(domain::entry_kind_name(entry.kind)) + " " + content.key + " " +
                        std::to_string(content.amount.minor) + " " +
                        std::string(domain::account_name(content.payment_mode)) + " " +
                        content.business_date.to_string() + " " + content.external_id);
    }
    return lines;
}

TEST(HotelBookings, MakesEntriesByTheRuleOfTheData) {
    using Lines = std::vector<std::string>;
    EXPECT_EQ(entries_of("Resort Hotel,100.03,1,2,TA/TO,No Deposit,Check-Out,3/29/2016"),
              (Lines{"revenue room 30009 bank 2016-03-29 hotel-bookings:2:room",
                     "expense commission 4501 bank 2016-03-29 hotel-bookings:2:commission",
                     "expense housekeeping 1800 cash 2016-03-29 hotel-bookings:2:housekeeping"}));
    EXPECT_EQ(entries_of("City Hotel,80,0,1,Direct,No Deposit,Check-Out,12/1/2015"),
              (Lines{"revenue room 8000 cash 2015-12-01 hotel-bookings:2:room",
                     "expense housekeeping 600 cash 2015-12-01 hotel-bookings:2:housekeeping"}));
    EXPECT_EQ(entries_of("City Hotel,62,0,2,TA/TO,Non Refund,Canceled,12/31/2015"),
              (Lines{"revenue other 12400 bank 2015-12-31 hotel-bookings:2:deposit"}));
    // A commission of half a cent less is none, and an entry of nothing is not one.
    EXPECT_EQ(entries_of("City Hotel,0.03,0,1,GDS,No Deposit,Check-Out,12/1/2015").size(), 2U);
}

TEST(HotelBookings, SkipsWithAReason) {
    const struct {
        std::string_view row;
        std::string_view reason;
    } cases[] = {
        {"H,100,0,0,TA/TO,No Deposit,Check-Out,3/29/2016", "no nights"},
        {"H,0,0,2,TA/TO,No Deposit,Check-Out,3/29/2016", "the rate is zero or negative"},
        {"H,-6.38,0,2,TA/TO,No Deposit,Check-Out,3/29/2016", "the rate is zero or negative"},
        {"H,100,0,2,TA/TO,No Deposit,Canceled,3/29/2016", "cancelled or no-show, no deposit kept"},
        {"H,100,0,2,TA/TO,Refundable,No-Show,3/29/2016", "cancelled or no-show, no deposit kept"},
    };
    for (const auto& each : cases) {
        const auto mapped = map_row(kHeader, each.row).value();
        EXPECT_TRUE(mapped.entries.empty()) << each.row;
        EXPECT_EQ(mapped.skipped_because, each.reason) << each.row;
    }
}

TEST(HotelBookings, NamesThePlaceOfWhatIsWrong) {
    const struct {
        std::string_view row;
        std::string_view message;
    } cases[] = {
        {"H,x,0,2,D,N,Check-Out,3/29/2016", "b.csv:2:3 (adr): 'x' is not a rate."},
        {"H,1,a,2,D,N,Check-Out,3/29/2016", "b.csv:2:5 (stays_in_weekend_nights): 'a' is not"},
        {"H,1,0,-2,D,N,Check-Out,3/29/2016", "b.csv:2:7 (stays_in_week_nights): '-2' is not"},
        {"H,1,0,2,D,N,Check-Out,29/3/2016", "b.csv:2:23 (reservation_status_date): '29/3/2016'"},
        {"H,1,0,2,D,N,Check-Out,2/30/2016", "b.csv:2:23 (reservation_status_date): '2/30/2016'"},
        {"H,9999999999,0,101,D,N,Check-Out,3/29/2016", "b.csv:2:3 (adr): The rate times"},
        {",1,0,2,D,N,Check-Out,3/29/2016", "b.csv:2:1 (hotel): The hotel has no name"},
        {"H,1,0,2,D,N,Check-Out", "b.csv:2:1: This row has 7 cells, and the header has 8."},
    };
    for (const auto& each : cases) {
        const auto mapped = map_row(kHeader, each.row);
        ASSERT_FALSE(mapped.has_value()) << each.row;
        const std::string words = message("b.csv", mapped.error());
        EXPECT_TRUE(words.starts_with(each.message)) << words;
    }
    const auto missing = map_row("hotel,rate", "H,1");
    ASSERT_FALSE(missing.has_value());
    EXPECT_EQ(message("b.csv", missing.error()),
              "b.csv:1:1 (adr): This column is missing. The file has: hotel, rate.");
    const auto twice = map_row("hotel,adr,adr", "H,1,2");
    ASSERT_FALSE(twice.has_value());
    EXPECT_TRUE(message("b.csv", twice.error()).starts_with("b.csv:1:11 (adr): There are two"));
}

TEST(HotelBookings, MakesPropertiesOfTheRightKind) {
    const HotelBookings bookings;
    EXPECT_EQ(bookings.new_property("Resort Hotel")->kind, domain::PropertyKind::resort);
    EXPECT_EQ(bookings.new_property("City Hotel")->kind, domain::PropertyKind::hotel);
    EXPECT_EQ(bookings.new_property("City Hotel")->clock.zone, "Europe/Lisbon");
}

TEST(ParseDate, FollowsItsFormat) {
    const struct {
        std::string_view text;
        std::string_view format;
        std::string_view date;  // empty: refused
    } cases[] = {
        {"7/1/2015", "M/D/YYYY", "2015-07-01"},
        {"07/01/2015", "M/D/YYYY", "2015-07-01"},
        {"7/1/2015", "MM/DD/YYYY", ""},
        {"29.02.2016", "DD.MM.YYYY", "2016-02-29"},
        {"29.02.2015", "DD.MM.YYYY", ""},
        {"20160329", "YYYYMMDD", "2016-03-29"},
        {"2016-03-29", "YYYY-MM-DD", "2016-03-29"},
        {"2016-03-29 ", "YYYY-MM-DD", ""},
        {"16-03-29", "YYYY-MM-DD", ""},
        {"", "YYYY-MM-DD", ""},
        {"1969-12-31", "YYYY-MM-DD", ""},
    };
    for (const auto& each : cases) {
        const auto date = parse_date(each.text, each.format);
        EXPECT_EQ(date ? date->to_string() : "", each.date) << each.text << " " << each.format;
    }
}

}  // namespace
}  // namespace daybook::cli
