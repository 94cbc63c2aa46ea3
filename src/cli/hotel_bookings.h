// The profile hotel-bookings: rows of "Hotel booking demand datasets" as entries.
//
// Source of the data: Antonio, Almeida, Nunes, Data in Brief 22 (2019), 41-49. The rule from a
// booking to entries is that of examples/hotels/README.md: what a stay brought, deposits that were
// kept, and two modelled costs, which say so.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "cli/row_mapper.h"

namespace daybook::cli {

inline constexpr std::string_view kHotelBookingsProfile = "hotel-bookings";

// round(decimal × 100), half away from zero, without floating point. nullopt: not a decimal number,
// or beyond limits::kAmountMinorMax.
std::optional<std::int64_t> round_to_cents(std::string_view decimal);

class HotelBookings final : public RowMapper {
 public:
    CellResult<void> read_header(const CsvRow& header) override;
    CellResult<MappedRow> map(const CsvRow& row) override;
    [[nodiscard]] std::string_view profile() const override { return kHotelBookingsProfile; }
    [[nodiscard]] std::optional<domain::Property> new_property(
        std::string_view name) const override;

 private:
    enum Column : std::uint8_t {
        hotel,
        rate,
        weekend_nights,
        week_nights,
        channel,
        deposit,
        status,
        status_date,
    };
    static constexpr std::array<std::string_view, 8> kColumnNames{"hotel",
                                                                  "adr",
                                                                  "stays_in_weekend_nights",
                                                                  "stays_in_week_nights",
                                                                  "distribution_channel",
                                                                  "deposit_type",
                                                                  "reservation_status",
                                                                  "reservation_status_date"};
    struct Booking;

    [[nodiscard]] const CsvCell& cell(const CsvRow& row, Column column) const;
    [[nodiscard]] CellResult<std::int64_t> nights(const CsvRow& row, Column column) const;
    [[nodiscard]] CellResult<Booking> read(const CsvRow& row) const;
    [[nodiscard]] ImportEntry entry(const CsvRow& row, const Booking& booking) const;
    [[nodiscard]] std::vector<ImportEntry> stay(const CsvRow& row, const Booking& booking) const;

    std::optional<Columns> columns_;
    std::array<std::size_t, kColumnNames.size()> index_{};
};

}  // namespace daybook::cli
