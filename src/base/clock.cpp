// The system's clock and random bytes, RFC 3339, UUIDv7.
#include "base/clock.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

#include "base/calendar.h"
#include "base/check.h"
#include "base/digits.h"

namespace daybook {
namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;
constexpr std::size_t kTextLength = 24;  // "2026-03-29T04:30:00.000Z"
// Years of four digits, which to_string() can write; an offset must not lead out of them.
constexpr std::int64_t kMsMin = days_from_civil({1, 1, 1}) * kMsPerDay;
constexpr std::int64_t kMsMax = days_from_civil({10'000, 1, 1}) * kMsPerDay - 1;

// Reads exactly `count` digits at `place` and moves on; -1 if there are none.
int digits(std::string_view text, std::size_t& place, std::size_t count) {
    if (place + count > text.size()) return -1;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const char c = text[place + i];
        if (c < '0' || c > '9') return -1;
        value = value * 10 + (c - '0');
    }
    place += count;
    return value;
}

bool literal(std::string_view text, std::size_t& place, char c) {
    if (place >= text.size() || text[place] != c) return false;
    ++place;
    return true;
}

// ".123456" to milliseconds; nothing there is 0.
std::optional<int> fraction_ms(std::string_view text, std::size_t& place) {
    if (!literal(text, place, '.')) return 0;
    int ms = 0;
    int count = 0;
    for (; place < text.size() && text[place] >= '0' && text[place] <= '9'; ++place, ++count) {
        if (count < 3) ms = ms * 10 + (text[place] - '0');
    }
    if (count == 0 || count > 9) return std::nullopt;
    for (; count < 3; ++count) ms *= 10;
    return ms;
}

// "Z" or "+05:30" to minutes.
std::optional<int> offset_minutes(std::string_view text, std::size_t& place) {
    if (literal(text, place, 'Z')) return 0;
    if (place >= text.size() || (text[place] != '+' && text[place] != '-')) return std::nullopt;
    const int sign = text[place++] == '-' ? -1 : 1;
    const int hours = digits(text, place, 2);
    if (hours < 0 || hours > 23 || !literal(text, place, ':')) return std::nullopt;
    const int minutes = digits(text, place, 2);
    if (minutes < 0 || minutes > 59) return std::nullopt;
    return sign * (hours * 60 + minutes);
}

}  // namespace

std::string Instant::to_string() const {
    std::int64_t days = ms / kMsPerDay;
    std::int64_t rest = ms % kMsPerDay;
    if (rest < 0) {
        rest += kMsPerDay;
        --days;
    }
    const CivilDate date = civil_from_days(static_cast<std::int32_t>(days));
    std::string text;
    text.reserve(kTextLength);
    append_date(text, date);
    text += 'T';
    append_digits(text, rest / 3'600'000, 2);
    text += ':';
    append_digits(text, rest / 60'000 % 60, 2);
    text += ':';
    append_digits(text, rest / 1'000 % 60, 2);
    text += '.';
    append_digits(text, rest % 1'000, 3);
    text += 'Z';
    return text;
}

std::optional<Instant> Instant::parse(std::string_view text) {
    std::size_t place = 0;
    const int year = digits(text, place, 4);
    if (year < 1 || !literal(text, place, '-')) return std::nullopt;
    const int month = digits(text, place, 2);
    if (!literal(text, place, '-')) return std::nullopt;
    const int day = digits(text, place, 2);
    if (!is_civil_date(year, month, day) || !literal(text, place, 'T')) return std::nullopt;
    const int hour = digits(text, place, 2);
    if (hour < 0 || hour > 23 || !literal(text, place, ':')) return std::nullopt;
    const int minute = digits(text, place, 2);
    if (minute < 0 || minute > 59 || !literal(text, place, ':')) return std::nullopt;
    const int second = digits(text, place, 2);
    if (second < 0 || second > 59) return std::nullopt;
    const auto fraction = fraction_ms(text, place);
    if (!fraction) return std::nullopt;
    const auto offset = offset_minutes(text, place);
    if (!offset || place != text.size()) return std::nullopt;
    const std::int64_t days = days_from_civil(CivilDate{year, month, day});
    const std::int64_t seconds = hour * 3600LL + minute * 60LL + second - *offset * 60LL;
    const Instant instant{days * kMsPerDay + seconds * 1000 + *fraction};
    if (instant.ms < kMsMin || instant.ms > kMsMax) return std::nullopt;
    return instant;
}

Instant SystemClock::now() const {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return Instant{std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

void SystemRandom::fill(std::span<std::uint8_t> bytes) {
    thread_local std::array<std::uint8_t, 4096> pool;
    thread_local std::size_t used = pool.size();
    for (std::size_t done = 0; done < bytes.size();) {
        if (used == pool.size()) {
            std::size_t got = 0;
            while (got < pool.size()) {
                const ssize_t n = ::getrandom(pool.data() + got, pool.size() - got, 0);
                CHECK(n >= 0 || errno == EINTR);
                if (n > 0) got += static_cast<std::size_t>(n);
            }
            used = 0;
        }
        const std::size_t count = std::min(bytes.size() - done, pool.size() - used);
        std::memcpy(bytes.data() + done, pool.data() + used, count);
        std::memset(pool.data() + used, 0, count);
        used += count;
        done += count;
    }
}

void SeededRandom::fill(std::span<std::uint8_t> bytes) {
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(engine_());
}

Uuid new_uuid(Instant now, Random& random) {
    Uuid uuid;
    random.fill(uuid.bytes);
    for (std::size_t i = 0; i < 6; ++i) {
        uuid.bytes.at(i) = static_cast<std::uint8_t>(now.ms >> (8 * (5 - i)));
    }
    uuid.bytes[6] = static_cast<std::uint8_t>(0x70U | (uuid.bytes[6] & 0x0FU));
    uuid.bytes[8] = static_cast<std::uint8_t>(0x80U | (uuid.bytes[8] & 0x3FU));
    return uuid;
}

}  // namespace daybook
