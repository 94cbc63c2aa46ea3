// Sending, and remembering how far it got.
#include "realtime/stream.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/limits.h"

namespace daybook::realtime {
namespace {

constexpr std::int64_t kHeartbeatMs = std::int64_t{limits::kHeartbeatSeconds} * 1'000;
constexpr std::int64_t kStuckMs = std::int64_t{limits::kHttpWriteSecondsMax} * 1'000;

}  // namespace

Stream::Stream(StreamId id, Opening opening, std::unique_ptr<Sink> sink, std::int64_t now_ms)
    : id_(id),
      subscription_(std::make_shared<const Subscription>(std::move(opening.subscription))),
      served_(opening.start),
      sent_at_ms_(now_ms),
      ends_at_ms_(opening.ends_at_ms),
      seat_(std::move(opening.seat)),
      sink_(std::move(sink)) {
    if (opening.greeting) partial_ = Outgoing{std::move(opening.greeting), opening.start};
}

Stream::Sent Stream::pump(const Ring& ring, std::int64_t now_ms) {
    if (partial_) {
        const Sent sent = send({}, partial_->cursor, now_ms);
        if (sent != Sent::all) return sent;
    }
    std::array<Piece, limits::kStreamSendFrames> pieces;
    for (;;) {
        if (!ring.holds_after(served_.position)) return Sent::behind;
        // A page that comes later would repeat what is sent now.
        if (reading_ != Reading::none) forget_page();
        std::size_t count = 0;
        Cursor end = served_;
        for (std::size_t i = ring.index_after(served_.position);
             i < ring.size() && count < pieces.size(); ++i) {
            const Ring::Entry& entry = ring[i];
            end = entry.cursor;
            if (subscription_->wants(entry.facts)) pieces[count++] = {&entry.frame, entry.cursor};
        }
        if (end == served_) return Sent::all;
        const Sent sent = send(std::span(pieces).first(count), end, now_ms);
        if (sent != Sent::all) return sent;
    }
}

Stream::Sent Stream::send_page(const Page& page, std::int64_t now_ms) {
    std::vector<Piece> pieces;
    pieces.reserve(page.frames.size());
    for (const Outgoing& each : page.frames) pieces.push_back({&each.frame, each.cursor});
    std::span<const Piece> rest(pieces);
    for (;;) {
        const auto now = rest.first(std::min(rest.size(), limits::kStreamSendFrames));
        rest = rest.subspan(now.size());
        const Sent sent = send(now, rest.empty() ? page.end : now.back().cursor, now_ms);
        if (sent != Sent::all || rest.empty()) return sent;
    }
}

// What is in the middle first, then the pieces; `end` is where the stream is after all of them.
Stream::Sent Stream::send(std::span<const Piece> pieces, Cursor end, std::int64_t now_ms) {
    std::array<std::string_view, limits::kStreamSendFrames + 1> texts;
    std::size_t count = 0;
    if (partial_) texts[count++] = std::string_view(*partial_->frame).substr(partial_sent_);
    for (const Piece& each : pieces) texts[count++] = **each.frame;
    if (count == 0) {
        served_ = end;
        return Sent::all;
    }
    const auto taken = sink_->write(std::span(texts).first(count));
    if (!taken) return Sent::gone;
    if (*taken > 0) sent_at_ms_ = now_ms;
    is_full_ = !settle(pieces, *taken);
    if (is_full_) return Sent::full;
    served_ = end;
    return Sent::all;
}

// Notes what the sink took; false if something is left.
bool Stream::settle(std::span<const Piece> pieces, std::size_t taken) {
    if (partial_) {
        const std::size_t missing = partial_->frame->size() - partial_sent_;
        if (taken < missing) {
            partial_sent_ += taken;
            return false;
        }
        taken -= missing;
        served_ = partial_->cursor;
        partial_.reset();
        partial_sent_ = 0;
    }
    for (const Piece& each : pieces) {
        const std::size_t size = (*each.frame)->size();
        if (taken < size) {
            if (taken > 0) partial_ = Outgoing{*each.frame, each.cursor};
            partial_sent_ = taken;
            return false;
        }
        taken -= size;
        served_ = each.cursor;
    }
    return true;
}

bool Stream::reset(const Cursor& head, ResetReason reason) {
    if (partial_) return false;
    forget_page();
    partial_ = Outgoing{reset_frame(head, reason), head};
    served_ = head;
    return true;
}

void Stream::beat_if_due(std::int64_t now_ms) {
    if (is_poll() || partial_ || is_full_ || now_ms - sent_at_ms_ < kHeartbeatMs) return;
    partial_ = Outgoing{heartbeat_frame(served_), served_};
}

bool Stream::is_stuck(const Ring& ring, std::int64_t now_ms) const {
    if (!is_full_) return false;
    if (now_ms - sent_at_ms_ >= kStuckMs) return true;
    if (!ring.holds_after(served_.position)) return false;
    std::size_t unsent = 0;
    for (std::size_t i = ring.index_after(served_.position); i < ring.size(); ++i) {
        if (subscription_->wants(ring[i].facts)) unsent += ring[i].frame->size();
        if (unsent > limits::kStreamUnsentBytesMax) return true;
    }
    return false;
}

bool Stream::want_page() {
    if (reading_ != Reading::none) return false;
    reading_ = Reading::wanted;
    return true;
}

std::optional<PageRequest> Stream::next_page() {
    if (reading_ != Reading::wanted) return std::nullopt;
    reading_ = Reading::asked;
    return PageRequest{id_, generation_, subscription_, served_};
}

bool Stream::accept_page(const PageRequest& request) {
    if (request.generation != generation_) return false;
    forget_page();
    return true;
}

void Stream::forget_page() {
    ++generation_;
    reading_ = Reading::none;
}

void Stream::change_principal(domain::Principal principal) {
    Subscription changed = *subscription_;
    changed.principal = std::move(principal);
    subscription_ = std::make_shared<const Subscription>(std::move(changed));
}

}  // namespace daybook::realtime
