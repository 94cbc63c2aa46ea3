// From a booking to entries.
#include "cli/hotel_bookings.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "base/limits.h"
#include "domain/money.h"

namespace daybook::cli {
namespace {

constexpr std::int64_t kNightsMax = 10'000;
constexpr std::int64_t kCommissionPercent = 15;
constexpr std::int64_t kHousekeepingCentsPerNight = 600;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

domain::Currency euro() {
    return *domain::Currency::parse("EUR");
}

}  // namespace

std::optional<std::int64_t> round_to_cents(std::string_view decimal) {
    const bool negative = decimal.starts_with('-');
    if (negative) decimal.remove_prefix(1);
    const std::size_t point = decimal.find('.');
    const std::string_view whole = decimal.substr(0, point);
    std::string_view fraction;
    if (point != std::string_view::npos) {
        fraction = decimal.substr(point + 1);
        if (fraction.empty()) return std::nullopt;
    }
    if (whole.empty() || !std::ranges::all_of(whole, is_digit) ||
        !std::ranges::all_of(fraction, is_digit)) {
        return std::nullopt;
    }
    std::int64_t cents = 0;
    for (const char c : whole) {
        cents = cents * 10 + (c - '0');
        if (cents > limits::kAmountMinorMax) return std::nullopt;
    }
    for (std::size_t at = 0; at < 2; ++at)
        cents = cents * 10 + (at < fraction.size() ? fraction[at] - '0' : 0);
    if (fraction.size() > 2 && fraction[2] >= '5') cents++;
    if (cents > limits::kAmountMinorMax) return std::nullopt;
    return negative ? -cents : cents;
}

struct HotelBookings::Booking {
    std::int64_t nights = 0;
    std::int64_t amount_minor = 0;
    domain::BusinessDate date;
};

CellResult<void> HotelBookings::read_header(const CsvRow& header) {
    auto columns = Columns::read(header);
    if (!columns) return std::unexpected(std::move(columns).error());
    columns_ = std::move(columns).value();
    for (std::size_t column = 0; column < kColumnNames.size(); ++column) {
        const auto index = columns_->index(kColumnNames.at(column));
        if (!index) return std::unexpected(index.error());
        index_.at(column) = *index;
    }
    return {};
}

const CsvCell& HotelBookings::cell(const CsvRow& row, Column column) const {
    return row.cells.at(index_.at(column));
}

CellResult<std::int64_t> HotelBookings::nights(const CsvRow& row, Column column) const {
    const CsvCell& from = cell(row, column);
    std::int64_t number = 0;
    const char* end = from.text.data() + from.text.size();
    const auto parsed = std::from_chars(from.text.data(), end, number);
    if (parsed.ec == std::errc() && parsed.ptr == end && number >= 0 && number <= kNightsMax)
        return number;
    return cell_problem(from.place, kColumnNames.at(column),
                        "'" + from.text + "' is not a number of nights, 0 to 10000.");
}

CellResult<HotelBookings::Booking> HotelBookings::read(const CsvRow& row) const {
    const auto weekend = nights(row, weekend_nights);
    if (!weekend) return std::unexpected(weekend.error());
    const auto week = nights(row, week_nights);
    if (!week) return std::unexpected(week.error());
    const CsvCell& decimal = cell(row, rate);
    const auto cents = round_to_cents(decimal.text);
    if (!cents) {
        return cell_problem(decimal.place, kColumnNames[rate],
                            "'" + decimal.text +
                                "' is not a rate. Write it as 1234.50: digits, a point, no "
                                "grouping, at most 10^10.");
    }
    Booking booking;
    booking.nights = *weekend + *week;
    if (__builtin_mul_overflow(*cents, booking.nights, &booking.amount_minor) ||
        booking.amount_minor > limits::kAmountMinorMax) {
        return cell_problem(decimal.place, kColumnNames[rate],
                            "The rate times the nights is above the limit of 10^12 cents.");
    }
    const CsvCell& day = cell(row, status_date);
    const auto date = parse_date(day.text, "M/D/YYYY");
    if (!date) {
        return cell_problem(day.place, kColumnNames[status_date],
                            "'" + day.text + "' is not a date. Write it as M/D/YYYY: 7/1/2015.");
    }
    booking.date = *date;
    const CsvCell& name = cell(row, hotel);
    if (name.text.empty())
        return cell_problem(name.place, kColumnNames[hotel], "The hotel has no name here.");
    return booking;
}

ImportEntry HotelBookings::entry(const CsvRow& row, const Booking& booking) const {
    ImportEntry entry;
    const std::string number = std::to_string(row.number);
    entry.property = cell(row, hotel).text;
    entry.kind = domain::EntryKind::revenue;
    entry.content.business_date = booking.date;
    entry.content.amount = {booking.amount_minor, euro()};
    entry.content.payment_mode = domain::Account::bank;
    entry.content.external_id = "hotel-bookings:" + number + ":";
    entry.content.reference.value = "booking-" + number;
    entry.place = row.place;
    entry.date_place = cell(row, status_date).place;
    entry.date_column = kColumnNames[status_date];
    entry.key_place = row.place;
    entry.property_place = cell(row, hotel).place;
    entry.property_column = kColumnNames[hotel];
    return entry;
}

std::vector<ImportEntry> HotelBookings::stay(const CsvRow& row, const Booking& booking) const {
    const std::string& sold_by = cell(row, channel).text;
    std::vector<ImportEntry> entries;
    ImportEntry room = entry(row, booking);
    if (sold_by == "Direct") room.content.payment_mode = domain::Account::cash;
    room.content.key = "room";
    room.content.external_id += "room";
    entries.push_back(std::move(room));

    const std::int64_t commission_minor = (booking.amount_minor * kCommissionPercent + 50) / 100;
    if ((sold_by == "TA/TO" || sold_by == "GDS") && commission_minor > 0) {
        ImportEntry commission = entry(row, booking);
        commission.kind = domain::EntryKind::expense;
        commission.content.amount.minor = commission_minor;
        commission.content.key = "commission";
        commission.content.external_id += "commission";
        commission.content.description.value = "Modelled: 15 % of the stay, sold by " + sold_by;
        entries.push_back(std::move(commission));
    }
    ImportEntry housekeeping = entry(row, booking);
    housekeeping.kind = domain::EntryKind::expense;
    housekeeping.content.amount.minor = kHousekeepingCentsPerNight * booking.nights;
    housekeeping.content.payment_mode = domain::Account::cash;
    housekeeping.content.key = "housekeeping";
    housekeeping.content.external_id += "housekeeping";
    housekeeping.content.description.value = "Modelled: 6.00 a night";
    entries.push_back(std::move(housekeeping));
    return entries;
}

CellResult<MappedRow> HotelBookings::map(const CsvRow& row) {
    if (const auto checked = columns_->check(row); !checked)
        return std::unexpected(checked.error());
    const auto booking = read(row);
    if (!booking) return std::unexpected(booking.error());
    if (booking->nights == 0) return MappedRow{{}, "no nights"};
    if (booking->amount_minor <= 0) return MappedRow{{}, "the rate is zero or negative"};
    const std::string& outcome = cell(row, status).text;
    if (outcome == "Check-Out") return MappedRow{stay(row, *booking), {}};
    const bool cancelled = outcome == "Canceled" || outcome == "No-Show";
    if (!cancelled || cell(row, deposit).text != "Non Refund")
        return MappedRow{{}, "cancelled or no-show, no deposit kept"};
    ImportEntry kept = entry(row, *booking);
    kept.content.key = "other";
    kept.content.external_id += "deposit";
    kept.content.description.value = "Deposit kept";
    return MappedRow{{std::move(kept)}, {}};
}

std::optional<domain::Property> HotelBookings::new_property(std::string_view name) const {
    domain::Property property;
    property.name = name;
    property.kind =
        name.contains("Resort") ? domain::PropertyKind::resort : domain::PropertyKind::hotel;
    property.currency = euro();
    property.clock.zone = "Europe/Lisbon";
    return property;
}

}  // namespace daybook::cli
