// Wraps date/tz; its exceptions end here.
#include "base/time_zone.h"

#include <date/tz.h>

#include <chrono>
#include <exception>
#include <fstream>

namespace daybook {
namespace {

const date::time_zone* find_zone(std::string_view zone) {
    try {
        return date::locate_zone(std::string(zone));
    } catch (const std::exception&) {
        return nullptr;
    }
}

constexpr auto kUnknownZone = "Unknown time zone. Use an IANA name such as Europe/Lisbon.";

}  // namespace

bool time_zone_exists(std::string_view zone) {
    return !zone.empty() && find_zone(zone) != nullptr;
}

Result<WallClock> wall_clock(Instant instant, std::string_view zone) {
    const date::time_zone* found = find_zone(zone);
    if (found == nullptr) return fail(ErrorCode::invalid_value, kUnknownZone);
    const date::sys_time<std::chrono::milliseconds> when{std::chrono::milliseconds{instant.ms}};
    const auto local = found->to_local(when);
    const auto day = date::floor<date::days>(local);
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(local - day);
    return WallClock{static_cast<std::int32_t>(day.time_since_epoch().count()),
                     static_cast<int>(minutes.count())};
}

Result<Instant> instant_of(WallClock reading, std::string_view zone) {
    const date::time_zone* found = find_zone(zone);
    if (found == nullptr) return fail(ErrorCode::invalid_value, kUnknownZone);
    const date::local_time<std::chrono::minutes> local{date::days{reading.days} +
                                                       std::chrono::minutes{reading.minutes}};
    const auto when = found->to_sys(local, date::choose::earliest);
    return Instant{
        std::chrono::duration_cast<std::chrono::milliseconds>(when.time_since_epoch()).count()};
}

std::string time_zone_version() {
    // Not from the library, which looks for a file that Debian does not have.
    constexpr std::string_view kPrefix = "# version ";
    std::ifstream source("/usr/share/zoneinfo/tzdata.zi");
    std::string line;
    std::getline(source, line);
    return line.starts_with(kPrefix) ? line.substr(kPrefix.size()) : "unknown";
}

}  // namespace daybook
