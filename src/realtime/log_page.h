// What a stream reads from the log while it is behind the ring: one page, already filtered and
// encoded. On a worker.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "app/store.h"
#include "base/result.h"
#include "realtime/cursor.h"
#include "realtime/frame.h"
#include "realtime/subscription.h"

namespace daybook::realtime {

using StreamId = std::uint64_t;

struct PageRequest {
    StreamId stream = 0;
    std::uint64_t generation = 0;  // an answer to an earlier one is thrown away
    std::shared_ptr<const Subscription> subscription;
    Cursor after;
};

// A frame, and where its stream is once it has been sent.
struct Outgoing {
    Frame frame;
    Cursor cursor;
};

struct Page {
    std::vector<Outgoing> frames;
    Cursor end;   // everything up to here is in the page, or is not for its reader
    Cursor head;  // of the snapshot it was read from
    // `after` is not in this log: it is beyond its head, or another event is there.
    bool is_another_log = false;
};

// Errors: those of the store's reads.
Result<Page> read_page(app::Store& store, const PageRequest& request);

// The same before it is encoded, of one snapshot: what the subscription wants after the cursor.
struct LogPart {
    std::vector<domain::StoredEvent> events;
    Cursor end;
    Cursor head;
    bool is_another_log = false;
};
Result<LogPart> read_log(app::Snapshot& snapshot, const Subscription& subscription,
                         const Cursor& after, std::size_t limit);

// Where a stream starts: at what the client gave, at the head if it gave nothing.
struct Start {
    Cursor cursor;
    // What it gave is not of this log, so it starts at the head.
    bool is_unknown = false;
};
Result<Start> find_start(app::Snapshot& snapshot, OrgId org,
                         const std::optional<GivenCursor>& given);

}  // namespace daybook::realtime
