// Reads in one snapshot: the head, the event at the cursor, and what comes after it.
#include "realtime/log_page.h"

#include <utility>

#include "app/event_codec.h"
#include "base/limits.h"

namespace daybook::realtime {

namespace {

Result<Cursor> cursor_at(app::Snapshot& snapshot, OrgId org, Position position) {
    if (position == 0) return Cursor{0, mark_of(app::chain_start(org))};
    const auto events = TRY(snapshot.log(position - 1, 1));
    if (events.empty() || events.front().position != position) {
        return fail(ErrorCode::corrupt, "The log has a gap; run daybook verify.");
    }
    return cursor_of(events.front());
}

}  // namespace

Result<Start> find_start(app::Snapshot& snapshot, OrgId org,
                         const std::optional<GivenCursor>& given) {
    const Cursor head = TRY(cursor_at(snapshot, org, TRY(snapshot.head())));
    if (!given) return Start{head, false};
    if (given->position > head.position) return Start{head, true};
    const Cursor there = TRY(cursor_at(snapshot, org, given->position));
    if (given->mark && *given->mark != there.mark) return Start{head, true};
    return Start{there, false};
}

Result<LogPart> read_log(app::Snapshot& snapshot, const Subscription& subscription,
                         const Cursor& after, std::size_t limit) {
    const OrgId org = subscription.principal.org;
    LogPart part;
    const Start start = TRY(find_start(snapshot, org, GivenCursor{after.position, after.mark}));
    part.head = TRY(cursor_at(snapshot, org, TRY(snapshot.head())));
    part.end = part.head;
    part.is_another_log = start.is_unknown;
    if (part.is_another_log) return part;
    app::EventPage page = TRY(snapshot.events(subscription.filter(after.position, limit)));
    if (page.next) part.end = TRY(cursor_at(snapshot, org, *page.next));
    part.events = std::move(page.events);
    return part;
}

Result<Page> read_page(app::Store& store, const PageRequest& request) {
    const auto snapshot = TRY(store.snapshot(request.subscription->principal.org));
    const LogPart part =
        TRY(read_log(*snapshot, *request.subscription, request.after, limits::kStreamPageEvents));
    Page page{{}, part.end, part.head, part.is_another_log};
    std::size_t bytes = 0;
    for (const domain::StoredEvent& event : part.events) {
        Frame frame = TRY(event_frame(event));
        bytes += frame->size();
        page.frames.push_back({std::move(frame), cursor_of(event)});
        if (bytes < limits::kStreamPageBytes) continue;
        page.end = page.frames.back().cursor;
        break;
    }
    return page;
}

}  // namespace daybook::realtime
