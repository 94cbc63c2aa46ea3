// The same import as that of the command line, from memory.
#include "cli/demo_books.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "cli/hotel_bookings.h"
#include "embedded/cli.h"

namespace daybook::cli {
namespace {

constexpr std::array<std::string_view, 2> kHotels{"Resort Hotel", "City Hotel"};

Status check_own_books(app::Snapshot& snapshot) {
    for (const domain::Property& each : TRY(snapshot.properties())) {
        if (std::ranges::find(kHotels, each.name) != kHotels.end()) continue;
        app::EntryFilter filter;
        filter.properties = {each.id};
        filter.limit = 1;
        if (TRY(snapshot.entries(filter)).entries.empty()) continue;
        return fail(ErrorCode::already_exists,
                    each.name +
                        " has entries already, and the demo's would stay among them for ever. "
                        "Load them into a new org.");
    }
    return {};
}

}  // namespace

InputFile demo_bookings() {
    return {std::string(kDemoBookings), std::string(embedded::cli::text(kDemoBookings))};
}

Result<ImportCounts> import_demo(app::Store& store, const domain::Principal& caller, Instant now,
                                 const ApiCall& call) {
    bool is_person = false;  // the token of an org without people acts for the operator
    {
        const auto snapshot = TRY(store.snapshot(caller.org));
        TRY(check_own_books(*snapshot));
        is_person = TRY(snapshot->user(caller.user)).has_value();
    }
    const ApiCall as_caller = [&](const ApiRequest& request) {
        ApiRequest theirs = request;
        if (is_person) theirs.user = caller.user;
        return call(theirs);
    };
    const InputFile file = demo_bookings();
    HotelBookings bookings;
    Import import(file, bookings, TRY(read_import_target(store, caller.org, now)), {});
    TRY(import.check());
    TRY(import.send(as_caller));
    return import.counts();
}

}  // namespace daybook::cli
