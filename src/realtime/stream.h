// One client of a log: what it has been served, and the frame that it is in the middle of.
//
// Why so little: with 10,000 of them there is no buffer each. A client that takes nothing keeps one
// frame, shared with the others; when it takes again, it goes on from its cursor, in the ring or in
// the log. Invariant: every event up to served() has been handed over whole, or is not for this
// client. Threads: the hub's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "realtime/log_page.h"
#include "realtime/ring.h"
#include "realtime/seats.h"
#include "realtime/sink.h"
#include "realtime/subscription.h"

namespace daybook::realtime {

// How a stream begins.
struct Opening {
    Subscription subscription;
    Cursor start;
    Frame greeting;  // none for a poll, which takes nothing but the first event
    Seat seat;
    std::optional<std::int64_t> ends_at_ms = std::nullopt;  // of a poll, monotonic
};

class Stream {
 public:
    Stream(StreamId id, Opening opening, std::unique_ptr<Sink> sink, std::int64_t now_ms);

    enum class Sent : std::uint8_t {
        all,     // nothing more is to be sent
        full,    // the client must take something first
        behind,  // what comes next is not in the ring
        gone,
    };
    // Sends what the ring has.
    Sent pump(const Ring& ring, std::int64_t now_ms);
    // Sends the page; what the client does not take is read again.
    Sent send_page(const Page& page, std::int64_t now_ms);
    // Tells the client to fetch anew and goes on from the head. False if it is in the middle of a
    // frame: then only closing is honest.
    bool reset(const Cursor& head, ResetReason reason);
    // If nothing was sent for kHeartbeatSeconds.
    void beat_if_due(std::int64_t now_ms);

    // Whether it has taken nothing for too long, or more waits for it than may.
    [[nodiscard]] bool is_stuck(const Ring& ring, std::int64_t now_ms) const;

    [[nodiscard]] StreamId id() const { return id_; }
    [[nodiscard]] OrgId org() const { return subscription_->principal.org; }
    [[nodiscard]] const domain::Principal& principal() const { return subscription_->principal; }
    [[nodiscard]] const Cursor& served() const { return served_; }
    [[nodiscard]] std::optional<std::int64_t> ends_at_ms() const { return ends_at_ms_; }

    // Notes that the log is to be read for it; false if that is known already.
    bool want_page();
    // The page to read, if one is wanted still.
    std::optional<PageRequest> next_page();
    // Whether the page is the one that was asked for last; from then on none is being read.
    bool accept_page(const PageRequest& request);
    // None is wanted, and one that is being read will not be accepted.
    void forget_page();

    void change_principal(domain::Principal principal);

 private:
    // A frame that somebody else keeps, and where the stream is once it has been sent.
    struct Piece {
        const Frame* frame = nullptr;
        Cursor cursor;
    };
    Sent send(std::span<const Piece> pieces, Cursor end, std::int64_t now_ms);
    bool settle(std::span<const Piece> pieces, std::size_t taken);
    [[nodiscard]] bool is_poll() const { return ends_at_ms_.has_value(); }

    const StreamId id_;
    std::shared_ptr<const Subscription> subscription_;
    Cursor served_;
    std::optional<Outgoing> partial_;  // begun, or to be sent before anything else
    std::size_t partial_sent_ = 0;
    std::uint64_t generation_ = 0;
    enum class Reading : std::uint8_t { none, wanted, asked };
    Reading reading_ = Reading::none;
    bool is_full_ = false;
    std::int64_t sent_at_ms_;
    const std::optional<std::int64_t> ends_at_ms_;
    Seat seat_;
    std::unique_ptr<Sink> sink_;
};

}  // namespace daybook::realtime
