// Time and randomness as arguments: domain takes values, everything else takes these two seams.
//
// Tests and the simulator hand in ManualClock and SeededRandom; main hands in the system's.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace daybook {

// Milliseconds since 1970-01-01T00:00:00Z; the precision of everything that is stored.
struct Instant {
    std::int64_t ms = 0;

    auto operator<=>(const Instant&) const = default;
    // RFC 3339 in UTC with milliseconds, "2026-03-29T04:30:00.000Z".
    [[nodiscard]] std::string to_string() const;
    // Accepts RFC 3339 with 'Z' or a numeric offset and 0-9 fractional digits (cut to
    // milliseconds), in the years 0001 to 9999 of UTC: what to_string() gives, it reads again.
    static std::optional<Instant> parse(std::string_view text);
};

class Clock {
 public:
    virtual ~Clock() = default;
    // May be called from any thread.
    [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
 public:
    [[nodiscard]] Instant now() const override;
};

class ManualClock final : public Clock {
 public:
    explicit ManualClock(Instant start) : ms_(start.ms) {}
    [[nodiscard]] Instant now() const override { return Instant{ms_.load()}; }
    void set(Instant instant) { ms_.store(instant.ms); }
    void advance_ms(std::int64_t ms) { ms_.fetch_add(ms); }

 private:
    std::atomic<std::int64_t> ms_;
};

class Random {
 public:
    virtual ~Random() = default;
    // Fills the span with random bytes. May be called from any thread.
    virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

// The kernel's generator, read 4 KiB at a time and per thread: good enough for salts and tokens.
class SystemRandom final : public Random {
 public:
    void fill(std::span<std::uint8_t> bytes) override;
};

// Repeatable bytes for tests; one thread only.
class SeededRandom final : public Random {
 public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}
    void fill(std::span<std::uint8_t> bytes) override;

 private:
    std::mt19937_64 engine_;
};

// A UUIDv7 for the instant (RFC 9562, 5.7).
Uuid new_uuid(Instant now, Random& random);

template <class IdType>
IdType new_id(Instant now, Random& random) {
    return IdType{new_uuid(now, random)};
}

}  // namespace daybook
