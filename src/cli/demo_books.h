// The real bookings of examples/hotels as they lie inside the program, for the demo and for whoever
// tries a new org of their own.
#pragma once

#include <string_view>

#include "app/store.h"
#include "cli/api.h"
#include "cli/import.h"
#include "cli/input_file.h"
#include "domain/principal.h"

namespace daybook::cli {

// The file's name, here and in examples/hotels.
inline constexpr std::string_view kDemoBookings = "hotel-bookings.csv.gz";
InputFile demo_bookings();

// Imports them into the caller's org and in the caller's name; again, it adds what is missing.
// Errors: already_exists (the org has books of its own, which they would mix with), those of
// Import.
Result<ImportCounts> import_demo(app::Store& store, const domain::Principal& caller, Instant now,
                                 const ApiCall& call);

}  // namespace daybook::cli
