// Opening, collecting, sweeping, closing.
#include "realtime/hub.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "base/log.h"

namespace daybook::realtime {

Hub::Hub(HubParts parts, std::int64_t now_ms)
    : parts_(std::move(parts)), next_sweep_ms_(now_ms + kSweepMs) {}

Hub::~Hub() {
    close_all();
}

void Hub::open(StreamId id, Opening opening, std::unique_ptr<Sink> sink, std::int64_t now_ms) {
    const OrgId org_id = opening.subscription.principal.org;
    // Before the log is read: what commits after that reading must be in the feed.
    parts_.feed.follow(org_id);
    Org& org = orgs_[org_id];
    if (opening.ends_at_ms) deadlines_.emplace(*opening.ends_at_ms, id);
    const auto [at, is_new] =
        org.streams.try_emplace(id, id, std::move(opening), std::move(sink), now_ms);
    CHECK(is_new);
    index_.emplace(id, &org);
    // It was let in by another thread; since then a token may have been revoked.
    if (check_access(org, at->second)) settle(at->second, at->second.pump(org.ring, now_ms));
    close_now();
    read_pages();
}

Stream* Hub::find(StreamId id) {
    const auto found = index_.find(id);
    return found == index_.end() ? nullptr : &found->second->streams.at(id);
}

void Hub::resume(StreamId id, std::int64_t now_ms) {
    Stream* stream = find(id);
    if (stream == nullptr) return;
    settle(*stream, stream->pump(index_.at(id)->ring, now_ms));
    close_now();
    read_pages();
}

void Hub::close(StreamId id) {
    const auto found = index_.find(id);
    if (found == index_.end()) return;
    Org& org = *found->second;
    const auto stream = org.streams.find(id);
    const OrgId org_id = stream->second.org();
    if (const auto ends_at_ms = stream->second.ends_at_ms()) {
        const auto [first, last] = deadlines_.equal_range(*ends_at_ms);
        deadlines_.erase(
            std::ranges::find(first, last, id, [](const auto& each) { return each.second; }));
    }
    index_.erase(found);
    org.streams.erase(stream);
    parts_.feed.unfollow(org_id);
    if (org.streams.empty()) orgs_.erase(org_id);
}

void Hub::close_now() {
    for (const StreamId id : std::exchange(closing_, {})) close(id);
}

void Hub::close_polls() {
    for (const auto& [due_ms, id] : deadlines_) close_later(id);
    close_now();
}

void Hub::close_all() {
    for (const auto& [id, org] : index_) close_later(id);
    close_now();
}

void Hub::collect(std::int64_t now_ms) {
    for (auto& [id, news] : parts_.feed.take()) {
        const auto org = orgs_.find(id);
        if (org != orgs_.end()) collect_org(id, org->second, std::move(news), now_ms);
    }
    close_now();
    read_pages();
}

// Access first: what is appended after it was changed goes only to those who may see it now.
void Hub::collect_org(OrgId id, Org& org, News news, std::int64_t now_ms) {
    if (news.forgotten_up_to) {
        org.ring.start(*news.forgotten_up_to);
        for (auto& [stream_id, stream] : org.streams) stream.forget_page();
    }
    if (news.access_changed) {
        for (auto& [stream_id, stream] : org.streams) check_access(org, stream);
        close_now();
        if (!orgs_.contains(id)) return;
    }
    bool is_another_log = false;
    for (const app::EventRow& event : news.events) {
        if (append(org.ring, event, is_another_log)) continue;
        org.ring = Ring();
        break;
    }
    trim(org.ring);
    if (const auto head = org.ring.head(); head && is_another_log) {
        reset_all(org, *head, ResetReason::unknown_position);
    }
    pump_all(org, now_ms);
}

bool Hub::append(Ring& ring, const app::EventRow& event, bool& is_another) {
    auto frame = event_frame(event.stored);
    if (!frame) {
        log(LogLevel::error, "an event cannot be sent to streams: " + frame.error().detail);
        return false;
    }
    Ring::Entry entry{
        cursor_of(event.stored), {event.type, event.property, event.entity}, *std::move(frame)};
    const auto appended = ring.append(std::move(entry), mark_of(event.stored.prev_hash));
    is_another = is_another || appended == Ring::Appended::another;
    return true;
}

// All rings of the node share alike.
void Hub::trim(Ring& ring) const {
    const RingLimits& most = parts_.ring_limits;
    const std::size_t share = most.bytes_of_all / std::max<std::size_t>(orgs_.size(), 1);
    ring.trim(most.frames, std::min(most.bytes, share));
}

void Hub::pump_all(Org& org, std::int64_t now_ms) {
    for (auto& [id, stream] : org.streams) settle(stream, stream.pump(org.ring, now_ms));
}

void Hub::settle(Stream& stream, Stream::Sent sent) {
    if (sent == Stream::Sent::gone) close_later(stream.id());
    if (sent == Stream::Sent::behind && stream.want_page()) behind_.push_back(stream.id());
}

void Hub::reset_all(Org& org, const Cursor& head, ResetReason reason) {
    for (auto& [id, stream] : org.streams) {
        if (!stream.reset(head, reason)) close_later(id);
    }
}

bool Hub::check_access(Org& org, Stream& stream) {
    auto principal = parts_.principal_now(stream.principal());
    if (!principal) {
        close_later(stream.id());
        return false;
    }
    if (same_access(*principal, stream.principal())) return true;
    stream.change_principal(*std::move(principal));
    const auto head = org.ring.head();
    if (head && stream.reset(*head, ResetReason::access_changed)) return true;
    // Nothing honest can be said in the middle of a frame, or without knowing the head: the client
    // comes back with its cursor, as whoever it is then.
    close_later(stream.id());
    return false;
}

void Hub::read_pages() {
    while (reads_ < limits::kStreamPageReadsMax && !behind_.empty()) {
        Stream* stream = find(behind_.front());
        behind_.pop_front();
        if (stream == nullptr) continue;
        auto request = stream->next_page();
        if (!request) continue;
        ++reads_;
        parts_.read_page(*std::move(request));
    }
}

void Hub::take_page(const PageRequest& request, Result<Page> page, std::int64_t now_ms) {
    CHECK(reads_ > 0);
    --reads_;
    if (Stream* stream = find(request.stream); stream != nullptr) {
        Org& org = *index_.at(request.stream);
        // The snapshot may show what came after a grant was taken away, which the feed has yet to
        // tell; a stream that was reset does not accept the page any more.
        if (check_access(org, *stream)) {
            if (stream->accept_page(request)) {
                use_page(org, *stream, page, now_ms);
            } else {
                settle(*stream, stream->pump(org.ring, now_ms));
            }
        }
    }
    close_now();
    read_pages();
}

void Hub::use_page(Org& org, Stream& stream, const Result<Page>& page, std::int64_t now_ms) {
    if (!page) {
        log(LogLevel::warning, "a stream was cut: " + page.error().detail);
        return close_later(stream.id());
    }
    if (page->is_another_log) {
        // What the ring holds may be of the log that is no more.
        org.ring.start(page->head);
        reset_all(org, page->head, ResetReason::unknown_position);
        return pump_all(org, now_ms);
    }
    if (!org.ring.head()) org.ring.start(page->head);
    auto sent = stream.send_page(*page, now_ms);
    if (sent == Stream::Sent::all) sent = stream.pump(org.ring, now_ms);
    settle(stream, sent);
}

void Hub::tick(std::int64_t now_ms) {
    for (const auto& [due_ms, id] : deadlines_) {
        if (due_ms > now_ms) break;
        close_later(id);
    }
    close_now();
    if (now_ms < next_sweep_ms_) return;
    next_sweep_ms_ = now_ms + kSweepMs;
    sweep(now_ms);
    close_now();
    read_pages();
}

void Hub::sweep(std::int64_t now_ms) {
    for (auto& [org_id, org] : orgs_) {
        trim(org.ring);
        for (auto& [id, stream] : org.streams) {
            if (!check_access(org, stream)) continue;
            if (stream.is_stuck(org.ring, now_ms)) {
                ++cut_off_;
                close_later(id);
                continue;
            }
            stream.beat_if_due(now_ms);
            settle(stream, stream.pump(org.ring, now_ms));
        }
    }
}

std::int64_t Hub::next_due_ms() const {
    if (deadlines_.empty()) return next_sweep_ms_;
    return std::min(next_sweep_ms_, deadlines_.begin()->first);
}

std::size_t Hub::ring_bytes() const {
    std::size_t bytes = 0;
    for (const auto& [id, org] : orgs_) bytes += org.ring.bytes();
    return bytes;
}

}  // namespace daybook::realtime
