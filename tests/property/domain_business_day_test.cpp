// Need: the tz database. Goal: whatever becomes of a property's zone and cutoff, its business date
// never goes back, and a new rule holds from the next date on. Seed: rapidcheck prints it.
#include <gtest/gtest.h>
#include <rapidcheck.h>

// Only after GoogleTest.
#include <rapidcheck/gtest.h>

#include <array>
#include <string>

#include "base/time_zone.h"
#include "support/desk.h"

namespace daybook::test {
namespace {

using namespace domain;

// From one end of the world to the other, without an hour that comes twice: the wall clock itself
// goes back there, and with a cutoff in that hour so does the date.
constexpr std::array kZones{"Pacific/Kiritimati", "Asia/Tokyo",       "Asia/Kolkata", "UTC",
                            "America/Phoenix",    "Pacific/Honolulu", "Africa/Lagos"};

BusinessDate today_of(const Property& property, Instant now) {
    const WallClock wall = wall_clock(now, property.clock.zone).value();
    const WallClock next =
        property.next_clock ? wall_clock(now, property.next_clock->zone).value() : wall;
    return business_date_at(property, wall, next);
}

RC_GTEST_PROP(BusinessDay, NeverGoesBackWhateverTheRulesBecome, ()) {
    Desk desk;
    desk.property.clock = ClockRule{kZones[3], 0, {}};
    BusinessDate last;
    for (int step = *rc::gen::inRange(5, 60); step > 0; --step) {
        desk.now.ms += *rc::gen::inRange<std::int64_t>(0, std::int64_t{30} * 3'600'000);
        const BusinessDate today = today_of(desk.property, desk.now);
        RC_ASSERT(last <= today);
        last = today;
        UpdateProperty update;
        update.version = desk.property.version;
        switch (*rc::gen::inRange(0, 5)) {
            case 0: continue;
            case 1: update.group = std::to_string(step); break;
            case 2: update.cutoff_minutes = *rc::gen::inRange(0, 721); break;
            case 3: update.zone = *rc::gen::elementOf(kZones); break;
            default:
                update.zone = *rc::gen::elementOf(kZones);
                update.cutoff_minutes = *rc::gen::inRange(0, 721);
        }
        const PropertyState at{desk.property, desk.counters, today};
        const auto event =
            decide(PropertyUpdateState{at, std::nullopt, true}, update, desk.by(desk.owner));
        if (!event) {
            RC_ASSERT(event.error().code == ErrorCode::nothing_to_change);
            continue;
        }
        desk.property = std::get<PropertyChanged>(event->payload).after;
        // It touches nothing of today.
        RC_ASSERT(today_of(desk.property, desk.now) == today);
        if (update.zone) {
            const ClockRule& asked =
                desk.property.next_clock ? *desk.property.next_clock : desk.property.clock;
            RC_ASSERT(asked.zone == *update.zone);
            if (update.cutoff_minutes) RC_ASSERT(asked.cutoff_minutes == *update.cutoff_minutes);
        }
    }
}

RC_GTEST_PROP(BusinessDay, IsByTheNewRuleOnceItsDateHasCome, ()) {
    Desk desk;
    desk.property.clock = ClockRule{*rc::gen::elementOf(kZones), 0, {}};
    UpdateProperty update;
    update.version = desk.property.version;
    update.zone = *rc::gen::elementOf(kZones);
    update.cutoff_minutes = *rc::gen::inRange(1, 721);
    const BusinessDate today = today_of(desk.property, desk.now);
    const PropertyState at{desk.property, desk.counters, today};
    const auto event =
        decide(PropertyUpdateState{at, std::nullopt, true}, update, desk.by(desk.owner)).value();
    const Property after = std::get<PropertyChanged>(event.payload).after;
    // Three days on, both clocks are past the date.
    const Instant later{desk.now.ms + std::int64_t{72} * 3'600'000};
    RC_ASSERT(today_of(after, later) ==
              business_date(wall_clock(later, *update.zone).value(), *update.cutoff_minutes));
}

}  // namespace
}  // namespace daybook::test
