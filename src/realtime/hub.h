// Who is connected, and what goes to them: one ring per org, and its streams.
//
// Operation: whoever owns the sockets drives it: collect() when the feed has something, resume()
// when a sink has room again, tick() when next_due_ms() has come, take_page() with what was read
// from the log. Guarantee: each stream gets the log filtered for it, in order, without a gap or a
// repeat, or a reset that says that it must fetch anew; after a change of access nothing goes out
// that was only allowed before it.
// Threads: one; the feed is filled by the writer's. Limits: base/limits.h (kRing…, kStream…). Of
// streams behind the ring kStreamPageReadsMax read at once, in the order of their coming.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "domain/principal.h"
#include "realtime/feed.h"
#include "realtime/log_page.h"
#include "realtime/ring.h"
#include "realtime/sink.h"
#include "realtime/stream.h"

namespace daybook::realtime {

struct HubParts {
    Feed& feed;
    // Who that is by now. Errors: unauthenticated, upon which the stream ends.
    std::function<Result<domain::Principal>(const domain::Principal&)> principal_now;
    // Reads (log_page.h) elsewhere, and has take_page() called with it; once for each request.
    std::function<void(PageRequest)> read_page;
    RingLimits ring_limits{};
};

class Hub {
 public:
    static constexpr std::int64_t kSweepMs = 1'000;

    // Times are monotonic milliseconds.
    Hub(HubParts parts, std::int64_t now_ms);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    // For open(); so that its owner can name a stream before it is sent anything.
    StreamId new_id() { return next_id_++; }
    void open(StreamId id, Opening opening, std::unique_ptr<Sink> sink, std::int64_t now_ms);
    [[nodiscard]] bool has(StreamId id) const { return index_.contains(id); }
    void resume(StreamId id, std::int64_t now_ms);
    // Destroys the sink. Of a stream that is no more: nothing.
    void close(StreamId id);
    void collect(std::int64_t now_ms);
    void take_page(const PageRequest& request, Result<Page> page, std::int64_t now_ms);
    void tick(std::int64_t now_ms);
    [[nodiscard]] std::int64_t next_due_ms() const;

    void close_polls();
    void close_all();

    [[nodiscard]] std::size_t streams() const { return index_.size(); }
    [[nodiscard]] std::size_t ring_bytes() const;
    // Clients that took too little, since the start.
    [[nodiscard]] std::uint64_t cut_off() const { return cut_off_; }

 private:
    struct Org {
        Ring ring;
        std::map<StreamId, Stream> streams;
    };
    using News = Feed::News;

    Stream* find(StreamId id);
    void collect_org(OrgId id, Org& org, News news, std::int64_t now_ms);
    [[nodiscard]] bool append(Ring& ring, const app::EventRow& event, bool& is_another);
    void trim(Ring& ring) const;
    void use_page(Org& org, Stream& stream, const Result<Page>& page, std::int64_t now_ms);
    void pump_all(Org& org, std::int64_t now_ms);
    void settle(Stream& stream, Stream::Sent sent);
    void sweep(std::int64_t now_ms);
    // Whether the stream goes on.
    bool check_access(Org& org, Stream& stream);
    void reset_all(Org& org, const Cursor& head, ResetReason reason);
    void close_later(StreamId id) { closing_.push_back(id); }
    void close_now();
    void read_pages();

    const HubParts parts_;
    std::map<OrgId, Org> orgs_;
    std::unordered_map<StreamId, Org*> index_;
    StreamId next_id_ = 1;
    std::multimap<std::int64_t, StreamId> deadlines_;  // of polls
    std::int64_t next_sweep_ms_;
    std::deque<StreamId> behind_;
    std::size_t reads_ = 0;
    std::vector<StreamId> closing_;
    std::uint64_t cut_off_ = 0;
};

}  // namespace daybook::realtime
