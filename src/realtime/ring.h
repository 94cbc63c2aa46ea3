// The newest events of one org as encoded frames, in order of position without a gap.
//
// Why: an event is encoded once and sent to thousands; whoever is behind what is kept here reads
// the log. Invariant: every event after base() is here, up to head(). Limits: trim(); what goes is
// the oldest. Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

#include "base/limits.h"
#include "realtime/cursor.h"
#include "realtime/frame.h"
#include "realtime/subscription.h"

namespace daybook::realtime {

// Of one ring, and of all rings of a node together, which share alike.
struct RingLimits {
    std::size_t frames = limits::kRingFramesMax;
    std::size_t bytes = limits::kRingBytesMax;
    std::size_t bytes_of_all = limits::kRingsBytesMax;
};

class Ring {
 public:
    struct Entry {
        Cursor cursor;
        EventFacts facts;
        Frame frame;
    };
    enum class Appended : std::uint8_t {
        next,     // the event after head(), or the first that is known at all
        gap,      // events are missing before it: the ring begins anew here
        known,    // at or before head(): nothing to do
        another,  // the log is another one than before: the ring begins anew here
    };
    // `prev` is the mark of the event before it.
    Appended append(Entry entry, const Mark& prev);

    // Empties the ring: everything after `base` will be appended.
    void start(const Cursor& base);

    // The end of the log, as far as it is known.
    [[nodiscard]] std::optional<Cursor> head() const;
    // Whether every event after the position that this ring knows of is here.
    [[nodiscard]] bool holds_after(Position position) const {
        return base_ && base_->position <= position;
    }
    // Entries by number, from the first after the position to size(); only if holds_after().
    [[nodiscard]] std::size_t index_after(Position position) const;
    [[nodiscard]] const Entry& operator[](std::size_t index) const { return entries_[index]; }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

    // Keeps at most so much, and always the newest event.
    void trim(std::size_t frames_max, std::size_t bytes_max);

 private:
    [[nodiscard]] bool is_known(const Cursor& cursor) const;

    std::optional<Cursor> base_;
    std::deque<Entry> entries_;
    std::size_t bytes_ = 0;
};

}  // namespace daybook::realtime
